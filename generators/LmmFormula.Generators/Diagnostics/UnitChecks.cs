using System.Threading;
using LmmFormula.Generators.Models;
using LmmFormula.Language;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace LmmFormula.Generators.Diagnostics;

/// <summary>Checks the units of members: <c>[Unit("hours")]</c>.</summary>
internal static class UnitChecks
{
    /// <summary>What is wrong with an attribute of a member, if it is a unit; null if nothing is.</summary>
    public static Diagnostic? Of(AttributeSyntax attribute, SemanticModel model, CancellationToken cancellation)
    {
        if (attribute is not { ArgumentList.Arguments: [var argument], Parent.Parent: { } marked } || TypeOf(marked) is not { } syntax) return null;
        if (model.GetSymbolInfo(attribute, cancellation).Symbol is not IMethodSymbol
            {
                ContainingType: { Name: "UnitAttribute", ContainingNamespace: { Name: "LmmFormula", ContainingNamespace.IsGlobalNamespace: true } },
            }) return null;
        if (model.GetConstantValue(argument.Expression, cancellation).Value is not string word) return null;
        if (TimeUnits.Of(word) is null)
            return Diagnostic.Create(Rules.Unit, argument.Expression.GetLocation(), $"'{FormulaErrors.Shorten(word)}' is no unit of time; write {TimeUnits.Words}");
        if (model.GetTypeInfo(syntax, cancellation).Type is not { } type || !HeldValues.IsKnown(type, out var value) || MemberReader.IsTime(value)) return null;
        return Diagnostic.Create(Rules.Unit, attribute.GetLocation(), $"'{type.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat)}' is no date, time or duration, so it has no unit of time");
    }

    private static TypeSyntax? TypeOf(SyntaxNode marked) => marked switch
    {
        PropertyDeclarationSyntax property => property.Type,
        FieldDeclarationSyntax field => field.Declaration.Type,
        ParameterSyntax parameter => parameter.Type,
        _ => null,
    };
}
