using System;
using LmmFormula.Covariance;
using LmmFormula.Designs;
using LmmFormula.Language;

namespace LmmFormula.Estimation;

/// <summary>
/// The unit that a response is estimated in, 2^k near the largest least-squares residual: squares of it neither overflow nor
/// vanish, and a power of two rounds nothing, so that the same model in another unit is the same fit.
/// </summary>
/// <param name="Exponent">k.</param>
internal readonly record struct ResponseUnit(int Exponent)
{
    // Variances must be numbers in the user's unit.
    private const int LargestExponent = 500;

    /// <summary>The unit in the user's.</summary>
    public double Size => Math.ScaleB(1, Exponent);

    /// <summary>The unit of data, or why there is none.</summary>
    public static Result<ResponseUnit> Of(Design design, OrthogonalizedData data)
    {
        var most = 0.0;
        var width = data.Columns.Length + 1;
        for (var i = 0; i < data.Rows; i++) most = Math.Max(most, Math.Abs(data.Values[((i + 1) * width) - 1]));
        if (most == 0) return Result.Ok(new ResponseUnit(0));
        var exponent = double.IsFinite(most) ? Math.ILogB(most) : int.MaxValue;
        if (Math.Abs(exponent) <= LargestExponent) return Result.Ok(new ResponseUnit(exponent));
        var size = double.IsFinite(most) ? $"of size {ResidualBinding.Text(most)}" : "beyond the range of numbers";
        return Result.Bad<ResponseUnit>(new ModelError(ErrorStage.Estimation, "response-size", $"the residuals of {design.ResponseName} are {size}, and their variances cannot be told in numbers")
        { Term = design.ResponseName, Hint = $"give {design.ResponseName} in another unit" });
    }

    /// <summary>A design with its response in the unit.</summary>
    public Design In(Design design)
    {
        if (Exponent == 0) return design;
        var scaled = design with { Response = Scaled(design.Response.Span, -Exponent) };
        return design.Offset is { } offset ? scaled with { Offset = Scaled(offset.Span, -Exponent) } : scaled;
    }

    /// <summary>Data with their response in the unit.</summary>
    public OrthogonalizedData In(OrthogonalizedData data) => Exponent == 0 ? data : data.WithResponseTimes(Math.ScaleB(1, -Exponent));

    /// <summary>Values of the user's unit.</summary>
    public double[] Out(ReadOnlySpan<double> values) => Scaled(values, Exponent);

    /// <summary>Options whose watcher is told of the criterion in the user's unit.</summary>
    public FitOptions In(FitOptions options, int freedom) => Exponent == 0 || options.Progress is null ? options
        : options with { Progress = new Shifted(options.Progress, Shift(freedom)) };

    /// <summary>What the unit takes from the criterion.</summary>
    private double Shift(int freedom) => 2 * freedom * Exponent * Math.Log(2);

    /// <summary>Estimates in the user's unit.</summary>
    public Round Out(Round round, ResidualModel model, int freedom)
    {
        if (Exponent == 0) return round;
        var modes = new double[round.Modes.Length][];
        for (var t = 0; t < modes.Length; t++) modes[t] = Out(round.Modes[t]);
        return round with
        {
            Coefficients = Out(round.Coefficients),
            Fitted = Out(round.Fitted),
            Residuals = Out(round.Residuals),
            Psi = Out(round.Psi, model),
            Objective = round.Objective + Shift(freedom),
            Sigma = Math.ScaleB(round.Sigma, Exponent),
            Covariance = Scaled(round.Covariance, 2 * Exponent),
            Modes = modes,
        };
    }

    /// <summary>The structures by visit hold variances; all others are relative to sigma.</summary>
    private double[] Out(double[] psi, ResidualModel model)
    {
        if (model.Visits is not { } visits) return psi;
        var scaled = (double[])psi.Clone();
        for (var i = 0; i < scaled.Length; i++)
        {
            if (visits.IsVariance(i % visits.Count)) scaled[i] = Math.ScaleB(scaled[i], 2 * Exponent);
        }
        return scaled;
    }

    private static double[] Scaled(ReadOnlySpan<double> values, int exponent)
    {
        var scaled = values.ToArray();
        for (var i = 0; i < scaled.Length; i++) scaled[i] = Math.ScaleB(scaled[i], exponent);
        return scaled;
    }

    private sealed class Shifted(IProgress<FitProgress> watcher, double shift) : IProgress<FitProgress>
    {
        public void Report(FitProgress value) => watcher.Report(value with { Objective = value.Objective + shift });
    }
}
