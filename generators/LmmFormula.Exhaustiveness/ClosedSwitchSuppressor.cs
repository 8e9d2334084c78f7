using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;

namespace LmmFormula.Exhaustiveness;

/// <summary>
/// Silences CS8509 ("the switch expression does not handle all possible values") where the input is a closed hierarchy
/// (an abstract record with a private constructor whose cases are nested in it) and every case has an arm without a guard.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class ClosedSwitchSuppressor : DiagnosticSuppressor
{
    private static readonly SuppressionDescriptor Complete = new("LMMS01", "CS8509", "Every case of the closed hierarchy has an arm");

    /// <inheritdoc/>
    public override ImmutableArray<SuppressionDescriptor> SupportedSuppressions { get; } = ImmutableArray.Create(Complete);

    /// <inheritdoc/>
    public override void ReportSuppressions(SuppressionAnalysisContext context)
    {
        foreach (var diagnostic in context.ReportedDiagnostics)
        {
            if (diagnostic.Location.SourceTree is not { } tree) continue;
            var node = tree.GetRoot(context.CancellationToken).FindNode(diagnostic.Location.SourceSpan, getInnermostNodeForTie: true);
            if (node.FirstAncestorOrSelf<SwitchExpressionSyntax>() is not { } expression) continue;
            var model = context.GetSemanticModel(tree);
            if (model.GetTypeInfo(expression.GoverningExpression, context.CancellationToken).Type is not INamedTypeSymbol type || !IsClosed(type)) continue;
            if (CasesOf(type).All(@case => expression.Arms.Any(arm => arm.WhenClause is null && Covers(model, arm.Pattern, @case))))
                context.ReportSuppression(Suppression.Create(Complete, diagnostic));
        }
    }

    // The copy constructor that every record has does not count. Of a referenced assembly the compiler does not see private
    // constructors at all, so a hierarchy without any other constructor is closed too.
    private static bool IsClosed(INamedTypeSymbol type) =>
        type.IsAbstract && type.IsRecord
        && type.InstanceConstructors.Where(c => !IsCopy(c)).All(c => c.DeclaredAccessibility == Accessibility.Private);

    private static bool IsCopy(IMethodSymbol constructor) =>
        constructor.Parameters.Length == 1 && SymbolEqualityComparer.Default.Equals(constructor.Parameters[0].Type, constructor.ContainingType);

    private static IEnumerable<INamedTypeSymbol> CasesOf(INamedTypeSymbol type) =>
        type.GetTypeMembers().Where(m => SymbolEqualityComparer.Default.Equals(m.BaseType?.OriginalDefinition, type.OriginalDefinition))
            .SelectMany(m => m.IsAbstract ? CasesOf(m) : new[] { m });

    // A pattern covers a case when it is a type test for it (or a base of it) that cannot fail on its parts.
    private static bool Covers(SemanticModel model, PatternSyntax pattern, INamedTypeSymbol @case) => pattern switch
    {
        ParenthesizedPatternSyntax p => Covers(model, p.Pattern, @case),
        BinaryPatternSyntax p when p.IsKind(SyntaxKind.OrPattern) => Covers(model, p.Left, @case) || Covers(model, p.Right, @case),
        DeclarationPatternSyntax p => Is(model, p.Type, @case),
        TypePatternSyntax p => Is(model, p.Type, @case),
        ConstantPatternSyntax p => Is(model, p.Expression, @case),
        RecursivePatternSyntax p => p.Type is not null && Is(model, p.Type, @case)
            && (p.PositionalPatternClause is null || p.PositionalPatternClause.Subpatterns.All(s => AlwaysMatches(s.Pattern)))
            && (p.PropertyPatternClause is null || p.PropertyPatternClause.Subpatterns.All(s => AlwaysMatches(s.Pattern))),
        _ => false,
    };

    private static bool AlwaysMatches(PatternSyntax pattern) => pattern is VarPatternSyntax or DiscardPatternSyntax;

    private static bool Is(SemanticModel model, ExpressionSyntax type, INamedTypeSymbol @case)
    {
        if ((model.GetSymbolInfo(type).Symbol ?? model.GetTypeInfo(type).Type) is not INamedTypeSymbol tested) return false;
        for (INamedTypeSymbol? t = @case; t is not null; t = t.BaseType)
        {
            if (SymbolEqualityComparer.Default.Equals(t.OriginalDefinition, tested.OriginalDefinition)) return true;
        }
        return false;
    }
}
