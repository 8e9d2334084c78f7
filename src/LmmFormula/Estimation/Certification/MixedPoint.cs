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
    // Cross-products of more rows in 31 digits take longer than most fits.
    private const int MostRows = 20_000;

    // The relative rounding error of a criterion that kept its digits, and what differences of values can do with.
    private const double Kept = 1e-14;
    private const double MostLost = 1e-12;

    // Parameters at zero that are moved one by one; more are moved together.
    private const int FewZeros = 2;

    private static readonly double[] Factors = [0, 10];
    private static readonly double[] Orders = [1e-3, 0.03, 1];

    private readonly Design design;
    private readonly RandomBlock[] blocks;
    private readonly ParameterMap map;
    private readonly double[] reachOfAll;
    private readonly EffectsCriterion? extended;
    private readonly MixedCriterion? plain;

    /// <summary>Prepares the criterion at a point.</summary>
    /// <param name="design">The design.</param>
    /// <param name="columns">The columns of X that are estimated.</param>
    /// <param name="parameters">The point, all parameters.</param>
    /// <param name="map">Which parameters are free.</param>
    /// <param name="options">The criterion and what is known.</param>
    /// <param name="reduction">What the design was reduced to, if it is at hand.</param>
    public MixedPoint(Design design, IReadOnlyList<int> columns, ReadOnlySpan<double> parameters, ParameterMap map, FitOptions options, MixedReduction? reduction = null)
    {
        (this.design, this.map) = (design, map);
        var model = reduction is not null && ReferenceEquals(reduction.Design, design) ? reduction.Model : null;
        blocks = model?.Blocks ?? RandomBlock.Of(design);
        Point = map.Gather(parameters);
        reachOfAll = ReachOf(parameters);
        Reach = map.Gather(reachOfAll);
        extended = design.Rows > MostRows ? null : EffectsCriterion.Of(design, columns, options);
        Rounding = extended is null ? Kept : 1e-29;
        // Crossed effects take a dense factor in 31 digits for each value: two of them tell whether the fit's criterion will do.
        if (extended is not null && blocks.Length == 1) return;
        plain = (model ?? MixedModel.Of(design)).Criterion(options.Criterion, options.Sigma, model is null ? null : reduction!.Layout);
        if (extended is null) return;
        var apart = Apart(parameters);
        Checks = 2;
        if (apart < MostLost) Rounding = Math.Max(Kept, 4 * apart);
        else
        {
            plain.Dispose();
            plain = null;
        }
    }

    public override double[] Point { get; }

    public override double[] Reach { get; }

    public override double Rounding { get; }

    public override int Checks { get; }

    public override string Arithmetic =>
        extended is null ? "as the fit computes it, in 16 digits (by its definition in 31 it would take too long)"
        : plain is null ? "by its definition, in 31 digits and apart from the code of the fit"
        : "as the fit computes it, in 16 digits, which its definition, in 31 and apart from the code of the fit, bears out at the estimates and beside them";

    public override DoubleDouble Value(double[] parameters)
    {
        var all = new double[map.FreeOf.Length];
        map.Spread(parameters, all);
        return plain is null ? extended!.Value(all) : plain.Value(all);
    }

    public void Dispose() => plain?.Dispose();

    public override IEnumerable<(string What, double Value)> FromEdges() => [];

    public override (string What, double[] Parameters)[] Elsewhere()
    {
        var all = new double[map.FreeOf.Length];
        map.Spread(Point, all);
        var points = new List<(string, double[])>();
        var random = new Random(4);
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
            var zeros = scales.Where(k => Math.Abs(all[k]) < 1e-3 * reachOfAll[k]).ToArray();
            foreach (var order in Orders)
            {
                foreach (var k in zeros.Length > FewZeros ? [] : zeros)
                {
                    Add($"a parameter of {term} that is zero moved off it", p => p[k] = order * reachOfAll[k]);
                    Add($"a parameter of {term} that is zero moved off it", p => p[k] = -order * reachOfAll[k]);
                }
                // Many at once, with signs drawn for each.
                for (var draw = 0; draw < FewZeros && zeros.Length > FewZeros; draw++)
                {
                    Add($"the parameters of {term} that are zero moved off it", p => Array.ForEach(zeros, k => p[k] = (random.Next(2) == 0 ? order : -order) * reachOfAll[k]));
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

    /// <summary>How far the fit's criterion and its definition are apart at the point and beside it, relatively.</summary>
    private double Apart(ReadOnlySpan<double> parameters)
    {
        var beside = parameters.ToArray();
        for (var k = 0; k < beside.Length; k++) beside[k] += 0.1 * reachOfAll[k] * (map.FreeOf[k] < 0 ? 0 : 1);
        return Math.Max(Apart(extended!.Value(parameters), plain!.Value(parameters)), Apart(extended.Value(beside), plain.Value(beside)));

        double Apart(DoubleDouble definition, double value) => definition.High == value ? 0 : Math.Abs((definition - value).High) / (Math.Abs(value) + design.Rows);
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
