namespace LmmFormula.Inference;

/// <summary>How the denominator degrees of freedom of a test of fixed effects are found.</summary>
public enum DegreesOfFreedom
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
}

/// <summary>Covariances of the coefficients that hold whatever the residual covariance of a subject is.</summary>
public enum Sandwich
{
    /// <summary>None: the covariance that the model implies.</summary>
    None,

    /// <summary>The residuals as they are (Liang and Zeger 1986; SAS's EMPIRICAL).</summary>
    CR0,

    /// <summary>Residuals scaled so that the estimator is unbiased if the model's covariance is right (Bell and McCaffrey 2002).</summary>
    CR2,

    /// <summary>Residuals of fits without the subject: nearly the jackknife (Mancl and DeRouen 2001).</summary>
    CR3,
}
