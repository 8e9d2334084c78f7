using System;
using System.Collections.Generic;
using System.Linq;
using LmmFormula.Covariance;
using LmmFormula.Designs;
using LmmFormula.Estimation.Kernels;

namespace LmmFormula.Estimation.Certification;

/// <summary>A point of a model with residual structures, in their free parameters, with or without random effects.</summary>
internal sealed class ResidualPoint : CertifiedCriterion, IDisposable
{
    private const double FarthestFree = 30;
    private const int Many = 8;
    private const int Few = 2;
    private static readonly double[] Steps = [1, 2, 4, 8];
    private static readonly double[] FewSteps = [1.5, 6];
    private static readonly double[] EdgeSteps = [0.5, 1, 2, 4, 8, 16];

    private readonly ResidualModel model;
    private readonly double[] psi;
    private readonly IResidualCriterion criterion;
    private readonly bool isCompact;

    private ResidualPoint(ResidualModel model, double[] psi, double[] point, IResidualCriterion criterion)
    {
        (this.model, this.psi, this.criterion, Point) = (model, psi, criterion, point);
        isCompact = model.Correlation?.Structure is CorrelationStructure.Spatial { Kind: SpatialKind.Linear or SpatialKind.Spherical };
        Reach = [.. Parts().Select(p => p.IsRandom ? Math.Max(Math.Abs(point[p.At]), 0.1) : p.IsFree ? Math.Max(model.Reach(p.Natural, psi), 1e-300) : 1)];
    }

    public override double[] Point { get; }

    public override double[] Reach { get; }

    public override double Rounding => 1e-14;

    public override string Arithmetic => "as the fit computes it, in 16 digits, and looked at by differences of values alone";

    /// <summary>The point of natural parameters; null where they are outside their space.</summary>
    public static ResidualPoint? Of(Design design, BoundResiduals residuals, ReadOnlySpan<double> psi, Criterion criterion, ReadOnlyMemory<double> curvature, GlsReduction? reduction = null)
    {
        var natural = psi.ToArray();
        if (FreeParameters.FromNatural(residuals.Model, natural) is not { } free || !Array.TrueForAll(free, double.IsFinite)) return null;
        if (reduction is not null && ReferenceEquals(reduction.Design, design)) return new(residuals.Model, natural, free, reduction.Criterion) { Curvature = curvature };
        var (data, reml) = (OrthogonalizedData.Create(design), criterion == Criterion.Reml);
        if (residuals.Model.Random.Count > 0) return new(residuals.Model, natural, free, MixedReweighting.Criterion(design, data, residuals, reml)) { Curvature = curvature };
        var p = data.Columns.Length;
        var patterns = CovariancePatterns.Find(residuals, data.Values, p + 1, split: true);
        return new(residuals.Model, natural, free, new GlsCriterion(residuals.Model, patterns, data.Rows, p, reml, data.Constant(reml)) { Extended = ExtendedCriterion.Of(residuals, data, reml) }) { Curvature = curvature };
    }

    public override DoubleDouble Value(double[] parameters)
    {
        var own = (double[])psi.Clone();
        FreeParameters.ToNatural(model, parameters, own, []);
        return criterion.Value(own);
    }

    public void Dispose() => (criterion as IDisposable)?.Dispose();

    public override (string What, double[] Parameters)[] Elsewhere()
    {
        var points = new List<(string, double[])>();
        // Several optima along a range with kinks: every stretch of it is looked at.
        var steps = isCompact ? Enumerable.Range(1, 64).Select(k => k / 8.0).ToArray() : Point.Length > Many ? [4] : Point.Length > Few ? FewSteps : Steps;
        // Of many parameters some are moved, evenly spread.
        var every = Math.Max(1, Point.Length / Many);
        foreach (var (at, natural, isRandom, _) in Parts())
        {
            if (at % every != 0) continue;
            var name = model.Parameters[natural].Name;
            var all = isRandom ? Math.Abs(Point[at]) < 0.01 * Reach[at] ? [Reach[at], -Reach[at], 0.1 * Reach[at]] : (double[])[-Point[at], -0.9 * Point[at], 9 * Point[at]] : [.. steps.SelectMany(s => (double[])[s * Reach[at], -s * Reach[at]])];
            foreach (var step in all)
            {
                var changed = (double[])Point.Clone();
                changed[at] += step;
                points.Add(($"another value of {name}", changed));
            }
        }
        return [.. points];
    }

    public override IEnumerable<(string What, double Value)> FromEdges()
    {
        foreach (var block in model.Blocks.Where(b => b is { Fixed: true, AtEdge: true } && ParameterTransforms.Count(b.Transform) == 1))
        {
            var free = new double[1];
            if (!ParameterTransforms.TryToFree(block.Transform, psi.AsSpan(block.Offset, 1), free) || double.IsNaN(free[0])) continue;
            free[0] = Math.Clamp(free[0], -FarthestFree, FarthestFree);
            foreach (var step in EdgeSteps.SelectMany(s => (double[])[s, -s]))
            {
                var natural = new double[1];
                ParameterTransforms.ToNatural(block.Transform, [free[0] + step], natural, new double[1]);
                var own = (double[])psi.Clone();
                own[block.Offset] = natural[0];
                yield return ($"{model.Parameters[block.Offset].Name} away from its edge", criterion.Value(own));
            }
        }
    }

    private IEnumerable<(int At, int Natural, bool IsRandom, bool IsFree)> Parts()
    {
        var at = 0;
        foreach (var block in model.Blocks.Where(b => !b.Fixed))
        {
            for (var i = 0; i < ParameterTransforms.Count(block.Transform); i++, at++)
            {
                yield return (at, block.Offset + i, model.Parameters[block.Offset + i].Part == ResidualPart.Random, block.Transform is ParameterTransform.Unconstrained);
            }
        }
    }
}
