using System;
using System.Collections.Generic;
using System.Linq;
using LmmFormula.Designs;
using LmmFormula.Estimation.Kernels;
using LmmFormula.Estimation.Mixed;

namespace LmmFormula.Estimation.Certification;

/// <summary>A point of a mixed model with independent residuals, in the parameters of its terms.</summary>
internal sealed class MixedPoint : CertifiedCriterion, IDisposable
{
    private static readonly double[] Factors = [0, 0.1, 10, 100];
    private static readonly double[] Orders = [1e-3, 0.03, 1];

    private readonly Design design;
    private readonly RandomBlock[] blocks;
    private readonly ParameterMap map;
    private readonly double[] reachOfAll;
    private readonly EffectsCriterion? extended;
    private readonly MixedCriterion? plain;

    public MixedPoint(Design design, IReadOnlyList<int> columns, ReadOnlySpan<double> parameters, ParameterMap map, FitOptions options)
    {
        (this.design, this.map) = (design, map);
        blocks = RandomBlock.Of(design);
        extended = EffectsCriterion.Of(design, columns, options);
        if (extended is null) plain = MixedModel.Of(design).Criterion(options.Criterion, options.Sigma);
        Point = map.Gather(parameters);
        reachOfAll = ReachOf(parameters);
        Reach = map.Gather(reachOfAll);
    }

    public override double[] Point { get; }

    public override double[] Reach { get; }

    public override double Rounding => extended is null ? 1e-14 : 1e-29;

    public override string Arithmetic => extended is null
        ? "as the fit computes it, in 16 digits (by its definition in 31 it would take too long)"
        : "by its definition, in 31 digits and apart from the code of the fit";

    public override DoubleDouble Value(double[] parameters)
    {
        var all = new double[map.FreeOf.Length];
        map.Spread(parameters, all);
        return extended?.Value(all) ?? plain!.Value(all);
    }

    public void Dispose() => plain?.Dispose();

    public override IEnumerable<(string What, double Value)> FromEdges() => [];

    public override (string What, double[] Parameters)[] Elsewhere()
    {
        var all = new double[map.FreeOf.Length];
        map.Spread(Point, all);
        var points = new List<(string, double[])>();
        void Add(string what, Action<double[]> change)
        {
            var changed = (double[])all.Clone();
            change(changed);
            points.Add((what, map.Gather(changed)));
        }
        foreach (var part in blocks.SelectMany(b => b.Parts))
        {
            var term = $"({design.Random[part.Term].Label})";
            var scales = Enumerable.Range(part.FirstParameter, Covariance.RandomCovariance.ScaleCount(part.Structure, part.Width)).ToArray();
            foreach (var factor in Factors) Add($"standard deviations of {term} times {factor:R}", p => Array.ForEach(scales, k => p[k] *= factor));
            foreach (var k in scales.Where(k => Math.Abs(all[k]) < 1e-3 * reachOfAll[k]))
            {
                foreach (var order in Orders)
                {
                    Add($"a parameter of {term} that is zero moved off it", p => p[k] = order * reachOfAll[k]);
                    Add($"a parameter of {term} that is zero moved off it", p => p[k] = -order * reachOfAll[k]);
                }
            }
            if (scales.Length > part.Width) Add($"the correlations of {term} with the opposite sign", p => Negate(p, part));
            for (var k = part.FirstParameter + scales.Length; k < part.FirstParameter + part.Parameters; k++)
            {
                var at = k;
                foreach (var value in (double[])[-4, -1, 0, 1, 4]) Add($"another correlation of {term}", p => p[at] = value);
            }
        }
        return [.. points];
    }

    private static void Negate(double[] parameters, TermPart part)
    {
        var at = part.FirstParameter;
        for (var j = 0; j < part.Width; j++)
        {
            for (var i = j; i < part.Width; i++, at++)
            {
                if (i != j) parameters[at] = -parameters[at];
            }
        }
    }

    /// <summary>The root of an effect's variance and of what the data say of one level's effect, for each parameter of scale; 1 for the others.</summary>
    private double[] ReachOf(ReadOnlySpan<double> parameters)
    {
        var reach = new double[map.FreeOf.Length];
        Array.Fill(reach, 1);
        foreach (var block in blocks)
        {
            foreach (var part in block.Parts)
            {
                var own = Enumerable.Range(0, part.Width).Select(e => Squares(block, part.Offset + e)).ToArray();
                var (row, column) = (0, 0);
                var scales = Covariance.RandomCovariance.ScaleCount(part.Structure, part.Width);
                var isTriangle = scales > part.Width;
                for (var k = 0; k < scales; k++)
                {
                    var value = parameters[part.FirstParameter + k];
                    reach[part.FirstParameter + k] = Math.Sqrt((value * value) + own[isTriangle ? row : Math.Min(k, part.Width - 1)]);
                    if (++row == part.Width) row = ++column;
                }
            }
        }
        return reach;
    }

    // One over the mean over levels of the squares of an effect.
    private static double Squares(RandomBlock block, int effect)
    {
        var sum = 0.0;
        foreach (var z in block.Effects[effect].Span) sum += z * z;
        return block.Levels / sum;
    }
}
