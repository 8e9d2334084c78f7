namespace LmmFormula.Language;

/// <summary>
/// The code of every error, warning and note: its stable name in programs, in JSON and in <c>src/codes.md</c>, which says why it happens
/// and what to do. A code that was shipped is never renamed, nor used for anything else.
/// </summary>
public static partial class ModelCodes
{
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
}
