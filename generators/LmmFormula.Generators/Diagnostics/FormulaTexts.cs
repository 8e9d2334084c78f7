using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using LmmFormula.Generators.Models;
using LmmFormula.Language;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace LmmFormula.Generators.Diagnostics;

/// <summary>Which strings of a program are formulas, and of which rows they speak.</summary>
internal static class FormulaTexts
{
    /// <summary>What the formula of a model's attribute is for; null for other attributes.</summary>
    public static TextKind? ModelOf(SemanticModel model, AttributeSyntax attribute, CancellationToken cancellation) =>
        model.GetSymbolInfo(attribute, cancellation).Symbol is IMethodSymbol { ContainingType: var type } && IsOurs(type)
            ? type.Name switch { "MixedModelAttribute" => TextKind.Mixed, "GlsModelAttribute" => TextKind.Gls, "MmrmModelAttribute" => TextKind.Mmrm, _ => null }
            : null;

    private static bool IsOurs(INamedTypeSymbol type) => type.ContainingNamespace is { Name: "LmmFormula", ContainingNamespace.IsGlobalNamespace: true };

    /// <summary>What an argument of a model's attribute is for, or null.</summary>
    public static TextKind? KindOf(AttributeArgumentSyntax argument, TextKind formula) => argument.NameEquals?.Name.Identifier.ValueText switch
    {
        null => formula,
        "Correlation" => TextKind.Correlation,
        "Weights" => TextKind.Weights,
        _ => null,
    };

    /// <summary>What a parameter takes, if it is a formula, or one of the facade's residual specifications.</summary>
    public static TextKind? KindOf(IParameterSymbol parameter)
    {
        var method = parameter.ContainingSymbol;
        var facade = method.ContainingType is { } type && IsOurs(type) ? type.Name : null;
        if (parameter.GetAttributes().Any(a => a.AttributeClass is { Name: "FormulaAttribute" } attribute && IsOurs(attribute)))
            return facade switch { "Lmm" => TextKind.Mixed, "Gls" => TextKind.Gls, "Mmrm" => TextKind.Mmrm, _ => TextKind.Any };
        return facade is not ("Lmm" or "Gls") ? null : parameter.Name switch { "correlation" => TextKind.Correlation, "weights" => TextKind.Weights, _ => null };
    }

    /// <summary>The rows beside a formula: of the method's one type argument, or of the elements of another argument; null if there are none.</summary>
    public static RowMembers? RowsOf(IArgumentOperation formula)
    {
        if (RowTypeOf(formula) is not { } type) return null;
        var rows = RowsOf(type) with { MayBeReadAtRunTime = true };
        if (formula.Parent is not IInvocationOperation call || !Interception.CallReader.IsFacadeCall(call)) return rows;
        // The facade reads what is public, whether by reflection or not.
        var read = MemberReader.Read(type, inside: false);
        return rows with { Members = read, Hidden = rows.Members.Select(m => m.Column).Except(read.Select(m => m.Column)).ToEquatableArray() };
    }

    /// <summary>The rows of a type.</summary>
    public static RowMembers RowsOf(INamedTypeSymbol type)
    {
        var special = type.IsTupleType || type.OriginalDefinition.SpecialType == SpecialType.System_Nullable_T;
        return new(special ? type.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat) : type.Name, MetadataName(type), MemberReader.Read(type))
        {
            Elements = type.IsTupleType ? type.TupleElements.Where(e => e.IsExplicitlyNamedTupleElement).ToDictionary(e => e.Name, e => e.CorrespondingTupleField?.Name ?? e.Name) : [],
            AreNullable = special && !type.IsTupleType,
        };
    }

    private static INamedTypeSymbol? RowTypeOf(IArgumentOperation formula)
    {
        if (formula.Parent is IInvocationOperation { TargetMethod: { IsGenericMethod: true, TypeArguments: [INamedTypeSymbol { TypeKind: TypeKind.Class or TypeKind.Struct or TypeKind.Interface, SpecialType: SpecialType.None } type] } }) return type;
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

    private static string MetadataName(INamedTypeSymbol type) => type.ContainingType is { } around
        ? MetadataName(around) + "+" + type.MetadataName
        : type.ContainingNamespace is { IsGlobalNamespace: false } space ? space.ToDisplayString() + "." + type.MetadataName : type.MetadataName;
}
