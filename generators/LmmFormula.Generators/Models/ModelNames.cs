using System;
using System.Linq;
using LmmFormula.Language;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace LmmFormula.Generators.Models;

/// <summary>What can be generated of a model whose name will not do, for the calls that use it, so that the name is the only error.</summary>
internal enum NameLeaves
{
    /// <summary>Nothing: the name means something else, or cannot be written.</summary>
    Nothing,

    /// <summary>A skeleton of that name.</summary>
    Skeleton,

    /// <summary>A skeleton of another name, which a class of that name inherits from: it may not have members of its own name itself.</summary>
    Derived,
}

/// <summary>What is wrong with the name of a model.</summary>
/// <param name="Text">The end of a sentence that begins with the name.</param>
/// <param name="Leaves">What can be generated all the same.</param>
internal sealed record NameProblem(string Text, NameLeaves Leaves = NameLeaves.Nothing);

/// <summary>Checks the names of models, which become names of members of their records.</summary>
internal static class ModelNames
{
    private static readonly string[] InSkeleton = ["Instance", "Specification", "Fit", "TryFit", "Predict", "TryPredict", "Design", "Read", "ModelFit"];

    private static readonly string[] InModel = ["Evaluate", "ModelCoefficients", "ModelRandomEffects"];

    /// <summary>What is wrong with the name of a model; null if it will do.</summary>
    /// <param name="type">The record.</param>
    /// <param name="attribute">The model's attribute.</param>
    /// <param name="model">The model.</param>
    /// <param name="members">The record's readable members.</param>
    public static NameProblem? Problem(INamedTypeSymbol type, AttributeData attribute, ModelDeclaration model, EquatableArray<RecordMember> members)
    {
        var name = model.Name;
        if (!SyntaxFacts.IsValidIdentifier(name)) return new("is not a name in C#");
        if (type.Name == name) return new("is the name of the record itself");
        if (type.TypeParameters.Any(p => p.Name == name)) return new("is a type parameter of the record");
        if (type.GetMembers(name).Any(member => !IsOwn(member)) || (type.IsRecord && name == "Clone")) return new("is a member of the record already");
        if (Inherited(type, name) is { IsModel: false, From: var from }) return new($"is a member that the record inherits from {from.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat)}");
        var namesakes = type.GetAttributes().Where(a => IsModel(a) && NameOf(a) == name).ToArray();
        // Of several models the first has the calls.
        var isFirst = Place(namesakes[0]) == Place(attribute);
        if (InSkeleton.Contains(name)) return new(OfModel, isFirst ? NameLeaves.Derived : NameLeaves.Nothing);
        if (InModel.Contains(name) || IsGroup(model, members)) return new(OfModel, isFirst ? NameLeaves.Skeleton : NameLeaves.Nothing);
        return namesakes.Length > 1 ? new("names several models of the record; give each a Name of its own", isFirst ? NameLeaves.Skeleton : NameLeaves.Nothing) : null;
    }

    private const string OfModel = "is the name of a member that the model has itself";

    private static (SyntaxTree? File, int? Start) Place(AttributeData attribute) => (attribute.ApplicationSyntaxReference?.SyntaxTree, attribute.ApplicationSyntaxReference?.Span.Start);

    /// <summary>Whether a model hides another one, of a record that its own inherits from.</summary>
    /// <param name="type">The record.</param>
    /// <param name="name">The model's name.</param>
    public static bool Hides(INamedTypeSymbol type, string name) => Inherited(type, name) is { IsModel: true };

    // The nearest inherited member of a name. Its record's attributes tell whether it is a model: nothing is generated yet when they are read.
    private static (INamedTypeSymbol From, bool IsModel)? Inherited(INamedTypeSymbol type, string name)
    {
        for (var at = type.BaseType; at is not null; at = at.BaseType)
        {
            if (at.GetAttributes().Any(a => IsModel(a) && NameOf(a) == name)) return (at, true);
            if (at.GetMembers(name).Any(member => IsSeen(member, type))) return (at, false);
        }
        return null;
    }

    private static bool IsSeen(ISymbol member, INamedTypeSymbol from) => member.DeclaredAccessibility switch
    {
        Accessibility.Private => false,
        Accessibility.Internal or Accessibility.ProtectedAndInternal => SymbolEqualityComparer.Default.Equals(member.ContainingAssembly, from.ContainingAssembly),
        _ => true,
    };

    // The class of a group's effects is called after the group.
    private static bool IsGroup(ModelDeclaration model, EquatableArray<RecordMember> members) =>
        model.Name.EndsWith("Effects", StringComparison.Ordinal)
        && ModelColumns.Of(model, members) is { } columns && ModelOutlines.Of(model, columns.Select(c => c.Name).ToArray()) is { } outline
        && Emit.FitEmitter.Groups(outline).Any(group => group.Class == model.Name);

    // The analyzer sees what the generator has added: the files' paths begin with the generator's name.
    private static bool IsOwn(ISymbol member) =>
        member.DeclaringSyntaxReferences.All(r => r.SyntaxTree.FilePath.IndexOf(typeof(ModelGenerator).FullName!, StringComparison.Ordinal) >= 0);

    private static bool IsModel(AttributeData attribute) =>
        TargetReader.Attributes.Any(a => a.MetadataName == attribute.AttributeClass?.ToDisplayString());

    private static string NameOf(AttributeData attribute) => attribute.NamedArguments.FirstOrDefault(a => a.Key == "Name").Value.Value as string ?? "Model";
}
