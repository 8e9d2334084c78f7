using LmmFormula;
#pragma warning disable CS0618
var R = Enumerable.Range(0, 60).Select(i => new S(i % 10, new(i % 4), new(i % 5), i % 10 * 2.0 + i / 10 + Math.Sin(i * 7), i / 10)).ToList();
Same.Fits(S.Model.Fit(R).Fit, Lmm.Fit("y ~ w + (1 | a) + (1 | b)", R), Lmm.Fit(Same.Text("y ~ w + (1 | a) + (1 | b)"), R));
Console.WriteLine(S.Model.Fit(R).Random.A["1"].Intercept);
public readonly record struct Oid([property: Obsolete("x", true)] int Value); public readonly record struct Oid2([property: Obsolete("x")] int Value);
[MixedModel("y ~ w + (1 | a) + (1 | b)")]
public partial record S(int Id, Oid A, Oid2 B, double Y, int W);
