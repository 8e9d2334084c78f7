using LmmFormula;
#nullable disable
var R = Enumerable.Range(0, 60).Select(i => new S { Id = i % 10, P = i % 7 == 0 ? null : new Pid(i % 4), Y = i % 10 * 2.0 + i / 10 + Math.Sin(i * 7), W = i / 10 }).ToList();
Same.Fits(S.Model.Fit(R).Fit, Lmm.Fit("y ~ w + (1 | id) + (1 | p)", R), Lmm.Fit(Same.Text("y ~ w + (1 | id) + (1 | p)"), R));
public record Pid(int Value);
[MixedModel("y ~ w + (1 | id) + (1 | p)")]
public partial class S { public int Id; public Pid P; public double Y; public int W; }
