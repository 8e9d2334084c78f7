using System.Collections.Generic;

namespace LmmFormula.IO;

/// <summary>A value of R, as far as data frames are made of them.</summary>
internal abstract record RObject
{
    private RObject() { }

    /// <summary>The attributes by name.</summary>
    public IReadOnlyDictionary<string, RObject> Attributes { get; init; } = new Dictionary<string, RObject>();

    /// <summary>A vector of real numbers; NaN is missing.</summary>
    public sealed record Number(double[] Values) : RObject;

    /// <summary>A vector of whole numbers; the smallest is missing.</summary>
    public sealed record Integer(int[] Values) : RObject;

    /// <summary>A vector of truth values, as whole numbers.</summary>
    public sealed record Logical(int[] Values) : RObject;

    /// <summary>A vector of strings; null is missing.</summary>
    public sealed record Text(string?[] Values) : RObject;

    /// <summary>A list, or a pairlist.</summary>
    public sealed record List(IReadOnlyList<RObject> Items) : RObject;

    /// <summary>Anything else: symbols, calls, environments, functions.</summary>
    public sealed record Other(string What) : RObject;

    /// <summary>An attribute, or null.</summary>
    public RObject? Attribute(string name) => Attributes.GetValueOrDefault(name);

    /// <summary>Whether the class attribute holds a name.</summary>
    public bool Inherits(string name) => Attribute("class") is Text classes && System.Array.IndexOf(classes.Values, name) >= 0;
}
