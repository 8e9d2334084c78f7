namespace FormulaStrings;

/// <summary>The reaction time of a person on one day, in milliseconds.</summary>
internal sealed record Trial(string Person, int Days, double Reaction);
