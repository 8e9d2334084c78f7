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

    // Random directions that bear out the axes in which the fit's curvature is the identity, and by how much they may bend otherwise.
    private const int Probes = 3;
    private const double MostBent = 0.5;

    private const int MostAxes = 6;
    private const int MostRandom = 4;

    private readonly CertifiedCriterion criterion;
    private readonly int count;
    private readonly double noise;
    private double[] slopes = [];
    private double[][] directions = [];
    private double[] curvatures = [];

    /// <summary>Looks at the point itself.</summary>
    public Survey(CertifiedCriterion criterion, int rows)
    {
        this.criterion = criterion;
        count = criterion.Point.Length;
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

    /// <summary>Whether the axes came from the fit's own curvature, which random directions then bore out.</summary>
    public bool IsBorneOut { get; private set; }

    /// <summary>
    /// Gradient and curvature by differences of second order, and what a Newton step would gain. Of many parameters the curvature
    /// would take as many values as it has elements: where the fit tells axes in which it should be the identity, values along
    /// these and along random directions across all of them tell whether it is.
    /// </summary>
    public void Differentiate()
    {
        if (count == 0) return;
        var reported = Probes * 2 < count * (count - 1) / 2 ? Reported() : null;
        var axes = reported ?? Own();
        var (plus, minus) = (new DoubleDouble[count], new DoubleDouble[count]);
        for (var k = 0; k < count; k++) Settle(k, axes[k], plus, minus);
        slopes = [.. Enumerable.Range(0, count).Select(k => (plus[k] - minus[k]).High / (2 * Step))];
        curvatures = [.. Enumerable.Range(0, count).Select(k => Bend(plus[k], minus[k]))];
        directions = axes;
        IsBorneOut = reported is not null && AreBorneOut();
        if (!IsBorneOut) Turn(plus);
        SmallestCurvature = curvatures.Min();
        for (var k = 0; k < count; k++)
        {
            if (Math.Abs(curvatures[k]) <= CurvatureNoise) FlatDirections++;
            // Where nothing curves a step of one standard error, or the typical length, is as far as a slope can be followed.
            PredictedDecrease += curvatures[k] > CurvatureNoise ? slopes[k] * slopes[k] / (2 * curvatures[k]) : Math.Abs(slopes[k]) > 10 * noise / Step ? Math.Abs(slopes[k]) : 0;
        }
    }

    /// <summary>Looks along the axes that curve least, down the gradient, and along directions drawn once for all.</summary>
    public void Perturb()
    {
        if (count == 0) return;
        var lengths = curvatures.Select(c => 1 / Math.Sqrt(Math.Max(Math.Abs(c), 1e-4))).ToArray();
        var flattest = Enumerable.Range(0, count).OrderBy(k => curvatures[k]).ToArray();
        foreach (var k in flattest.Take(MostAxes))
        {
            foreach (var size in (double[])(k == flattest[0] ? [1, -1, 3, -3] : [1, -1])) Perturb(Along(k, size * lengths[k]));
        }
        Perturb(Newton());
        var random = new Random(1);
        for (var d = 0; d < Math.Min(count, MostRandom); d++)
        {
            var shares = lengths.Select(length => ((2 * random.NextDouble()) - 1) * length).ToArray();
            Perturb(Across(k => 0.1 * shares[k]));
            Perturb(Across(k => -shares[k]));
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

    /// <summary>Each parameter by itself.</summary>
    private double[][] Own() => [.. Enumerable.Range(0, count).Select(i =>
    {
        var axis = new double[count];
        axis[i] = criterion.Reach[i];
        return axis;
    })];

    /// <summary>Axes in which the fit's curvature is the identity, the columns of L'^-1 for C = LL'; null if it tells none that is positive definite.</summary>
    private double[][]? Reported()
    {
        if (criterion.Curvature.Length != count * count) return null;
        var curvature = criterion.Curvature.ToArray();
        var root = new double[count];
        for (var i = 0; i < count; i++) root[i] = Math.Sqrt(curvature[i * (count + 1)]);
        if (!Array.TrueForAll(root, double.IsNormal)) return null;
        for (var j = 0; j < count; j++)
        {
            for (var i = 0; i < count; i++) curvature[(j * count) + i] /= root[i] * root[j];
        }
        if (double.IsNaN(SmallDense.Cholesky(curvature, count))) return null;
        return [.. Enumerable.Range(0, count).Select(k =>
        {
            var axis = new double[count];
            axis[k] = 1;
            SmallDense.SolveLowerTransposed(curvature, count, axis);
            for (var i = 0; i < count; i++) axis[i] /= root[i];
            return axis;
        })];
    }

    /// <summary>Whether directions across all axes, each with a sign drawn, bend by the sum of what the axes do: nothing bends between axes.</summary>
    private bool AreBorneOut()
    {
        var random = new Random(2);
        for (var probe = 0; probe < Probes; probe++)
        {
            var signs = Enumerable.Range(0, count).Select(_ => random.Next(2) == 0 ? Step : -Step).ToArray();
            var bend = Bend(At(Across(k => signs[k]), null), At(Across(k => -signs[k]), null));
            if (!(Math.Abs(bend - curvatures.Sum()) < MostBent)) return false;
        }
        return true;
    }

    /// <summary>Measures the curvature between axes too, and turns them to its principal ones.</summary>
    private void Turn(DoubleDouble[] plus)
    {
        var curvature = new double[count * count];
        for (var i = 0; i < count; i++)
        {
            curvature[i * (count + 1)] = curvatures[i];
            for (var j = 0; j < i; j++)
            {
                var both = (At(Across(k => k == i || k == j ? Step : 0), null) - plus[i] - plus[j] + Origin).High / (Step * Step);
                (curvature[(i * count) + j], curvature[(j * count) + i]) = (both, both);
            }
        }
        var vectors = new double[count * count];
        curvatures = new double[count];
        SymmetricEigen.Decompose(curvature, curvatures, vectors);
        var (axes, along) = (directions, slopes);
        directions = [.. Enumerable.Range(0, count).Select(k =>
        {
            var direction = new double[count];
            for (var i = 0; i < count; i++) SmallDense.AddScaled(direction, axes[i], vectors[(k * count) + i]);
            return direction;
        })];
        slopes = [.. Enumerable.Range(0, count).Select(k => SmallDense.Dot(along, vectors.AsSpan(k * count, count)))];
    }

    private double[] Newton() => Across(k => -slopes[k] / Math.Max(Math.Abs(curvatures[k]), Math.Max(CurvatureNoise, Math.Abs(slopes[k]) / 3)));

    private double[] Along(int k, double size) => Array.ConvertAll(directions[k], d => size * d);

    private double[] Across(Func<int, double> size)
    {
        var move = new double[count];
        for (var k = 0; k < count; k++) SmallDense.AddScaled(move, directions[k], size(k));
        return move;
    }

    private void Perturb(double[] move)
    {
        Perturbations++;
        At(move, "one near by");
    }

    private double Bend(DoubleDouble plus, DoubleDouble minus) => (plus + minus - Origin - Origin).High / (Step * Step);

    /// <summary>Values beside the point along an axis, which is brought to a length over which the criterion curves by about one.</summary>
    private void Settle(int k, double[] axis, DoubleDouble[] plus, DoubleDouble[] minus)
    {
        var length = 1.0;
        for (var round = 0; ; round++)
        {
            plus[k] = At(Array.ConvertAll(axis, a => Step * a), null);
            minus[k] = At(Array.ConvertAll(axis, a => -Step * a), null);
            var curvature = Math.Abs(Bend(plus[k], minus[k]));
            if (round == Rounds || curvature is > 0.05 and < 20) return;
            var change = double.IsFinite(curvature) && curvature > CurvatureNoise ? 1 / Math.Sqrt(curvature) : double.IsFinite(curvature) ? 30 : 0.03;
            var next = Math.Clamp(length * change, 1 / Farthest, curvature > CurvatureNoise ? 1e3 : 30);
            if (next == length) return;
            for (var i = 0; i < count; i++) axis[i] *= next / length;
            length = next;
        }
    }

    private DoubleDouble At(double[] move, string? where)
    {
        var parameters = new double[count];
        for (var i = 0; i < count; i++) parameters[i] = criterion.Point[i] + move[i];
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
