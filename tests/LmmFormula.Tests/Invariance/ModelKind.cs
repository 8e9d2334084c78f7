using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using LmmFormula.Data;
using LmmFormula.Designs;
using LmmFormula.Fits;

namespace LmmFormula.Tests.Invariance;

/// <summary>A kind of model, for properties that every kind has: always of y on x and f, within groups g over visits t.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Model">The model.</param>
internal sealed record ModelKind(string Name, ModelSpecification Model)
{
    private const int Groups = 14;
    private const int Visits = 4;

    /// <summary>Whether any x + a is as good as x: its span with the intercept stays, in fixed and random effects.</summary>
    public bool ShiftsX { get; init; } = true;

    /// <summary>Whether any multiple of x is as good as x.</summary>
    public bool ScalesX { get; init; } = true;

    /// <summary>Whether the order of visits means nothing.</summary>
    public bool VisitsExchange { get; init; } = true;

    /// <summary>Every kind.</summary>
    public static IReadOnlyList<ModelKind> All { get; } =
    [
        Mixed("random intercept", "(1 | g)"),
        Mixed("random slope", "(x | g)"),
        Mixed("independent slope", "(x || g)") with { ShiftsX = false },
        Mixed("crossed", "(1 | g) + (1 | k)"),
        Mixed("nested", "(1 | h/g)"),
        Mixed("three factors", "(1 | g) + (1 | k) + (1 | h)"),
        Mixed("vector of a factor", "(0 + f | k)"),
        Mixed("diag", "diag(0 + f | k)"),
        Mixed("cs", "cs(0 + f | k)"),
        Mixed("homcs", "homcs(0 + f | k)"),
        Mixed("ar1", "ar1(0 + v | k)") with { VisitsExchange = false },
        Residual("least squares", null, null),
        Residual("corAR1", "corAR1(form = ~t | g)", null),
        Residual("corCAR1", "corCAR1(form = ~u | g)", null),
        Residual("corCompSymm", "corCompSymm(form = ~1 | g)", null) with { VisitsExchange = true },
        Residual("corSymm", "corSymm(form = ~t | g)", "varIdent(form = ~1 | v)"),
        Residual("corARMA(1, 1)", "corARMA(form = ~t | g, p = 1, q = 1)", null),
        Residual("corExp", "corExp(form = ~u | g)", null),
        Residual("corExp with a nugget", "corExp(form = ~u | g, nugget = TRUE)", null),
        Residual("corGaus in the plane", "corGaus(form = ~u + z | g)", null),
        Residual("varIdent", null, "varIdent(form = ~1 | v)"),
        Residual("varPower", null, "varPower(form = ~z)"),
        Residual("varExp", null, "varExp(form = ~z)"),
        Residual("varComb", "corAR1(form = ~t | g)", "varComb(varIdent(form = ~1 | h), varPower(form = ~z))"),
        Residual("mixed with corAR1", "corAR1(form = ~t | g)", null, "(1 | g)"),
        Residual("mixed with varIdent", null, "varIdent(form = ~1 | h)", "(1 | g)"),
        ByVisit("us") with { VisitsExchange = true },
        ByVisit("cs") with { VisitsExchange = true },
        ByVisit("csh") with { VisitsExchange = true },
        ByVisit("ar1"),
        ByVisit("ar1h"),
        ByVisit("ad"),
        ByVisit("adh"),
        ByVisit("toep"),
        ByVisit("toeph"),
    ];

    /// <summary>The kind of a name.</summary>
    public static ModelKind Find(string name) => All.Single(k => k.Name == name);

    /// <summary>Fits the kind to data.</summary>
    public Fit Fit(DataFrame data, FitOptions options, Contrast contrast = Contrast.Treatment) =>
        Models.TryFit(Model with { Frame = Model.Frame with { Unordered = contrast } }, data, options).OrThrow();

    /// <summary>Simulated data with an effect of everything, missing visits and unequal groups.</summary>
    public static Rows Simulate(int seed)
    {
        var random = new Random(seed);
        var rows = new Rows();
        var stimuli = Enumerable.Range(0, 6).Select(_ => Normal(random)).ToArray();
        for (var g = 0; g < Groups; g++)
        {
            var (shift, slope, error) = (Normal(random), 0.5 * Normal(random), Normal(random));
            for (var t = 0; t < Visits; t++)
            {
                var (x, k, f) = (Normal(random), random.Next(6), random.Next(3));
                var z = Math.Exp(0.4 * Normal(random));
                error = (0.6 * error) + (0.8 * Normal(random));
                var y = 2 + x + (0.7 * f) + shift + (slope * x) + (0.8 * stimuli[k]) + (error * Math.Sqrt(z) * (1 + (0.3 * t)));
                // The first group is whole, so that each visit is there in order.
                if (g > 0 && random.NextDouble() < 0.1) continue;
                rows.Add(y, x, z, t + 1, Math.Round(t + (0.4 * random.NextDouble()), 3), g, k, f);
            }
        }
        return rows;
    }

    private static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    private static ModelKind Mixed(string name, string random) => new(name, new($"y ~ x + f + {random}"));

    private static ModelKind Residual(string name, string? correlation, string? weights, string? random = null) =>
        new(name, new(random is null ? "y ~ x + f" : $"y ~ x + f + {random}") { Correlation = correlation, Weights = weights }) { VisitsExchange = false };

    private static ModelKind ByVisit(string structure) =>
        new($"{structure} by visit", new($"y ~ x + f + {structure}(v | g)") { Mmrm = true }) { VisitsExchange = false };
}

/// <summary>Rows of data, as columns that tests change.</summary>
internal sealed class Rows
{
    private readonly List<(double Y, double X, double Z, double T, double U, int G, int K, int F)> rows = [];

    /// <summary>The number of rows.</summary>
    public int Count => rows.Count;

    /// <summary>The labels of groups, stimuli and levels of the factor, by number.</summary>
    public Func<int, string> Label { get; init; } = i => i.ToString("d2", CultureInfo.InvariantCulture);

    /// <summary>Adds a row.</summary>
    public void Add(double y, double x, double z, double t, double u, int g, int k, int f) => rows.Add((y, x, z, t, u, g, k, f));

    /// <summary>The rows in another order.</summary>
    public Rows InOrder(IEnumerable<int> order) => Of(order.Select(i => rows[i]));

    /// <summary>Other labels, which may sort in another order, for groups and stimuli.</summary>
    public Rows Relabelled(Func<int, string> label)
    {
        var result = new Rows { Label = label };
        result.rows.AddRange(rows);
        return result;
    }

    /// <summary>Another response.</summary>
    public Rows WithResponse(Func<double, double> of) => Of(rows.Select(r => r with { Y = of(r.Y) }));

    /// <summary>Another covariate.</summary>
    public Rows WithCovariate(Func<double, double> of) => Of(rows.Select(r => r with { X = of(r.X) }));

    /// <summary>Visits in another order: t becomes order[t - 1], and the distances go with it.</summary>
    public Rows WithVisits(int[] order) => Of(rows.Select(r => r with { T = order[(int)r.T - 1] }));

    /// <summary>Each row so many times, by its number.</summary>
    public Rows Repeated(Func<int, int> times) => Of(rows.SelectMany((r, i) => Enumerable.Repeat(r, times(i))));

    /// <summary>The columns; <paramref name="weights"/> become the column w.</summary>
    public DataFrame Frame(Func<int, double>? weights = null) => DataFrame.Of(
        ("y", Numbers(r => r.Y)), ("x", Numbers(r => r.X)), ("z", Numbers(r => r.Z)), ("t", Numbers(r => r.T)), ("u", Numbers(r => r.U)),
        ("w", new Column.Number(Enumerable.Range(0, Count).Select(i => weights?.Invoke(i) ?? 1).ToArray())),
        ("g", Texts(r => "g" + Label(r.G))), ("k", Texts(r => "k" + Label(r.K))), ("h", Texts(r => "h" + Label(r.G % 2))),
        ("f", Texts(r => $"f{r.F}")), ("v", Texts(r => $"v{r.T}")));

    private Rows Of(IEnumerable<(double, double, double, double, double, int, int, int)> others)
    {
        var result = new Rows { Label = Label };
        result.rows.AddRange(others);
        return result;
    }

    private Column.Number Numbers(Func<(double Y, double X, double Z, double T, double U, int G, int K, int F), double> of) => new(rows.Select(of).ToArray());

    private Column.Text Texts(Func<(double Y, double X, double Z, double T, double U, int G, int K, int F), string> of) => new(rows.Select(string? (r) => of(r)).ToArray());
}
