using LmmFormula;
var rows = Enumerable.Range(0, 60).Select(i => new S(i % 10, i % 10 * 2.0 + i / 10 + Math.Sin(i * 7), (L)(i % 2), (F)(1 + i % 2), (I)(i % 2), (O)(i % 2 * 5), i % 2 == 0 ? "a" : "b")).ToList();
var l = rows.ToList(); l[3] = l[3] with { L = (L)4294967296 };
var f = rows.ToList(); f[3] = f[3] with { F = (F)3 };
var i = rows.ToList(); i[3] = i[3] with { I = (I)7 };
var o = rows.ToList(); o[3] = o[3] with { O = (O)6 };
var t = rows.ToList(); t[3] = t[3] with { T = "c" };
var n = rows.ToList(); n[3] = n[3] with { L = null, F = null, O = null, T = null };
foreach (var r in new[] { rows, n }) { Same.Fits(S.L1.Fit(r).Fit, Lmm.Fit("y ~ l + f + i + o + t + (1 | id)", r), Lmm.Fit(Same.Text("y ~ l + f + i + o + t + (1 | id)"), r)); }
foreach (var r in new[] { l, f, i, o, t }) Same.Mistakes(() => S.L1.Fit(r), () => Lmm.Fit("y ~ l + f + i + o + t + (1 | id)", r), () => Lmm.Fit(Same.Text("y ~ l + f + i + o + t + (1 | id)"), r));
foreach (var r in new[] { l, f, i, o, t }) Same.Fits(S2.Model.Fit(r.Select(x => new S2(x.Id, x.Y, x.L, x.F, x.I, x.O, x.T))).Fit, Lmm.Fit("y ~ l + f + i + o + t + (1 | id)", r.Select(x => new S2(x.Id, x.Y, x.L, x.F, x.I, x.O, x.T))), Lmm.Fit(Same.Text("y ~ l + f + i + o + t + (1 | id)"), r.Select(x => new S2(x.Id, x.Y, x.L, x.F, x.I, x.O, x.T))));
public enum L : long { A, B } [Flags] public enum F : byte { A = 1, B = 2 } public enum I { A, B } public enum O : short { A, B = 5 }
[MixedModel("y ~ l + f + i + o + t + (1 | id)", Name = "L1")]
public partial record S(int Id, double Y, L? L, F? F, I I, O? O, [property: Levels("a", "b")] string? T);
[MixedModel("y ~ l + f + i + o + t + (1 | id)")]
public partial record S2(int Id, double Y, [OthersMissing] L? L, [OthersMissing] F? F, [OthersMissing] I I, [OthersMissing] O? O, [OthersMissing, Levels("a", "b")] string? T);
