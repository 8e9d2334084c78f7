using System;
using System.Collections.Generic;
using System.Linq;
using LmmFormula.Covariance;
using LmmFormula.Data;
using LmmFormula.Language;

namespace LmmFormula.Designs;

/// <content>From the text to the data.</content>
internal sealed partial record CorrelationSpecification
{
    /// <summary>The variables that the specification needs.</summary>
    public IEnumerable<FrameRequest> Requests =>
        Covariates.Concat(Group is null ? [] : BarTerms.GroupVariables(Group)).Select(e => new FrameRequest(e, Source));

    /// <summary>The correlation on data.</summary>
    /// <param name="frame">The variables.</param>
    /// <param name="groupings">The groupings of the model.</param>
    /// <param name="innermost">The mixed model's innermost grouping factor, the default for the groups, or null.</param>
    public Result<CorrelationDesign> Realize(ModelFrame frame, Groupings groupings, Grouping? innermost)
    {
        var reader = new SpecificationText(Source);
        var group = Group is null ? innermost : GroupOf(Group, groupings);
        var columns = new List<ReadOnlyMemory<double>>();
        foreach (var covariate in Covariates)
        {
            if (frame[covariate.ToString()] is FrameColumn.Numeric numeric) columns.Add(numeric.Values);
            else reader.Fail(covariate.Span, "bad-form",
                $"the covariate {Mistakes.Shorten(covariate.ToString())} must be numeric, it is a factor or has several columns");
        }
        if (reader.Errors.Count == 0 && columns.Count > 0) CheckPositions(reader, columns[0].Span, group, frame);
        return reader.Errors.Count > 0
            ? Result.Bad<CorrelationDesign>(reader.Errors)
            : Result.Ok(new CorrelationDesign(Structure, group, columns.ToEquatableArray(), Covariates.Select(c => c.ToString()).ToEquatableArray(), Expression.ToString()));
    }

    private static Grouping GroupOf(Expression group, Groupings groupings)
    {
        var parts = new Stack<Expression>();
        group = SyntaxWalk.Strip(group);
        for (; group is Expression.Binary { Operator: "/" } nested; group = SyntaxWalk.Strip(nested.Left)) parts.Push(nested.Right);
        if (parts.Count == 0) return groupings.Of(group);
        var name = $"{group}/{string.Join("/", parts)}";
        return groupings.Nested([group, .. parts], name);
    }

    // Structures over positions need whole numbers, each once a group; corSymm needs them without gaps.
    private void CheckPositions(SpecificationText reader, ReadOnlySpan<double> positions, Grouping? group, ModelFrame frame)
    {
        if (Structure is not (CorrelationStructure.Symmetric or CorrelationStructure.Ar1 or CorrelationStructure.Arma)) return;
        var name = SyntaxWalk.FunctionName((Expression.Call)Expression);
        var seen = new Dictionary<(int, double), int>();
        var distinct = new HashSet<double>();
        for (var i = 0; i < positions.Length; i++)
        {
            distinct.Add(positions[i]);
            if (positions[i] != Math.Floor(positions[i]))
            {
                reader.Fail(Covariates[0].Span, "bad-form",
                    $"the covariate of {name} must be whole (integer) numbers; row {frame.DataRow(i)} has {NumberText.Of(positions[i])}", "corCAR1 is for continuous time", frame.DataRow(i));
                return;
            }
            var place = (group?.LevelOf.Span[i] ?? 0, positions[i]);
            if (seen.TryAdd(place, i)) continue;
            reader.Fail(Covariates[0].Span, "bad-form",
                $"the covariate of {name} must have unique values within groups; {NumberText.Of(positions[i])} comes twice{(group is null ? "" : $" in {group.Levels[group.LevelOf.Span[i]]}")}, in rows {frame.DataRow(seen[place])} and {frame.DataRow(i)}", row: frame.DataRow(i));
            return;
        }
        if (Structure is CorrelationStructure.Symmetric && distinct.Max() - distinct.Min() + 1 != distinct.Count)
            reader.Fail(Covariates[0].Span, "bad-form", "the covariate of corSymm must be consecutive whole numbers over the data");
    }
}
