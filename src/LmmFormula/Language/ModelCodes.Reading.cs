namespace LmmFormula.Language;

// Of text that is read.
public static partial class ModelCodes
{
    /// <summary>The file is something else than a table of text.</summary>
    public const string NotData = "not-data";

    /// <summary>The text is not UTF-8, and is read as Windows-1252.</summary>
    public const string NotUtf8 = "not-utf8";

    /// <summary>The text can be read in two ways that are as good.</summary>
    public const string AmbiguousText = "ambiguous-text";

    /// <summary>Quotes inside fields are read as text.</summary>
    public const string StrayQuotes = "stray-quotes";

    /// <summary>Lines between the data are taken as comments.</summary>
    public const string CommentLines = "comment-lines";

    /// <summary>Lines have fewer fields than there are columns.</summary>
    public const string ShortLines = "short-lines";

    /// <summary>Lines have separators after their last field.</summary>
    public const string TrailingSeparators = "trailing-separators";

    /// <summary>Labels that differ by blanks around unquoted cells are one.</summary>
    public const string PaddedLabels = "padded-labels";

    /// <summary>Cells that hold Excel's #N/A are missing.</summary>
    public const string NotAvailable = "not-available";

    /// <summary>A column of text is nearly all numbers.</summary>
    public const string NearlyNumbers = "nearly-numbers";

    /// <summary>A column of dates is text, because their order is not plain.</summary>
    public const string DatesAsText = "dates-as-text";

    /// <summary>A column of numbers with leading zeros is taken as labels.</summary>
    public const string LeadingZeros = "leading-zeros";

    /// <summary>The first level of a factor is another one in R's C locale.</summary>
    public const string ReferenceLevel = "reference-level";

    /// <summary>Levels differ only by case or by blanks.</summary>
    public const string SimilarLevels = "similar-levels";

    /// <summary>Numbers have a minus sign that is not the hyphen.</summary>
    public const string UnicodeMinus = "unicode-minus";

    /// <summary>The bytes of a file are not what its format says.</summary>
    public const string DamagedData = "damaged-data";

    /// <summary>A file is encrypted.</summary>
    public const string EncryptedData = "encrypted-data";

    /// <summary>A column is stored in a way that is not read.</summary>
    public const string UnreadStorage = "unread-storage";

    /// <summary>A stream does not say whether it is whole.</summary>
    public const string NoEndMark = "no-end-mark";

    /// <summary>Which sheet of a workbook is meant cannot be told.</summary>
    public const string Sheet = "sheet";

    /// <summary>Rows that a workbook hides are read.</summary>
    public const string HiddenRows = "hidden-rows";

    /// <summary>Of merged cells only the first has a value.</summary>
    public const string MergedCells = "merged-cells";

    /// <summary>Formulas of a workbook have no value in it.</summary>
    public const string UncomputedFormulas = "uncomputed-formulas";

    /// <summary>A file unpacks to more than is read.</summary>
    public const string UnpacksTooLarge = "unpacks-too-large";

    /// <summary>An option says nothing of files of this format.</summary>
    public const string UnusedOption = "unused-option";
}
