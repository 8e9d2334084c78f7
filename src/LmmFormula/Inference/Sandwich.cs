namespace LmmFormula.Inference;

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
