using System.Collections.Generic;

namespace LmmFormula.Covariance;

/// <summary>The rows of a mixed model by sets that share neither a random effect nor a correlated residual.</summary>
internal static class RowComponents
{
    /// <summary>Joins the groups of a layout that have a level of some random effect in common.</summary>
    /// <param name="layout">The rows by groups with correlated residuals.</param>
    /// <param name="random">The random effects.</param>
    /// <returns>The same rows by sets that are independent of each other; the rows of a group stay side by side, in order.</returns>
    public static ResidualLayout Join(ResidualLayout layout, IReadOnlyList<RandomModel> random)
    {
        var parents = new int[layout.Groups];
        for (var g = 0; g < parents.Length; g++) parents[g] = g;
        foreach (var part in random)
        {
            var first = new Dictionary<int, int>();
            for (var g = 0; g < parents.Length; g++)
            {
                foreach (var row in layout.Group(g))
                {
                    if (!first.TryAdd(part.LevelOf.Span[row], g)) parents[Root(parents, g)] = Root(parents, first[part.LevelOf.Span[row]]);
                }
            }
        }
        var members = new Dictionary<int, List<int>>();
        var roots = new List<int>();
        for (var g = 0; g < parents.Length; g++)
        {
            var root = Root(parents, g);
            if (!members.TryGetValue(root, out var rows))
            {
                members.Add(root, rows = []);
                roots.Add(root);
            }
            foreach (var row in layout.Group(g)) rows.Add(row);
        }
        var order = new List<int>(layout.Order.Length);
        var starts = new List<int> { 0 };
        foreach (var root in roots)
        {
            order.AddRange(members[root]);
            starts.Add(order.Count);
        }
        return layout with { Order = [.. order], Starts = [.. starts] };
    }

    private static int Root(int[] parents, int g)
    {
        while (parents[g] != g)
        {
            parents[g] = parents[parents[g]];
            g = parents[g];
        }
        return g;
    }
}
