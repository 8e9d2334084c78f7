using LmmFormula;
#pragma warning disable CS0612, CS0618
Console.WriteLine(Study.Run());
Console.WriteLine(typeof(Pub.Model).IsNestedPublic + " " + typeof(Pub.Inter).IsNestedAssembly);
Console.WriteLine(Pub.Make().Select(p => p.Id).Count());
Console.WriteLine(Lmm.Fit("y ~ retired + gone + (1 | id)", Pub.Make()).LogLikelihood + " " + Pub.Gone1.Fit(Pub.Make()).LogLikelihood + " " + Pub.Gone1.Fit(Pub.Make()).Random.Id.Count);
internal static partial class Study
{
    private enum Arm { Placebo, Active }
    protected internal readonly record struct Dummy;
    [MixedModel("y ~ factor(arm) + (1 | arm:id)")]
    private partial record Sample(int Id, Arm Arm, double Y);
    public static double Run() => Sample.Model.Fit(Enumerable.Range(0, 60).Select(i => new Sample(i % 10, i % 2 == 0 ? Arm.Placebo : Arm.Active, i % 10 * 2.0 + i / 10 + Math.Sin(i * 7)))).Random.ArmId[(Arm.Placebo, 0)].Intercept;
}
internal enum Src { A, B }
[Obsolete("gone", error: true)] public enum Gone { A, B = 9, [Obsolete("x", error: true)] C = 11 }
[MixedModel("y ~ s + (1 | id)")]
[MixedModel("y ~ factor(s) + (1 | id)", Name = "Inter")]
[MixedModel("y ~ id + (1 | p)", Name = "Priv")]
[MixedModel("y ~ gone +retired+ (1 | id) + (1 | factor(gone))", Name = "Gone1")]
public partial record Pub(int Id, double Y) { internal Src S { get; init; } private enum P { A, B, C = 7, D } private P p { get; init; } [Obsolete] public Gone Gone { get; init; } [Obsolete("no", true)] public double Retired { get; init;}
  [Obsolete] public static Pub[] Make() => Enumerable.Range(0, 60).Select(i => new Pub(i % 10, i % 10 * 2.0 + i / 10 + Math.Sin(i * 7)) { S = (Src)(i % 2), p = (P)(i % 3 == 2 ? 7 : i % 3), Gone = (i % 4) switch { 1 => Gone.B, 2 => Gone.C, _ => Gone.A }, Retired = i % 5 }).ToArray(); public static double X() => Priv.Fit(Make()).LogLikelihood; }
public class BaseT<T> { protected enum E { A, B } }
public partial class Der : BaseT<int> { [GlsModel("y ~ factor(e)")] protected partial record R(double Y) { internal E E { get; init; } } [GlsModel("y ~ factor(e)")] private partial record Q(double Y, E E); }
public enum Long : long { A = long.MinValue, B = 3 } public enum ULong : ulong { A = 1, B = ulong.MaxValue }
[GlsModel("y ~ a * b + factor(b)")] public partial record Lo(double Y, Long? A, ULong B, ULong? C);
