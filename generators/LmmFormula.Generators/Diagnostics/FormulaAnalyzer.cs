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
/// marked <c>[Formula]</c>. Mistakes are reported at their characters inside the string.
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
        if (attribute.ArgumentList is not { } arguments || attribute.Parent?.Parent is not TypeDeclarationSyntax declaration) return;
        if (ModelOf(context.SemanticModel, attribute, context.CancellationToken) is not { } kind) return;
        if (context.SemanticModel.GetDeclaredSymbol(declaration, context.CancellationToken) is not INamedTypeSymbol type) return;
        var rows = Rows(type);
        foreach (var argument in arguments.Arguments)
        {
            if (KindOf(argument, kind) is { } text) Check(new FormulaText(argument.Expression, context.SemanticModel, text), rows, context.ReportDiagnostic, context.CancellationToken);
        }
        var named = arguments.Arguments.FirstOrDefault(a => a.NameEquals?.Name.Identifier.ValueText == "Name");
        var name = named is null ? "Model" : context.SemanticModel.GetConstantValue(named.Expression, context.CancellationToken).Value as string;
        if (name is not null && ModelNames.Problem(type, name) is { } problem)
            context.ReportDiagnostic(Diagnostic.Create(Rules.Collision, (named?.Expression ?? (SyntaxNode)attribute.Name).GetLocation(), name, problem));
    }

    private static TextKind? KindOf(AttributeArgumentSyntax argument, TextKind formula) => argument.NameEquals?.Name.Identifier.ValueText switch
    {
        null => formula,
        "Correlation" => TextKind.Correlation,
        "Weights" => TextKind.Weights,
        _ => null,
    };

    private static void Declaration(SyntaxNodeAnalysisContext context)
    {
        var declaration = (TypeDeclarationSyntax)context.Node;
        if (!declaration.AttributeLists.SelectMany(l => l.Attributes).Any(a => ModelOf(context.SemanticModel, a, context.CancellationToken) is not null)) return;
        if (context.SemanticModel.GetDeclaredSymbol(declaration, context.CancellationToken) is INamedTypeSymbol type && !TargetReader.IsPartial(type))
            context.ReportDiagnostic(Diagnostic.Create(Rules.NotPartial, declaration.Identifier.GetLocation(), type.Name));
    }

    // Which door a model's attribute opens; null for other attributes.
    private static TextKind? ModelOf(SemanticModel model, AttributeSyntax attribute, CancellationToken cancellation) =>
        model.GetSymbolInfo(attribute, cancellation).Symbol is IMethodSymbol { ContainingType: var type } && IsOurs(type)
            ? type.Name switch { "MixedModelAttribute" => TextKind.Mixed, "GlsModelAttribute" => TextKind.Gls, "MmrmModelAttribute" => TextKind.Mmrm, _ => null }
            : null;

    private static bool IsOurs(INamedTypeSymbol type) => type.ContainingNamespace is { Name: "LmmFormula", ContainingNamespace.IsGlobalNamespace: true };

    private static void Argument(OperationAnalysisContext context)
    {
        var argument = (IArgumentOperation)context.Operation;
        if (argument.Parameter is not { } parameter || argument.Value.ConstantValue is not { HasValue: true, Value: string }) return;
        if (TextOf(parameter) is not { } kind) return;
        if (argument.Value.Syntax is not ExpressionSyntax expression || argument.SemanticModel is not { } model || expression.FirstAncestorOrSelf<AttributeSyntax>() is not null) return;
        Check(new FormulaText(expression, model, kind), RowTypeOf(argument) is { } type ? Rows(type) : null, context.ReportDiagnostic, context.CancellationToken);
    }

    // What a parameter takes, if it is a formula, or one of the facade's residual specifications.
    private static TextKind? TextOf(IParameterSymbol parameter)
    {
        var method = parameter.ContainingSymbol;
        var facade = method.ContainingType is { } type && IsOurs(type) ? type.Name : null;
        if (parameter.GetAttributes().Any(a => a.AttributeClass is { Name: "FormulaAttribute" } attribute && IsOurs(attribute)))
            return facade switch { "Lmm" => TextKind.Mixed, "Gls" => TextKind.Gls, "Mmrm" => TextKind.Mmrm, _ => TextKind.Any };
        return facade is not ("Lmm" or "Gls") ? null : parameter.Name switch { "correlation" => TextKind.Correlation, "weights" => TextKind.Weights, _ => null };
    }

    private static void Call(OperationAnalysisContext context)
    {
        var call = (IInvocationOperation)context.Operation;
        if (CallReader.IsFacadeCall(call) && CallReader.ReasonNot(call) is { } reason and not CallReader.Misfit)
            context.ReportDiagnostic(Diagnostic.Create(Rules.NotIntercepted, call.Syntax.GetLocation(), reason));
    }

    // The type of the rows beside a formula: of the method's one type argument, or of the elements of another argument.
    private static INamedTypeSymbol? RowTypeOf(IArgumentOperation formula)
    {
        if (formula.Parent is IInvocationOperation { TargetMethod: { IsGenericMethod: true, TypeArguments: [INamedTypeSymbol { TypeKind: TypeKind.Class or TypeKind.Struct, SpecialType: SpecialType.None } type] } }) return type;
        var arguments = formula.Parent switch
        {
            IInvocationOperation call => call.Arguments,
            IObjectCreationOperation creation => creation.Arguments,
            _ => ImmutableArray<IArgumentOperation>.Empty,
        };
        return arguments.Where(a => a != formula).Select(a => ElementOf((a.Value as IConversionOperation)?.Operand.Type ?? a.Value.Type)).FirstOrDefault(e => e is not null && IsOwn(e));
    }

    private static INamedTypeSymbol? ElementOf(ITypeSymbol? type) => type switch
    {
        IArrayTypeSymbol { ElementType: INamedTypeSymbol element } => element,
        INamedTypeSymbol named => named.AllInterfaces.Prepend(named)
            .FirstOrDefault(i => i.OriginalDefinition.SpecialType == SpecialType.System_Collections_Generic_IEnumerable_T)?.TypeArguments[0] as INamedTypeSymbol,
        _ => null,
    };

    // A sequence of numbers, of text or of pairs of keys and values is no table.
    private static bool IsOwn(INamedTypeSymbol type) => type.TypeKind is TypeKind.Class or TypeKind.Struct && type.Locations.Any(l => l.IsInSource);

    private static RowMembers Rows(INamedTypeSymbol type) => new(type.Name, MetadataName(type), MemberReader.Read(type));

    private static string MetadataName(INamedTypeSymbol type) => type.ContainingType is { } around
        ? MetadataName(around) + "+" + type.MetadataName
        : type.ContainingNamespace is { IsGlobalNamespace: false } space ? space.ToDisplayString() + "." + type.MetadataName : type.MetadataName;

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
