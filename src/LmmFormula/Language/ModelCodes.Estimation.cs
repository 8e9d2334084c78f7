namespace LmmFormula.Language;

// Of residual structures, of the estimation and of what is asked of a fit.
public static partial class ModelCodes
{
    /// <summary>The <c>form</c> of a correlation or variance function does not fit it.</summary>
    public const string BadForm = "bad-form";

    /// <summary>An argument of a structure has no possible value.</summary>
    public const string BadValue = "bad-value";

    /// <summary>The last term of a formula for repeated measures is not a covariance by visit.</summary>
    public const string BadCovariance = "bad-covariance";

    /// <summary>The number of initial values does not fit the structure.</summary>
    public const string StartCount = "start-count";

    /// <summary>Initial or fixed values make no covariance matrix.</summary>
    public const string StartRange = "start-range";

    /// <summary>A value is given for a parameter that the structure does not have.</summary>
    public const string UnknownParameter = "unknown-parameter";

    /// <summary>The variance function is zero in some row.</summary>
    public const string ZeroVariance = "zero-variance";

    /// <summary>A serial correlation gets a position that is not a whole number.</summary>
    public const string FractionalPosition = "fractional-position";

    /// <summary>Rows have no place in the order that a correlation needs.</summary>
    public const string MissingPosition = "missing-position";

    /// <summary>Two rows of a group stand at the same position.</summary>
    public const string RepeatedPosition = "repeated-position";

    /// <summary>Two rows of a group stand at the same place.</summary>
    public const string CoincidingCoordinates = "coinciding-coordinates";

    /// <summary>A subject has one visit twice.</summary>
    public const string RepeatedVisit = "repeated-visit";

    /// <summary>Rows of one subject are in different groups of a covariance by group.</summary>
    public const string TwoArms = "two-arms";

    /// <summary>The levels of the visits are not in the order of their numbers.</summary>
    public const string LevelOrder = "level-order";

    /// <summary>The visits are unevenly spaced, and the structure takes all neighbours as equally far apart.</summary>
    public const string VisitGaps = "visit-gaps";

    /// <summary>No subject was seen at some visits together.</summary>
    public const string UnseenVisits = "unseen-visits";

    /// <summary>A covariance matrix is not positive definite.</summary>
    public const string NotPositiveDefinite = "not-positive-definite";

    /// <summary>A design with random effects is given to generalized least squares.</summary>
    public const string RandomEffects = "random-effects";

    /// <summary>A known covariance of levels is to be combined with a residual structure.</summary>
    public const string RelatedResiduals = "related-residuals";

    /// <summary>A design without random effects is given to the mixed model estimator.</summary>
    public const string NoRandomEffects = "no-random-effects";

    /// <summary>The given residual standard deviation is not a positive number.</summary>
    public const string BadSigma = "bad-sigma";

    /// <summary>A held or shared covariance parameter does not exist or cannot be held.</summary>
    public const string BadParameter = "bad-parameter";

    /// <summary>Held or shared parameters are asked for with a residual structure.</summary>
    public const string CannotHold = "cannot-hold";

    /// <summary>A grouping factor has at least as many levels as there are rows.</summary>
    public const string TooManyLevels = "too-many-levels";

    /// <summary>A term has more random effects than the rows can tell from residuals.</summary>
    public const string TooManyEffects = "too-many-effects";

    /// <summary>A term with several effects has a known covariance of its levels.</summary>
    public const string RelatedEffects = "related-effects";

    /// <summary>A known covariance of levels has another size than the levels.</summary>
    public const string RelatedSize = "related-size";

    /// <summary>A known covariance of levels is not symmetric and positive semidefinite.</summary>
    public const string RelatedIndefinite = "related-indefinite";

    /// <summary>There are more coefficients and covariance parameters than the rows can carry.</summary>
    public const string TooManyParameters = "too-many-parameters";

    /// <summary>There are too few subjects for an unstructured covariance of this many visits.</summary>
    public const string TooFewSubjects = "too-few-subjects";

    /// <summary>A variance function of the residuals has no maximum.</summary>
    public const string VarianceOfResiduals = "variance-of-residuals";

    /// <summary>The effects reproduce the response exactly, and no residual variance is left.</summary>
    public const string ExactFit = "exact-fit";

    /// <summary>The effects reproduce the response all but exactly.</summary>
    public const string NearlyExactFit = "nearly-exact-fit";

    /// <summary>The effects together can reproduce any response in these rows.</summary>
    public const string NoResidualVariance = "no-residual-variance";

    /// <summary>The residuals are so large or small that their variance is no number.</summary>
    public const string ResponseSize = "response-size";

    /// <summary>The matrices and vectors of a call do not fit each other.</summary>
    public const string Shapes = "shapes";

    /// <summary>The columns of a given X are not independent.</summary>
    public const string RankDeficient = "rank-deficient";

    /// <summary>Columns of the fixed effects depend on others and are left out.</summary>
    public const string DroppedColumns = "dropped-columns";

    /// <summary>The columns of a random-effect term depend on each other.</summary>
    public const string DependentEffects = "dependent-effects";

    /// <summary>A column of a random-effect term is zero in all rows.</summary>
    public const string ZeroEffect = "zero-effect";

    /// <summary>A random-effect term says again what the others of its grouping say.</summary>
    public const string RedundantTerm = "redundant-term";

    /// <summary>A factor is both fixed and random.</summary>
    public const string FixedAndRandom = "fixed-and-random";

    /// <summary>The criterion is flat in some direction.</summary>
    public const string NotIdentified = "not-identified";

    /// <summary>A variance of random effects is zero or a correlation is 1 or -1.</summary>
    public const string SingularFit = "singular-fit";

    /// <summary>A slope that is said to be uncorrelated with the intercept has a covariate far from zero.</summary>
    public const string UncentredSlope = "uncentred-slope";

    /// <summary>A serial correlation tends to a unit root.</summary>
    public const string UnitRoot = "unit-root";

    /// <summary>A moving average has a unit root.</summary>
    public const string MovingAverageUnitRoot = "moving-average-unit-root";

    /// <summary>The correlation vanishes at the estimates.</summary>
    public const string NoCorrelation = "no-correlation";

    /// <summary>The nugget is estimated as zero.</summary>
    public const string NoNugget = "no-nugget";

    /// <summary>The likelihood grows without limit at the edge of the parameters.</summary>
    public const string UnboundedLikelihood = "unbounded-likelihood";

    /// <summary>The covariance of some visits is singular at the estimates.</summary>
    public const string SingularVisits = "singular-visits";

    /// <summary>The fitted values still moved after the last round.</summary>
    public const string NotSettled = "not-settled";

    /// <summary>No optimum was proved.</summary>
    public const string NotConverged = "not-converged";

    /// <summary>The residual variance tends to zero beside the random effects, and the criterion has lost its digits.</summary>
    public const string LostDigits = "lost-digits";

    /// <summary>The criterion is not finite.</summary>
    public const string NotDefined = "not-defined";

    /// <summary>The certificate that was asked for found the criterion lower elsewhere.</summary>
    public const string CertificateRefuted = "certificate-refuted";

    /// <summary>The certificate that was asked for neither proves nor refutes the optimum.</summary>
    public const string CertificateInconclusive = "certificate-inconclusive";

    /// <summary>The factor of the random effects does not fit into memory.</summary>
    public const string TooLarge = "too-large";

    /// <summary>The method for degrees of freedom does not belong to this kind of fit.</summary>
    public const string DegreesOfFreedom = "degrees-of-freedom";

    /// <summary>Shrinkage in closed form is asked of a model that is not one random intercept with independent residuals.</summary>
    public const string NotARandomIntercept = "not-a-random-intercept";
}
