using LmmFormula;
var R = Enumerable.Range(0, 60).Select(i => new S(i % 10, i / 10, i % 10 * 2.0 + i / 10 + Math.Sin(i * 7))).ToList();
Same.Fits(S.Model.Fit(R).Fit, Lmm.Fit("y ~ w + v + z + (1 | id)", R), Lmm.Fit(Same.Text("y ~ w + v + z + (1 | id)"), R));
[MixedModel("y ~ w + v + z + (1 | id)")]
public partial class S(int id, int w, double y) { int __w = w; public int Id => id; public ref readonly int W => ref __w; public double Y { get; } = y; public volatile int V = id % 3; public Span<int> Span => default; public event Action? Ev; public nint N => 1; public Int128 I => 2; public int[] Arr => []; public required_ Req => default; public static int Stat => 1; public const int Con = 3; public double Z { [Obsolete] get; set; } = w * w; public delegate void D(); public D? Del; public void Raise() => Ev?.Invoke(); }
public struct required_;
