using System.Collections.Generic;
using LmmFormula.Language;

namespace LmmFormula.Data;

/// <summary>
/// What a function learned from the rows a model was fitted to, and needs again for other rows. R keeps this for a few
/// functions at the top of a term; here it is kept for every function at every depth, under its canonical text.
/// </summary>
internal abstract record TransformationState
{
    private TransformationState() { }

    /// <summary>The levels of a factor.</summary>
    public sealed record Levels(EquatableArray<string> Labels, bool Ordered) : TransformationState;

    /// <summary>The centre and scale of <c>scale()</c> and <c>center()</c>.</summary>
    public sealed record Shift(double Centre, double Scale) : TransformationState;

    /// <summary>The recurrences of <c>poly()</c>, one for each argument.</summary>
    public sealed record Polynomials(EquatableArray<PolynomialBasis> Bases) : TransformationState;

    /// <summary>The knots of <c>ns()</c> and <c>bs()</c>: the interior ones and the two boundary knots.</summary>
    public sealed record Knots(EquatableArray<double> Interior, double Lower, double Upper) : TransformationState;

    /// <summary>The break points of <c>cut()</c>.</summary>
    public sealed record Breaks(EquatableArray<double> Points) : TransformationState;

    /// <summary>A summary such as <c>mean()</c>.</summary>
    public sealed record Number(double Value) : TransformationState;
}

/// <summary>The states of the functions of one design: filled while it is built, read while it is applied to new rows.</summary>
internal sealed class TransformationStates
{
    private readonly Dictionary<string, TransformationState> items = [];

    /// <summary>Whether the states are being filled.</summary>
    public bool Learns { get; private init; } = true;

    /// <summary>The same states for reading only.</summary>
    public TransformationStates AsKnown()
    {
        var copy = new TransformationStates { Learns = false };
        foreach (var pair in items) copy.items.Add(pair.Key, pair.Value);
        return copy;
    }

    /// <summary>The state under a text, or null.</summary>
    public T? Find<T>(string key) where T : TransformationState => !Learns && items.TryGetValue(key, out var item) ? item as T : null;

    /// <summary>Keeps a state, if they are being filled.</summary>
    public void Add(string key, TransformationState item)
    {
        if (Learns) items[key] = item;
    }
}
