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
    private const double MostReaches = 100;

    // Random directions that bear out the axes in which the fit's curvature is the identity, and by how much they may bend otherwise.
    private const int Probes = 2;
    private const double MostBent = 0.5;

    // From so many parameters on the curvature between axes takes more values than directions that bear out the fit's own.
    private const int LeastBorneOut = 5;

    // Directions drawn from a normal distribution in the fit's own axes, where there are more parameters than are looked at one by one.
    // The slope along one has the length of the gradient as its standard deviation, so that twenty times their mean square is below the
    // squared length with a chance of 0.002; a direction that curves downwards bends them by more than 0.5 but for a chance of 0.26 each.
    private const int MostAlone = 5;
    private const int Draws = 5;
    private const double Sure = 20;

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

    /// <summary>How many random directions were looked along instead of all axes; zero if all were.</summary>
    public int Drawn { get; private set; }

    /// <summary>Whether the gradient vanishes and nothing curves downwards or not at all.</summary>
    public bool IsProved => PredictedDecrease <= Tolerance && !(SmallestCurvature < -CurvatureNoise) && FlatDirections == 0;

    /// <summary>
    /// Gradient and curvature by differences of second order, and what a Newton step would gain. Of many parameters the curvature
    /// would take as many values as it has elements: where the fit tells axes in which it should be the identity, values along
    /// these and along random directions across all of them tell whether it is.
    /// </summary>
    public void Differentiate()
    {
        if (count == 0) return;
        var reported = count >= LeastBorneOut ? Reported() : null;
        if (reported is not null && count > MostAlone && Draw(reported)) return;
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
        // Where gradient and curvature prove the point, others near it tell of what neither sees; where they do not, a lower one refutes it.
        var lengths = curvatures.Select(c => 1 / Math.Sqrt(Math.Max(Math.Abs(c), 1e-4))).ToArray();
        var flattest = Enumerable.Range(0, count).OrderBy(k => curvatures[k]).ToArray();
        foreach (var k in flattest.Take(IsProved ? 1 : MostAxes))
        {
            foreach (var size in (double[])(IsProved ? [3, -3] : k == flattest[0] ? [1, -1, 3, -3] : [1, -1])) Perturb(Along(k, size * lengths[k]));
        }
        if (!IsProved) Perturb(Newton());
        var random = new Random(1);
        for (var d = 0; d < Math.Min(count, IsProved ? 1 : MostRandom); d++)
        {
            var shares = lengths.Select(length => ((2 * random.NextDouble()) - 1) * length).ToArray();
            if (!IsProved) Perturb(Across(k => 0.1 * shares[k]));
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

    /// <summary>Each parameter by itself, as far as the fit's curvature says that a standard error is: to be corrected where it is wrong.</summary>
    private double[][] Own() => [.. Enumerable.Range(0, count).Select(i =>
    {
        var length = criterion.Curvature.Length == count * count ? 1 / Math.Sqrt(criterion.Curvature.Span[i * (count + 1)]) : double.NaN;
        var axis = new double[count];
        axis[i] = length <= MostReaches * criterion.Reach[i] ? length : criterion.Reach[i];
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

    /// <summary>
    /// Looks along directions drawn at random across axes in which the fit's curvature is the identity: false where the slopes do not
    /// vanish, or the directions bend otherwise than it says.
    /// </summary>
    private bool Draw(double[][] axes)
    {
        var random = new Random(2);
        directions = axes;
        var (squares, bends, lengths) = (0.0, new double[Draws], new double[Draws]);
        for (var draw = 0; draw < Draws; draw++)
        {
            var shares = Enumerable.Range(0, count).Select(_ => Normal(random)).ToArray();
            var (plus, minus) = (At(Across(k => Step * shares[k]), null), At(Across(k => -Step * shares[k]), null));
            var slope = (plus - minus).High / (2 * Step);
            squares += slope * slope / Draws;
            (bends[draw], lengths[draw]) = (Bend(plus, minus), SmallDense.Dot(shares, shares));
        }
        var typical = bends.Sum() / lengths.Sum();
        if (!(typical > MostBent) || bends.Zip(lengths).Any(d => !(Math.Abs((d.First / typical) - d.Second) < MostBent))) return false;
        PredictedDecrease = Sure * squares / (2 * typical);
        SmallestCurvature = typical;
        (slopes, curvatures) = (new double[count], [.. Enumerable.Repeat(typical, count)]);
        (Drawn, IsBorneOut) = (Draws, true);
        if (IsProved) return true;
        (Drawn, IsBorneOut, PredictedDecrease) = (0, false, 0);
        return false;
    }

    private static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

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
        for (var iteration = 0; ; iteration++)
        {
            plus[k] = At(Array.ConvertAll(axis, a => Step * a), null);
            minus[k] = At(Array.ConvertAll(axis, a => -Step * a), null);
            var curvature = Math.Abs(Bend(plus[k], minus[k]));
            if (iteration == Rounds || curvature is > 0.05 and < 20) return;
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
