using System;
using System.Collections.Generic;
using System.Linq;
using LmmFormula.Fits;
using LmmFormula.Inference;
using LmmFormula.Language;

namespace LmmFormula.Typed;

/// <summary>The fixed coefficients of a fit. Generated code derives from it and adds a member for each coefficient or term.</summary>
public abstract class CoefficientTable
{
    private readonly Fit fit;
    private readonly Dictionary<string, int> estimated = [];
    private readonly Lazy<EquatableArray<ContrastTest>> tests;

    /// <summary>The coefficients of a fit.</summary>
    /// <param name="fit">The fit.</param>
    protected CoefficientTable(Fit fit)
    {
        ArgumentNullException.ThrowIfNull(fit);
        this.fit = fit;
        for (var i = 0; i < fit.CoefficientNames.Count; i++) estimated.TryAdd(fit.CoefficientNames[i], i);
        tests = new(() => FixedEffectTests.Prepare(fit).OrThrow().OfCoefficients());
    }

    /// <summary>All coefficients in the order of the model matrix, those that are not estimated included.</summary>
    public IReadOnlyList<Coefficient> All => [.. fit.Design.Fixed.Names.Select(Named)];

    /// <summary>The coefficient of a name.</summary>
    /// <param name="name">R's name: <c>armSuccimer:week</c>.</param>
    /// <exception cref="KeyNotFoundException">The model has no coefficient of that name.</exception>
    public Coefficient this[string name] => fit.Design.Fixed.Names.Contains(name)
        ? Named(name)
        : throw new KeyNotFoundException($"the model has no coefficient '{name}'; there are {string.Join(", ", fit.Design.Fixed.Names)}");

    /// <summary>The coefficient of a name that the model can have; not estimated if the rows do not determine it.</summary>
    /// <param name="name">R's name of the coefficient.</param>
    protected internal Coefficient Named(string name) => estimated.TryGetValue(name, out var i)
        ? new(name, fit.Coefficients.Span[i], fit.StandardError(i), () => tests.Value[i])
        : new(name, double.NaN, double.NaN, () => null);

    // What stands for the levels in the names of the coefficients that begin and end in a way.
    internal IReadOnlyList<string> Between(string before, string after) =>
        [.. fit.Design.Fixed.Names
            .Where(name => name.Length >= before.Length + after.Length && name.StartsWith(before, StringComparison.Ordinal) && name.EndsWith(after, StringComparison.Ordinal))
            .Select(name => name[before.Length..^after.Length])];
}
