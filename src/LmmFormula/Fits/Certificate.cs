using LmmFormula.Language;

namespace LmmFormula.Fits;

/// <summary>What was proved of the estimates by values of the criterion alone, without the derivatives that the fit used.</summary>
/// <param name="Verdict">Whether the optimum stands.</param>
/// <param name="Findings">What was proved and how, a sentence without a full stop each.</param>
public sealed record Certificate(CertificateVerdict Verdict, EquatableArray<string> Findings)
{
    /// <summary>How the criterion was computed and in how many digits.</summary>
    public string Arithmetic { get; init; } = "";

    /// <summary>How many values of the criterion were looked at.</summary>
    public int Evaluations { get; init; }

    /// <summary>What another Newton step would gain in minus twice the log-likelihood, by gradient and curvature from differences.</summary>
    public double PredictedDecrease { get; init; } = double.NaN;

    /// <summary>The least curvature, in parameters scaled so that the typical one is one; NaN if there are none.</summary>
    public double SmallestCurvature { get; init; } = double.NaN;

    /// <summary>How much lower the criterion is somewhere else; zero unless the optimum was refuted.</summary>
    public double Gain { get; init; }
}

/// <summary>What a certificate says.</summary>
public enum CertificateVerdict
{
    /// <summary>The gradient vanishes, nothing curves downwards, and no point looked at is lower.</summary>
    Certified,

    /// <summary>A point is lower.</summary>
    Refuted,

    /// <summary>No point is lower, but the digits do not reach for a proof.</summary>
    Inconclusive,
}
