using System;
using System.Linq;
using LmmFormula.Data;
using LmmFormula.Language;

namespace LmmFormula.Designs;

/// <summary>Makes designs: from a model in text and data to response, matrices, groupings and residual structures.</summary>
public static class DesignBuilder
{
    /// <summary>Makes the design of a model.</summary>
    /// <param name="specification">The model.</param>
    /// <param name="data">The data.</param>
    /// <returns>The design; or all errors of the first stage that found any.</returns>
    public static Result<Design> Build(ModelSpecification specification, DataFrame data)
    {
        ArgumentNullException.ThrowIfNull(data);
        return Build(specification, new RowColumns(data.Rows, data.Names, data));
    }

    /// <summary>Makes the design of a model from what generated code made of the rows; the same design, to the bit, as from their columns.</summary>
    /// <param name="specification">The model.</param>
    /// <param name="data">The variables of the model, evaluated or to be evaluated.</param>
    /// <returns>The design; or all errors of the first stage that found any.</returns>
    public static Result<Design> Build(ModelSpecification specification, RowColumns data)
    {
        ArgumentNullException.ThrowIfNull(data);
        var states = new TransformationStates();
        return ModelSyntaxes.Read(specification, data.Names)
            .Then(syntax => ModelFrames.Build(syntax.Requests, data, specification.Frame, states, syntax.PriorWeights?.ToString())
                .Then(frame => Assemble(specification, syntax, frame, states, data)));
    }

    private static Result<Design> Assemble(ModelSpecification specification, ModelSyntax syntax, ModelFrame frame, TransformationStates states, RowColumns data)
    {
        var gathered = new ErrorAccumulator();
        var groupings = new Groupings(frame);
        var matrices = new ModelMatrices(frame);
        var reading = data.Columns.Reading;
        gathered.Warnings.AddRange(TextVariables.ReadingNotes(syntax, reading));
        TextVariables.Check(syntax, frame, specification.Frame, reading, gathered);
        var response = gathered.Take(FrameChecks.Response(syntax, frame, reading));
        FrameChecks.Finite(syntax, frame, gathered.Errors);
        FrameChecks.Measured(syntax, frame, gathered.Warnings);
        var fixedPlan = gathered.Take(MatrixPlans.Plan(syntax.Fixed, frame, specification.Frame, specification.Frame.Contrasts, syntax.Source));
        var x = fixedPlan is null ? null : matrices.Fill(fixedPlan, data.Fixed);
        var random = RandomTerms.Build(syntax, frame, specification.Frame, groupings, matrices, data.Random, gathered);
        var innermost = random.Count > 0 ? random[0].Term.Group : null;
        var correlation = syntax.Correlation is { } c ? gathered.Take(c.Realize(frame, groupings, innermost)) : null;
        var variance = syntax.Variance is { } v ? gathered.Take(v.Realize(frame, groupings)) : null;
        var visits = syntax.Visits is { } m ? gathered.Take(m.Realize(frame, groupings)) : null;
        var weights = gathered.Take(FrameChecks.Weights(syntax, frame, reading));
        if (gathered.Errors.Count > 0) return Result.Bad<Design>(gathered.Errors);

        var kept = frame.KeptRows is { } rows ? Array.ConvertAll(rows, i => i + 1) : null;
        return Result.Ok(
            new Design
            {
                Formula = syntax.Formula.ToString(),
                ResponseName = syntax.Fixed.Variables[0].Text,
                Response = response,
                Fixed = x!,
                Random = random.Select(r => r.Term).ToEquatableArray(),
                Correlation = correlation,
                Variance = variance,
                Visits = visits,
                PriorWeights = weights?.Values,
                Offset = FrameChecks.Offset(syntax.Fixed, frame),
                KeptRows = kept is null ? null : (ReadOnlyMemory<int>?)kept,
                LeftOut = frame.LeftOut,
                Recipe = new DesignRecipe(syntax, specification.Frame, states, fixedPlan!, random.Select(r => r.Recipe).ToEquatableArray())
                {
                    Factors = Factors(fixedPlan!, frame),
                },
            },
            gathered.Warnings);
    }

    private static EquatableArray<FactorCoding> Factors(MatrixPlan plan, ModelFrame frame)
    {
        if (!HasFactor(plan, frame)) return [];
        // Terms with the response, variable 0, have no columns.
        var codings = plan.Codings.Where(term => !term.Variables.Contains(0)).ToArray();
        var coded = plan.Terms.SelectMany((term, j) => term.Variables.Select((variable, i) => (variable, coding: codings[j].Codings[i])));
        return coded
            .GroupBy(c => c.variable.Key)
            .Where(g => frame[g.Key] is FrameColumn.Factor)
            .Select(g =>
            {
                var factor = (FrameColumn.Factor)frame[g.Key];
                var contrasts = g.FirstOrDefault(c => c.coding == Coding.Contrasts).variable?.Coding;
                return new FactorCoding(g.Key, factor.Values.Levels, factor.Values.Ordered, factor.Origin, contrasts);
            })
            .ToEquatableArray();
    }

    private static bool HasFactor(MatrixPlan plan, ModelFrame frame)
    {
        foreach (var term in plan.Terms)
        {
            foreach (var variable in term.Variables)
            {
                if (frame[variable.Key] is FrameColumn.Factor) return true;
            }
        }
        return false;
    }
}
