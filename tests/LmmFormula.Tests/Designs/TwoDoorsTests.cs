using System;
using System.Collections.Generic;
using System.Linq;
using CsCheck;
using LmmFormula.Data;
using LmmFormula.Designs;
using LmmFormula.Language;
using LmmFormula.Tests.Data;
using Xunit;

namespace LmmFormula.Tests.Designs;

/// <summary>One way in, two doors: the typed code of an annotated record and the reflection of run time make the same design, to the bit.</summary>
public class TwoDoorsTests
{
    private static readonly Gen<Sample> Rows =
        from id in Gen.Int[1, 4]
        from clinic in OneOf<string?>("north", "South", "größe", null)
        from arm in OneOf(Arm.Placebo, Arm.Succimer)
        from week in OneOf<int?>(0, 1, 4, 6, 9, null)
        from flag in OneOf<bool?>(true, false, null)
        from lead in Gen.Double[1, 50]
        from dose in OneOf<decimal?>(0.5m, 1.25m, 3m, null)
        from small in Gen.Float[-2, 2]
        from day in Gen.Int[0, 20000]
        from level in Gen.Byte[1, 3]
        from blood in OneOf("A", "B", "0", "?")
        select new Sample(
            id, clinic, arm, week, flag, lead, dose, small, day % 11 == 0 ? null : new DateOnly(1970, 1, 1).AddDays(day), new DateTime(2020, 1, 1).AddHours(day), level, blood);

    [Fact]
    public void Both_doors_make_the_same_columns_design_and_mistakes_for_random_records()
    {
        (ModelSpecification Specification, Func<IEnumerable<Sample>, DataFrame> Read, Func<IEnumerable<Sample>, Result<Design>> Design)[] models =
        [
            (Sample.Model.Specification, Sample.Model.Read, Sample.Model.Design),
            (Sample.Rich.Specification, Sample.Rich.Read, Sample.Rich.Design),
            (Sample.Profile.Specification, Sample.Profile.Read, Sample.Profile.Design),
            (Sample.Dates.Specification, Sample.Dates.Read, Sample.Dates.Design),
            (Sample.Everything.Specification, Sample.Everything.Read, Sample.Everything.Design),
        ];
        var made = 0;

        Rows.List[0, 60].Sample(rows =>
        {
            foreach (var (specification, read, design) in models)
            {
                var frame = RowReader.ReadFor(rows, specification.Formula, specification.Correlation, specification.Weights);
                var typed = read(rows);
                foreach (var name in typed.Names) SameColumns.Same(frame.Find(name)!, typed.Find(name)!);
                made += Same(DesignBuilder.Build(specification, frame), design(rows)) ? 1 : 0;
            }
        }, iter: 60, threads: 1);
        Assert.True(made > 50, $"only {made} designs could be made");
    }

    private static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    // Whether there is a design; if not, the mistakes are the same.
    private static bool Same(Result<Design> expected, Result<Design> actual)
    {
        if (expected is Result<Design>.Bad bad)
        {
            Assert.Equal(bad.Errors.Select(e => e.Message), Assert.IsType<Result<Design>.Bad>(actual).Errors.Select(e => e.Message));
            return false;
        }
        var (left, right) = (expected.OrThrow(), actual.OrThrow());
        Assert.True(left.Response.Span.SequenceEqual(right.Response.Span));
        Same(left.Fixed, right.Fixed);
        Assert.Equal(left.KeptRows?.ToArray(), right.KeptRows?.ToArray());
        Assert.Equal(left.Random.Count, right.Random.Count);
        for (var i = 0; i < left.Random.Count; i++)
        {
            Assert.Equal(left.Random[i].Label, right.Random[i].Label);
            Assert.Equal(left.Random[i].Group.Levels, right.Random[i].Group.Levels);
            Assert.True(left.Random[i].Group.LevelOf.Span.SequenceEqual(right.Random[i].Group.LevelOf.Span));
            Same(left.Random[i].Effects, right.Random[i].Effects);
        }
        return true;
    }

    private static void Same(ModelMatrix expected, ModelMatrix actual)
    {
        Assert.Equal(expected.Names, actual.Names);
        Assert.True(expected.Values.Values.Span.SequenceEqual(actual.Values.Values.Span));
    }
}
