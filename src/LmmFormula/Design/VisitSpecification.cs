using System.Collections.Generic;
using System.Linq;
using LmmFormula.Covariance;
using LmmFormula.Language;

namespace LmmFormula.Designs;

/// <summary>The residual covariance of the MMRM entry point, <c>us(visit | arm / subject)</c>, read but not yet on data.</summary>
/// <param name="Structure">The structure.</param>
/// <param name="Visits">The visit, or the coordinates of a spatial structure.</param>
/// <param name="Subject">The subjects.</param>
/// <param name="Arm">The groups with covariances of their own, or null.</param>
/// <param name="Term">The term as written.</param>
/// <param name="Source">The formula.</param>
internal sealed partial record VisitSpecification(
    VisitStructure Structure, EquatableArray<Expression> Visits, Expression Subject, Expression? Arm, BarTerm Term, string Source)
{
    /// <summary>Reads the one covariance term of an MMRM formula.</summary>
    public static Result<VisitSpecification> Read(SplitFormula formula, string source)
    {
        var errors = new List<ModelError>();
        if (formula.Bars.Count == 0)
        {
            return Result.Bad<VisitSpecification>(At(source, new(source.Length, 0), "a covariance term is missing, for example us(visit | id)"));
        }
        foreach (var extra in formula.Bars.Skip(1)) errors.Add(At(source, extra.Span, "only one covariance term is allowed"));
        var term = formula.Bars[0];
        foreach (var extra in term.Extra) errors.Add(At(source, extra.Span, "nothing may follow the bar in a covariance term"));
        if (term.Structure is null) errors.Add(At(source, term.Span, "a covariance term needs its structure, for example us(visit | id)"));
        if (term.IsDouble) errors.Add(At(source, term.Span, "a covariance term has a single bar: us(visit | id)"));

        var group = SyntaxWalk.Strip(term.Group);
        var nested = group is Expression.Binary { Operator: "/" } slash ? slash : null;
        var arm = nested is null ? null : SyntaxWalk.Strip(nested.Left);
        var subject = nested is null ? group : SyntaxWalk.Strip(nested.Right);
        if (arm is Expression.Binary { Operator: "/" })
            errors.Add(At(source, ((Expression.Binary)group).OperatorSpan, "only one grouping variable is allowed: group / subject"));
        else if ((Combined(arm) ?? Combined(subject)) is { } other)
            errors.Add(At(source, other.OperatorSpan, $"use '/' between group and subject, not '{other.Operator}'"));

        var structure = StructureOf(term.Structure);
        var spatial = structure is VisitStructure.SpatialExponential or VisitStructure.SpatialGaussian;
        var visits = term.Leading.Append(term.Effects).Select(SyntaxWalk.Strip).ToEquatableArray();
        if (!spatial && visits.Count > 1)
            errors.Add(At(source, visits[0].Span, $"{term.Structure} takes one visit; coordinates are for sp_exp and sp_gau"));
        foreach (var visit in visits)
        {
            if (visit is Expression.Number or Expression.Text or Expression.Constant or Expression.Binary)
                errors.Add(At(source, visit.Span, "the visit must be a column; for a random intercept use cs(visit | id)"));
        }
        return errors.Count > 0 ? Result.Bad<VisitSpecification>(errors) : Result.Ok(new VisitSpecification(structure, visits, subject, arm, term, source));
    }

    // a:b is a combination of levels; no other operator makes one group of two.
    private static Expression.Binary? Combined(Expression? group)
    {
        while (group is Expression.Binary { Operator: ":" } both && SyntaxWalk.Strip(both.Right) is not Expression.Binary) group = SyntaxWalk.Strip(both.Left);
        return group as Expression.Binary;
    }

    private static VisitStructure StructureOf(string? name) => name switch
    {
        "toep" => VisitStructure.Toeplitz,
        "toeph" => VisitStructure.HeterogeneousToeplitz,
        "ar1" => VisitStructure.Ar1,
        "ar1h" => VisitStructure.HeterogeneousAr1,
        "ad" => VisitStructure.AnteDependence,
        "adh" => VisitStructure.HeterogeneousAnteDependence,
        "cs" => VisitStructure.CompoundSymmetry,
        "csh" => VisitStructure.HeterogeneousCompoundSymmetry,
        "sp_exp" => VisitStructure.SpatialExponential,
        "sp_gau" => VisitStructure.SpatialGaussian,
        _ => VisitStructure.Unstructured,
    };

    private static ModelError At(string source, SourceSpan span, string message, string? hint = null) =>
        new(ErrorStage.Covariance, ModelCodes.BadCovariance, message) { Source = source, Span = span, Hint = hint };
}
