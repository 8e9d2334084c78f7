using System.Collections.Generic;
using System.Linq;
using LmmFormula.Language;
using Microsoft.CodeAnalysis;

namespace LmmFormula.Generators.Models;

/// <summary>Reads the members of a record type that formulas can name.</summary>
internal static class MemberReader
{
    /// <summary>The readable instance properties and fields, inherited ones included, those of the type itself first.</summary>
    public static EquatableArray<RecordMember> Read(INamedTypeSymbol type)
    {
        var members = new List<RecordMember>();
        var seen = new HashSet<string>();
        for (INamedTypeSymbol? at = type; at is not null && at.SpecialType != SpecialType.System_Object; at = at.BaseType)
        {
            foreach (var symbol in at.GetMembers())
            {
                if (Readable(symbol) is not { } memberType || !seen.Add(symbol.Name)) continue;
                members.Add(Of(symbol, memberType, ParameterOf(at, symbol)));
            }
        }
        return members.ToEquatableArray();
    }

    private static ITypeSymbol? Readable(ISymbol symbol) => symbol switch
    {
        { IsStatic: true } or { CanBeReferencedByName: false } => null,
        IPropertySymbol { IsIndexer: false, GetMethod: not null, Name: not "EqualityContract" } property => property.Type,
        IFieldSymbol { AssociatedSymbol: null, IsConst: false } field => field.Type,
        _ => null,
    };

    // Attributes on a positional record's parameter without a target stay on the parameter.
    private static IParameterSymbol? ParameterOf(INamedTypeSymbol type, ISymbol member) =>
        type.IsRecord ? type.InstanceConstructors.SelectMany(c => c.Parameters).FirstOrDefault(p => p.Name == member.Name) : null;

    private static RecordMember Of(ISymbol symbol, ITypeSymbol type, IParameterSymbol? parameter)
    {
        var attributes = symbol.GetAttributes().Concat(parameter?.GetAttributes() ?? []).ToArray();
        var nullable = type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } || type.NullableAnnotation == NullableAnnotation.Annotated;
        var bare = type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } wrapped ? wrapped.TypeArguments[0] : type;
        var kind = KindOf(bare);
        var levels = attributes.FirstOrDefault(a => Is(a, "LevelsAttribute")) is { ConstructorArguments: [{ Kind: TypedConstantKind.Array } given] }
            ? given.Values.Select(v => v.Value as string ?? "").ToEquatableArray()
            : kind == MemberKind.Enumeration ? EnumerationLevels(bare) : [];
        var column = attributes.FirstOrDefault(a => Is(a, "ColumnAttribute"))?.ConstructorArguments.FirstOrDefault().Value as string;
        var ordered = attributes.Any(a => Is(a, "OrderedAttribute"));
        return new RecordMember(
            symbol.Name, column ?? symbol.Name, kind, bare.WithNullableAnnotation(NullableAnnotation.NotAnnotated).ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat), nullable,
            levels, IsCategorical: ordered || levels.Count > 0 || attributes.Any(a => Is(a, "CategoricalAttribute")), ordered);
    }

    private static bool Is(AttributeData attribute, string name) => attribute.AttributeClass is { ContainingNamespace.Name: "LmmFormula" } type && type.Name == name;

    private static MemberKind KindOf(ITypeSymbol type) => type switch
    {
        { TypeKind: TypeKind.Enum } => MemberKind.Enumeration,
        {
            SpecialType: SpecialType.System_Double or SpecialType.System_Single or SpecialType.System_Decimal or SpecialType.System_Int64
            or SpecialType.System_UInt32 or SpecialType.System_UInt64
        } => MemberKind.Number,
        { SpecialType: SpecialType.System_Int32 or SpecialType.System_Int16 or SpecialType.System_UInt16 or SpecialType.System_Byte or SpecialType.System_SByte } => MemberKind.Integer,
        { SpecialType: SpecialType.System_Boolean } => MemberKind.Logical,
        { SpecialType: SpecialType.System_String } => MemberKind.Text,
        { SpecialType: SpecialType.System_DateTime } => MemberKind.DateTime,
        { Name: "DateOnly", ContainingNamespace.Name: "System" } => MemberKind.Date,
        _ => MemberKind.Unsupported,
    };

    private static EquatableArray<string> EnumerationLevels(ITypeSymbol type) => type.GetMembers().OfType<IFieldSymbol>()
        .Where(f => f.HasConstantValue)
        .GroupBy(f => System.Convert.ToDecimal(f.ConstantValue, System.Globalization.CultureInfo.InvariantCulture))
        .OrderBy(g => g.Key).Select(g => g.First().Name).ToEquatableArray();
}
