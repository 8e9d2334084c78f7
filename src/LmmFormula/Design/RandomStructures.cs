using System.Collections.Generic;
using LmmFormula.Covariance;
using LmmFormula.Language;

namespace LmmFormula.Designs;

/// <summary>Reads the covariance structures of random effects: lme4's <c>us diag cs ar1</c> and those of glmmTMB that can be fitted.</summary>
internal static class RandomStructures
{
    /// <summary>The structure of a bar term.</summary>
    public static Result<RandomStructure> Read(BarTerm term, string source)
    {
        var errors = new List<ModelError>();
        bool? homogeneous = null;
        foreach (var argument in term.Extra)
        {
            if (argument is { Name: "hom", Value: { } value } && SyntaxWalk.Truth(value) is { } truth) homogeneous = truth;
            else if (argument.Name == "hom") errors.Add(At(argument.Span, ModelCodes.BadStructure, "hom must be TRUE or FALSE"));
            else if (!(term.Structure == "rr" && argument.Name == "d"))
            {
                var shown = argument.Name ?? argument.Value?.ToString() ?? "empty";
                errors.Add(At(argument.Span, ModelCodes.BadStructure,
                    $"unknown argument {shown} of {term.Structure}{NearestName.DidYouMean(shown, ["hom"])}"));
            }
        }
        if (homogeneous is not null && term.Structure is not ("diag" or "cs" or "ar1" or "toep"))
            errors.Add(At(term.Span, ModelCodes.BadStructure, $"{term.Structure} has no homogeneous form: hom is for diag, cs, ar1 and toep"));
        if (term.Leading.Count > 0)
            errors.Add(At(term.Leading[0].Span, ModelCodes.BadStructure,
                $"{term.Structure} takes one expression with a bar: {term.Structure}(effects | group)"));

        RandomStructure? structure = term.Structure switch
        {
            null or "us" => new RandomStructure.Unstructured(),
            "diag" => new RandomStructure.Diagonal(homogeneous ?? false),
            "homdiag" => new RandomStructure.Diagonal(true),
            "cs" => new RandomStructure.CompoundSymmetry(homogeneous ?? false),
            "homcs" => new RandomStructure.CompoundSymmetry(true),
            "ar1" => new RandomStructure.Ar1(homogeneous ?? true),
            "hetar1" => new RandomStructure.Ar1(false),
            "toep" => new RandomStructure.Toeplitz(homogeneous ?? false),
            "homtoep" => new RandomStructure.Toeplitz(true),
            _ => null,
        };
        if (structure is null)
            errors.Add(At(term.Span, ModelCodes.Unsupported,
                $"the covariance structure {term.Structure} can be read but not fitted", "fitted structures: us, diag, cs, ar1, toep and their homogeneous forms"));
        return errors.Count > 0 ? Result.Bad<RandomStructure>(errors) : Result.Ok(structure!);

        ModelError At(SourceSpan span, string code, string message, string? hint = null) =>
            new(ErrorStage.Covariance, code, message) { Source = source, Span = span, Term = term.Label, Hint = hint };
    }
}
