using LmmFormula;
List<Impl> rows = Enumerable.Range(0, 60).Select(i => new Impl(i % 10, i / 10, i % 10 * 2.0 + i / 10 + Math.Sin(i * 7), i % 3, (Arm)(i % 2))).ToList();
const string F = "y ~ week * arm + dose + (1 | id)";
Same.Fits(Lmm.Fit(F, rows.Cast<IRow>()), Lmm.Fit(Same.Text(F), rows.Cast<IRow>()), Lmm.Fit(F, rows), Lmm.Fit(F, (IEnumerable<IRow>)rows), Lmm.Fit<IRow>(F, rows), Lmm.Fit<IRow>(F, rows.ToArray()), Lmm.Fit(F, rows.ToArray<IRow>()), Of<IRow>(rows), Lmm.Fit(F, rows.Cast<IGen<int>>()), Lmm.Fit(F, rows.Cast<IDiamond>()), Lmm.Fit<IReadOnly>(F, rows));
Same.Fits(Gls.Fit("y ~ tag", rows.Cast<IGen<int>>()), Gls.Fit(Same.Text("y ~ tag"), rows.Cast<IGen<int>>()));
Derived.Arrays([.. rows.Select(r => new Leaf(r.Id, r.Week, r.Y))]);
static LmmFormula.Fits.LmmFit Of<T>(IEnumerable<T> r) where T : IRow => Lmm.Fit(F, r);
public enum Arm { A, B }
public interface IId { int Id { get; } }
public interface IWeek { int Week { get; } double Y { get; } }
public interface IRow : IId, IWeek { double Dose { get; } Arm Arm => Arm.A; static int Count => 1; int this[int i] => i; }
public interface IGen<T> : IRow { T Tag { get; } new int Id { get; } }
public interface IOther { double Dose { get; } }
public interface IDiamond : IRow, IOther;
internal interface IReadOnly : IDiamond { new double Dose { get; } internal int Hidden => 1; }
internal sealed record Impl(int Id, int Week, double Y, double Dose, Arm A) : IGen<int>, IReadOnly { public Arm Arm => A; int IGen<int>.Tag => Week % 4; }
internal static class Derived
{
    public static void Arrays(Leaf[] leaves) => Same.Fits(Root.Model.Fit(leaves).Fit, Lmm.Fit<Root>("y ~ week + (1 | id)", leaves), Lmm.Fit<Root>(Same.Text("y ~ week + (1 | id)"), leaves));
}

[MixedModel("y ~ week + (1 | id)")]
public partial record Root(int Id, int Week, double Y);

public sealed record Leaf(int Id, int Week, double Y) : Root(Id, Week, Y);
