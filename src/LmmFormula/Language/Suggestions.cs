using System.Collections.Generic;

namespace LmmFormula.Language;

/// <summary>Suggestions at the end of messages about unknown names.</summary>
internal static class Suggestions
{
    /// <summary>"; did you mean x?" or nothing.</summary>
    public static string DidYouMean(string name, IEnumerable<string> candidates) =>
        NearestName.Find(name, candidates) is { } near ? $"; did you mean {CanonicalText.OfName(near)}?" : "";
}
