namespace LmmFormula.Language;

// Of figures that are not given, because the quantity is not defined.
public static partial class ModelCodes
{
    /// <summary>An effect without variance has no correlations.</summary>
    public const string CorrelationWithoutVariance = "correlation-without-variance";

    /// <summary>The estimate lies at an edge of its space, where the normal approximation of an interval has no meaning.</summary>
    public const string EstimateAtEdge = "estimate-at-edge";

    /// <summary>The criterion has no curvature in the parameter, so that it has no standard error.</summary>
    public const string NoInformation = "no-information";

    /// <summary>The variance of an estimate is no positive number.</summary>
    public const string NoStandardError = "no-standard-error";

    /// <summary>A test has no positive degrees of freedom by the method asked for.</summary>
    public const string UndefinedDegreesOfFreedom = "undefined-degrees-of-freedom";

    /// <summary>A test by the normal distribution has no degrees of freedom.</summary>
    public const string NormalTest = "normal-test";

    /// <summary>No parameter was searched for, so that there is no gradient and no curvature.</summary>
    public const string NothingSearched = "nothing-searched";

    /// <summary>A figure is too large or too small for a floating-point number.</summary>
    public const string BeyondNumbers = "beyond-numbers";
}
