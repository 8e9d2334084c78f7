using System;
using System.Collections.Generic;
using System.Linq;
using LmmFormula.Data;
using LmmFormula.Fits;
using LmmFormula.IO;
using LmmFormula.Language;
using LmmFormula.Report;
using Xunit;

namespace LmmFormula.Tests.Typed;

/// <summary>Fits of annotated records. Expected figures: lme4 1.1-31 and lmerTest 3.1-3 under R 4.2.2.</summary>
public class TypedFitTests
{
    private static readonly LeadSample[] Samples = ReadSamples();

    private static readonly Paste[] Pastes = ReadPastes();

    [Fact]
    public void Coefficients_have_the_names_of_their_columns_and_the_tests_of_lmerTest()
    {
        var fit = LeadSample.Model.Fit(Samples);

        Assert.Equal(-1335.55392766, fit.LogLikelihood, 1e-6);
        Assert.Equal(5.83812518603, fit.Sigma, 1e-6);
        Assert.Equal(25.6853626373624, fit.Coefficients.Intercept.Estimate, 1e-8);
        Assert.Equal(-5.4187252747250, fit.Coefficients.TreatmentSuccimer.Estimate, 1e-8);
        Assert.Equal(1.294757866381, fit.Coefficients.TreatmentSuccimer.StandardError, 1e-6);
        Assert.Equal(176.121111038, fit.Coefficients.TreatmentSuccimer.DegreesOfFreedom, 1e-2);
        Assert.Equal(-4.185126358699, fit.Coefficients.TreatmentSuccimer.Statistic, 1e-6);
        Assert.Equal(4.49236870064e-05, fit.Coefficients.TreatmentSuccimer.PValue, 1e-8);
        Assert.Equal(-0.0577362637363, fit.Coefficients.TreatmentSuccimerWeek.Estimate, 1e-8);
        Assert.True(fit.Coefficients.Week.Lower < fit.Coefficients.Week.Estimate && fit.Coefficients.Week.Estimate < fit.Coefficients.Week.Upper);
        Assert.Equal(fit.Coefficients.All.Select(c => c.Name), fit.Design.Fixed.Names);
    }

    [Fact]
    public void A_level_that_no_row_has_is_not_estimated()
    {
        var missing = LeadSample.Model.Fit(Samples).Coefficients.TreatmentBoth;

        Assert.False(missing.IsEstimated);
        Assert.True(double.IsNaN(missing.StandardError) && double.IsNaN(missing.PValue) && double.IsNaN(missing.DegreesOfFreedom));
    }

    [Fact]
    public void A_dropped_column_is_not_estimated()
    {
        var coefficients = LeadSample.Aliased.Fit(Samples).Coefficients;

        Assert.True(coefficients.Week.IsEstimated);
        Assert.False(coefficients.I2Week.IsEstimated);
        Assert.Equal("I(2 * week)", coefficients.All[2].Name);
    }

    [Fact]
    public void Levels_that_the_rows_tell_are_indexed_by_the_members_type()
    {
        var week = LeadSample.Weeks.Fit(Samples).Coefficients.Week;

        Assert.Equal(["1", "4", "6"], week.Levels);
        Assert.Equal(-6.614, week[4].Estimate, 1e-8);
        Assert.Equal(0.698815207337, week[4].StandardError, 1e-6);
        Assert.Contains("1, 4, 6", Assert.Throws<KeyNotFoundException>(() => week[0]).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Interactions_with_such_levels_are_members_by_what_is_known()
    {
        var coefficients = LeadSample.Slopes.Fit(Samples).Coefficients;

        Assert.Equal("treatmentSuccimer:factor(week)6", coefficients.TreatmentSuccimerWeek[6].Name);
        Assert.Equal(coefficients["treatmentSuccimer:factor(week)6"].Estimate, coefficients.TreatmentSuccimerWeek[6].Estimate);
    }

    [Fact]
    public void Random_effects_are_keyed_by_the_members_type()
    {
        var id = LeadSample.Model.Fit(Samples).Random.Id;

        Assert.Equal(1.560292057181, id[1].Intercept, 1e-5);
        Assert.Equal(-4.895840125790, id[50].Intercept, 1e-5);
        Assert.Equal(100, id.Count);
        Assert.False(id.TryGet(9999, out _));
        Assert.Throws<KeyNotFoundException>(() => id[9999]);
    }

    [Fact]
    public void Several_bars_of_a_group_are_one_group_of_effects()
    {
        var fit = LeadSample.Slopes.Fit(Samples);
        var child = fit.Random.Id[7];

        Assert.Equal(child["(Intercept)"], child.Intercept);
        Assert.Equal(child["week"], child.Week);
        Assert.Equal(fit.Fit.Random.Select(r => r.StandardDeviation(0)), [fit.Random.Id.StandardDeviations.Intercept, fit.Random.Id.StandardDeviations.Week]);
    }

    [Fact]
    public void Effects_of_a_factor_are_indexed_by_level()
    {
        var fit = LeadSample.Aliased.Fit(Samples);

        Assert.Equal(fit.Fit.Random[0].Modes[2, 1], fit.Random.Id[3].Half[2]);
    }

    [Fact]
    public void Combinations_of_groups_are_keyed_by_tuples()
    {
        var fit = Paste.Model.Fit(Pastes);

        Assert.Equal(1.774686285372, fit.Random.CaskBatch[("a", "A")].Intercept, 1e-5);
        Assert.Equal(2.904077466476, fit.Random.CaskBatch.StandardDeviations.Intercept, 1e-5);
        Assert.Equal(1.287365881105, fit.Random.Batch.StandardDeviations.Intercept, 1e-5);
        Assert.Equal(10, fit.Random.Batch.Count);
    }

    [Fact]
    public void Models_without_random_effects_have_coefficients_too()
    {
        var late = LeadSample.Halves.Fit(Samples);
        var visits = LeadSample.Visits.Fit(Samples);

        Assert.Equal("treatmentPlacebo", late.Coefficients.TreatmentPlacebo.Name);
        Assert.Equal("week:lateTRUE", late.Coefficients.WeekLateTRUE.Name);
        Assert.Equal("poly(week, 2)1", late.Coefficients.PolyWeek2["1"].Name);
        Assert.True(visits.Coefficients.Week[6].IsEstimated);
        Assert.NotNull(visits.Fit.Visits);
    }

    [Fact]
    public void Predictions_use_the_group_if_it_is_known()
    {
        var fit = LeadSample.Model.Fit(Samples);
        var predicted = LeadSample.Model.Predict(fit, [new(1, LeadArm.Placebo, 2, double.NaN), new(9999, LeadArm.Succimer, 3, double.NaN)]);

        Assert.Equal(26.5013909583, predicted[0], 1e-5);
        Assert.Equal(18.9770329670, predicted[1], 1e-8);
        Assert.Equal(fit.FittedValues.ToArray(), LeadSample.Model.Predict(fit, Samples), (a, b) => Math.Abs(a - b) < 1e-9);
    }

    [Fact]
    public void A_new_level_of_a_factor_is_a_mistake_that_names_row_and_member()
    {
        var fit = LeadSample.Model.Fit(Samples);
        LeadSample[] rows = [new(1, LeadArm.Placebo, 2, 0), new(1, LeadArm.Both, 2, 0)];

        var error = Assert.Single(Assert.IsType<Result<double[]>.Bad>(LeadSample.Model.TryPredict(fit, rows)).Errors);
        Assert.Equal((2, "treatment"), (error.Row, error.Column));
        Assert.StartsWith("row 2, treatment: 'Both' is no level of treatment", error.Message, StringComparison.Ordinal);
        Assert.Throws<ModelException>(() => LeadSample.Model.Predict(fit, rows));
    }

    [Fact]
    public void Mistakes_in_the_data_are_thrown_or_returned()
    {
        Assert.Throws<ModelException>(() => LeadSample.Model.Fit([]));
        var bad = Assert.IsType<Result<LeadSample.Model.ModelFit>.Bad>(LeadSample.Model.TryFit([]));
        Assert.Equal("no-rows", bad.Errors[0].Code);
    }

    [Fact]
    public void A_typed_fit_goes_where_a_fit_goes()
    {
        var typed = LeadSample.Model.Fit(Samples);
        LmmFit fit = typed;

        Assert.Same(fit, typed.Fit);
        Assert.Equal(TextReport.Of(fit), TextReport.Of(typed));
        Assert.Equal((fit.Aic, fit.Bic, fit.Objective, fit.Observations), (typed.Aic, typed.Bic, typed.Objective, typed.Observations));
        Assert.Equal(TextReport.Of(fit), typed.ToString());
    }

    private static LeadSample[] ReadSamples()
    {
        var data = DataFile.Read(TestFiles.Data("tlc.csv")).OrThrow();
        var (id, treatment) = (((Column.Integer)data.Find("id")!).Values.ToArray(), ((Column.Text)data.Find("treatment")!).Values.ToArray());
        var (week, lead) = (((Column.Integer)data.Find("week")!).Values.ToArray(), ((Column.Number)data.Find("lead")!).Values.ToArray());
        return [.. id.Select((child, i) => new LeadSample(child, treatment[i] == "placebo" ? LeadArm.Placebo : LeadArm.Succimer, week[i], lead[i]))];
    }

    private static Paste[] ReadPastes()
    {
        var data = DataFile.Read(TestFiles.Data("pastes.csv")).OrThrow();
        var (strength, batch) = (((Column.Number)data.Find("strength")!).Values.ToArray(), ((Column.Text)data.Find("batch")!).Values.ToArray());
        var cask = ((Column.Text)data.Find("cask")!).Values.ToArray();
        return [.. strength.Select((s, i) => new Paste(s, batch[i]!, cask[i]![0]))];
    }
}
