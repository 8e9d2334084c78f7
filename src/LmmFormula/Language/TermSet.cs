using System.Collections;
using System.Collections.Generic;

namespace LmmFormula.Language;

/// <summary>An ordered set of terms, each a sorted set of variable numbers. Grows while one formula is expanded.</summary>
internal sealed class TermSet : IReadOnlyCollection<EquatableArray<int>>
{
    private readonly List<EquatableArray<int>> order = [];
    private readonly HashSet<EquatableArray<int>> members = [];

    public TermSet() { }

    public TermSet(IEnumerable<EquatableArray<int>> terms) => AddAll(terms);

    public int Count => order.Count;

    public void Add(EquatableArray<int> term)
    {
        if (members.Add(term)) order.Add(term);
    }

    public TermSet AddAll(IEnumerable<EquatableArray<int>> terms)
    {
        foreach (var term in terms) Add(term);
        return this;
    }

    public TermSet RemoveAll(IEnumerable<EquatableArray<int>> terms)
    {
        var gone = new HashSet<EquatableArray<int>>(terms);
        order.RemoveAll(gone.Contains);
        members.ExceptWith(gone);
        return this;
    }

    /// <summary>The union of two sorted sets of variables.</summary>
    public static EquatableArray<int> Union(EquatableArray<int> a, EquatableArray<int> b)
    {
        var union = new List<int>(a.Count + b.Count);
        var (i, j) = (0, 0);
        while (i < a.Count || j < b.Count)
        {
            if (j == b.Count || (i < a.Count && a[i] < b[j])) union.Add(a[i++]);
            else if (i == a.Count || b[j] < a[i]) union.Add(b[j++]);
            else
            {
                union.Add(a[i++]);
                j++;
            }
        }
        return union.ToEquatableArray();
    }

    /// <summary>All variables of all terms.</summary>
    public static EquatableArray<int> UnionOfAll(IEnumerable<EquatableArray<int>> terms)
    {
        var union = new SortedSet<int>();
        foreach (var term in terms) union.UnionWith(term);
        return union.ToEquatableArray();
    }

    public IEnumerator<EquatableArray<int>> GetEnumerator() => order.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
