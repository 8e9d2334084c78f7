using System;
using System.Collections.Generic;
using LmmFormula.Covariance;

namespace LmmFormula.Estimation;

/// <summary>
/// The geometric mean of the rows' standard deviations over sigma, g = exp(mean of log d_i(psi)). Random effects are relative to
/// sigma, the deviation of a row with d = 1, which a variance function may put far from any row: theta / g, relative to the
/// rows as they are, is what hardly depends on the function's parameters and is optimized over.
/// </summary>
internal sealed class EffectScale
{
    private readonly ResidualModel model;
    private readonly List<(int Row, double Weight)> rows = [];
    private readonly bool[] scales;

    /// <summary>Finds which rows differ and which parameters have the scale of sigma.</summary>
    /// <param name="model">The model.</param>
    /// <param name="observations">The number of rows.</param>
    public EffectScale(ResidualModel model, int observations)
    {
        this.model = model;
        scales = new bool[model.Parameters.Count];
        foreach (var part in model.Random) scales.AsSpan(part.Offset, RandomCovariance.ScaleCount(part.Structure, part.Size)).Fill(true);
        if (model.Variances.Count == 0) return;
        var met = new Dictionary<long, int>();
        for (var i = 0; i < observations; i++)
        {
            if (StratumOf(i) is not { } stratum || !met.TryGetValue(stratum, out var at))
            {
                if (StratumOf(i) is { } first) met.Add(first, rows.Count);
                rows.Add((i, 1.0 / observations));
                continue;
            }
            rows[at] = (rows[at].Row, rows[at].Weight + (1.0 / observations));
        }
    }

    /// <summary>Whether a natural parameter has the scale of sigma.</summary>
    public bool Scales(int parameter) => scales[parameter];

    /// <summary>g at natural parameters.</summary>
    public double Value(ReadOnlySpan<double> psi)
    {
        var log = 0.0;
        foreach (var (row, weight) in rows)
        {
            for (var v = 0; v < model.Variances.Count; v++) log += weight * model.Variances[v].LogDeviation(row, psi);
        }
        return Math.Exp(log);
    }

    /// <summary>The derivatives of log g by the natural parameters.</summary>
    public void LogSlopes(ReadOnlySpan<double> psi, Span<double> slopes)
    {
        slopes.Clear();
        for (var v = 0; v < model.Variances.Count; v++)
        {
            var part = model.Variances[v];
            for (var i = 0; i < part.Count; i++)
            {
                foreach (var (row, weight) in rows) slopes[part.Offset + i] += weight * part.Derivative(i, row, psi);
            }
        }
    }

    /// <summary>A number of the strata of a row if its variance depends on nothing else, or null.</summary>
    private long? StratumOf(int row)
    {
        var number = 0L;
        for (var v = 0; v < model.Variances.Count; v++)
        {
            var part = model.Variances[v];
            if (part.Covariate.Length > 0) return null;
            number = (number * part.Strata) + (part.StratumOf.Length == 0 ? 0 : part.StratumOf.Span[row]);
        }
        return number;
    }
}
