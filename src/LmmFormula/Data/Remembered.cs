using System.Collections.Generic;
using LmmFormula.Language;

namespace LmmFormula.Data;

/// <summary>
/// What a function learned from the rows a model was fitted to, and needs again for other rows. R remembers this for a few
/// functions at the top of a term; here every function at every depth remembers, under its canonical text.
/// </summary>
internal abstract record Remembered
{
    private Remembered() { }

    /// <summary>The levels of a factor.</summary>
    public sealed record Levels(EquatableArray<string> Labels, bool Ordered) : Remembered;

    /// <summary>The centre and scale of <c>scale()</c> and <c>center()</c>.</summary>
    public sealed record Shift(double Centre, double Scale) : Remembered;

    /// <summary>The recurrences of <c>poly()</c>, one for each argument.</summary>
    public sealed record Polynomials(EquatableArray<PolynomialBasis> Bases) : Remembered;

    /// <summary>The knots of <c>ns()</c> and <c>bs()</c>: the interior ones and the two boundary knots.</summary>
    public sealed record Knots(EquatableArray<double> Interior, double Lower, double Upper) : Remembered;

    /// <summary>The break points of <c>cut()</c>.</summary>
    public sealed record Breaks(EquatableArray<double> Points) : Remembered;

    /// <summary>A summary such as <c>mean()</c>.</summary>
    public sealed record Number(double Value) : Remembered;
}

/// <summary>The memory of one design: filled while it is built, read while it is applied to new rows.</summary>
internal sealed class Memory
{
    private readonly Dictionary<string, Remembered> items = [];

    /// <summary>Whether the memory is being filled.</summary>
    public bool Learns { get; private init; } = true;

    /// <summary>The same memory for reading only.</summary>
    public Memory Recalling()
    {
        var copy = new Memory { Learns = false };
        foreach (var pair in items) copy.items.Add(pair.Key, pair.Value);
        return copy;
    }

    /// <summary>What is remembered under a text, or null.</summary>
    public T? Recall<T>(string key) where T : Remembered => !Learns && items.TryGetValue(key, out var item) ? item as T : null;

    /// <summary>Remembers, if the memory is being filled.</summary>
    public void Note(string key, Remembered item)
    {
        if (Learns) items[key] = item;
    }
}
