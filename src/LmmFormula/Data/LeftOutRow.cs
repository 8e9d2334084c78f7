namespace LmmFormula.Data;

/// <summary>Why a row is not used.</summary>
public enum LeftOutReason
{
    /// <summary>A value that a variable of the model reads is missing.</summary>
    Missing,

    /// <summary>All that a variable reads is there, and it still has no value: a logarithm of a negative number, text that is no number.</summary>
    Undefined,

    /// <summary>The prior weight is zero: the row is no observation.</summary>
    ZeroWeight,
}

/// <summary>A row of the data that is not used, and a variable that is why; a row has an entry for each such variable.</summary>
/// <param name="Row">The one-based row of the data.</param>
/// <param name="Variable">The canonical text of the variable, such as <c>log(dose)</c>.</param>
/// <param name="Reason">Why.</param>
public readonly record struct LeftOutRow(int Row, string Variable, LeftOutReason Reason);
