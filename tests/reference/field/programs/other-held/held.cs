using LmmFormula;
var R = Enumerable.Range(0, 60).Select(i => new S(i % 10, new(i % 4), new(new(i % 5)), i % 10 * 2.0 + i / 10 + Math.Sin(i * 7), i / 10, new(i % 3 == 0 ? null : "s" + i % 2), i % 6, new Sql(i % 3))).ToList();
Same.Fits(Lmm.Fit("y ~ w + (1 | a)", R), Lmm.Fit(Same.Text("y ~ w + (1 | a)"), R));
Same.Fits(Lmm.Fit("y ~ w + (1 | b)", R), Lmm.Fit(Same.Text("y ~ w + (1 | b)"), R));
Same.Fits(Lmm.Fit("y ~ w + (1 | c)", R), Lmm.Fit(Same.Text("y ~ w + (1 | c)"), R));
Same.Fits(Lmm.Fit("y ~ w + (1 | o)", R), Lmm.Fit(Same.Text("y ~ w + (1 | o)"), R));
Same.Fits(Lmm.Fit("y ~ w + (1 | i)", R), Lmm.Fit(Same.Text("y ~ w + (1 | i)"), R));
public readonly record struct NId(int? Value); public readonly record struct Deep(Inner I); public readonly record struct Inner(int V); public sealed record SId(string? V); public interface IHas { int V { get; } } public sealed record Sql(int V) : IHas;
public record S(int Id, NId A, Deep B, double Y, int W, SId C, object O, IHas I);
