namespace LmmFormula.Inference;

/// <summary>How the denominator degrees of freedom of a test of fixed effects are found.</summary>
public enum DegreesOfFreedomMethod
{
    /// <summary>The number of observations less the number of coefficients.</summary>
    Residual,

    /// <summary>Satterthwaite's approximation from the variance of the contrast's variance (Giesbrecht and Burns 1985; Fai and Cornelius 1996).</summary>
    Satterthwaite,

    /// <summary>Kenward and Roger's adjusted covariance and degrees of freedom (Kenward and Roger 1997).</summary>
    KenwardRoger,

    /// <summary>Kenward and Roger without the second derivatives of the covariance (SAS's FIRSTORDER).</summary>
    KenwardRogerLinear,

    /// <summary>Subjects less between-subject coefficients, or rows less subjects and within-subject coefficients.</summary>
    BetweenWithin,

    /// <summary>Infinite: z tests.</summary>
    Asymptotic,
}
