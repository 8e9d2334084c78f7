using System;
using System.Linq;
using CsCheck;
using LmmFormula.Covariance;
using LmmFormula.Data;
using LmmFormula.Designs;
using LmmFormula.Estimation;
using LmmFormula.Inference;
using LmmFormula.IO;
using Xunit;

namespace LmmFormula.Tests.Estimation;

public class ResidualCriterionTests
{
    private static Design Build(string file, ModelSpecification specification, params string[] factors)
    {
        var data = DataFile.Read(TestFiles.Data(file)).OrThrow();
        foreach (var name in factors) data = data.With(name, FactorColumns.Of(data.Find(name)!));
        return DesignBuilder.Build(specification, data).OrThrow();
    }

    public static TheoryData<string, string?, string?> Structures() => new()
    {
        { "lead ~ treatment * week", "corSymm(form = ~1 | id)", "varIdent(form = ~1 | treatment)" },
        { "lead ~ treatment * week", "corCompSymm(form = ~1 | id)", "varPower(form = ~(week + 1))" },
        { "lead ~ treatment * week", "corAR1(form = ~1 | id)", "varExp(form = ~week)" },
        { "lead ~ treatment * week", "corCAR1(form = ~week | id)", "varIdent(form = ~1 | week)" },
        { "lead ~ treatment * week", "corARMA(form = ~1 | id, p = 2, q = 1)", "varConstPower(form = ~(week + 1))" },
        { "lead ~ treatment * week", "corExp(form = ~week | id, nugget = TRUE)", "varConstProp(form = ~(week + 1))" },
        { "lead ~ treatment * week", "corGaus(form = ~week | id)", null },
        { "lead ~ treatment * week", "corRatio(form = ~week | id)", "varPower(form = ~(week + 1) | treatment)" },
        { "lead ~ treatment * week + (week | id)", "corAR1(form = ~1 | id)", "varIdent(form = ~1 | treatment)" },
    };

    [Theory]
    [MemberData(nameof(Structures))]
    public void The_gradient_is_that_of_the_criterion_and_pairs_of_rows_give_whole_groups(string formula, string? correlation, string? weights)
    {
        var design = Build("tlc.csv", new(formula) { Correlation = correlation, Weights = weights }, "id");
        var bound = ResidualBinding.Bind(design, default, default).OrThrow();
        var data = OrthogonalizedData.Create(design);
        var p = data.Columns.Length;
        GlsCriterion Criterion(bool split) => new(bound.Model, CovariancePatterns.Find(bound, data.Values, p + 1, split), data.Rows, p, true, 0);
        var (criterion, whole) = (Criterion(true), Criterion(false));
        var q = bound.Model.Parameters.Count;
        var psi = new double[q];
        Gen.Double[-0.8, 0.8].Array[bound.Model.FreeCount].Sample(
            free =>
            {
                FreeParameters.ToNatural(bound.Model, free, psi, []);
                var value = criterion.Value(psi);
                Assert.Equal(whole.Value(psi), value, 1e-7);
                var gradient = new double[q];
                criterion.Derivatives(psi, gradient, new double[q * q]);
                for (var i = 0; i < q; i++)
                {
                    var centre = psi[i];
                    const double Step = 1e-5;
                    psi[i] = centre + Step;
                    var above = criterion.Value(psi);
                    psi[i] = centre - Step;
                    var below = criterion.Value(psi);
                    psi[i] = centre;
                    Assert.Equal((above - below) / (2 * Step), gradient[i], 1e-3 + (1e-5 * Math.Abs(gradient[i])));
                    criterion.Value(psi);
                }
            },
            iter: 5,
            threads: 1);
    }

    public static TheoryData<string> Structured() => ["us", "toep", "toeph", "ar1", "ar1h", "ad", "adh", "cs", "csh"];

    [Theory]
    [MemberData(nameof(Structured))]
    public void The_curvature_by_visit_is_the_Hessian(string structure)
    {
        var design = Build("fev.csv", new($"FEV1 ~ ARMCD * AVISIT + {structure}(AVISIT | ARMCD / USUBJID)") { Mmrm = true });
        var bound = ResidualBinding.Bind(design, default, default).OrThrow();
        var data = OrthogonalizedData.Create(design);
        var p = data.Columns.Length;
        // Under maximum likelihood nothing is left out of the curvature.
        var criterion = new GlsCriterion(bound.Model, CovariancePatterns.Find(bound, data.Values, p + 1, true), data.Rows, p, false, 0);
        var errors = Enumerable.Range(0, data.Rows).Select(i => data.Values[(i * (p + 1)) + p]).ToArray();
        var psi = ResidualStart.Find(bound, errors);
        var q = psi.Length;
        var curvature = new double[q * q];
        var (above, below) = (new double[q], new double[q]);
        criterion.Value(psi);
        criterion.Derivatives(psi, above, curvature);
        for (var j = 0; j < q; j++)
        {
            var step = 1e-5 * Math.Max(1, Math.Abs(psi[j]));
            var centre = psi[j];
            psi[j] = centre + step;
            criterion.Value(psi);
            criterion.Derivatives(psi, above, new double[q * q]);
            psi[j] = centre - step;
            criterion.Value(psi);
            criterion.Derivatives(psi, below, new double[q * q]);
            psi[j] = centre;
            for (var i = 0; i < q; i++)
            {
                var scale = Math.Sqrt(Math.Abs(curvature[(i * q) + i] * curvature[(j * q) + j]));
                Assert.Equal((above[i] - below[i]) / (2 * step), curvature[(j * q) + i], 1e-4 * scale);
            }
        }
    }

    [Fact]
    public void A_mixed_model_by_its_marginal_covariance_is_the_mixed_model()
    {
        // No structure that moves anything: the variances are known to be equal.
        var design = Build("sleepstudy.csv", new("Reaction ~ Days + (Days | Subject)") { Weights = "varFixed(~ I(Days * 0 + 1))" }, "Subject");
        var marginal = MixedModelEstimator.Fit(design, FitOptions.Default).OrThrow();
        var plain = MixedModelEstimator.Fit(design with { Variance = null }, FitOptions.Default).OrThrow();
        Assert.Equal(plain.Objective, marginal.Objective, 1e-6);
        Assert.Equal(plain.Sigma, marginal.Sigma, 1e-4);
        // Satterthwaite's degrees of freedom agree with those by the blocked factor, Kenward and Roger's with pbkrtest 0.5.2: 17.
        var satterthwaite = FixedEffectTests.Prepare(marginal, DegreesOfFreedomMethod.Satterthwaite).OrThrow().OfCoefficients();
        var expected = FixedEffectTests.Prepare(plain, DegreesOfFreedomMethod.Satterthwaite).OrThrow().OfCoefficients().Select(t => t.DegreesOfFreedom).ToArray();
        Assert.Equal(expected[1], satterthwaite[1].DegreesOfFreedom, 1e-2);
        Assert.Equal(17, FixedEffectTests.Prepare(marginal, DegreesOfFreedomMethod.KenwardRoger).OrThrow().OfCoefficients()[1].DegreesOfFreedom, 1e-2);
    }

    [Fact]
    public void Sandwiches_of_single_rows_are_the_heteroscedasticity_consistent_ones()
    {
        var design = Build("tlc.csv", new("lead ~ week"));
        var fit = GlsEstimator.Fit(design, FitOptions.Default).OrThrow();
        var inverse = fit.CoefficientCovariance;
        foreach (var (kind, power) in new[] { (Sandwich.CR0, 0.0), (Sandwich.CR2, 0.5), (Sandwich.CR3, 1.0) })
        {
            var sum = 0.0;
            for (var i = 0; i < fit.Observations; i++)
            {
                var x = design.Fixed.Values[i, 1];
                double At(int r) => (inverse[r, 0] + (inverse[r, 1] * x)) / (fit.Sigma * fit.Sigma);
                var leverage = At(0) + (x * At(1));
                var error = fit.Residuals.Span[i] * Math.Pow(1 - leverage, -power);
                sum += At(1) * At(1) * error * error;
            }
            Assert.Equal(sum, FixedEffectTests.Prepare(fit, DegreesOfFreedomMethod.Residual, kind).OrThrow().Covariance[1, 1], 1e-10);
        }
    }

    [Fact]
    public void Sandwiches_of_clusters_and_their_degrees_of_freedom_are_those_of_their_definitions()
    {
        // tests/reference/sandwich/sandwich.R, run by R 4.2.2.
        var design = Build("fev.csv", new("FEV1 ~ RACE + SEX * AVISIT")
        {
            Correlation = "corAR1(0.6, form = ~VISITN | USUBJID, fixed = TRUE)",
            Weights = "varIdent(form = ~1 | AVISIT, fixed = c(VIS2 = 0.8, VIS3 = 0.7, VIS4 = 1.3))",
        });
        var fit = GlsEstimator.Fit(design, FitOptions.Default).OrThrow();
        var expected = DataFile.Read(System.IO.Path.Combine(TestFiles.Root, "tests", "reference", "sandwich", "sandwich.csv")).OrThrow();
        double[] Column(string name) => ((Column.Number)expected.Find(name)!).Values.ToArray();
        void Agree(string name, Func<int, double> actual)
        {
            var figures = Column(name);
            for (var j = 0; j < figures.Length; j++) Assert.Equal(figures[j], actual(j), 1e-8 * Math.Abs(figures[j]));
        }

        Agree("estimate", j => fit.Coefficients.Span[j]);
        Agree("model", fit.StandardError);
        foreach (var kind in new[] { Sandwich.CR0, Sandwich.CR2, Sandwich.CR3 })
        {
            var tests = FixedEffectTests.Prepare(fit, DegreesOfFreedomMethod.Satterthwaite, kind).OrThrow().OfCoefficients();
            Agree($"{kind}.se", j => tests[j].StandardError);
            Agree($"{kind}.df", j => tests[j].DegreesOfFreedom);
        }
    }

    [Fact]
    public void Dependent_contrasts_count_once_and_joint_tests_of_one_are_its_t_test_squared()
    {
        var fit = GlsEstimator.Fit(Build("fev.csv", new("FEV1 ~ ARMCD * AVISIT + us(AVISIT | USUBJID)") { Mmrm = true }), FitOptions.Default).OrThrow();
        foreach (var method in new[] { DegreesOfFreedomMethod.Satterthwaite, DegreesOfFreedomMethod.KenwardRoger, DegreesOfFreedomMethod.Residual })
        {
            var contrasts = FixedEffectTests.Prepare(fit, method).OrThrow();
            var t = contrasts.OfCoefficients()[1];
            var twice = contrasts.OfAll(Matrix.Create(2, 8, (i, j) => j == 1 ? i + 1 : 0));
            Assert.Equal(1, twice.NumeratorDegreesOfFreedom);
            Assert.Equal(t.Statistic * t.Statistic, twice.Statistic, 1e-6 * twice.Statistic);
            Assert.Equal(t.DegreesOfFreedom, twice.DegreesOfFreedom, 1e-6 * t.DegreesOfFreedom);
            Assert.Equal(3, contrasts.OfAll(Matrix.Create(3, 8, (i, j) => j == 5 + i ? 1 : 0)).NumeratorDegreesOfFreedom);
        }
    }
}
