using System;
using System.Globalization;
using System.Linq;
using LmmFormula.Language;

namespace LmmFormula.Data;

// C(): a factor with a coding of its own.
internal sealed partial class Evaluator
{
    private Value? WithContrasts(Expression.Call call, BoundArguments arguments)
    {
        var argument = arguments["object"]!;
        if (ColumnOf(argument) is not { } column) return null;
        if (Columns.AreNumbers(column))
            return Fail(argument.Span, ModelCodes.BadContrast,
                $"C() needs a factor, {FormulaErrors.Shorten(argument.ToString())} is numeric", "write C(factor(...), ...)");
        if (AsFactor(column, call.ToString(), call) is not { } factor) return null;
        if (factor.Levels.Count < 2)
            return Fail(argument.Span, ModelCodes.OneLevel,
                $"a factor needs at least two levels for contrasts, {FormulaErrors.Shorten(argument.ToString())} has {factor.Levels.Count}");
        var columns = factor.Levels.Count - 1;
        if (arguments["how.many"] is { } howMany)
        {
            if (SingleNumber(howMany, "how.many") is not { } k) return null;
            if (k < 1 || k > factor.Levels.Count) return Fail(howMany.Span, ModelCodes.BadContrast, $"how.many must be between 1 and {factor.Levels.Count}");
            columns = (int)k;
        }
        if (CodingOf(arguments, factor) is not { } matrix) return null;
        return new Value.Coded(factor, Contrasts.Complete(matrix, columns));
    }

    // By name the coding knows the labels; a function, or any further argument, knows only the number of levels.
    private ContrastMatrix? CodingOf(BoundArguments arguments, Column.Factor factor)
    {
        var contr = arguments["contr"];
        // contr.treatment(3, base = 3): its arguments are those that C() would hand on to it.
        var own = contr is Expression.Call made && SyntaxWalk.FunctionName(made) is { } function && function.StartsWith(Prefix, StringComparison.Ordinal)
            && FunctionCatalog.Bind(made, source) is Result<BoundArguments>.Ok { Value: var bound } ? bound : null;
        if (own is not null && !HasLevels(own, (Expression.Call)contr!, factor)) return null;
        var numbered = Enumerable.Range(1, factor.Levels.Count).Select(i => i.ToString(CultureInfo.InvariantCulture)).ToEquatableArray();
        var called = own is not null || arguments["how.many"] is not null || arguments["base"] is not null || arguments["scores"] is not null;
        Contrast coding;
        switch (contr)
        {
            case null: coding = factor.Ordered ? options.Ordered : options.Unordered; break;
            case Expression.Name or Expression.Text or Expression.Member:
            case Expression.Call when own is not null:
                var name = contr switch
                {
                    Expression.Call call => SyntaxWalk.FunctionName(call)!,
                    Expression.Name n => n.Identifier,
                    Expression.Text t => t.Value,
                    var m => ((Expression.Member)m).Selected.ToString(),
                };
                var bare = name.StartsWith(Prefix, StringComparison.Ordinal) ? name[Prefix.Length..] : name;
                if (Contrasts.Named(bare) is not { } named)
                {
                    Fail(contr.Span, ModelCodes.BadContrast,
                        $"unknown contrasts {FormulaErrors.Shorten(name)} (known: {string.Join(", ", FunctionCatalog.Contrasts.Select(k => "contr." + k))}){NearestName.DidYouMean(bare, FunctionCatalog.Contrasts)}");
                    return null;
                }
                coding = named;
                called |= contr is not Expression.Text && bare.Length < name.Length;
                break;
            default:
                if (Numbers(contr, "C()") is not { } column) return null;
                if (column.Length == factor.Levels.Count) return new(column.Length, 1, column.ToArray().ToEquatableArray(), []);
                Fail(contr.Span, ModelCodes.BadContrast, $"{column.Length} contrast values for {factor.Levels.Count} levels");
                return null;
        }
        int? reference = null;
        if ((own ?? arguments)["base"] is { } b)
        {
            if (SingleNumber(b, "base") is not { } position) return null;
            if (position < 1 || position > factor.Levels.Count)
            {
                Fail(b.Span, ModelCodes.BadContrast, $"base {NumberText.Of(position)} is outside 1..{factor.Levels.Count}");
                return null;
            }
            reference = (int)position - 1;
        }
        double[]? scores = null;
        if ((own ?? arguments)["scores"] is { } s)
        {
            if (Numbers(s, "scores") is not { } given) return null;
            if (given.Length != factor.Levels.Count)
            {
                Fail(s.Span, ModelCodes.BadContrast, $"{given.Length} scores for {factor.Levels.Count} levels");
                return null;
            }
            scores = given.ToArray();
        }
        return Contrasts.Of(coding, called ? numbered : factor.Levels, reference, scores);
    }

    // The number of levels that a coding is made for must be the factor's.
    private bool HasLevels(BoundArguments own, Expression.Call call, Column.Factor factor)
    {
        if (SingleNumber(own["n"], "n") is not { } n) return false;
        if (n != factor.Levels.Count)
        {
            Fail(own["n"]!.Span, ModelCodes.BadContrast, $"{call} is a coding of {NumberText.Of(n)} levels, the factor has {factor.Levels.Count}");
            return false;
        }
        if (own["contrasts"] is not { } contrasts || Truth(contrasts, true)) return true;
        Fail(contrasts.Span, ModelCodes.BadContrast, $"{call} has a column for each level, which are no contrasts");
        return false;
    }

    private const string Prefix = "contr.";
}
