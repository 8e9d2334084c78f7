using System;
using System.Linq;
using LmmFormula.Estimation.Kernels;

namespace LmmFormula.Estimation.Certification;

/// <summary>
/// What values of a criterion around a point tell: gradient and curvature by differences, and whether any of them is lower.
/// Works in parameters scaled so that the criterion curves by about one: a step of one is about a standard error.
/// </summary>
internal sealed class Survey
{
    private const double LeastStep = 1e-6;
    private const double LeastTolerance = 1e-6;
    private const int Rounds = 4;
    private const double Farthest = 1e6;
    private static readonly double[] Sizes = [0.3, 1, 3];

    private readonly CertifiedCriterion criterion;
    private readonly int count;
    private readonly double[] scale;
    private readonly double noise;
    private double[] gradient = [];
    private double[] directions = [];
    private double[] curvatures = [];

    /// <summary>Looks at the point itself.</summary>
    public Survey(CertifiedCriterion criterion, int rows)
    {
        this.criterion = criterion;
        count = criterion.Point.Length;
        scale = (double[])criterion.Reach.Clone();
        Origin = Value(criterion.Point);
        noise = criterion.Rounding * (Math.Abs(Origin.High) + rows);
        Step = Math.Max(LeastStep, Math.Sqrt(Math.Sqrt(noise)));
        Tolerance = Math.Max(LeastTolerance, 100 * noise);
        CurvatureNoise = Math.Max(1e-7, 100 * noise / (Step * Step));
    }

    public DoubleDouble Origin { get; }

    /// <summary>The step of differences in standard errors.</summary>
    public double Step { get; }

    /// <summary>A gain below this is none.</summary>
    public double Tolerance { get; }

    /// <summary>A curvature below this cannot be told from none.</summary>
    public double CurvatureNoise { get; }

    public int Evaluations { get; private set; }

    public int Perturbations { get; private set; }

    public int Jumps { get; private set; }

    public double PredictedDecrease { get; private set; }

    public double SmallestCurvature { get; private set; } = double.NaN;

    public int FlatDirections { get; private set; }

    /// <summary>How much lower the lowest value is that was met.</summary>
    public double Gain { get; private set; }

    /// <summary>Where it was met, in words.</summary>
    public string Where { get; private set; } = "";

    /// <summary>Gradient and curvature by differences of second order, and what a Newton step would gain.</summary>
    public void Differentiate()
    {
        if (count == 0) return;
        var (plus, minus) = (new DoubleDouble[count], new DoubleDouble[count]);
        for (var i = 0; i < count; i++) Settle(i, plus, minus);
        gradient = new double[count];
        var curvature = new double[count * count];
        for (var i = 0; i < count; i++)
        {
            gradient[i] = (plus[i] - minus[i]).High / (2 * Step);
            curvature[(i * count) + i] = (plus[i] + minus[i] - Origin - Origin).High / (Step * Step);
        }
        for (var i = 0; i < count; i++)
        {
            for (var j = 0; j < i; j++)
            {
                var move = new double[count];
                (move[i], move[j]) = (Step, Step);
                var both = (At(move, null) - plus[i] - plus[j] + Origin).High / (Step * Step);
                (curvature[(i * count) + j], curvature[(j * count) + i]) = (both, both);
            }
        }
        (directions, curvatures) = (new double[count * count], new double[count]);
        SymmetricEigen.Decompose(curvature, curvatures, directions);
        SmallestCurvature = curvatures.Min();
        for (var k = 0; k < count; k++)
        {
            var along = 0.0;
            for (var i = 0; i < count; i++) along += gradient[i] * directions[(k * count) + i];
            if (Math.Abs(curvatures[k]) <= CurvatureNoise) FlatDirections++;
            // Where nothing curves a step of one standard error, or the typical length, is as far as a slope can be followed.
            PredictedDecrease += curvatures[k] > CurvatureNoise ? along * along / (2 * curvatures[k]) : Math.Abs(along) > 10 * noise / Step ? Math.Abs(along) : 0;
        }
    }

    /// <summary>Looks along every axis of the curvature, down the gradient, and along directions drawn once for all.</summary>
    public void Perturb()
    {
        if (count == 0) return;
        for (var k = 0; k < count; k++)
        {
            var axis = directions.AsSpan(k * count, count).ToArray();
            var length = 1 / Math.Sqrt(Math.Max(Math.Abs(curvatures[k]), 1e-4));
            foreach (var size in Sizes)
            {
                Perturb(axis, size * length);
                Perturb(axis, -size * length);
            }
        }
        var newton = Newton();
        foreach (var size in (double[])[1, 0.5, 0.1]) Perturb(newton, size);
        var random = new Random(1);
        for (var d = 0; d < count; d++)
        {
            var direction = new double[count];
            for (var k = 0; k < count; k++)
            {
                var share = ((2 * random.NextDouble()) - 1) / Math.Sqrt(Math.Max(Math.Abs(curvatures[k]), 1e-4));
                for (var i = 0; i < count; i++) direction[i] += share * directions[(k * count) + i];
            }
            Perturb(direction, 0.1);
            Perturb(direction, -1);
        }
    }

    /// <summary>Looks at the points that other optima could be near.</summary>
    public void Jump()
    {
        foreach (var (what, parameters) in criterion.Elsewhere())
        {
            Jumps++;
            Note(Value(parameters), what);
        }
    }

    private double[] Newton()
    {
        var step = new double[count];
        for (var k = 0; k < count; k++)
        {
            var along = 0.0;
            for (var i = 0; i < count; i++) along += gradient[i] * directions[(k * count) + i];
            var length = along / Math.Max(Math.Abs(curvatures[k]), Math.Max(CurvatureNoise, Math.Abs(along) / 3));
            for (var i = 0; i < count; i++) step[i] -= length * directions[(k * count) + i];
        }
        return step;
    }

    private void Perturb(double[] direction, double size)
    {
        Perturbations++;
        At(direction.Select(d => size * d).ToArray(), "one near by");
    }

    /// <summary>Values beside the point along one parameter, in a scale in which the criterion curves by one.</summary>
    private void Settle(int i, DoubleDouble[] plus, DoubleDouble[] minus)
    {
        var move = new double[count];
        for (var round = 0; ; round++)
        {
            move[i] = Step;
            plus[i] = At(move, null);
            move[i] = -Step;
            minus[i] = At(move, null);
            var curvature = Math.Abs((plus[i] + minus[i] - Origin - Origin).High) / (Step * Step);
            if (round == Rounds || curvature is > 0.05 and < 20) return;
            var change = double.IsFinite(curvature) && curvature > CurvatureNoise ? 1 / Math.Sqrt(curvature) : double.IsFinite(curvature) ? 30 : 0.03;
            var next = Math.Clamp(scale[i] * change, criterion.Reach[i] / Farthest, criterion.Reach[i] * (curvature > CurvatureNoise ? 1e3 : 30));
            if (next == scale[i]) return;
            scale[i] = next;
        }
    }

    private DoubleDouble At(double[] move, string? where)
    {
        var parameters = new double[count];
        for (var i = 0; i < count; i++) parameters[i] = criterion.Point[i] + (scale[i] * move[i]);
        var value = Value(parameters);
        if (where is not null) Note(value, where);
        return value;
    }

    private void Note(DoubleDouble value, string where)
    {
        var gain = (Origin - value).High;
        if (!(gain > Gain)) return;
        (Gain, Where) = (gain, where);
    }

    private DoubleDouble Value(double[] parameters)
    {
        Evaluations++;
        return criterion.Value(parameters);
    }
}
