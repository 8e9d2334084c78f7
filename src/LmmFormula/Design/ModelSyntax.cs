using System.Collections.Generic;
using System.Linq;
using LmmFormula.Covariance;
using LmmFormula.Data;
using LmmFormula.Language;

namespace LmmFormula.Designs;

/// <summary>A bar term, expanded and read.</summary>
/// <param name="Term">The term.</param>
/// <param name="Effects">The terms left of its bar.</param>
/// <param name="Structure">Its covariance structure.</param>
internal sealed record RandomSyntax(BarTerm Term, Terms Effects, RandomStructure Structure);

/// <summary>A model as it is written, taken apart: everything that can be known before a row is read, but for the dot.</summary>
internal sealed record ModelSyntax(
    ModelFormula Formula,
    string Source,
    Terms Fixed,
    EquatableArray<RandomSyntax> Random,
    CorrelationSpecification? Correlation,
    VarianceSpecification? Variance,
    VisitSpecification? Visits,
    Expression? PriorWeights)
{
    /// <summary>All variables to evaluate, each once.</summary>
    public EquatableArray<FrameRequest> Requests { get; } = RequestsOf(Source, Fixed, Random, Correlation, Variance, Visits, PriorWeights);

    private static EquatableArray<FrameRequest> RequestsOf(
        string source, Terms fixedTerms, EquatableArray<RandomSyntax> random,
        CorrelationSpecification? correlation, VarianceSpecification? variance, VisitSpecification? visits, Expression? weights)
    {
        var requests = new List<FrameRequest>();
        foreach (var variable in fixedTerms.Variables) Add(new(variable.Expression, source, variable.Text));
        foreach (var term in random)
        {
            foreach (var variable in term.Effects.Variables) Add(new(variable.Expression, source, variable.Text));
            foreach (var group in BarTerms.GroupVariables(term.Term.Group)) Add(new(group, source));
        }
        AddAll(correlation?.Requests);
        AddAll(variance?.Requests);
        AddAll(visits?.Requests);
        if (weights is not null) Add(new(weights, weights.ToString()));
        return requests.ToEquatableArray();

        void AddAll(IEnumerable<FrameRequest>? more)
        {
            foreach (var request in more ?? []) Add(request);
        }

        void Add(FrameRequest request)
        {
            foreach (var known in requests)
            {
                if (known.Key == request.Key) return;
            }
            requests.Add(request);
        }
    }
}

/// <summary>Reads model specifications.</summary>
internal static class ModelSyntaxes
{
    /// <summary>Reads a specification: parse, take out the bar terms, expand, read the residual structures.</summary>
    /// <param name="specification">The specification.</param>
    /// <param name="columns">The names of the data's columns.</param>
    public static Result<ModelSyntax> Read(ModelSpecification specification, IReadOnlyCollection<string> columns) =>
        FormulaParser.Parse(specification.Formula)
            .Then(formula => BarTerms.Split(formula, specification.Mmrm).Then(split => Read(specification, formula, split, columns)));

    private static Result<ModelSyntax> Read(ModelSpecification specification, ModelFormula formula, SplitFormula split, IReadOnlyCollection<string> columns)
    {
        var source = specification.Formula;
        var gathered = new ErrorAccumulator();
        var visits = specification.Mmrm ? gathered.Take(VisitSpecification.Read(split, source)) : null;
        // mmrm takes its covariance term out by update(), which simplifies.
        var fixedPart = specification.Mmrm ? FormulaUpdate.Simplify(split.Fixed) : Result.Ok(split.Fixed);
        var fixedTerms = gathered.Take(fixedPart.Then(part => TermAlgebra.Expand(part, columns)));
        var random = specification.Mmrm ? [] : split.Bars.SelectMany(bar => ReadRandom(bar, source, columns, gathered)).ToEquatableArray();
        if (formula.Response is null) gathered.Errors.Add(FormulaErrors.At(source, new(0, 1), ModelCodes.NoResponse, "the response is missing before '~'"));
        if (specification.RandomRequired && split.Bars.Count == 0)
            gathered.Errors.Add(FormulaErrors.At(source, new(source.Length, 0), ModelCodes.NoRandom,
                "the model has no random-effect term", "add one, such as (1 | g)"));
        var correlation = specification.Correlation is { } c ? gathered.Take(CorrelationSpecification.Read(c)) : null;
        var variance = specification.Weights is { } w ? gathered.Take(VarianceSpecification.Read(w)) : null;
        var weights = specification.PriorWeights is { } column ? new Expression.Name(column) { Span = new(0, column.Length) } : null;
        if (fixedTerms is null) return Result.Bad<ModelSyntax>(gathered.Errors);

        var syntax = new ModelSyntax(formula, source, fixedTerms, random, correlation, variance, visits, weights);
        foreach (var request in syntax.Requests) gathered.Errors.AddRange(FunctionCatalog.Check(request.Expression, request.Source));
        return gathered.Errors.Count > 0 ? Result.Bad<ModelSyntax>(gathered.Errors) : Result.Ok(syntax, gathered.Warnings);
    }

    private static IEnumerable<RandomSyntax> ReadRandom(BarTerm bar, string source, IReadOnlyCollection<string> columns, ErrorAccumulator gathered)
    {
        var structure = gathered.Take(RandomStructures.Read(bar, source));
        var expanded = gathered.Take(BarTerms.Expand(bar, source));
        if (structure is null) yield break;
        foreach (var term in expanded)
        {
            if (gathered.Take(TermAlgebra.Expand(null, term.Effects, source, columns)) is { } effects) yield return new(term, effects, structure);
        }
    }
}

/// <summary>Gathers the errors and warnings of steps that do not depend on each other, so that all are reported at once.</summary>
internal sealed class ErrorAccumulator
{
    public List<ModelError> Errors { get; } = [];

    public List<ModelError> Warnings { get; } = [];

    /// <summary>The value of a step that succeeded; default if it failed.</summary>
    public T? Take<T>(Result<T> result)
    {
        switch (result)
        {
            case Result<T>.Ok ok:
                Warnings.AddRange(ok.Warnings);
                return ok.Value;
            case Result<T>.Bad bad:
                Errors.AddRange(bad.Errors);
                break;
        }
        return default;
    }
}
