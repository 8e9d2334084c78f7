namespace LmmFormula.Language;

/// <summary>
/// The code of every error, warning and note: its stable name in programs, in JSON and in <c>docs/codes.md</c>, which says why it happens
/// and what to do. A code that was shipped is never renamed, nor used for anything else.
/// </summary>
public static class ModelCodes
{
    /// <summary>There is no file of this name.</summary>
    public const string NoFile = "no-file";

    /// <summary>The path names a folder where a file is needed.</summary>
    public const string NotAFile = "not-a-file";

    /// <summary>The file exists and cannot be read.</summary>
    public const string UnreadableFile = "unreadable-file";

    /// <summary>Files with this extension cannot be read.</summary>
    public const string UnknownFormat = "unknown-format";

    /// <summary>The compressed data are damaged.</summary>
    public const string DamagedGzip = "damaged-gzip";

    /// <summary>A line of the text file breaks the rules of quoting.</summary>
    public const string MalformedCsv = "malformed-csv";

    /// <summary>The text file has no line that names the columns.</summary>
    public const string NoHeader = "no-header";

    /// <summary>A line has more or fewer fields than the header.</summary>
    public const string FieldCount = "field-count";

    /// <summary>Two columns have one name.</summary>
    public const string RepeatedColumn = "repeated-column";

    /// <summary>The R file is not laid out as <c>saveRDS</c> writes it.</summary>
    public const string RdsFormat = "rds-format";

    /// <summary>The R file is compressed with bzip2 or xz.</summary>
    public const string RdsCompression = "rds-compression";

    /// <summary>The R object is something else than a data frame.</summary>
    public const string NotADataFrame = "not-a-data-frame";

    /// <summary>A column of the R data frame is neither a vector nor a whole factor, and was left out.</summary>
    public const string ColumnSkipped = "column-skipped";

    /// <summary>The header has one column, and semicolons in it.</summary>
    public const string Separator = "separator";

    /// <summary>A character or word stands where the grammar has no place for it.</summary>
    public const string UnexpectedToken = "unexpected-token";

    /// <summary>The formula ends where something must follow.</summary>
    public const string UnexpectedEnd = "unexpected-end";

    /// <summary>A new line begins a new term without an operator.</summary>
    public const string TwoLines = "two-lines";

    /// <summary>The formula has no <c>~</c>.</summary>
    public const string NoTilde = "no-tilde";

    /// <summary>There is a second <c>~</c>.</summary>
    public const string TwoTildes = "two-tildes";

    /// <summary>A bracket is closed that was never opened.</summary>
    public const string UnmatchedParen = "unmatched-paren";

    /// <summary>A round bracket is never closed.</summary>
    public const string UnclosedParen = "unclosed-paren";

    /// <summary>A square bracket is never closed.</summary>
    public const string UnclosedBracket = "unclosed-bracket";

    /// <summary>A quoted text is never closed.</summary>
    public const string UnclosedString = "unclosed-string";

    /// <summary>A backquoted name is never closed.</summary>
    public const string UnclosedBacktick = "unclosed-backtick";

    /// <summary>A number is not written as one.</summary>
    public const string BadNumber = "bad-number";

    /// <summary>A name is empty or begins with <c>_</c>.</summary>
    public const string BadName = "bad-name";

    /// <summary>A character has no meaning in a formula.</summary>
    public const string BadCharacter = "bad-character";

    /// <summary>An operator is unknown or not closed.</summary>
    public const string BadOperator = "bad-operator";

    /// <summary>The formula is nested deeper than is allowed.</summary>
    public const string NestingLimit = "nesting-limit";

    /// <summary>Nothing stands before <c>~</c>.</summary>
    public const string NoResponse = "no-response";

    /// <summary>The response is among its own predictors.</summary>
    public const string ResponseOnRight = "response-on-right";

    /// <summary>A number stands as a term.</summary>
    public const string BadConstant = "bad-constant";

    /// <summary>A quoted text stands as a term.</summary>
    public const string StringTerm = "string-term";

    /// <summary>The power of a group of terms is not a whole number of at least 2.</summary>
    public const string BadPower = "bad-power";

    /// <summary>The formula expands to more terms than the limit.</summary>
    public const string TooManyTerms = "too-many-terms";

    /// <summary><c>.</c> stands where no data set says what it means.</summary>
    public const string NoDataDot = "no-data-dot";

    /// <summary>The formula language has no function of this name.</summary>
    public const string UnknownFunction = "unknown-function";

    /// <summary>The arguments of a function do not fit it.</summary>
    public const string BadArguments = "bad-arguments";

    /// <summary>A reserved word of R stands as a name.</summary>
    public const string Keyword = "keyword";

    /// <summary>The formula is empty.</summary>
    public const string Empty = "empty";

    /// <summary>An assignment (<c>=</c>, <c>&lt;-</c>, <c>-&gt;</c>) stands in a formula.</summary>
    public const string Assignment = "assignment";

    /// <summary>Braces stand in a formula.</summary>
    public const string Block = "block";

    /// <summary>Part of R's language that formulas do not offer here.</summary>
    public const string Unsupported = "unsupported";

    /// <summary>The formula has no random effects where a mixed model is wanted.</summary>
    public const string NoRandom = "no-random";

    /// <summary>The formula has random effects where generalized least squares is wanted.</summary>
    public const string RandomInGls = "random-in-gls";

    /// <summary>A bar has no brackets around its term.</summary>
    public const string BareBar = "bare-bar";

    /// <summary>A bar stands where no random-effect term can.</summary>
    public const string MisplacedBar = "misplaced-bar";

    /// <summary>A random-effect term has a second bar.</summary>
    public const string NestedBars = "nested-bars";

    /// <summary>A random-effect term has no effects.</summary>
    public const string EmptyTerm = "empty-term";

    /// <summary>The right side of a bar is not a grouping.</summary>
    public const string BadGroup = "bad-group";

    /// <summary>An offset stands inside a random-effect term.</summary>
    public const string OffsetInBar = "offset-in-bar";

    /// <summary>A covariance structure of a random-effect term is not written or used rightly.</summary>
    public const string BadStructure = "bad-structure";

    /// <summary>There is no covariance, correlation or variance structure of this name.</summary>
    public const string UnknownStructure = "unknown-structure";

    /// <summary><c>||</c> does not separate the columns of a factor or basis.</summary>
    public const string DoubleBarFactor = "double-bar-factor";

    /// <summary>A grouping factor is a number with many different values.</summary>
    public const string NumericGroup = "numeric-group";

    /// <summary>The data have no column of this name.</summary>
    public const string UnknownColumn = "unknown-column";

    /// <summary>A variable has another number of values than the data have rows.</summary>
    public const string BadLength = "bad-length";

    /// <summary>No rows are left to fit.</summary>
    public const string NoRows = "no-rows";

    /// <summary>Rows miss values, and the options forbid leaving them out.</summary>
    public const string MissingValues = "missing-values";

    /// <summary>Rows with missing values are left out.</summary>
    public const string RowsLeftOut = "rows-left-out";

    /// <summary>Rows whose prior weight is 0 are left out.</summary>
    public const string ZeroWeights = "zero-weights";

    /// <summary>A variable is infinite in some rows.</summary>
    public const string NonFinite = "non-finite";

    /// <summary>Weights or a variance covariate must be positive and are not.</summary>
    public const string NotPositive = "not-positive";

    /// <summary>A function or comparison needs a number and gets something else.</summary>
    public const string NotNumeric = "not-numeric";

    /// <summary>The response is no single numeric column.</summary>
    public const string NotNumericResponse = "not-numeric-response";

    /// <summary>An offset is not numeric.</summary>
    public const string NotNumericOffset = "not-numeric-offset";

    /// <summary>The response has the same value in all rows.</summary>
    public const string ConstantResponse = "constant-response";

    /// <summary>A factor has one level only.</summary>
    public const string OneLevel = "one-level";

    /// <summary>A level does not exist, or a function of levels gets no factor.</summary>
    public const string BadLevel = "bad-level";

    /// <summary>New rows have a level that the fit has never seen.</summary>
    public const string NewLevel = "new-level";

    /// <summary>The labels are not as many as the levels or intervals.</summary>
    public const string BadLabels = "bad-labels";

    /// <summary>The breaks of <c>cut</c> make no intervals.</summary>
    public const string BadBreaks = "bad-breaks";

    /// <summary>A coding of a factor does not fit its levels.</summary>
    public const string BadContrast = "bad-contrast";

    /// <summary>The codings of a factor are not used, because levels went with the rows that were left out.</summary>
    public const string ContrastsDropped = "contrasts-dropped";

    /// <summary>The degree or degrees of freedom of <c>poly</c>, <c>bs</c> or <c>ns</c> cannot be.</summary>
    public const string BadDegree = "bad-degree";

    /// <summary>The knots of a spline cannot be.</summary>
    public const string BadKnots = "bad-knots";

    /// <summary>A basis is to be made of values that are missing or infinite.</summary>
    public const string MissingInBasis = "missing-in-basis";

    /// <summary>A condition that selects rows is not true or false in each row.</summary>
    public const string BadCondition = "bad-condition";

    /// <summary>A grouping factor has as many levels as there are rows.</summary>
    public const string GroupAsManyLevels = "group-as-many-levels";

    /// <summary>A term has at least as many random effects as there are rows.</summary>
    public const string ManyEffects = "many-effects";

    /// <summary>New rows cannot be predicted, because the design was not made from a formula.</summary>
    public const string NoRecipe = "no-recipe";

    /// <summary>There is no group or grouping factor of this name.</summary>
    public const string NoGroup = "no-group";

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
