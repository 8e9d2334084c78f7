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
            else reader.Fail(covariate.Span, ModelCodes.BadForm,
                $"the covariate {FormulaErrors.Shorten(covariate.ToString())} must be numeric, it is a factor or has several columns");
        }
        if (reader.Errors.Count == 0 && columns.Count > 0) CheckPositions(reader, columns[0], group, frame);
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
    private void CheckPositions(SpecificationText reader, ReadOnlyMemory<double> covariate, Grouping? group, ModelFrame frame)
    {
        if (Structure is not (CorrelationStructure.Symmetric or CorrelationStructure.Ar1 or CorrelationStructure.Arma)) return;
        var name = SyntaxWalk.FunctionName((Expression.Call)Expression);
        var positions = covariate.Span;
        for (var i = 0; i < positions.Length; i++)
        {
            if (positions[i] == Math.Floor(positions[i])) continue;
            reader.Fail(Covariates[0].Span, ModelCodes.BadForm,
                $"the covariate of {name} must be whole (integer) numbers; row {frame.DataRow(i)} has {NumberText.Of(positions[i])}", "corCAR1 is for continuous time", frame.DataRow(i));
            return;
        }
        if (GroupedRows.Of(group, positions.Length).FirstRepeated(covariate) is var (first, second))
        {
            reader.Fail(Covariates[0].Span, ModelCodes.BadForm,
                $"the covariate of {name} must have unique values within groups; {NumberText.Of(positions[second])} comes twice{(group is null ? "" : $" in {group.Levels[group.LevelOf.Span[second]]}")}, in rows {frame.DataRow(first)} and {frame.DataRow(second)}", row: frame.DataRow(second));
            return;
        }
        if (Structure is CorrelationStructure.Symmetric && FirstMissing(positions) is { } missing)
            reader.Fail(Covariates[0].Span, ModelCodes.BadForm, $"the covariate of corSymm must be consecutive whole numbers over the data; no row has {NumberText.Of(missing)}");
    }

    // The first whole number between the least and the largest position that no row has; of n rows it is among the first n.
    private static double? FirstMissing(ReadOnlySpan<double> positions)
    {
        var (low, high) = (double.PositiveInfinity, double.NegativeInfinity);
        foreach (var position in positions) (low, high) = (Math.Min(low, position), Math.Max(high, position));
        var met = new bool[positions.Length];
        foreach (var position in positions)
        {
            if (position - low < met.Length) met[(int)(position - low)] = true;
        }
        var gap = Array.IndexOf(met, false);
        return gap >= 0 && low + gap < high ? low + gap : null;
    }
}
