using System.Collections.Generic;
using System.Linq;
using LmmFormula.Generators.Models;

namespace LmmFormula.Generators.Emit;

/// <summary>Writes the source of a record's models: from plain data to text, nothing else.</summary>
internal static class ModelEmitter
{
    private const string Result = "global::LmmFormula.Language.Result";

    /// <summary>The source, or null if no model of the record is in order.</summary>
    public static string? Emit(ModelTarget target)
    {
        var models = new List<(ModelDeclaration Model, IReadOnlyList<ModelColumn> Columns, ModelOutline Outline)>();
        foreach (var model in target.Models)
        {
            if (ModelColumns.Of(model, target.Members) is { } columns && ModelOutlines.Of(model, columns.Select(c => c.Name).ToArray()) is { } outline)
                models.Add((model, columns, outline));
        }
        if (models.Count == 0) return null;
        var source = SourceText.File();
        if (target.Namespace is { } space) source.Open($"namespace {space}");
        foreach (var declaration in target.Declarations) source.Open(declaration);
        for (var i = 0; i < models.Count; i++)
        {
            if (i > 0) source.Line();
            Model(source, target, models[i].Model, models[i].Columns, models[i].Outline);
        }
        foreach (var _ in target.Declarations) source.Close();
        if (target.Namespace is not null) source.Close();
        return source.ToString();
    }

    private static void Model(SourceText source, ModelTarget target, ModelDeclaration model, IReadOnlyList<ModelColumn> columns, ModelOutline outline)
    {
        var rows = $"global::System.Collections.Generic.IEnumerable<{target.RowType}> rows";
        var options = "global::LmmFormula.FitOptions? options = null";
        source.Line($"/// <summary>The model <c>{Identifiers.Xml(model.Formula)}</c> of these records.</summary>");
        source.Open($"{target.Accessibility} {(model.Hides ? "new " : "")}static class {Identifiers.Escape(model.Name)}");
        source.Line("/// <summary>The model in text.</summary>");
        source.Line($"public static global::LmmFormula.Designs.ModelSpecification Specification {{ get; }} = {Specification(model)};");
        source.Line();
        source.Line("/// <summary>Fits the model.</summary>");
        Parameters(source);
        source.Line("/// <returns>The fit.</returns>");
        source.Line("/// <exception cref=\"global::LmmFormula.Language.ModelException\">The data are unfit for the model.</exception>");
        source.Line($"public static ModelFit Fit({rows}, {options}) => TryFit(rows, options).OrThrow();");
        source.Line();
        source.Line("/// <summary>Fits the model, and returns mistakes instead of throwing them.</summary>");
        Parameters(source);
        source.Line("/// <returns>The fit, or every mistake found in the data.</returns>");
        source.Line($"public static {Result}<ModelFit> TryFit({rows}, {options}) =>");
        var door = model.Kind == ModelKind.Mixed ? "TryFitMixed" : "TryFitGls";
        source.Line($"    {Result}.Map(global::LmmFormula.Models.{door}(Specification, Design(rows), options), static fit => new ModelFit(fit));");
        source.Line();
        source.Line("/// <summary>Predicts the response in new rows: groups that the fit knows by their conditional modes, others as the population.</summary>");
        source.Line("/// <param name=\"fit\">The fit.</param>");
        source.Line("/// <param name=\"rows\">The new rows; their response is not read.</param>");
        source.Line("/// <returns>The predictions, one a row; NaN where the row misses a value.</returns>");
        source.Line("/// <exception cref=\"global::LmmFormula.Language.ModelException\">A row has a level of a factor that the fit does not know.</exception>");
        source.Line($"public static double[] Predict(ModelFit fit, {rows}) => TryPredict(fit, rows).OrThrow();");
        source.Line();
        source.Line("/// <summary>Predicts the response in new rows, and returns mistakes instead of throwing them.</summary>");
        source.Line("/// <param name=\"fit\">The fit.</param>");
        source.Line("/// <param name=\"rows\">The new rows; their response is not read.</param>");
        source.Line("/// <returns>The predictions, one a row, or every mistake found in the rows.</returns>");
        source.Line($"public static {Result}<double[]> TryPredict(ModelFit fit, {rows}) => {Result}.Then({Result}.Try(() => Read(rows)), data => global::LmmFormula.Prediction.Predictions.Of(fit.Fit, data));");
        source.Line();
        source.Line("/// <summary>The design matrices of the model.</summary>");
        source.Line("/// <param name=\"rows\">The data, one record a row.</param>");
        source.Line("/// <returns>The design, or every mistake found in the data.</returns>");
        source.Line($"public static {Result}<global::LmmFormula.Designs.Design> Design({rows}) =>");
        source.Line($"    {Result}.Then({Result}.Try(() => Evaluate(rows)), static data => global::LmmFormula.Designs.DesignBuilder.Build(Specification, data));");
        source.Line();
        ColumnEmitter.Read(source, target.RowType, columns);
        source.Line();
        RowEmitter.Evaluate(source, "private", target.RowType, columns, outline);
        source.Line();
        FitEmitter.Fit(source, model, columns, outline);
        source.Close();
    }

    private static void Parameters(SourceText source)
    {
        source.Line("/// <param name=\"rows\">The data, one record a row.</param>");
        source.Line("/// <param name=\"options\">How to estimate; REML by default.</param>");
    }

    private static string Specification(ModelDeclaration model)
    {
        var settings = Settings(model).ToArray();
        var created = $"new global::LmmFormula.Designs.ModelSpecification({Identifiers.Literal(model.Formula)})";
        return settings.Length == 0 ? created : $"{created} {{ {string.Join(", ", settings)} }}";
    }

    private static IEnumerable<string> Settings(ModelDeclaration model)
    {
        if (model.Correlation is { } correlation) yield return $"Correlation = {Identifiers.Literal(correlation)}";
        if (model.Weights is { } weights) yield return $"Weights = {Identifiers.Literal(weights)}";
        if (model.Kind == ModelKind.Mmrm) yield return "Mmrm = true";
    }
}
