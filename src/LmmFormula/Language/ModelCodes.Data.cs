namespace LmmFormula.Language;

// Of files and data.
public static partial class ModelCodes
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

    /// <summary>The R file is compressed with bzip2 or xz; no longer said, since such files are read.</summary>
    public const string RdsCompression = "rds-compression";

    /// <summary>The R object is something else than a data frame.</summary>
    public const string NotADataFrame = "not-a-data-frame";

    /// <summary>A column that no variable can be made of was left out: of R, neither a vector nor a whole factor; of a program, of a type without a rule.</summary>
    public const string ColumnSkipped = "column-skipped";

    /// <summary>Deleted rows of a data table were left out.</summary>
    public const string DeletedRows = "deleted-rows";

    /// <summary>A character that was named as the separator or as the start of comments can be neither.</summary>
    public const string Separator = "separator";

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

    /// <summary>A variable has no value in rows where all that it reads is there.</summary>
    public const string UndefinedValues = "undefined-values";

    /// <summary>A date stands as a number: its unit is said.</summary>
    public const string DateAsNumber = "date-as-number";

    /// <summary>Whole numbers that a double cannot hold stand as numbers.</summary>
    public const string RoundedNumber = "rounded-number";

    /// <summary>A member has a unit of time that is none, or is no date or time.</summary>
    public const string BadUnit = "bad-unit";

    /// <summary>Text that stands for a date is none.</summary>
    public const string BadDate = "bad-date";

    /// <summary>A value is none of the levels that its type or its attribute lists.</summary>
    public const string UnlistedLevel = "unlisted-level";

    /// <summary>A row is null.</summary>
    public const string NullRow = "null-row";

    /// <summary>A member that the model reads is of a type that no column is made of.</summary>
    public const string MemberType = "member-type";

    /// <summary>A member of a row throws when it is read.</summary>
    public const string UnreadableMember = "unreadable-member";

    /// <summary>An argument or option of the command line is missing, unknown or impossible.</summary>
    public const string CommandLine = "command-line";

    /// <summary>A result cannot be written where it was asked for.</summary>
    public const string UnwritableFile = "unwritable-file";

    /// <summary>The command was cancelled.</summary>
    public const string Cancelled = "cancelled";
}
