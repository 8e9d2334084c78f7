using System.Linq;
using System.Threading;
using LmmFormula.Generators.Models;
using LmmFormula.Language;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace LmmFormula.Generators.Interception;

/// <summary>Finds the facade calls whose rows can be read without reflection.</summary>
internal static class CallReader
{
    /// <summary>The reason that the analyzer reports as a mistake of its own.</summary>
    public const string Misfit = "the formula does not fit the rows";

    /// <summary>Whether a node may be such a call, by its looks alone.</summary>
    public static bool MayBe(SyntaxNode node) => node is InvocationExpressionSyntax
    {
        Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Fit" } or IdentifierNameSyntax { Identifier.ValueText: "Fit" }
            or MemberAccessExpressionSyntax { Name: GenericNameSyntax { Identifier.ValueText: "Fit" } },
        ArgumentList.Arguments.Count: >= 2,
    };

    /// <summary>The call, or null if it takes the run-time path.</summary>
    public static InterceptedCall? Read(GeneratorSyntaxContext context, CancellationToken cancellation)
    {
        var syntax = (InvocationExpressionSyntax)context.Node;
        if (context.SemanticModel.GetOperation(syntax, cancellation) is not IInvocationOperation call || ReasonNot(call) is not null) return null;
        if (context.SemanticModel.GetInterceptableLocation(syntax, cancellation) is not { } location) return null;
        var row = (INamedTypeSymbol)call.TargetMethod.TypeArguments[0];
        var columns = ModelColumns.Of(Model(call)!, MemberReader.Read(row, inside: false))!;
        return new InterceptedCall(
            location.GetInterceptsLocationAttributeSyntax(),
            call.TargetMethod.ContainingType.Name,
            new RowReading(row.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat), columns.ToEquatableArray()));
    }

    /// <summary>Whether a call is one of the facade's that take rows.</summary>
    public static bool IsFacadeCall(IInvocationOperation call) => call.TargetMethod is
    {
        Name: "Fit", IsGenericMethod: true, TypeArguments.Length: 1,
        ContainingType: { Name: "Lmm" or "Gls" or "Mmrm", ContainingNamespace: { Name: "LmmFormula", ContainingNamespace.IsGlobalNamespace: true } },
    };

    /// <summary>Why a call takes the run-time path; null if it is intercepted.</summary>
    public static string? ReasonNot(IInvocationOperation call)
    {
        if (!IsFacadeCall(call)) return "it is not a call of the facade with rows";
        if (call.TargetMethod.TypeArguments[0] is not INamedTypeSymbol { TypeKind: TypeKind.Class or TypeKind.Struct } row) return "the type of the rows is not known here";
        if (!IsVisible(row)) return $"'{row.Name}' is not visible to generated code; make it internal or public";
        if (row.IsAnonymousType) return "the rows are of an anonymous type";
        if (Model(call) is not { } model) return "the formula, the correlation or the weights are not constants";
        return ModelColumns.Of(model, MemberReader.Read(row, inside: false)) is null ? Misfit : null;
    }

    // The constant texts of the call, as a declaration; null if one of them is known at run time only.
    private static ModelDeclaration? Model(IInvocationOperation call)
    {
        var texts = call.Arguments.Where(a => a.Parameter?.Type.SpecialType == SpecialType.System_String).ToArray();
        if (texts.Any(a => !a.Value.ConstantValue.HasValue)) return null;
        return Text("formula") is { } formula ? new ModelDeclaration(ModelKind.Mixed, "", formula, Text("correlation"), Text("weights")) { PriorWeights = Text("priorWeights") } : null;

        string? Text(string parameter) => texts.FirstOrDefault(a => a.Parameter!.Name == parameter)?.Value.ConstantValue.Value as string;
    }

    private static bool IsVisible(INamedTypeSymbol type)
    {
        for (INamedTypeSymbol? at = type; at is not null; at = at.ContainingType)
        {
            if (at.DeclaredAccessibility is not (Accessibility.Public or Accessibility.Internal or Accessibility.ProtectedOrInternal) || at.IsFileLocal) return false;
            if (at.TypeArguments.Any(t => t is not INamedTypeSymbol)) return false;
        }
        return true;
    }
}
