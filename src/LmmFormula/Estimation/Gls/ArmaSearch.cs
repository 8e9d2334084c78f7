using System;
using System.Collections.Generic;
using System.Linq;
using LmmFormula.Covariance;

namespace LmmFormula.Estimation;

/// <summary>
/// The best optimum of an autoregressive moving average. It has several, and a model of smaller order is a point of it: those
/// are fitted first, from the smallest to the largest, and each is a start for the next, so that none ends below a model nested
/// in it. Further starts are the best points of a coarse grid of partial autocorrelations, the moments, and points beside the ridges
/// along which a smaller model is one of this order (<see cref="ArmaLifts"/>).
/// </summary>
internal static class ArmaSearch
{
    // About as many multiplications as the grid may cost.
    private const double Budget = 3e8;

    private const int MostOfGrid = 8;

    // Logits of partial autocorrelations of about 0.6 and 0.96, where a moving average nearly ends.
    private static readonly double[] Finest = [-5, -2.5, -1, 0, 1, 2.5, 5];
    private static readonly double[] Fine = [-4, -1.4, 0, 1.4, 4];
    private static readonly double[] Coarse = [-1.7, 0, 1.7];

    /// <summary>Minimizes; null if nothing makes a covariance.</summary>
    /// <param name="search">The criterion.</param>
    /// <param name="part">The structure.</param>
    /// <param name="arma">Its orders.</param>
    /// <param name="start">Natural parameters to start from.</param>
    public static ResidualOptimum? Minimize(ResidualSearch search, CorrelationModel part, CorrelationStructure.Arma arma, double[] start)
    {
        if (FreeParameters.FromNatural(search.Model, start) is not { } free) return null;
        var first = FirstFree(search.Model, part.Offset);
        var none = Natural(search.Model, start, Cut(free, first, [.. Enumerable.Range(0, arma.P + arma.Q)]));
        var smaller = new Dictionary<(int P, int Q), ResidualOptimum?>();
        for (var p = 0; p <= arma.P; p++)
        {
            for (var q = 0; q <= arma.Q; q++)
            {
                if (p + q == 0) continue;
                int[] held = [.. Enumerable.Range(p, arma.P - p), .. Enumerable.Range(arma.P + q, arma.Q - q)];
                var whole = held.Length == 0;
                var own = Cut(free, first, held);
                List<double[]> starts = [Natural(search.Model, start, own)];
                if (p + q == 1) starts.Add(none);
                if (smaller.GetValueOrDefault((p - 1, q)) is { } lessP) starts.Add(lessP.Psi);
                if (smaller.GetValueOrDefault((p, q - 1)) is { } lessQ) starts.Add(lessQ.Psi);
                if (p > 0 && q > 0 || q > 1) starts.AddRange(BestOfGrid(search, start, own, first, arma.P, p, q));
                if (p > 0 && q > 0) starts.AddRange(ArmaLifts.Best(search, part, arma, Less(1), p > 1 && q > 1 ? Less(2) : null));
                ResidualOptimum? best = null;
                foreach (var psi in starts)
                {
                    best = ResidualSearch.Better(best, search.Minimize(Inside(search.Model, psi), held: [.. held.Select(i => first + i)], rough: !whole));
                }
                smaller[(p, q)] = best;

                double[] Less(int orders) => p == orders && q == orders ? none : smaller.GetValueOrDefault((p - orders, q - orders))?.Psi ?? none;
            }
        }
        return smaller[(arma.P, arma.Q)];
    }

    /// <summary>Partial autocorrelations that ended at one or minus one, drawn back to where they have slopes.</summary>
    private static double[] Inside(ResidualModel model, double[] psi)
    {
        if (FreeParameters.FromNatural(model, psi) is not { } free || free.All(x => Math.Abs(x) < 6)) return psi;
        for (var i = 0; i < free.Length; i++) free[i] = Math.Clamp(free[i], -6, 6);
        return Natural(model, psi, free);
    }

    private static List<double[]> BestOfGrid(ResidualSearch search, double[] start, double[] free, int first, int autoregressive, int p, int q)
    {
        var layout = search.Residuals.Correlated;
        var cost = 0.0;
        for (var g = 0; g < layout.Groups; g++) cost += Math.Pow(layout.Group(g).Length, 3);
        var levels = Math.Pow(Finest.Length, p + q) * cost <= Budget ? Finest : Math.Pow(Fine.Length, p + q) * cost <= Budget ? Fine : Coarse;
        var count = (int)Math.Pow(levels.Length, p + q);
        if (count * cost > Budget) return [];
        var points = new (double[] Psi, double Value)[count];
        for (var number = 0; number < count; number++)
        {
            var point = (double[])free.Clone();
            var rest = number;
            for (var i = 0; i < p + q; i++, rest /= levels.Length) point[first + (i < p ? i : autoregressive + i - p)] = levels[rest % levels.Length];
            var psi = Natural(search.Model, start, point);
            points[number] = (psi, search.Value(psi));
        }
        return [.. Enumerable.Range(0, count).Where(IsMinimum).OrderBy(number => points[number].Value).Take(MostOfGrid).Select(number => points[number].Psi)];

        bool IsMinimum(int number)
        {
            if (!double.IsFinite(points[number].Value)) return false;
            for (var (i, stride) = (0, 1); i < p + q; i++, stride *= levels.Length)
            {
                var level = number / stride % levels.Length;
                if (level > 0 && points[number - stride].Value < points[number].Value) return false;
                if (level + 1 < levels.Length && points[number + stride].Value <= points[number].Value) return false;
            }
            return true;
        }
    }

    private static double[] Cut(double[] free, int first, int[] held)
    {
        var cut = (double[])free.Clone();
        foreach (var i in held) cut[first + i] = 0;
        return cut;
    }

    private static double[] Natural(ResidualModel model, double[] start, double[] free)
    {
        var psi = (double[])start.Clone();
        FreeParameters.ToNatural(model, free, psi, []);
        return psi;
    }

    private static int FirstFree(ResidualModel model, int offset)
    {
        var at = 0;
        foreach (var block in model.Blocks)
        {
            if (block.Offset == offset) return at;
            if (!block.Fixed) at += ParameterTransforms.Count(block.Transform);
        }
        return at;
    }
}
