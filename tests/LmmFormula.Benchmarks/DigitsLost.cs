using System;
using System.Globalization;
using System.Linq;
using LmmFormula.Data;
using LmmFormula.Designs;
using LmmFormula.Fits;
using LmmFormula.Language;
using LmmFormula.Oracle;

namespace LmmFormula.Benchmarks;

/// <summary>How many digits the criterion and the estimates lose on badly scaled data, beside the definition in 60 digits.</summary>
internal static class DigitsLost
{
    private const int Groups = 12;
    private const int Each = 6;

    /// <summary>Prints a markdown row for each kind of data and model.</summary>
    /// <returns>The exit code.</returns>
    public static int Run()
    {
        Console.WriteLine("| data | model | objective: relative error | error in units of log-likelihood | coefficients: error over standard error | sigma: relative error |");
        Console.WriteLine("| --- | --- | --: | --: | --: | --: |");
        foreach (var far in new[] { 0, 1e2, 1e4, 1e6, 1e8 })
        {
            var what = far == 0 ? "standard deviations of 1, means of 0" : $"a covariate whose mean is {Power(far)} deviations";
            Row(what, "`y ~ x + (1 \\| g)`", new("y ~ x + (1 | g)"), Data(x: far));
            Row(what, "`y ~ x + (x \\| g)`", new("y ~ x + (x | g)"), Data(x: far));
            Row(what, "`y ~ x`, `corAR1`", new("y ~ x") { Correlation = "corAR1(form = ~1 | g)" }, Data(x: far));
        }
        foreach (var far in new[] { 1e4, 1e6, 1e8 })
        {
            var what = $"a response whose mean is {Power(far)} deviations";
            Row(what, "`y ~ x + (1 \\| g)`", new("y ~ x + (1 | g)"), Data(y: far));
            Row(what, "`y ~ x + us(v \\| g)`", new("y ~ x + us(v | g)") { Mmrm = true }, Data(y: far));
        }
        foreach (var ratio in new[] { 1e4, 1e8, 1e10, 1e12 })
        {
            var what = $"variances apart by {Power(ratio)}";
            Row(what, "`y ~ x + (1 \\| g)`, groups above residuals", new("y ~ x + (1 | g)"), Data(between: Math.Sqrt(ratio)));
            Row(what, "`y ~ x`, `varIdent` by visit", new("y ~ x") { Weights = "varIdent(form = ~1 | h)" }, Data(visits: Math.Sqrt(ratio)));
        }
        foreach (var unit in new[] { 1e-150, 1e-8, 1e8, 1e150 })
            Row($"a response in units of {Power(unit)}", "`y ~ x + (x \\| g)`", new("y ~ x + (x | g)"), Data(unit: unit));
        return 0;
    }

    private static void Row(string what, string name, ModelSpecification model, DataFrame data)
    {
        var line = Models.TryFit(model, data) switch
        {
            Result<Fit>.Ok ok => Errors(ok.Value),
            Result<Fit>.Bad bad => $"refused: {bad.Errors[0].Code} | | |",
        };
        Console.WriteLine($"| {what} | {name} | {line} |");
    }

    private static string Errors(Fit fit)
    {
        var exact = ExactCriterion.Of(fit);
        var off = Math.Abs((double)(exact.Objective - fit.Objective));
        var coefficients = Enumerable.Range(0, fit.CoefficientNames.Count).Max(i => Math.Abs((double)(exact.Coefficients[i] - fit.Coefficients.Span[i])) / fit.StandardError(i));
        var sigma = fit is GlsFit { Visits: not null } ? "-" : Short(Math.Abs((fit.Sigma / Math.Sqrt((double)exact.Variance)) - 1));
        return $"{Short(off / Math.Abs(fit.Objective))} | {Short(off / 2)} | {Short(coefficients)} | {sigma}";
    }

    private static string Short(double value) => value == 0 ? "0" : value.ToString("0e0", CultureInfo.InvariantCulture);

    private static string Power(double value) => "1e" + Math.Round(Math.Log10(value)).ToString(CultureInfo.InvariantCulture);

    private static DataFrame Data(double x = 0, double y = 0, double between = 1, double visits = 1, double unit = 1)
    {
        var random = new Random(20250101);
        double Normal() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        var groups = Enumerable.Range(0, Groups).Select(_ => (Shift: between * Normal(), Slope: 0.3 * Normal())).ToArray();
        var n = Groups * Each;
        var (xs, ys) = (new double[n], new double[n]);
        for (var i = 0; i < n; i++)
        {
            var z = Normal();
            xs[i] = x + z;
            var noise = i % Each < Each / 2 ? 1 : visits;
            ys[i] = unit * (y + z + groups[i / Each].Shift + (groups[i / Each].Slope * z) + (noise * Normal()));
        }
        string[] Labels(Func<int, int> of) => Enumerable.Range(0, n).Select(i => string.Create(CultureInfo.InvariantCulture, $"L{of(i):d2}")).ToArray();
        return DataFrame.Of(
            ("x", new Column.Number(xs)),
            ("y", new Column.Number(ys)),
            ("g", new Column.Text(Labels(i => i / Each))),
            ("v", new Column.Text(Labels(i => i % Each))),
            ("h", new Column.Text(Labels(i => i % Each < Each / 2 ? 0 : 1))));
    }
}
