namespace LmmFormula.Fits;

/// <summary>
/// A figure that is not given because the quantity is not defined; where a number would stand there is <see cref="double.NaN"/>, in JSON
/// null.
/// </summary>
/// <param name="Quantity">The quantity, as JSON names it: <c>correlation</c>, <c>df</c>, <c>pValue</c>.</param>
/// <param name="Of">What it is a quantity of: a coefficient, a pair of effects, a parameter; null if of the fit.</param>
/// <param name="Code">The code of the reason, one of <see cref="Language.ModelCodes"/>.</param>
/// <param name="Reason">Why it is not defined, a sentence without a full stop.</param>
public sealed record WithheldFigure(string Quantity, string? Of, string Code, string Reason);
