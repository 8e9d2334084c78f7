using System;
using System.Collections.Generic;
using System.Linq;
using LmmFormula.Designs;
using LmmFormula.Language;

namespace LmmFormula.Covariance;

/// <summary>The parameters of nlme's variance functions: names, starts, spaces and what is held fixed.</summary>
internal static class VarianceParameters
{
    /// <summary>Adds a function's parameters to those of a residual model; the factors of a combined one in turn.</summary>
    public static void Bind(
        Design design, ResidualLayout layout, VarianceDesign variance, string prefix, ReadOnlyMemory<double> fitted, ReadOnlyMemory<double> residuals,
        List<VarianceModel> parts, List<ResidualParameter> parameters, List<ParameterBlock> blocks, List<ModelError> errors)
    {
        if (variance.Function is VarianceFunction.Combined)
        {
            for (var i = 0; i < variance.Parts.Count; i++)
            {
                Bind(design, layout, variance.Parts[i], $"{prefix}{(char)('A' + i)}.", fitted, residuals, parts, parameters, blocks, errors);
            }
            return;
        }
        var covariate = variance.Covariate switch
        {
            VarianceCovariate.None => default,
            VarianceCovariate.Values values => values.Column,
            VarianceCovariate.Fitted => fitted,
            VarianceCovariate.Residuals => residuals,
        };
        var named = variance.Function.Value.Any(v => v.Name is not null);
        var grouping = variance.Strata is null || (named && variance.Function is not VarianceFunction.Ident) ? variance.Strata : ByAppearance(variance.Strata, layout.Order);
        if (grouping is not null && variance.Function is VarianceFunction.Ident) grouping = NamedLast(grouping, variance.Function);
        var strata = grouping?.Levels.Count ?? 1;
        var part = new VarianceModel(variance.Function, parameters.Count, grouping?.LevelOf ?? default, strata, covariate);
        CheckCovariate(design, variance, covariate, errors);
        var names = Names(variance.Function, grouping);
        for (var i = 0; i < names.Count; i++)
        {
            var (name, usual, transform) = names[i];
            var held = Find(variance.Function.Fixed, name, i, names.Count, strata);
            var start = held ?? Find(variance.Function.Value, name, i, names.Count, strata) ?? usual;
            if (!double.IsNaN(start) && !ParameterTransforms.TryToFree(transform, [start], new double[1]))
            {
                errors.Add(new(ErrorStage.Covariance, ModelCodes.StartRange, $"parameter '{name}' cannot be {start}") { Source = variance.Text });
            }
            blocks.Add(new(parameters.Count, transform, held is not null));
            parameters.Add(new(ResidualPart.Variance, prefix + name, start));
        }
        foreach (var given in variance.Function.Fixed.Concat(variance.Function.Value))
        {
            if (given.Name is null || names.Exists(n => Matches(n.Name, given.Name))) continue;
            errors.Add(new(ErrorStage.Covariance, ModelCodes.UnknownParameter, $"'{given.Name}' is no parameter of {variance.Text}")
            { Source = variance.Text, Hint = $"its parameters are {string.Join(", ", names.Select(n => n.Name))}" });
        }
        parts.Add(part);
    }

    /// <summary>
    /// The strata in the order in which the rows, sorted by group, first show them: the reference is the first one there (as
    /// nlme, which sorts its data by group).
    /// </summary>
    private static Grouping ByAppearance(Grouping strata, int[] order)
    {
        var numbers = new int[strata.Levels.Count];
        Array.Fill(numbers, -1);
        var labels = new List<string>();
        var levels = strata.LevelOf.Span;
        var codes = new int[levels.Length];
        foreach (var row in order)
        {
            ref var number = ref numbers[levels[row]];
            if (number < 0)
            {
                number = labels.Count;
                labels.Add(strata.Levels[levels[row]]);
            }
            codes[row] = number;
        }
        return new(strata.Name, labels.ToEquatableArray(), codes);
    }

    /// <summary>Ratios are to a stratum that the user gave none for (as nlme): those with a value of their own come last.</summary>
    private static Grouping NamedLast(Grouping strata, VarianceFunction function)
    {
        var given = function.Value.Concat(function.Fixed).Select(v => v.Name).OfType<string>().Where(strata.Levels.Contains).Distinct().ToList();
        return given.Count == 0 ? strata : Groupings.Reordered(strata, [.. strata.Levels.Where(level => !given.Contains(level)), .. given]);
    }

    /// <summary>A value by name, by a name without the stratum, by place, or one for all.</summary>
    private static double? Find(EquatableArray<NamedValue> given, string name, int place, int count, int strata)
    {
        foreach (var value in given)
        {
            if (value.Name is not null && Matches(name, value.Name)) return value.Value;
        }
        var unnamed = given.Where(v => v.Name is null).ToList();
        return unnamed.Count == 0 ? null
            : unnamed.Count == count ? unnamed[place].Value
            : unnamed.Count == 1 ? unnamed[0].Value
            : unnamed.Count * strata == count ? unnamed[place / strata].Value
            : null;
    }

    private static bool Matches(string name, string given) =>
        name == given || (given is "const" or "power" or "prop" && name.StartsWith(given + ".", StringComparison.Ordinal));

    private static List<(string Name, double Start, ParameterTransform Transform)> Names(VarianceFunction function, Grouping? strata)
    {
        var free = new ParameterTransform.Unconstrained();
        var positive = new ParameterTransform.Above(0);
        var names = new List<(string, double, ParameterTransform)>();
        switch (function)
        {
            case VarianceFunction.Ident:
                for (var s = 1; s < (strata?.Levels.Count ?? 1); s++) names.Add((strata!.Levels[s], double.NaN, positive));
                break;
            case VarianceFunction.Power:
                Spread("power", false, 0, free);
                break;
            case VarianceFunction.Exponential:
                Spread("expon", false, 0, free);
                break;
            case VarianceFunction.ConstantPower:
                Spread("const", true, 1, positive);
                Spread("power", true, 0, free);
                break;
            case VarianceFunction.ConstantProportion:
                Spread("const", true, 0.1, positive);
                Spread("prop", true, 0.1, positive);
                break;
            case VarianceFunction.Known or VarianceFunction.Combined:
                break;
        }
        return names;

        void Spread(string name, bool keepName, double start, ParameterTransform transform)
        {
            if (strata is null) names.Add((name, start, transform));
            else names.AddRange(strata.Levels.Select(level => (keepName ? $"{name}.{level}" : level, start, transform)));
        }
    }

    /// <summary>A power of zero and a variance that is not positive make a singular covariance.</summary>
    private static void CheckCovariate(Design design, VarianceDesign variance, ReadOnlyMemory<double> covariate, List<ModelError> errors)
    {
        if (variance.Function is not (VarianceFunction.Power or VarianceFunction.Known)) return;
        var known = variance.Function is VarianceFunction.Known;
        for (var i = 0; i < covariate.Length; i++)
        {
            var v = covariate.Span[i];
            if (known ? v > 0 : v != 0) continue;
            errors.Add(new(ErrorStage.Covariance, ModelCodes.ZeroVariance, $"the covariate of {variance.Text} is {v} in row {ResidualBinding.DataRow(design, i)}, which makes a variance of {(known ? v : 0)}")
            { Source = variance.Text, Row = ResidualBinding.DataRow(design, i), Hint = known ? "a known variance must be positive" : "varConstPower allows zeros" });
            return;
        }
    }
}
