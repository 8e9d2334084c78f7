using System.Collections.Generic;
using System.Linq;
using LmmFormula.Data;
using LmmFormula.Language;

namespace LmmFormula.Designs;

/// <summary>Plans model matrices: which columns, under which names, by which contrasts (Chambers and Hastie 1992, sections 2.3 and 2.4).</summary>
internal static class MatrixPlans
{
    /// <summary>Plans the columns of a right-hand side.</summary>
    /// <param name="terms">The terms.</param>
    /// <param name="frame">The variables.</param>
    /// <param name="options">The default contrasts.</param>
    /// <param name="own">Contrasts of single variables, which come before all others; none for random effects.</param>
    /// <param name="source">The text that spans point into.</param>
    public static Result<MatrixPlan> Plan(Terms terms, ModelFrame frame, FrameOptions options, EquatableArray<VariableContrast> own, string source)
    {
        var errors = new List<ModelError>();
        var warnings = new List<ModelError>();
        var response = terms.HasResponse ? 0 : -1;
        var items = WithoutIntercept(terms, frame, response);
        var contrasts = new ContrastMatrix?[terms.Variables.Count];
        var isSeen = new bool[terms.Variables.Count];
        foreach (var item in items)
        {
            foreach (var v in item.Variables)
            {
                if (isSeen[v]) continue;
                isSeen[v] = true;
                var variable = terms.Variables[v];
                if (v == response) warnings.Add(OnBothSides(variable, terms, source));
                else if (frame[variable.Text] is FrameColumn.Factor factor) contrasts[v] = ContrastsOf(variable, factor, options, own, source, errors);
            }
        }
        if (errors.Count > 0) return Result.Bad<MatrixPlan>(errors);

        var names = new List<string>();
        var assign = new List<int>();
        var planned = new List<PlannedTerm>();
        if (terms.HasIntercept)
        {
            names.Add("(Intercept)");
            assign.Add(0);
        }
        for (var j = 0; j < items.Count; j++)
        {
            if (items[j].Variables.Contains(response)) continue;
            var variables = new PlannedVariable[items[j].Variables.Count];
            for (var i = 0; i < variables.Length; i++)
            {
                var v = items[j].Variables[i];
                variables[i] = Variable(terms.Variables[v].Text, frame, contrasts[v], items[j].Codings[i]);
            }
            var term = new PlannedTerm(new(variables));
            planned.Add(term);
            foreach (var name in Names(term))
            {
                names.Add(name);
                assign.Add(j + 1);
            }
        }
        return Result.Ok(
            new MatrixPlan(
                terms.HasIntercept, planned.ToEquatableArray(), names.ToEquatableArray(), assign.ToEquatableArray(),
                items.Select(t => t.Label).ToEquatableArray(), items),
            warnings);
    }

    // Without an intercept the first factor met among the terms takes its place: all its levels are coded.
    private static EquatableArray<Term> WithoutIntercept(Terms terms, ModelFrame frame, int response)
    {
        if (terms.HasIntercept) return terms.Items;
        var items = terms.Items.ToArray();
        for (var j = 0; j < items.Length; j++)
        {
            if (items[j].Variables.Contains(response)) continue;
            for (var i = 0; i < items[j].Variables.Count; i++)
            {
                if (frame[terms.Variables[items[j].Variables[i]].Text] is not FrameColumn.Factor) continue;
                items[j] = items[j] with { Codings = items[j].Codings.Select((c, at) => at == i ? Coding.AllLevels : c).ToEquatableArray() };
                return new(items);
            }
        }
        return terms.Items;
    }

    private static ContrastMatrix? ContrastsOf(
        Variable variable, FrameColumn.Factor factor, FrameOptions options, EquatableArray<VariableContrast> own, string source, List<ModelError> errors)
    {
        var levels = factor.Values.Levels;
        if (levels.Count < 2)
        {
            errors.Add(Mistake(ModelCodes.OneLevel,
                $"a factor needs at least two levels; only {(levels.Count == 0 ? "missing values" : $"'{levels[0]}'")} occurs in {FormulaErrors.Shorten(variable.Text)}"));
            return null;
        }
        switch (own.FirstOrDefault(c => c.Variable == variable.Text)?.Coding)
        {
            case ContrastChoice.Named named: return Contrasts.Of(named.Contrast, levels);
            case ContrastChoice.Given given when given.Matrix.Levels == levels.Count: return given.Matrix;
            case ContrastChoice.Given given:
                errors.Add(Mistake(ModelCodes.BadContrast,
                    $"the contrasts given for {variable.Text} have {given.Matrix.Levels} rows, it has {levels.Count} levels"));
                return null;
            default: return factor.Contrasts ?? Contrasts.Of(factor.Values.Ordered ? options.Ordered : options.Unordered, levels);
        }

        ModelError Mistake(string code, string message) => new(ErrorStage.Data, code, message) { Source = source, Span = variable.Expression.Span };
    }

    private static PlannedVariable Variable(string text, ModelFrame frame, ContrastMatrix? contrasts, Coding coding) => frame[text] switch
    {
        FrameColumn.Numeric => new(text, null, [""]),
        FrameColumn.Table table => new(text, null, table.Names),
        FrameColumn.Factor factor => Coded(text, coding == Coding.AllLevels ? Contrasts.Indicators(factor.Values.Levels) : contrasts!),
    };

    private static PlannedVariable Coded(string text, ContrastMatrix matrix) =>
        new(text, matrix, Enumerable.Range(0, matrix.Columns).Select(matrix.Suffix).ToEquatableArray());

    // Names multiply like columns: the first variable varies fastest.
    private static List<string> Names(PlannedTerm term)
    {
        var names = new List<string>();
        foreach (var suffix in term.Variables[0].Suffixes) names.Add(term.Variables[0].Key + suffix);
        for (var v = 1; v < term.Variables.Count; v++)
        {
            var (before, variable) = (names, term.Variables[v]);
            names = new(before.Count * variable.Suffixes.Count);
            foreach (var suffix in variable.Suffixes)
            {
                foreach (var name in before) names.Add($"{name}:{variable.Key}{suffix}");
            }
        }
        return names;
    }

    private static ModelError OnBothSides(Variable response, Terms terms, string source)
    {
        // The response's own node stands on the left: point at the one on the right, which is the last of that text.
        var at = source.LastIndexOf(response.Text, System.StringComparison.Ordinal);
        var first = SyntaxWalk.Nodes(response.Expression).First().Span;
        var tilde = source.IndexOf('~', System.StringComparison.Ordinal);
        var right = tilde < 0 ? -1 : source.IndexOf(response.Text, tilde, System.StringComparison.Ordinal);
        return new ModelError(ErrorStage.Formula, ModelCodes.ResponseOnRight,
            $"the response {response.Text} also appears on the right-hand side, where it is left out")
        {
            Source = source,
            Span = right >= 0 ? new SourceSpan(right, response.Text.Length) : at > first.Start ? new SourceSpan(at, response.Text.Length) : first,
        };
    }
}
