using System;
using System.Collections.Generic;
using System.Linq;
using LmmFormula.Covariance;
using LmmFormula.Data;
using LmmFormula.Language;

namespace LmmFormula.Designs;

/// <content>From the text to the data.</content>
internal sealed partial record VarianceSpecification
{
    /// <summary>The variables that the specification needs.</summary>
    public IEnumerable<FrameRequest> Requests =>
        (Covariate is null || IsFitted(Covariate) || IsResiduals(Covariate) ? [] : new[] { Covariate })
            .Concat(Strata)
            .Select(e => new FrameRequest(e, Source))
            .Concat(Parts.SelectMany(p => p.Requests));

    private static bool IsFitted(Expression expression) => expression is Expression.Call call && SyntaxWalk.FunctionName(call) == "fitted";

    private static bool IsResiduals(Expression expression) =>
        expression is Expression.Call call && SyntaxWalk.FunctionName(call) is "resid" or "residuals";

    /// <summary>The variance function on data.</summary>
    public Result<VarianceDesign> Realize(ModelFrame frame, Groupings groupings)
    {
        var reader = new SpecificationText(Source);
        var design = Realize(frame, groupings, reader);
        return reader.Errors.Count > 0 ? Result.Bad<VarianceDesign>(reader.Errors) : Result.Ok(design);
    }

    private VarianceDesign Realize(ModelFrame frame, Groupings groupings, SpecificationText reader)
    {
        var strata = Strata.Count == 0 ? null : groupings.ByAppearance(Strata, "*", string.Join(" * ", Strata.Select(Groupings.NameOf)));
        if (strata is not null) CheckNames(strata, reader);
        if (strata is not null) strata = Groupings.Reordered(strata, NamedFirst(strata));
        VarianceCovariate covariate = Covariate switch
        {
            null => new VarianceCovariate.None(),
            var c when IsFitted(c) => new VarianceCovariate.Fitted(),
            var c when IsResiduals(c) => new VarianceCovariate.Residuals(),
            var c => Column(c, frame, reader),
        };
        return new(Function, strata, covariate, Parts.Select(p => p.Realize(frame, groupings, reader)).ToEquatableArray(), Expression.ToString());
    }

    // Strata that values are given for come in the order of the values; of varIdent's, the first one without a value is the reference.
    private List<string> NamedFirst(Grouping strata)
    {
        var named = Function.Value.Select(v => v.Name).OfType<string>().Where(strata.Levels.Contains).ToList();
        var rest = strata.Levels.Where(level => !named.Contains(level)).ToList();
        return Function is VarianceFunction.Ident && rest.Count > 0 ? [rest[0], .. named, .. rest.Skip(1)] : [.. named, .. rest];
    }

    private VarianceCovariate Column(Expression covariate, ModelFrame frame, SpecificationText reader)
    {
        if (frame[covariate.ToString()] is not FrameColumn.Numeric numeric)
        {
            reader.Fail(covariate.Span, ModelCodes.BadForm, $"the variance covariate {FormulaErrors.Shorten(covariate.ToString())} must be numeric");
            return new VarianceCovariate.None();
        }
        if (Function is VarianceFunction.Known)
        {
            foreach (var v in numeric.Values.Span)
            {
                if (v > 0) continue;
                reader.Fail(covariate.Span, ModelCodes.NotPositive, "the variance covariate of varFixed must be positive");
                break;
            }
        }
        return new VarianceCovariate.Values(covariate.ToString(), numeric.Values);
    }

    private void CheckNames(Grouping strata, SpecificationText reader)
    {
        foreach (var (values, parameter) in new[] { (Function.Value, "value"), (Function.Fixed, "fixed") })
        {
            foreach (var name in values.Select(v => v.Name).OfType<string>())
            {
                var hasTwo = Function is VarianceFunction.ConstantPower or VarianceFunction.ConstantProportion;
                var stratum = hasTwo && name.IndexOf('.', StringComparison.Ordinal) is >= 0 and var dot ? name[(dot + 1)..] : name;
                if (strata.Levels.Contains(stratum) || stratum is "const" or "power" or "prop") continue;
                var at = Expression.Arguments.FirstOrDefault(a => a.Name == parameter) ?? Expression.Arguments[0];
                reader.Fail((at.Value ?? Expression).Span, ModelCodes.BadValue,
                    $"{FormulaErrors.Shorten(stratum)} is not a level of {strata.Name} (levels: {string.Join(", ", strata.Levels)})");
            }
        }
    }
}
