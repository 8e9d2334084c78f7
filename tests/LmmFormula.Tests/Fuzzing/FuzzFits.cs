using System;
using System.Globalization;
using System.Linq;
using System.Text;
using LmmFormula.Data;
using LmmFormula.Designs;
using LmmFormula.Fits;
using LmmFormula.Inference;
using LmmFormula.Language;
using LmmFormula.Report;
using LmmFormula.Tests.Report;

namespace LmmFormula.Tests.Fuzzing;

/// <summary>Whole fits on hostile data: infinite, denormal, huge, tiny, constant and repeated values, one level, one row.</summary>
internal static class FuzzFits
{
    private static readonly string[] Formulas =
    [
        "y ~ x + (1 | g)", "y ~ x + (x | g)", "y ~ x + (x || g)", "y ~ x * f + (1 | g) + (1 | k)", "y ~ 1 + (1 | g/k)", "y ~ f + (f | g)", "y ~ x + (x + z | g)", "y ~ 0 + x", "y ~ x + z", "y ~ f * x", "y ~ poly(x, 2) + (1 | g)",
        "y ~ x + cs(0 + f | g)", "y ~ x + diag(0 + f | g)", "y ~ scale(x) + (1 | g)", "y ~ log(x) + (1 | g)", "y ~ x + offset(z) + (1 | g)", "y ~ x + g + (1 | g)",
    ];

    private static readonly string?[] Correlations =
        [null, null, "corAR1(form = ~1 | g)", "corCompSymm(form = ~1 | g)", "corExp(form = ~z)", "corGaus(form = ~z | g, nugget = TRUE)", "corARMA(form = ~1 | g, p = 1, q = 1)", "corSymm(form = ~1 | g)", "corLin(form = ~x + z)", "corCAR1(form = ~z | g)"];

    private static readonly string?[] Variances = [null, null, null, "varIdent(form = ~1 | f)", "varPower(form = ~z)", "varExp(form = ~x)", "varPower()", "varComb(varIdent(form = ~1 | f), varExp(form = ~z))"];

    private static readonly string[] ByVisit = ["us", "cs", "csh", "ar1", "ar1h", "ad", "adh", "toep", "toeph"];

    private static readonly double[] Extremes =
        [0, -0.0, 1, -1, double.NaN, double.PositiveInfinity, double.NegativeInfinity, double.Epsilon, 1e-310, 1e-200, 1e-100, 1e-8, 1e8, 1e15, 1e100, 1e200, 1.7e308, -1.7e308];

    /// <summary>Makes a model and data.</summary>
    public static FuzzInput Make(Random random)
    {
        var data = Data(random);
        var byVisit = random.Next(5) == 0;
        var mixed = random.Next(2) == 0;
        var formula = byVisit ? $"y ~ x + {ByVisit[random.Next(ByVisit.Length)]}(k | g)" : Formulas[random.Next(Formulas.Length)];
        var residual = !byVisit && (!mixed || random.Next(4) == 0);
        var model = new ModelSpecification(formula)
        {
            Mmrm = byVisit,
            Correlation = residual ? Correlations[random.Next(Correlations.Length)] : null,
            Weights = residual ? Variances[random.Next(Variances.Length)] : null,
            PriorWeights = !residual && !byVisit && random.Next(6) == 0 ? "w" : null,
        };
        var criterion = random.Next(2) == 0 ? Criterion.Reml : Criterion.MaximumLikelihood;
        var method = random.Next(3) == 0 ? Enum.GetValues<DegreesOfFreedomMethod>()[random.Next(Enum.GetValues<DegreesOfFreedomMethod>().Length)] : (DegreesOfFreedomMethod?)null;
        var sandwich = random.Next(8) == 0 ? Sandwich.CR2 : Sandwich.None;
        return new($"{model.Formula} {model.Correlation} {model.Weights} {model.PriorWeights} {criterion} {method} {sandwich}\n{Text(data)}", () => Fit(model, data, criterion, method, sandwich));
    }

    private static FuzzEnd Fit(ModelSpecification model, DataFrame data, Criterion criterion, DegreesOfFreedomMethod? method, Sandwich sandwich)
    {
        var result = Models.TryFit(model, data, new FitOptions { Criterion = criterion });
        if (result is not Result<Fit>.Ok { Value: var fit }) return FuzzTarget.End(result);
        if (!Numbers(fit)) return FuzzEnd.NotANumber;
        var summary = FitSummaries.Of(fit, method, sandwich: sandwich);
        if (summary is Result<FitSummary>.Ok ok)
        {
            if (TextReport.Of(ok.Value).Length == 0 || MarkdownReport.Of(ok.Value).Length == 0) return FuzzEnd.NotANumber;
            // Every figure is a number, or there is a reason why it is none.
            if (JsonFigures.Unaccounted(JsonReport.Of(ok.Value)).Count > 0) return FuzzEnd.NotANumber;
        }
        return FuzzTarget.End(summary) == FuzzEnd.NotANumber ? FuzzEnd.NotANumber : FuzzTarget.End(result);
    }

    private static bool Numbers(Fit fit) => double.IsFinite(fit.LogLikelihood) && double.IsFinite(fit.Sigma) && All(fit.Coefficients) && All(fit.FittedValues) && All(fit.Residuals)
        && Enumerable.Range(0, fit.CoefficientNames.Count).All(i => fit.StandardError(i) is > 0 and < double.PositiveInfinity || fit.Withheld.Any(w => w.Quantity == "stdError" && w.Of == fit.CoefficientNames[i]))
        && (fit is not LmmFit mixed || mixed.Random.All(r => All(r.Modes.ToRows().SelectMany(m => m).ToArray()) && All(r.Covariance.ToRows().SelectMany(c => c).ToArray())));

    private static bool All(ReadOnlyMemory<double> values) => values.ToArray().All(double.IsFinite);

    private static DataFrame Data(Random random)
    {
        var n = random.Next(4) == 0 ? random.Next(1, 5) : random.Next(5, 30);
        return DataFrame.Of(
            ("y", Numbers(random, n)), ("x", Numbers(random, n)), ("z", Numbers(random, n)), ("w", Numbers(random, n)),
            ("g", Labels(random, n)), ("k", Labels(random, n)), ("f", Labels(random, n)));
    }

    private static Column.Number Numbers(Random random, int n)
    {
        var unit = random.Next(3) == 0 ? Math.Pow(10, random.Next(-300, 300)) : 1;
        var kind = random.Next(8);
        var values = new double[n];
        for (var i = 0; i < n; i++)
        {
            values[i] = kind switch
            {
                0 => unit,
                1 => unit * random.Next(3),
                2 => (unit * 1e6) + random.NextDouble(),
                3 => unit * i,
                4 => unit * (i % 2),
                _ => unit * (random.NextDouble() - (kind == 5 ? 0 : 0.5)),
            };
        }
        if (random.Next(5) == 0) values[random.Next(n)] = Extremes[random.Next(Extremes.Length)];
        if (random.Next(40) == 0)
        {
            for (var i = 0; i < n; i++) values[i] = Extremes[random.Next(Extremes.Length)];
        }
        return new(values);
    }

    private static Column.Text Labels(Random random, int n)
    {
        var levels = random.Next(6) switch { 0 => 1, 1 => n, 2 => 2, _ => random.Next(2, 8) };
        var runs = random.Next(2) == 0;
        return new(Enumerable.Range(0, n).Select(string? (i) => random.Next(60) == 0 ? null : $"L{(runs ? i * levels / n : random.Next(2) == 0 ? i % levels : random.Next(levels))}").ToArray());
    }

    private static string Text(DataFrame data)
    {
        var text = new StringBuilder().AppendJoin(',', data.Names);
        for (var i = 0; i < data.Rows; i++)
        {
            text.AppendLine().AppendJoin(',', data.Columns.Select(c => c switch
            {
                Column.Number number => number.Values.Span[i].ToString("R", CultureInfo.InvariantCulture),
                Column.Text labels => labels.Values.Span[i] ?? "NA",
                _ => "?",
            }));
        }
        return text.ToString();
    }
}
