using System;
using System.Linq;
using LmmFormula.Covariance;
using LmmFormula.Designs;
using LmmFormula.Fits;
using LmmFormula.Language;

namespace LmmFormula.Estimation;

/// <summary>
/// The unit that a response is estimated in, 2^k near the largest least-squares residual: squares of it neither overflow nor
/// vanish, and a power of two rounds nothing, so that the same model in another unit is the same fit.
/// </summary>
/// <param name="Exponent">k.</param>
internal readonly record struct ResponseUnit(int Exponent)
{
    // Between a thousandth and a thousand nothing is gained by another unit.
    private const int OrdinaryExponent = 10;

    // Variances must be numbers in the user's unit.
    private const int LargestExponent = 500;

    /// <summary>The unit in the user's.</summary>
    public double Size => Math.ScaleB(1, Exponent);

    /// <summary>The unit of data, or why there is none.</summary>
    public static Result<ResponseUnit> Of(Design design, OrthogonalizedData data) => Of(design.ResponseName, data.LargestResidual);

    /// <summary>The unit that what is computed from a fit suits, near its largest residual.</summary>
    public static ResponseUnit Of(Fit fit) =>
        Of(fit.Design.ResponseName, fit.Residuals.ToArray().Max(Math.Abs)) is Result<ResponseUnit>.Ok { Value: var unit } ? unit : default;

    /// <summary>The unit of a response whose largest deviation from the fixed effects, or from its mean, is known.</summary>
    public static Result<ResponseUnit> Of(string name, double most)
    {
        if (most == 0) return Result.Ok(new ResponseUnit(0));
        var exponent = double.IsFinite(most) ? Math.ILogB(most) : int.MaxValue;
        if (Math.Abs(exponent) <= OrdinaryExponent) return Result.Ok(new ResponseUnit(0));
        if (Math.Abs(exponent) <= LargestExponent) return Result.Ok(new ResponseUnit(exponent));
        var size = double.IsFinite(most) ? $"of size {ResidualBinding.Text(most)}" : "beyond the range of numbers";
        return Result.Bad<ResponseUnit>(new ModelError(ErrorStage.Estimation, ModelCodes.ResponseSize, $"the residuals of {name} are {size}, and their variances cannot be told in numbers")
        { Term = name, Hint = $"rescale {name}: give it in another unit" });
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

    /// <summary>A value of the user's unit.</summary>
    public double Out(double value) => Math.ScaleB(value, Exponent);

    /// <summary>Options in the unit, whose watcher is told of the criterion in the user's.</summary>
    public FitOptions In(FitOptions options, int freedom) => Exponent == 0 ? options : options with
    {
        Sigma = options.Sigma is { } sigma ? Math.ScaleB(sigma, -Exponent) : null,
        Progress = options.Progress is { } watcher ? new Shifted(watcher, Shift(freedom)) : null,
    };

    /// <summary>What the unit takes from the criterion.</summary>
    private double Shift(int freedom) => 2 * freedom * Exponent * Math.Log(2);

    /// <summary>Estimates in the user's unit.</summary>
    public ReweightingIteration Out(ReweightingIteration iteration, ResidualModel model, int freedom)
    {
        if (Exponent == 0) return iteration;
        var modes = new double[iteration.Modes.Length][];
        for (var t = 0; t < modes.Length; t++) modes[t] = Out(iteration.Modes[t]);
        return iteration with
        {
            Coefficients = Out(iteration.Coefficients),
            Fitted = Out(iteration.Fitted),
            Residuals = Out(iteration.Residuals),
            Psi = Out(iteration.Psi, model),
            Objective = iteration.Objective + Shift(freedom),
            Sigma = Math.ScaleB(iteration.Sigma, Exponent),
            Covariance = Scaled(iteration.Covariance, 2 * Exponent),
            Modes = modes,
            Criterion = null,
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

    /// <summary>A fit in the unit: what its variances are computed with must not overflow either.</summary>
    public Fit In(Fit fit) => Exponent == 0 ? fit : new ResponseUnit(-Exponent).Out(fit, In(fit.Design));

    /// <summary>A matrix of variances in the user's unit.</summary>
    public Matrix Out(Matrix variances) =>
        Exponent == 0 ? variances : new(variances.Rows, variances.Columns, Scaled(variances.Values.Span, 2 * Exponent));

    /// <summary>A fit in the user's unit; the design is its own.</summary>
    public Fit Out(Fit fit, Design design) => fit switch
    {
        LmmFit mixed => Out(mixed, design),
        GlsFit gls => Common(gls, design) with { ResidualParameters = Out(gls.ResidualParameters.ToArray(), gls.BoundResiduals.Model) },
        _ => throw new InvalidOperationException("a fit is one of the two kinds"),
    };

    /// <summary>A mixed model's fit in the user's unit; its covariance parameters are relative to sigma.</summary>
    public LmmFit Out(LmmFit fit, Design design)
    {
        if (Exponent == 0) return fit;
        var unit = this;
        return Common(fit, design) with
        {
            Random = fit.Random.Select(effects => effects with
            {
                Covariance = unit.Out(effects.Covariance),
                Modes = new(effects.Modes.Rows, effects.Modes.Columns, Scaled(effects.Modes.Values.Span, unit.Exponent)),
            }).ToEquatableArray(),
        };
    }

    private T Common<T>(T fit, Design design) where T : Fit
    {
        var p = fit.CoefficientNames.Count;
        return (T)(fit with
        {
            Design = design,
            Coefficients = Out(fit.Coefficients.Span),
            CoefficientCovariance = Out(fit.CoefficientCovariance),
            Sigma = Math.ScaleB(fit.Sigma, Exponent),
            ReferenceSigma = Math.ScaleB(fit.ReferenceSigma, Exponent),
            Objective = fit.Objective + Shift(design.Rows - (fit.Criterion == Criterion.Reml ? p : 0)),
            FittedValues = Out(fit.FittedValues.Span),
            Residuals = Out(fit.Residuals.Span),
        });
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
