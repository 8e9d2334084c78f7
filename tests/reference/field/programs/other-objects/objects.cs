using LmmFormula; using System.Data.SqlTypes;
var R = Enumerable.Range(0, 60).Select(i => new S(i % 10, i / 10, i % 10 * 2.0 + i / 10 + Math.Sin(i * 7), new SqlDouble(i % 3), i % 3 == 0 ? "a" : "b")).ToList();
Same.Fits(Lmm.Fit("y ~ w + q + d + (1 | id)", R), Lmm.Fit(Same.Text("y ~ w + q + d + (1 | id)"), R), Lmm.Fit("y ~ w + q + d + (1 | id)", R.Select(r => new { r.Id, r.W, r.Y, r.Q, r.D })));
public record S(object Id, object W, double Y, SqlDouble Q, dynamic D);
