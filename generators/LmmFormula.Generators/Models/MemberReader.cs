using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using LmmFormula.Language;
using Microsoft.CodeAnalysis;

namespace LmmFormula.Generators.Models;

/// <summary>Reads the members of a record type that formulas can name.</summary>
internal static class MemberReader
{
    /// <summary>The readable instance properties and fields, inherited ones included, those of the type itself first.</summary>
    /// <param name="type">The record.</param>
    /// <param name="inside">Whether the code that reads them is part of the record; if not, it sees what is public, as reflection does.</param>
    public static EquatableArray<RecordMember> Read(INamedTypeSymbol type, bool inside = true) =>
        Members(type, inside)
            .Select(m => Of(m.Symbol, m.Type, type, ParameterOf(m.Symbol.ContainingType, m.Symbol)))
            .ToEquatableArray();

    /// <summary>The symbols of the members, with their types: properties before fields, as reflection has them.</summary>
    public static IEnumerable<(ISymbol Symbol, ITypeSymbol Type)> Members(INamedTypeSymbol type, bool inside)
    {
        // The names of a tuple's elements are the compiler's alone: whoever reads a tuple at run time finds Item1, Item2.
        if (type is { IsTupleType: true, TupleUnderlyingType: { } underlying }) type = underlying;
        var seen = new HashSet<string>();
        // Interfaces inherit from each other, classes from one another.
        var types = type.TypeKind == TypeKind.Interface ? type.AllInterfaces.Insert(0, type) : Bases(type);
        foreach (var (symbol, at) in types.SelectMany(at => at.GetMembers().Select(symbol => (symbol, at))).OrderBy(m => m.symbol is IFieldSymbol))
        {
            var inherited = !SymbolEqualityComparer.Default.Equals(at, type);
            if (Readable(symbol) is { } memberType && IsVisible(symbol, type, inside, inherited) && seen.Add(symbol.Name)) yield return (symbol, memberType);
        }
    }

    /// <summary>Whether code does not know which member of an interface a name means, because several that it inherits from have it.</summary>
    public static bool IsAmbiguous(INamedTypeSymbol type, string name)
    {
        if (type.TypeKind != TypeKind.Interface) return false;
        var owners = type.AllInterfaces.Insert(0, type).Where(at => at.GetMembers(name).Length > 0).ToArray();
        return owners.Count(at => !owners.Any(other => other.AllInterfaces.Contains(at, SymbolEqualityComparer.Default))) > 1;
    }

    private static IEnumerable<INamedTypeSymbol> Bases(INamedTypeSymbol type)
    {
        for (INamedTypeSymbol? at = type; at is not null && at.SpecialType != SpecialType.System_Object; at = at.BaseType) yield return at;
    }

    /// <summary>A type without the question mark of nullable values.</summary>
    public static ITypeSymbol Bare(ITypeSymbol type) =>
        type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } wrapped ? wrapped.TypeArguments[0] : type;

    private static ITypeSymbol? Readable(ISymbol symbol) => symbol switch
    {
        { IsStatic: true } or { CanBeReferencedByName: false } => null,
        IPropertySymbol { IsIndexer: false, GetMethod: not null, Name: not "EqualityContract" } property => property.Type,
        IFieldSymbol { AssociatedSymbol: null, IsConst: false } field => field.Type,
        _ => null,
    };

    private static bool IsVisible(ISymbol symbol, INamedTypeSymbol type, bool inside, bool inherited)
    {
        var accessibility = symbol is IPropertySymbol { GetMethod: { } getter } ? getter.DeclaredAccessibility : symbol.DeclaredAccessibility;
        var near = SymbolEqualityComparer.Default.Equals(symbol.ContainingAssembly, type.ContainingAssembly);
        return accessibility switch
        {
            Accessibility.Public => true,
            Accessibility.Internal => inside && near,
            Accessibility.ProtectedOrInternal => inside,
            Accessibility.Protected => inside,
            Accessibility.ProtectedAndInternal => inside && near,
            _ => inside && !inherited,
        };
    }

    // What is said of a property holds where it is overridden, unless something else is said there.
    private static IEnumerable<ISymbol> Overridden(ISymbol symbol)
    {
        for (ISymbol? at = symbol; at is not null; at = (at as IPropertySymbol)?.OverriddenProperty) yield return at;
    }

    private static bool IsPublic(ISymbol symbol) =>
        symbol.DeclaredAccessibility == Accessibility.Public && (symbol is not IPropertySymbol property || property.GetMethod?.DeclaredAccessibility == Accessibility.Public);

    // Attributes on a positional record's parameter without a target stay on the parameter.
    private static IParameterSymbol? ParameterOf(INamedTypeSymbol type, ISymbol member) =>
        type.InstanceConstructors.SelectMany(c => c.Parameters).FirstOrDefault(p => p.Name == member.Name);

    private static RecordMember Of(ISymbol symbol, ITypeSymbol type, INamedTypeSymbol record, IParameterSymbol? parameter)
    {
        var attributes = Overridden(symbol).SelectMany(at => at.GetAttributes()).Concat(parameter?.GetAttributes() ?? []).ToArray();
        var bare = Bare(type);
        var held = KindOf(bare) == MemberKind.Unsupported ? HeldValues.Of(bare) : null;
        var value = held?.Type ?? bare;
        // Where annotations are off, or not minded, what holds the value may be null all the same.
        var nullable = type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } || type.NullableAnnotation == NullableAnnotation.Annotated
            || (held is not null && bare.IsReferenceType);
        var kind = KindOf(value);
        var levels = attributes.FirstOrDefault(a => Is(a, "LevelsAttribute")) is { ConstructorArguments: [{ Kind: TypedConstantKind.Array } given] }
            ? given.Values.Select(v => v.Value as string ?? "").ToEquatableArray()
            : kind == MemberKind.Enumeration ? EnumerationLevels(value) : [];
        var column = (attributes.FirstOrDefault(a => Is(a, "ColumnNameAttribute")) ?? attributes.FirstOrDefault(IsOfDatabase))?.ConstructorArguments.FirstOrDefault().Value as string;
        var ordered = attributes.Any(a => Is(a, "OrderedAttribute"));
        return new RecordMember(
            symbol.Name, column ?? symbol.Name, kind, TypeText(bare), TypeText(value), held is null ? "" : "." + Emit.Identifiers.Escape(held.Name), nullable,
            levels, IsCategorical: ordered || levels.Count > 0 || attributes.Any(a => Is(a, "CategoricalAttribute")), ordered, IsPublic(symbol))
        {
            FirstLevel = kind == MemberKind.Enumeration ? FirstLevel(value) : null,
            Numbers = kind == MemberKind.Enumeration ? EnumerationNumbers(value) : [],
            IsUnsigned = value is INamedTypeSymbol { EnumUnderlyingType.SpecialType: SpecialType.System_UInt64 },
            IsRetired = IsRetired(symbol) || (held is not null && IsRetired(held)),
            IsReadAtRunTime = kind == MemberKind.Unsupported && HeldValues.IsReadAtRunTime(bare),
            // A key is read as the member is.
            Visibility = held is not null && IsRetired(held) ? KeyVisibility.Nowhere : KeyVisibilities.Of(bare, record),
            Unit = TimeUnits.Of(attributes.FirstOrDefault(a => Is(a, "UnitAttribute"))?.ConstructorArguments.FirstOrDefault().Value as string) is { } unit && IsTime(value) ? unit : null,
            OthersMissing = attributes.Any(a => Is(a, "OthersMissingAttribute")),
        };
    }

    private static bool IsRetired(ISymbol symbol) =>
        KeyVisibilities.IsRetired(symbol) || symbol is IPropertySymbol { GetMethod: { } getter } && KeyVisibilities.IsRetired(getter);

    private static string TypeText(ITypeSymbol type) => type.WithNullableAnnotation(NullableAnnotation.NotAnnotated).ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat);

    private static bool Is(AttributeData attribute, string name) => attribute.AttributeClass is { ContainingNamespace.Name: "LmmFormula" } type && type.Name == name;

    // What entities say of their columns holds here too.
    private static bool IsOfDatabase(AttributeData attribute) =>
        attribute.AttributeClass is { Name: "ColumnAttribute" } type && type.ContainingNamespace.ToDisplayString() == "System.ComponentModel.DataAnnotations.Schema";

    /// <summary>How values of a type become a column.</summary>
    public static MemberKind KindOf(ITypeSymbol type) => type switch
    {
        { TypeKind: TypeKind.Enum } => MemberKind.Enumeration,
        { SpecialType: SpecialType.System_Double or SpecialType.System_Single } => MemberKind.Number,
        { SpecialType: SpecialType.System_Int64 or SpecialType.System_UInt32 } => MemberKind.Long,
        { SpecialType: SpecialType.System_Decimal or SpecialType.System_UInt64 } => MemberKind.Decimal,
        { SpecialType: SpecialType.System_Int32 or SpecialType.System_Int16 or SpecialType.System_UInt16 or SpecialType.System_Byte or SpecialType.System_SByte } => MemberKind.Integer,
        { SpecialType: SpecialType.System_Boolean } => MemberKind.Logical,
        { SpecialType: SpecialType.System_String or SpecialType.System_Char } => MemberKind.Text,
        { SpecialType: SpecialType.System_DateTime } => MemberKind.DateTime,
        { ContainingNamespace: { Name: "System", ContainingNamespace.IsGlobalNamespace: true } } => type.Name switch
        {
            "DateOnly" => MemberKind.Date,
            "DateTimeOffset" => MemberKind.DateTime,
            "Half" or "TimeSpan" or "TimeOnly" => MemberKind.Number,
            "Guid" => MemberKind.Text,
            _ => MemberKind.Unsupported,
        },
        _ => MemberKind.Unsupported,
    };

    /// <summary>Whether values of a type are dates, times or durations.</summary>
    public static bool IsTime(ITypeSymbol type) => KindOf(type) is MemberKind.Date or MemberKind.DateTime || (KindOf(type) == MemberKind.Number && type.Name is "TimeSpan" or "TimeOnly");

    private static EquatableArray<string> EnumerationLevels(ITypeSymbol type) => Constants(type).Select(g => g.First().Name).ToEquatableArray();

    private static EquatableArray<string> EnumerationNumbers(ITypeSymbol type) => Constants(type).Select(g => g.Key.ToString(CultureInfo.InvariantCulture)).ToEquatableArray();

    private static int? FirstLevel(ITypeSymbol type)
    {
        // Of more bits, what the type does not name might end like what it does.
        if (type is not INamedTypeSymbol { EnumUnderlyingType: { } underlying } || KindOf(underlying) != MemberKind.Integer) return null;
        var values = Constants(type).Select(g => g.Key).ToArray();
        return values.Length > 0 && values.Select((v, i) => v - i).Distinct().Count() == 1 ? (int)values[0] : null;
    }

    private static IEnumerable<IGrouping<decimal, IFieldSymbol>> Constants(ITypeSymbol type) => type.GetMembers().OfType<IFieldSymbol>()
        .Where(f => f.HasConstantValue)
        .GroupBy(f => System.Convert.ToDecimal(f.ConstantValue, CultureInfo.InvariantCulture))
        .OrderBy(g => g.Key);
}
