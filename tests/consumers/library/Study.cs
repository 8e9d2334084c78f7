using LmmFormula;
using LmmFormula.Fits;

[assembly: CLSCompliant(true)]

namespace Trials;

/// <summary>A sample.</summary>
[MixedModel("y ~ week + (1 | id)")]
public partial record Sample(int Id, int Week, double Y);

/// <summary>Fits.</summary>
public static class Study
{
    internal static LmmFit Fit(IEnumerable<Sample> rows) => Lmm.Fit("y ~ week + (1 | id)", rows);
}
