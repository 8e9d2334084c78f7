using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using LmmFormula.Covariance;
using LmmFormula.Data;
using LmmFormula.Designs;
using LmmFormula.Fits;
using Xunit;

namespace LmmFormula.Tests.Certification;

/// <summary>Wrong optima of many models, each as a broken optimizer would report it, and the true optima beside them.</summary>
public class PlantedOptimaTests
{
    private const int Replicates = 4;

    private static readonly ModelSpecification[] Models =
    [
        new("y ~ x + (1 | g)"),
        new("y ~ x + (x | g)"),
        new("y ~ x + (x || g)"),
        new("y ~ x + (1 | g) + (1 | h)"),
        new("y ~ x + cs(0 + v | g)"),
        new("y ~ x") { Correlation = "corAR1(form = ~1 | g)" },
        new("y ~ x") { Correlation = "corCompSymm(form = ~1 | g)", Weights = "varIdent(form = ~1 | v)" },
        new("y ~ x") { Correlation = "corExp(form = ~t | g)" },
        new("y ~ x + us(v | g)") { Mmrm = true },
        new("y ~ x + (1 | g)") { Weights = "varIdent(form = ~1 | v)" },
    ];

    public static TheoryData<int, int> Cases()
    {
        var cases = new TheoryData<int, int>();
        for (var model = 0; model < Models.Length; model++)
        {
            for (var seed = 1; seed <= Replicates; seed++) cases.Add(model, seed);
        }
        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_true_optimum_is_certified_and_every_wrong_one_is_caught(int model, int seed)
    {
        var criterion = seed % 2 == 0 ? Criterion.MaximumLikelihood : Criterion.Reml;
        var fit = LmmFormula.Models.TryFit(Models[model], Data(seed), FitOptions.Default with { Criterion = criterion }).OrThrow();
        var options = FitOptions.Default with { Criterion = criterion };
        var truth = Certify(fit, Parameters(fit), options);
        Assert.True(truth.Verdict == CertificateVerdict.Certified, $"{Models[model].Formula} {seed}: {string.Join("; ", truth.Findings)}");
        var planted = Wrong(fit, seed);
        Assert.True(planted.Count >= 5);
        foreach (var (what, parameters) in planted)
        {
            var certificate = Certify(fit, parameters, options);
            Assert.True(certificate.Verdict != CertificateVerdict.Certified, $"{Models[model].Formula} {seed}, {what}: {string.Join("; ", certificate.Findings)}");
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    [InlineData(9)]
    public void A_wrong_curvature_of_the_fit_misleads_no_certificate(int model)
    {
        var fit = LmmFormula.Models.TryFit(Models[model], Data(2)).OrThrow();
        var count = Parameters(fit).Length;
        var random = new Random(3);
        var root = Enumerable.Range(0, count * count).Select(_ => random.NextDouble() - 0.5).ToArray();
        var wrong = fit with
        {
            Convergence = fit.Convergence with
            {
                Curvature = Enumerable.Range(0, count * count).Select(at => Enumerable.Range(0, count).Sum(k => 50 * root[(k * count) + (at % count)] * root[(k * count) + (at / count)])).ToArray(),
            },
        };

        Assert.Equal(CertificateVerdict.Certified, Certify(wrong, Parameters(wrong), FitOptions.Default).Verdict);
        Assert.All(Wrong(wrong, 2), planted => Assert.NotEqual(CertificateVerdict.Certified, Certify(wrong, planted.Parameters, FitOptions.Default).Verdict));
    }

    [Fact]
    public void Many_parameters_are_certified_along_the_axes_of_the_fit_where_these_are_borne_out()
    {
        var fit = LmmFormula.Models.TryFit(Models[8], Data(1)).OrThrow();

        var (leaning, alone) = (Certify(fit, Parameters(fit), FitOptions.Default), Certify(fit with { Convergence = fit.Convergence with { Curvature = default } }, Parameters(fit), FitOptions.Default));

        Assert.Equal((CertificateVerdict.Certified, CertificateVerdict.Certified), (leaning.Verdict, alone.Verdict));
        Assert.True(leaning.Evaluations < alone.Evaluations);
        Assert.Contains(leaning.Findings, f => f.Contains("bear out", StringComparison.Ordinal));
    }

    [Fact]
    public void Many_parameters_are_looked_at_along_a_few_directions_drawn_at_random_and_the_chance_to_be_wrong_is_said()
    {
        var certificate = Certify(LmmFormula.Models.TryFit(Models[8], Data(1)).OrThrow());

        Assert.Equal(CertificateVerdict.Certified, certificate.Verdict);
        Assert.Contains(certificate.Findings, f => f.Contains("5 directions drawn at random across all 10 parameters", StringComparison.Ordinal) && f.Contains("but for a chance of 0.002", StringComparison.Ordinal));
    }

    [Fact]
    public void Crossed_effects_are_certified_by_the_criterion_of_the_fit_which_its_definition_in_31_digits_bears_out()
    {
        var certificate = Certify(LmmFormula.Models.TryFit(Models[3], Data(1)).OrThrow());

        Assert.Equal(CertificateVerdict.Certified, certificate.Verdict);
        Assert.Contains("in 31 and apart from the code of the fit, bears out", certificate.Arithmetic, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(8)]
    [InlineData(9)]
    public void A_certificate_made_with_the_fit_is_that_of_its_estimates_alone(int model)
    {
        var fit = LmmFormula.Models.TryFit(Models[model], Data(1), FitOptions.Default with { Certify = true }).OrThrow();
        var alone = Certify(fit);

        Assert.Null((fit as LmmFit)?.Reduction);
        Assert.Null((fit as GlsFit)?.Reduction);
        Assert.Equal((alone.Verdict, alone.Evaluations, alone.Arithmetic), (fit.Certificate!.Verdict, fit.Certificate.Evaluations, fit.Certificate.Arithmetic));
    }

    [Fact]
    public void At_least_200_wrong_optima_are_planted()
    {
        var count = Cases().Sum(c => Wrong(LmmFormula.Models.TryFit(Models[(int)c[0]!], Data((int)c[1]!)).OrThrow(), (int)c[1]!).Count);
        Assert.True(count >= 200, $"{count} are planted");
    }

    [Fact]
    public void A_refuted_optimum_says_where_the_criterion_is_lower()
    {
        var fit = (LmmFit)LmmFormula.Models.TryFit(Models[1], Data(3)).OrThrow();
        var certificate = Certify(fit, [.. Parameters(fit).Select(p => 1.5 * p)], FitOptions.Default);
        Assert.Equal(CertificateVerdict.Refuted, certificate.Verdict);
        Assert.True(certificate.Gain > 0.01);
        Assert.Contains("is lower by", certificate.Findings[^1], StringComparison.Ordinal);
    }

    // Free parameters: of the random effects themselves, or those that residual structures are searched in.
    private static double[] Parameters(Fit fit) => fit switch
    {
        LmmFit { BoundResiduals: null } mixed => mixed.CriterionParameters.ToArray(),
        LmmFit mixed => FreeParameters.FromNatural(mixed.BoundResiduals.Model, mixed.ResidualParameters.Span)!,
        GlsFit gls => FreeParameters.FromNatural(gls.BoundResiduals.Model, gls.ResidualParameters.Span)!,
        _ => throw new InvalidOperationException("a fit is one of the two kinds"),
    };

    private static Certificate Certify(Fit fit) => LmmFormula.Estimation.Certification.Certification.Of(fit, FitOptions.Default);

    private static Certificate Certify(Fit fit, double[] parameters, FitOptions options)
    {
        if (fit is LmmFit { BoundResiduals: null }) return LmmFormula.Estimation.Certification.Certification.OfEffects(fit.Design, fit.EstimatedColumns, parameters, options, curvature: fit.Convergence.Curvature);
        var residuals = fit is LmmFit mixed ? mixed.BoundResiduals! : ((GlsFit)fit).BoundResiduals;
        var psi = (fit is LmmFit m ? m.ResidualParameters : ((GlsFit)fit).ResidualParameters).ToArray();
        FreeParameters.ToNatural(residuals.Model, parameters, psi, []);
        return LmmFormula.Estimation.Certification.Certification.OfResiduals(fit.Design, residuals, psi, options, curvature: fit.Convergence.Curvature);
    }

    // What a broken optimizer would end with.
    private static List<(string What, double[] Parameters)> Wrong(Fit fit, int seed)
    {
        var truth = Parameters(fit);
        var planted = new List<(string, double[])>();
        void Plant(string what, Func<double, int, double> change)
        {
            var wrong = truth.Select(change).ToArray();
            if (truth.Zip(wrong).Any(p => Math.Abs(p.First - p.Second) > 0.01 * Math.Max(Math.Abs(p.First), 0.1))) planted.Add((what, wrong));
        }
        var last = seed % truth.Length;
        Plant("an early stop", (value, _) => value + (0.05 * Math.Max(Math.Abs(value), 0.3)));
        Plant("an early stop in one parameter", (value, i) => i == last ? value + (0.1 * Math.Max(Math.Abs(value), 0.3)) : value);
        Plant("the start of the optimizer", (_, i) => i == 0 ? 1.3 : 0.4);
        if (fit is LmmFit { BoundResiduals: null })
        {
            // A saddle: the criterion is even in a diagonal element of lambda, so that its slope is zero there.
            Plant("variances wrongly at zero, where every slope vanishes", (_, _) => 0);
            Plant("a parameter whose slope was left out", (value, i) => i == last ? 0 : value);
            Plant("a plateau of a huge variance", (value, i) => i == 0 ? value * 1e4 : value);
        }
        else
        {
            Plant("a parameter whose slope was left out", (value, i) => i == last ? value + 1.5 : value);
            Plant("a plateau at one end", (value, i) => i == last ? value - 6 : value);
            Plant("a plateau at the other end", (value, i) => i == last ? value + 6 : value);
        }
        return planted;
    }

    private static DataFrame Data(int seed)
    {
        const int Groups = 16;
        const int Each = 4;
        var random = new Random(1000 + seed);
        double Normal() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        const int Rows = Groups * Each;
        var (x, y, t) = (new double[Rows], new double[Rows], new double[Rows]);
        var shifts = Enumerable.Range(0, Groups).Select(_ => (Level: 1.5 * Normal(), Slope: 0.8 * Normal())).ToArray();
        var others = Enumerable.Range(0, Each).Select(_ => 1.2 * Normal()).ToArray();
        var error = 0.0;
        for (var i = 0; i < Rows; i++)
        {
            var (group, visit) = (i / Each, i % Each);
            (x[i], t[i]) = (Normal(), visit);
            error = (visit == 0 ? 0 : 0.5 * error) + Normal();
            y[i] = 1 + x[i] + shifts[group].Level + (shifts[group].Slope * x[i]) + others[(group + visit) % Each] + ((1 + (0.3 * visit)) * error);
        }
        string[] Labels(Func<int, int> of) => Enumerable.Range(0, Rows).Select(i => string.Create(CultureInfo.InvariantCulture, $"L{of(i):d2}")).ToArray();
        return DataFrame.Of(
            ("x", new Column.Number(x)), ("y", new Column.Number(y)), ("t", new Column.Number(t)),
            ("g", new Column.Text(Labels(i => i / Each))),
            ("h", new Column.Text(Labels(i => ((i / Each) + (i % Each)) % Each))),
            ("v", new Column.Text(Labels(i => i % Each))));
    }
}
