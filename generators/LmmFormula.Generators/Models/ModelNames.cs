using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace LmmFormula.Generators.Models;

/// <summary>Checks the names of models, which become names of members of their records.</summary>
internal static class ModelNames
{
    private static readonly string[] Inside =
        ["Specification", "Fit", "TryFit", "Predict", "TryPredict", "Design", "Read", "Evaluate", "ModelFit", "ModelCoefficients", "ModelRandomEffects"];

    /// <summary>What is wrong with the name of a model, as the end of a sentence that begins with it; null if it will do.</summary>
    /// <param name="type">The record.</param>
    /// <param name="name">The model's name.</param>
    public static string? Problem(INamedTypeSymbol type, string name)
    {
        if (!SyntaxFacts.IsValidIdentifier(name)) return "is not a name in C#";
        if (type.Name == name) return "is the name of the record itself";
        if (Inside.Contains(name)) return "is the name of a member that every model has";
        if (type.TypeParameters.Any(p => p.Name == name)) return "is a type parameter of the record";
        if (type.GetMembers(name).Any(member => !IsOwn(member))) return "is a member of the record already";
        var models = type.GetAttributes().Where(IsModel).Count(a => NameOf(a) == name);
        return models > 1 ? "names several models of the record; give each a Name of its own" : null;
    }

    // The analyzer sees what the generator has added: the files' paths begin with the generator's name.
    private static bool IsOwn(ISymbol member) =>
        member.DeclaringSyntaxReferences.All(r => r.SyntaxTree.FilePath.IndexOf(typeof(ModelGenerator).FullName!, System.StringComparison.Ordinal) >= 0);

    private static bool IsModel(AttributeData attribute) =>
        TargetReader.Attributes.Any(a => a.MetadataName == attribute.AttributeClass?.ToDisplayString());

    private static string NameOf(AttributeData attribute) => attribute.NamedArguments.FirstOrDefault(a => a.Key == "Name").Value.Value as string ?? "Model";
}
