using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace LmmFormula.Generators.Diagnostics;

/// <summary>All rules. Each has a page under generators/docs.</summary>
internal static class Rules
{
    private const string Category = "LmmFormula";

    public static readonly DiagnosticDescriptor Syntax = Error("LMM001", "The formula cannot be read", "{0}");
    public static readonly DiagnosticDescriptor UnknownVariable = Error("LMM002", "The record has no such member", "'{0}' is not a member of {1}{2}");
    public static readonly DiagnosticDescriptor NotPartial = Error("LMM003", "A record with a model must be partial", "{0} has a model, so it and the types around it must be partial; {1} is not");
    public static readonly DiagnosticDescriptor UnsupportedMember = Error("LMM004", "The member's type has no place in a formula", "'{0}' is of type {1}, which no column is made of; a column is a number (double, float, Half, decimal or any integer up to 64 bits), a truth value, text, a Guid, an enumeration, a date or time, or a type that holds one of these in its only property");
    public static readonly DiagnosticDescriptor AmbiguousVariable = Error("LMM005", "The name fits several members", "'{0}' may mean {1}; {2}");

    public static readonly DiagnosticDescriptor NotIntercepted = new(
        "LMM006", "The call reads its rows by reflection", "The rows are read by reflection: {0}", Category, DiagnosticSeverity.Info, isEnabledByDefault: true, description: Page("LMM006"));

    public static readonly DiagnosticDescriptor WrongKind = Error("LMM007", "The member is of the wrong kind", "{0}");

    public static readonly DiagnosticDescriptor ContinuousGroup = Warning(
        "LMM008", "The grouping factor is continuous", "The groups {0} are of type {1}: every value would be a group of its own; mark the member [Categorical] if its values are labels");

    public static readonly DiagnosticDescriptor SwappedBar = Warning(
        "LMM009", "The sides of the bar are swapped", "Effects stand left of the bar and groups right of it: '{0}' looks like the group and '{1}' like the effect");

    public static readonly DiagnosticDescriptor BothSides = Warning("LMM010", "The response is on both sides", "{0}");
    public static readonly DiagnosticDescriptor MisplacedBar = Error("LMM011", "The bar is not where a bar can be", "{0}");
    public static readonly DiagnosticDescriptor NoDegrees = Error("LMM012", "The term leaves nothing to estimate", "{0}");
    public static readonly DiagnosticDescriptor Function = Error("LMM013", "No function of the language is called so, or not with these arguments", "{0}");
    public static readonly DiagnosticDescriptor Structure = Error("LMM014", "No covariance structure is called so, or not with these arguments", "{0}");
    public static readonly DiagnosticDescriptor Level = Error("LMM015", "There is no such level or contrast", "{0}");
    public static readonly DiagnosticDescriptor Collision = Error("LMM016", "The model's name cannot be that of a member", "'{0}' {1}");

    public static readonly DiagnosticDescriptor UnsuitableType = Error("LMM017", "The type cannot have a model", "{0} has a model, but {1}");

    public static readonly DiagnosticDescriptor NarrowModel = new(
        "LMM018", "The model is less visible than its record", "{0} is {1}, although its record is more visible: its coefficients or groups are keyed by {2}", Category, DiagnosticSeverity.Info,
        isEnabledByDefault: true, description: Page("LMM018"));

    public static readonly DiagnosticDescriptor InterceptorsOff = Warning("LMM019", "The project does not let calls be sent to generated code", "The rows are read by reflection: {0}");

    public static readonly DiagnosticDescriptor Unit = Error("LMM021", "The unit is none, or the member is no time", "{0}");

    /// <summary>All rules.</summary>
    public static readonly ImmutableArray<DiagnosticDescriptor> All = ImmutableArray.Create(
        Syntax, UnknownVariable, NotPartial, UnsupportedMember, AmbiguousVariable, NotIntercepted, WrongKind, ContinuousGroup, SwappedBar, BothSides, MisplacedBar,
        NoDegrees, Function, Structure, Level, Collision, UnsuitableType, NarrowModel, InterceptorsOff, Unit);

    private static DiagnosticDescriptor Warning(string id, string title, string message) =>
        new(id, title, message, Category, DiagnosticSeverity.Warning, isEnabledByDefault: true, description: Page(id));

    private static DiagnosticDescriptor Error(string id, string title, string message) =>
        new(id, title, message, Category, DiagnosticSeverity.Error, isEnabledByDefault: true, description: Page(id));

    private static string Page(string id) => $"Explained in generators/docs/{id}.md of the sources.";
}
