using System.Linq;
using LmmFormula.Covariance;
using LmmFormula.Designs;
using LmmFormula.Estimation;
using LmmFormula.Fits;
using Xunit;
using static LmmFormula.Tests.Estimation.HandmadeDesigns;

namespace LmmFormula.Tests.Estimation;

/// <summary>Optima that MixedModels.jl's documentation publishes, and those of the maximal models of the project's own data.</summary>
public class PublishedObjectives
{
    private static readonly RandomStructure Unstructured = new RandomStructure.Unstructured();

    [Theory]
    [InlineData("dyestuff.csv", 327.32705988)]
    [InlineData("dyestuff2.csv", 162.873037)]
    public void Dyestuffs_reach_the_objective_of_MixedModels(string file, double objective)
    {
        var d = Table(file);
        var fit = Fit(Of(d["Yield"].Numbers(), Columns(("(Intercept)", Ones(30))), Intercept("Batch", d["Batch"])), Criterion.MaximumLikelihood);
        Assert.Equal(objective, fit.Objective, tolerance: 1e-6);
        Assert.Equal(file == "dyestuff2.csv", fit.IsSingular);
    }

    [Fact]
    public void Penicillin_reaches_the_objective_of_MixedModels()
    {
        Assert.Equal(332.18835, Fit(Penicillin(), Criterion.MaximumLikelihood).Objective, tolerance: 1e-5);
    }

    [Fact]
    public void Pastes_reach_the_objective_of_MixedModels()
    {
        var d = Table("pastes.csv");
        var sample = d["batch"].Zip(d["cask"], (b, c) => b + ":" + c).ToArray();
        var fit = Fit(
            Of(d["strength"].Numbers(), Columns(("(Intercept)", Ones(60))), Intercept("sample", sample), Intercept("batch", d["batch"])),
            Criterion.MaximumLikelihood);
        Assert.Equal(247.99447, fit.Objective, tolerance: 1e-5);
    }

    [Theory]
    [InlineData(true, 1751.93934)]
    [InlineData(false, 1752.00326)]
    public void Sleepstudy_reaches_the_objectives_of_MixedModels(bool correlated, double objective)
    {
        var d = Table("sleepstudy.csv");
        var days = d["Days"].Numbers();
        var subject = Group("Subject", d["Subject"]);
        RandomTerm[] terms = correlated
            ? [Term(subject, Unstructured, ("(Intercept)", Ones(180)), ("Days", days))]
            : [Term(subject, Unstructured, ("(Intercept)", Ones(180))), Term(subject, Unstructured, ("Days", days))];
        var fit = Fit(Of(d["Reaction"].Numbers(), Columns(("(Intercept)", Ones(180)), ("Days", days)), terms), Criterion.MaximumLikelihood);
        Assert.Equal(objective, fit.Objective, tolerance: 1e-5);
    }

    [Fact]
    public void InstEval_reaches_the_objective_of_MixedModels()
    {
        var d = Table("insteval.csv");
        var y = d["y"].Numbers();
        var fit = Fit(
            Of(y, Columns(("(Intercept)", Ones(y.Length)), ("service1", d["service"].Numbers())),
                Intercept("s", d["s"]), Intercept("d", d["d"]), Intercept("dept", d["dept"])),
            Criterion.MaximumLikelihood);
        Assert.Equal(237721.76877, fit.Objective, tolerance: 1e-4);
    }

    [Theory]
    [InlineData("psy1600.csv", 21497.1391)]
    [InlineData("psy6400.csv", 85193.2006)]
    public void Maximal_models_reach_the_optimum_that_default_optimizers_miss(string file, double objective)
    {
        var fit = Fit(Maximal(file), Criterion.Reml);
        Assert.InRange(fit.Objective, objective - 1, objective + 1e-4);
    }

    /// <summary>diameter ~ 1 + (1 | plate) + (1 | sample).</summary>
    internal static Design Penicillin()
    {
        var d = Table("penicillin.csv");
        return Of(d["diameter"].Numbers(), Columns(("(Intercept)", Ones(144))), Intercept("plate", d["plate"]), Intercept("sample", d["sample"]));
    }

    /// <summary>score ~ gcsecnt + (1 | school) + (1 | lea).</summary>
    internal static Design Chem97()
    {
        var d = Table("chem97.csv");
        var y = d["score"].Numbers();
        return Of(y, Columns(("(Intercept)", Ones(y.Length)), ("gcsecnt", d["gcsecnt"].Numbers())), Intercept("school", d["school"]), Intercept("lea", d["lea"]));
    }

    /// <summary>rt ~ A * B + (A * B | subj) + (A * B | item).</summary>
    internal static Design Maximal(string file)
    {
        var d = Table(file);
        var (a, b) = (d["A"].Numbers(), d["B"].Numbers());
        (string, double[])[] columns = [("(Intercept)", Ones(a.Length)), ("A", a), ("B", b), ("A:B", [.. a.Zip(b, (x, y) => x * y)])];
        return Of(d["rt"].Numbers(), Columns(columns),
            Term(Group("subj", d["subj"]), Unstructured, columns), Term(Group("item", d["item"]), Unstructured, columns));
    }

    private static LmmFit Fit(Design design, Criterion criterion)
    {
        var fit = MixedModelEstimator.Fit(design, FitOptions.Default with { Criterion = criterion }).OrThrow();
        Assert.True(fit.Convergence.Converged, fit.Convergence.ToString());
        Assert.InRange(fit.Convergence.GradientEvaluations, 1, 10);
        return fit;
    }
}
