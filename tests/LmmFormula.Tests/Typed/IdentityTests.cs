using System;
using System.Collections.Generic;
using System.Linq;
using LmmFormula.Data;
using LmmFormula.Fits;
using LmmFormula.Language;
using LmmFormula.Typed;
using Xunit;

namespace LmmFormula.Tests.Typed;

/// <summary>What identifies a subject is kept exactly, whatever its type and whatever the way in: generated, intercepted, reflected.</summary>
public sealed class IdentityTests
{
    private const long First = 1_234_567_890_123_456_768;
    private const double LogLikelihood = -98.1817726148; // lme4 1.1-31 under R 4.2.2, ids 1 to 10

    // A text the compiler does not know, so that the call is not intercepted.
    private static readonly string Formula = string.Concat("y ~ week + (1 | ", "id)");

    [Fact]
    public void Identifiers_of_64_bits_are_not_merged() => Same(
        Rows((id, week, y) => new LongSample(First + (100 * id), week, y)),
        LongSample.Model.Fit, rows => Lmm.Fit("y ~ week + (1 | id)", rows).LogLikelihood, $"{First}");

    [Fact]
    public void Unsigned_identifiers_beyond_the_signed_ones_are_not_merged() => Same(
        Rows((id, week, y) => new UlongSample(ulong.MaxValue - (ulong)(100 * id), week, y)),
        UlongSample.Model.Fit, rows => Lmm.Fit("y ~ week + (1 | id)", rows).LogLikelihood, $"{ulong.MaxValue - 900}");

    [Fact]
    public void Categorical_decimals_are_not_merged() => Same(
        Rows((id, week, y) => new DecimalSample(First + (100 * id), week, y)),
        DecimalSample.Model.Fit, rows => Lmm.Fit("y ~ week + (1 | id)", rows).LogLikelihood, $"{First}");

    [Fact]
    public void Guids_group() => Same(
        Rows((id, week, y) => new GuidSample(new Guid(id + 1, 0, 0, new byte[8]), week, y)),
        GuidSample.Model.Fit, rows => Lmm.Fit("y ~ week + (1 | id)", rows).LogLikelihood, "00000001-0000-0000-0000-000000000000");

    [Fact]
    public void Identifiers_of_a_type_of_their_own_group_by_what_they_hold() => Same(
        Rows((id, week, y) => new OwnSample(new(First + (100 * id)), week, y)),
        OwnSample.Model.Fit, rows => Lmm.Fit("y ~ week + (1 | id)", rows).LogLikelihood, $"{First}");

    [Fact]
    public void Dates_group_by_day() => Same(
        Rows((id, week, y) => new DaySample(new DateOnly(2024, 1, 1).AddDays(id), week, y)),
        DaySample.Model.Fit, rows => Lmm.Fit("y ~ week + (1 | id)", rows).LogLikelihood, "2024-01-01");

    [Fact]
    public void Rows_may_be_of_an_interface_that_inherits_its_members()
    {
        IEnumerable<ISample> rows = Rows((id, week, y) => new InterfaceSample(id, week, y)).ToArray();

        Assert.Equal(LogLikelihood, Lmm.Fit("y ~ week + (1 | id)", rows).LogLikelihood, 1e-6);
        Assert.Equal(LogLikelihood, Lmm.Fit(Formula, rows).LogLikelihood, 1e-6);
    }

    [Fact]
    public void Effects_are_found_by_the_identifier_itself()
    {
        var fit = OwnSample.Model.Fit(Rows((id, week, y) => new OwnSample(new(First + (100 * id)), week, y)));

        Assert.Equal(fit.Fit.Random[0].Modes[3, 0], fit.Random.Id[new OwnId(First + 300)].Intercept);
    }

    [Fact]
    public void A_value_of_an_enumeration_without_a_name_is_a_mistake_in_every_way_in()
    {
        var rows = Rows((id, week, y) => new DrugSample(id, (Drugs)(id % 4), y)).ToArray();
        const string Said = "'3' in row 4 is none of the levels of Drugs";

        Assert.StartsWith(Said, Message(() => DrugSample.Model.Fit(rows)).Replace("'A, B'", "'3'"), StringComparison.Ordinal);
        Assert.StartsWith(Said, Message(() => Lmm.Fit("y ~ drugs + (1 | id)", rows)), StringComparison.Ordinal);
        Assert.StartsWith(Said, Message(() => Lmm.Fit(Formula.Replace("week", "drugs"), rows)).Replace("'A, B'", "'3'"), StringComparison.Ordinal);
        Assert.IsType<Result<DrugSample.Model.ModelFit>.Bad>(DrugSample.Model.TryFit(rows));
    }

    [Fact]
    public void Unlisted_values_are_missing_and_counted_where_the_member_says_so()
    {
        var rows = Rows((id, week, y) => new LooseSample(id, (Drugs)(id % 4), id % 5 == 4 ? "p" : id % 5 == 0 ? "r" : "q", y)).ToArray();
        var fit = LooseSample.Model.Fit(rows);

        Assert.Equal(60 - 12 - 12, fit.Fit.Observations);
        Assert.Equal(12 + 12, fit.Fit.LeftOut.Select(l => l.Row).Distinct().Count());
        Assert.Equal(fit.Fit.LogLikelihood, Lmm.Fit(Formula.Replace("week", "drugs + text"), rows).LogLikelihood);
    }

    [Fact]
    public void Only_what_the_model_reads_is_touched()
    {
        var rows = Rows((id, week, y) => new ThrowingSample(id, week, y)).ToArray();

        Assert.Equal(LogLikelihood, Lmm.Fit(Formula, rows).LogLikelihood, 1e-6);
        Assert.Equal("'dose' cannot be read in row 1: no dose recorded", Message(() => Lmm.Fit(Formula.Replace("week", "week + dose"), rows)).Split('\n')[0].Replace("'Dose'", "'dose'"));
    }

    [Fact]
    public void A_member_of_a_type_that_no_column_is_made_of_is_named_with_its_type()
    {
        var rows = Rows((id, week, y) => new UriSample(id, week, y, new Uri("https://example.org"))).ToArray();

        Assert.Contains("'link' is of type System.Uri", Message(() => Lmm.Fit(Formula.Replace("week", "week + link"), rows)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_null_row_is_named_in_every_way_in()
    {
        var rows = Rows((id, week, y) => new LongSample(id, week, y)).ToArray();
        rows[3] = null!;

        Assert.StartsWith("row 4 is null", Message(() => LongSample.Model.Fit(rows)), StringComparison.Ordinal);
        Assert.StartsWith("row 4 is null", Message(() => Lmm.Fit("y ~ week + (1 | id)", rows)), StringComparison.Ordinal);
        Assert.StartsWith("row 4 is null", Message(() => Lmm.Fit(Formula, rows)), StringComparison.Ordinal);
        Assert.IsType<Result<LongSample.Model.ModelFit>.Bad>(LongSample.Model.TryFit(rows));
    }

    [Fact]
    public void The_logarithm_of_a_negative_number_is_told_from_a_missing_value_in_every_way_in()
    {
        var rows = Rows((id, week, y) => new LogSample(id, week - 0.5, week == 3 ? null : y)).ToArray();
        string[] expected = ["10 of 60 rows are left out for missing values: y 10", "10 of 60 rows are left out: log(x) is not a number where x is negative (rows 1, 2, 3, 4, 5, ...)"];

        Assert.Equal(expected, LogSample.Model.Fit(rows).Fit.Warnings.Select(w => w.Message));
        Assert.Equal(expected, LogSample.Model.Fit(rows.Where(r => r.Id >= 0)).Fit.Warnings.Select(w => w.Message));
        Assert.Equal(expected, Lmm.Fit(Formula.Replace("week", "log(x)"), rows).Warnings.Select(w => w.Message));
    }

    private static void Same<T, TFit>(IEnumerable<T> rows, Func<IEnumerable<T>, FitOptions?, TFit> typed, Func<IEnumerable<T>, double> intercepted, string level)
        where T : notnull
        where TFit : TypedFit<LmmFit>
    {
        var all = rows.ToArray();
        var fit = typed(all, null).Fit;
        var reflected = Lmm.Fit(Formula, RowReader.ReadFor(all, Formula));

        Assert.Equal(LogLikelihood, fit.LogLikelihood, 1e-6);
        Assert.Equal(fit.LogLikelihood, intercepted(all));
        Assert.Equal(fit.LogLikelihood, reflected.LogLikelihood);
        Assert.Equal(10, fit.Design.Random[0].Group.Levels.Count);
        Assert.Equal(level, fit.Design.Random[0].Group.Levels[0]);
        Assert.Equal(fit.Design.Random[0].Group.Levels, reflected.Design.Random[0].Group.Levels);
    }

    private static IEnumerable<T> Rows<T>(Func<int, int, double, T> row) =>
        Enumerable.Range(0, 60).Select(i => row(i % 10, i / 10, ((i % 10) * 2.0) + (i / 10) + Math.Sin(i * 7)));

    private static string Message(Action fit) => Assert.Throws<ModelException>(fit).Message;
}

[MixedModel("y ~ week + (1 | id)")]
public sealed partial record LongSample(long Id, int Week, double Y);

[MixedModel("y ~ week + (1 | id)")]
public sealed partial record UlongSample(ulong Id, int Week, double Y);

[MixedModel("y ~ week + (1 | id)")]
public sealed partial record DecimalSample([property: Categorical] decimal Id, int Week, double Y);

[MixedModel("y ~ week + (1 | id)")]
public sealed partial record GuidSample(Guid Id, int Week, double Y);

public readonly record struct OwnId(long Value);

[MixedModel("y ~ week + (1 | id)")]
public sealed partial record OwnSample(OwnId Id, int Week, double Y);

[MixedModel("y ~ week + (1 | id)")]
public sealed partial record DaySample(DateOnly Id, int Week, double Y);

public interface IKey
{
    int Id { get; }
}

public interface ISample : IKey
{
    int Week { get; }

    double Y { get; }
}

public sealed record InterfaceSample(int Id, int Week, double Y) : ISample;

[Flags]
public enum Drugs
{
    None = 0,
    A = 1,
    B = 2,
}

[MixedModel("y ~ drugs + (1 | id)")]
public sealed partial record DrugSample(int Id, Drugs Drugs, double Y);

[MixedModel("y ~ drugs + text + (1 | id)")]
public sealed partial record LooseSample(int Id, [property: OthersMissing] Drugs Drugs, [property: Levels("q", "r"), OthersMissing] string Text, double Y);

public sealed record ThrowingSample(int Id, int Week, double Y)
{
    public double Dose => Y < 1e9 ? throw new InvalidOperationException("no dose recorded") : 1;
}

public sealed record UriSample(int Id, int Week, double Y, Uri Link);

[MixedModel("y ~ log(x) + (1 | id)")]
public sealed partial record LogSample(int Id, double X, double? Y);
