using System;

namespace LmmFormula;

/// <summary>Marks a string parameter as a model formula: constants passed to it are checked by the compiler.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class FormulaAttribute : Attribute;
