using Microsoft.CodeAnalysis;

namespace LmmFormula.Generators.Diagnostics;

/// <summary>All rules. Each has a page under generators/docs.</summary>
internal static class Rules
{
    private const string Category = "LmmFormula";

    public static readonly DiagnosticDescriptor Syntax = Error("LMM001", "The formula cannot be read", "{0}");
    public static readonly DiagnosticDescriptor UnknownVariable = Error("LMM002", "The record has no such member", "'{0}' is not a member of {1}{2}");
    public static readonly DiagnosticDescriptor NotPartial = Error("LMM003", "A record with a model must be partial", "{0} has a model, so it and the types around it must be partial");
    public static readonly DiagnosticDescriptor UnsupportedMember = Error("LMM004", "The member's type has no place in a formula", "'{0}' is of type {1}; a formula reads numbers, truth values, text, enumerations and dates");
    public static readonly DiagnosticDescriptor AmbiguousVariable = Error("LMM005", "The name fits several members", "'{0}' may mean {1}; write one of them exactly");

    public static readonly DiagnosticDescriptor NotIntercepted = new(
        "LMM006", "The call reads its rows by reflection", "The rows are read by reflection: {0}", Category, DiagnosticSeverity.Info, isEnabledByDefault: true, description: Page("LMM006"));

    private static DiagnosticDescriptor Error(string id, string title, string message) =>
        new(id, title, message, Category, DiagnosticSeverity.Error, isEnabledByDefault: true, description: Page(id));

    private static string Page(string id) => $"Explained in generators/docs/{id}.md of the sources.";
}
