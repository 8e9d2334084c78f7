using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using LmmFormula.Generators.Interception;
using LmmFormula.Generators.Models;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace LmmFormula.Generators.Diagnostics;

/// <summary>
/// Checks formulas at compile time: those of model attributes against the record's members, and constants passed to parameters
/// marked <c>[Formula]</c>. Errors are reported at their characters inside the string.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class FormulaAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => Rules.All;

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
        if (UnitChecks.Of(attribute, context.SemanticModel, context.CancellationToken) is { } unit) context.ReportDiagnostic(unit);
        if (attribute.ArgumentList is not { } arguments || attribute.Parent?.Parent is not TypeDeclarationSyntax declaration) return;
        if (FormulaTexts.ModelOf(context.SemanticModel, attribute, context.CancellationToken) is not { } kind) return;
        if (context.SemanticModel.GetDeclaredSymbol(declaration, context.CancellationToken) is not INamedTypeSymbol type) return;
        if (ModelTypes.Problem(type, Language(declaration)) is not null) return;
        var rows = FormulaTexts.RowsOf(type);
        foreach (var argument in arguments.Arguments)
        {
            if (FormulaTexts.KindOf(argument, kind) is { } text) Check(new FormulaText(argument.Expression, context.SemanticModel, text), rows, context.ReportDiagnostic, context.CancellationToken);
        }
        var named = arguments.Arguments.FirstOrDefault(a => a.NameEquals?.Name.Identifier.ValueText == "Name");
        if (TargetReader.Declaration(type, attribute) is not var (data, model)) return;
        var place = (named?.Expression ?? (SyntaxNode)attribute.Name).GetLocation();
        if (ModelNames.Problem(type, data, model, rows.Members) is { } problem) context.ReportDiagnostic(Diagnostic.Create(Rules.Collision, place, model.Name, problem.Text));
        else if (ModelVisibility.Narrowing(type, model, rows.Members) is { } narrowing)
            context.ReportDiagnostic(Diagnostic.Create(Rules.NarrowModel, place, model.Name, narrowing.Modifier, narrowing.Key));
    }

    private static void Declaration(SyntaxNodeAnalysisContext context)
    {
        var declaration = (TypeDeclarationSyntax)context.Node;
        if (!declaration.AttributeLists.SelectMany(l => l.Attributes).Any(a => FormulaTexts.ModelOf(context.SemanticModel, a, context.CancellationToken) is not null)) return;
        if (context.SemanticModel.GetDeclaredSymbol(declaration, context.CancellationToken) is not INamedTypeSymbol type) return;
        // Where the type will not do, partial or not is no question.
        if (ModelTypes.Problem(type, Language(declaration)) is { } problem)
            context.ReportDiagnostic(Diagnostic.Create(Rules.UnsuitableType, declaration.Identifier.GetLocation(), type.Name, problem.Text));
        else if (TargetReader.NotPartial(type) is { } closed)
            context.ReportDiagnostic(Diagnostic.Create(Rules.NotPartial, declaration.Identifier.GetLocation(), type.Name, closed.Name));
    }

    private static LanguageVersion Language(SyntaxNode node) => ((CSharpParseOptions)node.SyntaxTree.Options).LanguageVersion;

    private static void Argument(OperationAnalysisContext context)
    {
        var argument = (IArgumentOperation)context.Operation;
        if (argument.Parameter is not { } parameter || argument.Value.ConstantValue is not { HasValue: true, Value: string }) return;
        if (FormulaTexts.KindOf(parameter) is not { } kind) return;
        if (argument.Value.Syntax is not ExpressionSyntax expression || argument.SemanticModel is not { } model || expression.FirstAncestorOrSelf<AttributeSyntax>() is not null) return;
        Check(new FormulaText(expression, model, kind), FormulaTexts.RowsOf(argument), context.ReportDiagnostic, context.CancellationToken);
    }

    private static void Call(OperationAnalysisContext context)
    {
        var call = (IInvocationOperation)context.Operation;
        if (CallReader.IsFacadeCall(call) && CallReader.ReasonNot(call) is { } reason and not CallReader.Misfit)
            context.ReportDiagnostic(Diagnostic.Create(reason == CallReader.NotAllowed ? Rules.InterceptorsOff : Rules.NotIntercepted, call.Syntax.GetLocation(), reason));
    }

    private sealed record FormulaText(ExpressionSyntax Expression, SemanticModel Model, TextKind Kind);

    private static void Check(FormulaText text, RowMembers? rows, System.Action<Diagnostic> report, CancellationToken cancellation)
    {
        if (text.Model.GetConstantValue(text.Expression, cancellation).Value is not string value) return;
        var found = TextChecks.Of(text.Kind, value, rows);
        if (found.Count == 0) return;
        var map = LiteralMap.Of(text.Expression, value, text.Model);
        foreach (var finding in found.GroupBy(f => (f.Rule.Id, f.Span)).Select(g => g.First()))
        {
            var at = Location.Create(text.Expression.SyntaxTree, map.Source(finding.Span));
            report(Diagnostic.Create(finding.Rule, at, finding.Details.ToImmutableDictionary(d => d.Key, d => (string?)d.Value), finding.Arguments));
        }
    }
}
