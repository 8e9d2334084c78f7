using System;
using System.Collections.Generic;
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
    /// <summary>The reason that the analyzer reports as an error of its own.</summary>
    public const string Misfit = "the formula does not fit the rows";

    /// <summary>The reason that is the project's.</summary>
    public const string NotAllowed = "InterceptorsNamespaces of the project leaves LmmFormula.Generated out; set it to $(InterceptorsNamespaces);LmmFormula.Generated";

    /// <summary>Whether a node may be such a call, by its looks alone.</summary>
    public static bool MayBe(SyntaxNode node) => node is InvocationExpressionSyntax
    {
        Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Fit" } or SimpleNameSyntax { Identifier.ValueText: "Fit" },
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
            new RowReading(row.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat), columns.ToEquatableArray(), context.SemanticModel.Compilation.AssemblyName ?? "") { IsRetired = IsRetired(row) });
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
        if (call.TargetMethod.TypeArguments[0] is not INamedTypeSymbol { TypeKind: TypeKind.Class or TypeKind.Struct or TypeKind.Interface } row) return "the type of the rows is not known here";
        if (row.IsAnonymousType) return "the rows are of an anonymous type";
        if (Parts(row).Any(part => part is ITypeParameterSymbol)) return $"'{Shown(row)}' has a type argument that is not known here";
        if (Parts(row).FirstOrDefault(part => !IsVisible(part)) is { } hidden) return $"'{Shown(hidden)}' is not visible to generated code; make it internal or public";
        if (Settings(call) is { LanguageVersion: < LanguageVersion.CSharp11 }) return "sending calls to generated code takes C# 11 or later; raise LangVersion";
        if (Model(call) is not { } model) return "the formula, the correlation or the weights are not constants";
        var members = MemberReader.Read(row, inside: false);
        if (ModelColumns.Of(model, members) is not { } columns) return ReadAtRunTime(model, members) is { } member ? $"'{member.Name}' is of a type whose values tell at run time what they are" : Misfit;
        if (columns.FirstOrDefault(c => MemberReader.IsAmbiguous(row, c.Member.Name)) is { Member: var several }) return $"'{several.Name}' is a member of several interfaces that '{Shown(row)}' inherits from";
        return IsAllowed(call) ? null : NotAllowed;
    }

    // The project names the namespaces whose code may stand in for its calls; the package adds the generated one.
    private static bool IsAllowed(IInvocationOperation call) =>
        Settings(call) is { } settings && settings.Features.TryGetValue("InterceptorsNamespaces", out var namespaces)
        && namespaces.Split(';').Any(given => "LmmFormula.Generated.".StartsWith(given + ".", StringComparison.Ordinal));

    private static CSharpParseOptions? Settings(IInvocationOperation call) => call.Syntax.SyntaxTree.Options as CSharpParseOptions;

    private static string Shown(ITypeSymbol type) => type.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat);

    // The constant texts of the call, as a declaration; null if one of them is known at run time only.
    private static ModelDeclaration? Model(IInvocationOperation call)
    {
        var texts = call.Arguments.Where(a => a.Parameter?.Type.SpecialType == SpecialType.System_String).ToArray();
        if (texts.Any(a => !a.Value.ConstantValue.HasValue)) return null;
        return Text("formula") is { } formula ? new ModelDeclaration(ModelKind.Mixed, "", formula, Text("correlation"), Text("weights")) { PriorWeights = Text("priorWeights") } : null;

        string? Text(string parameter) => texts.FirstOrDefault(a => a.Parameter!.Name == parameter)?.Value.ConstantValue.Value as string;
    }

    // The first member that only reflection reads, among those that a model names; a dot names them all.
    private static RecordMember? ReadAtRunTime(ModelDeclaration model, EquatableArray<RecordMember> members)
    {
        var names = ModelColumns.Texts(model).Select(text => FormulaParser.ParseExpression(text)).OfType<Result<Expression>.Ok>().SelectMany(parsed => FormulaColumns.Of(parsed.Value)).Select(c => c.Name);
        return names.SelectMany(name => name == "." ? members : MemberLookup.Find(name, members)).FirstOrDefault(m => m.IsReadAtRunTime);
    }

    // A type, the types around it, and the types that all of them are closed over, at any depth.
    private static IEnumerable<ITypeSymbol> Parts(ITypeSymbol type) => type switch
    {
        INamedTypeSymbol named => KeyVisibilities.Around(named).SelectMany(at => at.TypeArguments.SelectMany(Parts).Prepend(at)),
        IArrayTypeSymbol array => Parts(array.ElementType),
        IPointerTypeSymbol pointer => Parts(pointer.PointedAtType),
        _ => [type],
    };

    private static bool IsVisible(ITypeSymbol type) => type switch
    {
        INamedTypeSymbol { IsTupleType: true } or IDynamicTypeSymbol => true,
        INamedTypeSymbol named => named is { DeclaredAccessibility: Accessibility.Public or Accessibility.Internal or Accessibility.ProtectedOrInternal, IsFileLocal: false, IsAnonymousType: false },
        _ => false,
    };

    private static bool IsRetired(ITypeSymbol type) => Parts(type).Any(KeyVisibilities.IsRetired);
}
