using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Threading;
using LmmFormula.Designs;
using LmmFormula.Estimation;
using LmmFormula.Fits;
using LmmFormula.IO;
using LmmFormula.Language;
using Xunit;

namespace LmmFormula.Tests.Estimation;

/// <summary>What every kind of fit owes those who watch it.</summary>
public class EveryDoorTests
{
    public static TheoryData<string, string?, bool> Doors() => new()
    {
        { "lead ~ week + (1 | id)", null, false },
        { "lead ~ week + (1 | id)", "corAR1(form = ~1 | id)", false },
        { "lead ~ week", "corSymm(form = ~1 | id)", false },
        { "lead ~ week + us(factor(week) | id)", null, true },
    };

    private static Result<Fit> Fit(string formula, string? correlation, bool mmrm, FitOptions options) =>
        Models.TryFit(new ModelSpecification(formula) { Correlation = correlation, Mmrm = mmrm }, DataFile.Read(TestFiles.Data("tlc.csv")).OrThrow(), options);

    [Theory]
    [MemberData(nameof(Doors))]
    public void Progress_is_told_and_cancellation_heeded(string formula, string? correlation, bool mmrm)
    {
        var told = new List<FitProgress>();
        var fit = Fit(formula, correlation, mmrm, FitOptions.Default with { Progress = new Listener(told.Add) }).OrThrow();
        Assert.NotEmpty(told);
        Assert.All(told, p => Assert.True(p.Objective >= fit.Objective - 1e-6));
        using var source = new CancellationTokenSource();
        var cancelling = FitOptions.Default with { Progress = new Listener(_ => source.Cancel()), Cancellation = source.Token };
        Assert.Throws<OperationCanceledException>(() => Fit(formula, correlation, mmrm, cancelling));
    }

    [Theory]
    [MemberData(nameof(Doors))]
    public void A_fit_is_an_activity_of_the_library(string formula, string? correlation, bool mmrm)
    {
        var seen = new List<object?>();
        using var own = new Activity(nameof(EveryDoorTests)).Start();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "LmmFormula",
            Sample = (ref _) => ActivitySamplingResult.AllData,
            // Other tests fit at the same time.
            ActivityStopped = activity => { if (activity.ParentId == own.Id) seen.Add(activity.GetTagItem("lmmformula.evaluations")); },
        };
        ActivitySource.AddActivityListener(listener);
        var fit = Fit(formula, correlation, mmrm, FitOptions.Default).OrThrow();
        Assert.Equal(fit.Convergence.Evaluations, Assert.Single(seen));
    }

    [Theory]
    [InlineData("lead ~ week + (1 | id)")]
    [InlineData("lead ~ week")]
    public void Known_parameters_are_refused_beside_residual_structures_and_not_forgotten(string formula)
    {
        FitOptions[] known = [FitOptions.Default with { Sigma = 2 }, FitOptions.Default with { Held = [new(0, 1)] }];
        foreach (var options in known)
        {
            var bad = Assert.IsType<Result<Fit>.Bad>(Fit(formula, "corAR1(form = ~1 | id)", false, options));
            Assert.Equal("cannot-hold", bad.Errors.Single().Code);
        }
    }

    [Fact]
    public void Refits_of_a_fit_with_residual_structures_are_refused()
    {
        var fit = (LmmFit)Fit("lead ~ week + (1 | id)", "corAR1(form = ~1 | id)", false, FitOptions.Default).OrThrow();
        Assert.Throws<ArgumentException>(() => MixedModelRefits.Of(fit));
    }

    private sealed class Listener(Action<FitProgress> hear) : IProgress<FitProgress>
    {
        public void Report(FitProgress value) => hear(value);
    }
}
