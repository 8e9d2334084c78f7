using System.Collections.Generic;
using System.Linq;

namespace LmmFormula.Language;

/// <summary>
/// R's rule for coding factors (Chambers and Hastie 1992, section 2.4.1): a factor of a term is coded by contrasts if the term
/// without it is part of an earlier term, else by indicators of all its levels. The rule does not look at types.
/// </summary>
internal static class Marginality
{
    /// <summary>The coding of every variable of every term.</summary>
    /// <param name="terms">The terms in their final order, each a sorted set of variables.</param>
    public static EquatableArray<Coding>[] Codings(List<EquatableArray<int>> terms)
    {
        var containing = new Dictionary<int, List<int>>();
        var codings = new EquatableArray<Coding>[terms.Count];
        for (var j = 0; j < terms.Count; j++)
        {
            codings[j] = terms[j].Select(v => IsPartOfEarlier(terms, containing, terms[j], v) ? Coding.Contrasts : Coding.AllLevels).ToEquatableArray();
            foreach (var v in terms[j])
            {
                if (!containing.TryGetValue(v, out var list)) containing.Add(v, list = []);
                list.Add(j);
            }
        }
        return codings;
    }

    // Whether a term without one of its variables is empty or a subset of a term seen before.
    private static bool IsPartOfEarlier(List<EquatableArray<int>> terms, Dictionary<int, List<int>> containing, EquatableArray<int> term, int without)
    {
        if (term.Count == 1) return true;
        List<int>? candidates = null;
        foreach (var v in term)
        {
            if (v == without) continue;
            if (!containing.TryGetValue(v, out var list)) return false;
            if (candidates is null || list.Count < candidates.Count) candidates = list;
        }
        return candidates!.Any(j => term.All(v => v == without || terms[j].Contains(v)));
    }
}
