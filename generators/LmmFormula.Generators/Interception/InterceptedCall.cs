using LmmFormula.Generators.Models;
using LmmFormula.Language;

namespace LmmFormula.Generators.Interception;

/// <summary>
/// The rows of a facade call with constant texts: what the typed reading of its rows depends on. Holds no position, so that an edit
/// that moves the call leaves it equal.
/// </summary>
/// <param name="RowType">The fully qualified type of a row.</param>
/// <param name="Columns">The columns that the model reads.</param>
/// <param name="Assembly">The assembly that is compiled: one that sees its internals may read the same rows.</param>
internal sealed record RowReading(string RowType, EquatableArray<ModelColumn> Columns, string Assembly)
{
    /// <summary>Whether naming the type of the rows is an error, except in code that is obsolete itself.</summary>
    public bool IsRetired { get; init; }

    /// <summary>A name for the generated class, the same for the same reading.</summary>
    public string ClassName => "Rows_" + Fingerprint.Of(Assembly + "|" + RowType + "|" + string.Join("|", Columns)).ToString("x16", System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>One intercepted call: where it is, what it calls, and how its rows are read.</summary>
/// <param name="Attribute">The attribute that names the place, as the compiler writes it.</param>
/// <param name="Facade">The called class: <c>Lmm</c>, <c>Gls</c> or <c>Mmrm</c>.</param>
/// <param name="Reading">How the rows are read.</param>
internal sealed record InterceptedCall(string Attribute, string Facade, RowReading Reading);

/// <summary>A hash that is the same in every process, unlike <see cref="string.GetHashCode"/>.</summary>
internal static class Fingerprint
{
    /// <summary>The FNV-1a hash of a text (Fowler, Noll and Vo), 64 bits.</summary>
    public static ulong Of(string text)
    {
        var hash = 14695981039346656037UL;
        foreach (var c in text) hash = unchecked((hash ^ c) * 1099511628211UL);
        return hash;
    }
}
