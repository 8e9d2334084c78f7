using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using LmmFormula.Generators.Interception;
using LmmFormula.Generators.Models;
using LmmFormula.Language;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace LmmFormula.Generators.Diagnostics;

/// <summary>
/// Checks formulas at compile time: those of model attributes against the record's members, and constants passed to parameters
/// marked <c>[Formula]</c>. Mistakes are reported at their characters inside the string.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class FormulaAnalyzer : DiagnosticAnalyzer
{
    /// <summary>The property of a diagnostic that carries the name to write instead.</summary>
    internal const string Suggestion = "Suggestion";

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } =
        ImmutableArray.Create(Rules.Syntax, Rules.UnknownVariable, Rules.NotPartial, Rules.UnsupportedMember, Rules.AmbiguousVariable, Rules.NotIntercepted);

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterSyntaxNodeAction(Attribute, SyntaxKind.Attribute);
        context.RegisterSyntaxNodeAction(Declaration, SyntaxKind.RecordDeclaration, SyntaxKind.RecordStructDeclaration, SyntaxKind.ClassDeclaration, SyntaxKind.StructDeclaration);
        context.RegisterOperationAction(Argument, OperationKind.Argument);
        context.RegisterOperationAction(Call, OperationKind.Invocation);
    }

    private static void Attribute(SyntaxNodeAnalysisContext context)
    {
        var attribute = (AttributeSyntax)context.Node;
        if (attribute.ArgumentList is not { } arguments || attribute.Parent?.Parent is not TypeDeclarationSyntax declaration) return;
        if (!IsModelAttribute(context.SemanticModel, attribute, context.CancellationToken)) return;
        if (context.SemanticModel.GetDeclaredSymbol(declaration, context.CancellationToken) is not INamedTypeSymbol type) return;
        var members = MemberReader.Read(type);
        foreach (var argument in arguments.Arguments)
        {
            if (argument.NameEquals is { Name.Identifier.ValueText: not ("Correlation" or "Weights") }) continue;
            Check(new FormulaText(argument.Expression, context.SemanticModel, argument.NameEquals is null), new RowMembers(type.Name, members), context.ReportDiagnostic, context.CancellationToken);
        }
    }

    private static void Declaration(SyntaxNodeAnalysisContext context)
    {
        var declaration = (TypeDeclarationSyntax)context.Node;
        if (!declaration.AttributeLists.SelectMany(l => l.Attributes).Any(a => IsModelAttribute(context.SemanticModel, a, context.CancellationToken))) return;
        if (context.SemanticModel.GetDeclaredSymbol(declaration, context.CancellationToken) is INamedTypeSymbol type && !TargetReader.IsPartial(type))
            context.ReportDiagnostic(Diagnostic.Create(Rules.NotPartial, declaration.Identifier.GetLocation(), type.Name));
    }

    private static bool IsModelAttribute(SemanticModel model, AttributeSyntax attribute, CancellationToken cancellation) =>
        model.GetSymbolInfo(attribute, cancellation).Symbol is IMethodSymbol { ContainingType: { ContainingNamespace: { Name: "LmmFormula", ContainingNamespace.IsGlobalNamespace: true } } type }
        && type.Name is "MixedModelAttribute" or "GlsModelAttribute" or "MmrmModelAttribute";

    private static void Argument(OperationAnalysisContext context)
    {
        var argument = (IArgumentOperation)context.Operation;
        if (argument.Parameter is not { } parameter || argument.Value.ConstantValue is not { HasValue: true, Value: string }) return;
        if (!parameter.GetAttributes().Any(a => a.AttributeClass is { Name: "FormulaAttribute", ContainingNamespace.Name: "LmmFormula" })) return;
        if (argument.Value.Syntax is not ExpressionSyntax expression || argument.SemanticModel is not { } model || expression.FirstAncestorOrSelf<AttributeSyntax>() is not null) return;
        var rows = RowTypeOf(argument) is { } type ? new RowMembers(type.Name, MemberReader.Read(type)) : null;
        Check(new FormulaText(expression, model, true), rows, context.ReportDiagnostic, context.CancellationToken);
    }

    private static void Call(OperationAnalysisContext context)
    {
        var call = (IInvocationOperation)context.Operation;
        if (CallReader.IsFacadeCall(call) && CallReader.ReasonNot(call) is { } reason and not CallReader.Misfit)
            context.ReportDiagnostic(Diagnostic.Create(Rules.NotIntercepted, call.Syntax.GetLocation(), reason));
    }

    // The type of a row, where the call takes a sequence of a known type: Lmm.Fit<BloodLead>("...", rows).
    private static INamedTypeSymbol? RowTypeOf(IArgumentOperation argument) =>
        argument.Parent is IInvocationOperation { TargetMethod: { IsGenericMethod: true, TypeArguments: [INamedTypeSymbol { TypeKind: TypeKind.Class or TypeKind.Struct } type] } } ? type : null;

    private sealed record FormulaText(ExpressionSyntax Expression, SemanticModel Model, bool IsFormula);

    private sealed record RowMembers(string TypeName, EquatableArray<RecordMember> Members);

    private static void Check(FormulaText text, RowMembers? rows, System.Action<Diagnostic> report, CancellationToken cancellation)
    {
        if (text.Model.GetConstantValue(text.Expression, cancellation).Value is not string value) return;
        var map = LiteralMap.Of(text.Expression, value, text.Model);
        var parsed = text.IsFormula ? FormulaParser.Parse(value).Map(f => f.Right) : FormulaParser.ParseExpression(value);
        if (parsed is Result<Expression>.Bad bad)
        {
            foreach (var error in bad.Errors) report(Diagnostic.Create(Rules.Syntax, At(error.Span ?? new(0, value.Length)), Message(error)));
            return;
        }
        if (rows is null || FormulaParser.ParseExpression(value) is not Result<Expression>.Ok whole) return;
        foreach (var reference in FormulaColumns.Of(whole.Value))
        {
            if (reference.Name != "." && NameMistake(reference, rows, At(reference.Span)) is { } mistake) report(mistake);
        }

        Location At(SourceSpan span) => Location.Create(text.Expression.SyntaxTree, map.Source(span));
    }

    private static string Message(ModelError error) => error.Hint is null ? error.Message : $"{error.Message}; {error.Hint}";

    private static Diagnostic? NameMistake(ColumnReference reference, RowMembers rows, Location location)
    {
        var names = rows.Members.Select(m => m.Column).ToArray();
        var found = MemberNames.Find(reference.Name, names);
        if (found.Count == 0)
        {
            var near = NearestName.Find(reference.Name, names);
            var properties = near is null ? ImmutableDictionary<string, string?>.Empty : ImmutableDictionary<string, string?>.Empty.Add(Suggestion, near);
            return Diagnostic.Create(Rules.UnknownVariable, location, properties, reference.Name, rows.TypeName, near is null ? "" : $"; did you mean '{near}'?");
        }
        if (found.Count > 1) return Diagnostic.Create(Rules.AmbiguousVariable, location, reference.Name, string.Join(" or ", found.Select(f => $"'{f}'")));
        var member = rows.Members.First(m => m.Column == found[0]);
        return member.Kind == MemberKind.Unsupported ? Diagnostic.Create(Rules.UnsupportedMember, location, reference.Name, member.TypeName) : null;
    }
}
