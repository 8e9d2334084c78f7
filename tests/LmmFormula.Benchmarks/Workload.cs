using System.Collections.Generic;
using System.IO;
using System.Linq;
using LmmFormula.Data;
using LmmFormula.Designs;
using LmmFormula.Fits;
using LmmFormula.IO;

namespace LmmFormula.Benchmarks;

/// <summary>A model and its data: what both sides fit.</summary>
/// <param name="Name">A short name.</param>
/// <param name="File">The CSV file.</param>
/// <param name="Formula">The formula, the same in R.</param>
/// <param name="Criterion">The criterion.</param>
/// <param name="Factors">The columns that are factors though they look like numbers.</param>
/// <param name="Simulation">The R code that writes the file, for data that are too large to keep; null for those in tests/data.</param>
internal sealed record Workload(string Name, string File, string Formula, Criterion Criterion, string[] Factors, string? Simulation = null)
{
    /// <summary>The residual correlation, or null.</summary>
    public string? Correlation { get; init; }

    /// <summary>The variance function, or null.</summary>
    public string? Weights { get; init; }

    /// <summary>What else than lme4 fits the model, in R's words; null: lme4 fits the formula.</summary>
    public Peer? Peer { get; init; }

    private static Peer GlsByVisit { get; } = new(
        "nlme", "gls(y ~ base + trt * factor(visit), d, correlation = corSymm(form = ~visit | id), weights = varIdent(form = ~1 | visit))");

    // A random effect of every visit and next to no residual variance: glmmTMB has no covariance of residuals.
    private static Peer TmbByVisit { get; } = new(
        "glmmTMB", "glmmTMB(y ~ base + trt * factor(visit) + us(0 + factor(visit) | id), dispformula = ~0, data = d, REML = TRUE)");

    /// <summary>The workloads of the performance goals.</summary>
    public static IReadOnlyList<Workload> All { get; } =
    [
        new("sleepstudy", "sleepstudy.csv", "Reaction ~ Days + (Days | Subject)", Criterion.Reml, ["Subject"]),
        new("penicillin", "penicillin.csv", "diameter ~ 1 + (1 | plate) + (1 | sample)", Criterion.Reml, []),
        new("pastes", "pastes.csv", "strength ~ 1 + (1 | batch/cask)", Criterion.Reml, []),
        new("chem97", "chem97.csv", "score ~ gcsecnt + (1 | school) + (1 | lea)", Criterion.Reml, ["school", "lea"]),
        new("insteval", "insteval.csv", "y ~ service + (1 | s) + (1 | d) + (1 | dept)", Criterion.MaximumLikelihood, ["s", "d", "dept"]),
        new("psy1600", "psy1600.csv", "rt ~ A * B + (A * B | subj) + (A * B | item)", Criterion.Reml, ["subj", "item"]),
        new("psy6400", "psy6400.csv", "rt ~ A * B + (A * B | subj) + (A * B | item)", Criterion.Reml, ["subj", "item"]),
        new("tlc", "tlc.csv", "lead ~ treatment * factor(week)", Criterion.Reml, ["id"])
        {
            Correlation = "corSymm(form = ~1 | id)",
            Weights = "varIdent(form = ~1 | week)",
            Peer = new("nlme", "gls(lead ~ treatment * factor(week), d, correlation = corSymm(form = ~1 | id), weights = varIdent(form = ~1 | week))"),
        },
        Visits("mmrm1000", "mmrm1000.csv", GlsByVisit),
        Visits("mmrm1000-glmmTMB", "mmrm1000.csv", TmbByVisit),
        Visits("mmrm5000", "mmrm5000.csv", GlsByVisit),
        Visits("mmrm5000-glmmTMB", "mmrm5000.csv", TmbByVisit),
        new("ovary", "ovary.csv", "follicles ~ sin(2*pi*Time) + cos(2*pi*Time) + (sin(2*pi*Time) || Mare)", Criterion.Reml, ["Mare"])
        {
            Correlation = "corAR1()",
            Peer = new("nlme", "lme(follicles ~ sin(2*pi*Time) + cos(2*pi*Time), d, random = list(Mare = pdDiag(~sin(2*pi*Time))), correlation = corAR1())"),
        },
        new("bodyweight", "bodyweight.csv", "weight ~ Time * Diet + (Time | Rat)", Criterion.Reml, ["Rat", "Diet"])
        {
            Correlation = "corExp(form = ~Time)",
            Weights = "varPower()",
            Peer = new("nlme", "lme(weight ~ Time * Diet, d, random = ~Time | Rat, weights = varPower(), correlation = corExp(form = ~Time))"),
        },
        new("nested1m", "nested1m.csv", "y ~ x + (x | g)", Criterion.Reml, ["g"], Simulations.Nested),
    ];

    private static Workload Visits(string name, string file, Peer peer) => new(name, file, "y ~ base + trt * factor(visit)", Criterion.Reml, ["id", "trt"])
    {
        Correlation = "corSymm(form = ~visit | id)",
        Weights = "varIdent(form = ~1 | visit)",
        Peer = peer,
    };

    /// <summary>The workload of a name.</summary>
    public static Workload Find(string name) => All.Single(w => w.Name == name);

    /// <summary>Reads the data, factors made.</summary>
    public DataFrame Read(string folder)
    {
        var data = DataFile.Read(Path.Combine(folder, File)).OrThrow();
        return Factors.Aggregate(data, (d, name) => d.With(name, FactorColumns.Of(d.Find(name)!)));
    }

    /// <summary>Fits in-memory columns: formula, model frame, design and estimation.</summary>
    public Fit Fit(DataFrame data)
    {
        var design = DesignBuilder.Build(new(Formula) { Correlation = Correlation, Weights = Weights }, data).OrThrow();
        return Models.TryFit(design, FitOptions.Default with { Criterion = Criterion }).OrThrow();
    }
}

/// <summary>A model in R's words.</summary>
/// <param name="Package">The package that fits it.</param>
/// <param name="Call">The call, with the data in <c>d</c>.</param>
internal sealed record Peer(string Package, string Call);

/// <summary>R code of the simulated data sets, the same seeds and draws as the project's peers were timed on.</summary>
internal static class Simulations
{
    /// <summary>A million rows in 20,000 groups of unequal size with a random slope.</summary>
    public const string Nested = """
        set.seed(20240603); G <- 20000; N <- 1e6
        sz <- as.vector(rmultinom(1, N, rep(1, G))); g <- rep(seq_len(G), sz)
        x <- rnorm(N); u <- matrix(rnorm(2*G), G) %*% chol(matrix(c(1.0, 0.3*1*0.5, 0.3*1*0.5, 0.25), 2))
        y <- 2 + 0.7 * x + u[g, 1] + u[g, 2] * x + rnorm(N, 0, 1.5)
        d <- data.frame(g = g, x = x, y = y)
        """;
}
