using System.Collections.Generic;
using System.Linq;
using LmmFormula.Generators.Models;

namespace LmmFormula.Generators.Emit;

/// <summary>Writes the source of a record's models: from plain data to text, nothing else.</summary>
internal static class ModelEmitter
{
    private const string Result = "global::LmmFormula.Language.Result";

    /// <summary>
    /// The source, or null if the record has no model. A model whose formula is wrong has what calls use all the same, so that the only
    /// error is the one in the formula.
    /// </summary>
    public static string? Emit(ModelTarget target)
    {
        if (target.Models.Count == 0) return null;
        var source = SourceWriter.File();
        if (target.Namespace is { } space) source.Open($"namespace {space}");
        foreach (var declaration in target.Declarations) source.Open(declaration);
        for (var i = 0; i < target.Models.Count; i++)
        {
            if (i > 0) source.Line();
            var model = target.Models[i];
            if (target.IsUnsuitable || model.Leaves is not null) Skeleton(source, target, model);
            else if (ModelColumns.Of(model, target.Members) is { } columns && ModelOutlines.Of(model, columns.Select(c => c.Name).ToArray()) is { } outline)
                Whole(source, target, model, columns, outline);
            else Skeleton(source, target, model);
        }
        foreach (var _ in target.Declarations) source.Close();
        if (target.Namespace is not null) source.Close();
        return source.ToString();
    }

    private static void Whole(SourceWriter source, ModelTarget target, ModelDeclaration model, IReadOnlyList<ModelColumn> columns, ModelOutline outline)
    {
        Open(source, target, model, ModelVisibility.Of(columns, outline));
        Design(source, target, "Evaluate(rows)");
        ColumnEmitter.Read(source, target.RowType, columns);
        source.Line();
        RowEmitter.Evaluate(source, "private", target.RowType, columns, outline);
        source.Line();
        FitEmitter.Fit(source, model, columns, outline);
        source.Close();
    }

    private static void Skeleton(SourceWriter source, ModelTarget target, ModelDeclaration model)
    {
        var isDerived = model.Leaves == NameLeaves.Derived;
        if (isDerived)
        {
            source.Line("/// <summary>A model that wants another name.</summary>");
            source.Open($"{ModelVisibility.Modifier(target.IsPublic, KeyVisibility.Everywhere)} {(model.Hides ? "new " : "")}sealed class {Identifiers.Escape(model.Name)} : {BaseName(model)}");
            source.Close();
            source.Line();
        }
        Open(source, target, isDerived ? model with { Name = BaseName(model), Hides = false } : model, KeyVisibility.Everywhere);
        Design(source, target, "Read(rows)");
        source.Line("/// <summary>The columns that the model reads.</summary>");
        source.Line("/// <param name=\"rows\">The data, one record a row.</param>");
        source.Line("/// <returns>The columns.</returns>");
        source.Line($"public static global::LmmFormula.Data.DataFrame Read({Rows(target)}) =>");
        source.Line("    global::LmmFormula.Data.RowReader.ReadFor(rows, Specification.Formula, Specification.Correlation, Specification.Weights);");
        source.Line();
        FitEmitter.Nameless(source, model);
        source.Close();
    }

    private static string BaseName(ModelDeclaration model) => "ModelNamed" + model.Name;

    private static string Rows(ModelTarget target) => $"global::System.Collections.Generic.IEnumerable<{target.RowType}> rows";

    // What models have in common whatever their columns are: the text, fits and predictions, as functions and as a value.
    private static void Open(SourceWriter source, ModelTarget target, ModelDeclaration model, KeyVisibility visibility)
    {
        const string Options = "global::LmmFormula.FitOptions? options";
        var rows = Rows(target);
        var name = Identifiers.Escape(model.Name);
        var contract = $"global::LmmFormula.Typed.IModel<{target.RowType}, {(target.IsUnsuitable ? "" : target.RowType + ".")}{name}.ModelFit>";
        source.Line($"/// <summary>The model <c>{Identifiers.Xml(model.Formula)}</c> of these records.</summary>");
        if (ModelVisibility.IsNarrower(target.IsPublic, visibility)) source.Line("/// <remarks>No more visible than the types that its coefficients and groups are keyed by.</remarks>");
        // The base of another class is not sealed.
        var isBase = model.Leaves == NameLeaves.Derived;
        source.Open($"{ModelVisibility.Modifier(target.IsPublic, visibility)} {(model.Hides ? "new " : "")}{(isBase ? "" : "sealed ")}class {name} : {contract}");
        source.Line($"{(isBase ? "internal" : "private")} {name}()");
        source.Open("");
        source.Close();
        source.Line();
        source.Line("/// <summary>The model as a value, for dependency injection and for code over many models.</summary>");
        source.Line($"public static {contract} Instance {{ get; }} = new {name}();");
        source.Line();
        // Made anew, so that an edited formula counts while the program runs.
        source.Line("/// <summary>The model in text.</summary>");
        source.Line($"public static global::LmmFormula.Designs.ModelSpecification Specification => {Specification(model)};");
        source.Line();
        source.Line("/// <summary>Fits the model.</summary>");
        Parameters(source);
        source.Line("/// <returns>The fit.</returns>");
        source.Line("/// <exception cref=\"global::LmmFormula.Language.ModelException\">The data are unfit for the model.</exception>");
        source.Line($"public static ModelFit Fit({rows}, {Options} = null) => TryFit(rows, options).OrThrow();");
        source.Line();
        source.Line("/// <summary>Fits the model, and returns errors instead of throwing them.</summary>");
        Parameters(source);
        source.Line("/// <returns>The fit, or every error found in the data.</returns>");
        source.Line($"public static {Result}<ModelFit> TryFit({rows}, {Options} = null) =>");
        var entry = model.Kind == ModelKind.Mixed ? "TryFitMixed" : "TryFitGls";
        source.Line($"    {Result}.Map(global::LmmFormula.Models.{entry}(Specification, Design(rows), options), static fit => new ModelFit(fit));");
        source.Line();
        source.Line("/// <summary>Predicts the response in new rows: groups that the fit knows by their conditional modes, others as the population.</summary>");
        source.Line("/// <param name=\"fit\">The fit.</param>");
        source.Line("/// <param name=\"rows\">The new rows; their response is not read.</param>");
        source.Line("/// <returns>The predictions, one a row; NaN where the row misses a value.</returns>");
        source.Line("/// <exception cref=\"global::LmmFormula.Language.ModelException\">A row has a level of a factor that the fit does not know.</exception>");
        source.Line($"public static double[] Predict(ModelFit fit, {rows}) => TryPredict(fit, rows).OrThrow();");
        source.Line();
        source.Line("/// <summary>Predicts the response in new rows, and returns errors instead of throwing them.</summary>");
        source.Line("/// <param name=\"fit\">The fit.</param>");
        source.Line("/// <param name=\"rows\">The new rows; their response is not read.</param>");
        source.Line("/// <returns>The predictions, one a row, or every error found in the rows.</returns>");
        source.Line($"public static {Result}<double[]> TryPredict(ModelFit fit, {rows}) => {Result}.Then({Result}.Try(() => Read(rows)), data => global::LmmFormula.Prediction.Predictions.Of(fit.Fit, data));");
        source.Line();
        source.Line($"global::LmmFormula.Designs.ModelSpecification {contract}.Specification => Specification;");
        source.Line();
        source.Line($"ModelFit {contract}.Fit({rows}, {Options}) => Fit(rows, options);");
        source.Line();
        source.Line($"{Result}<ModelFit> {contract}.TryFit({rows}, {Options}) => TryFit(rows, options);");
        source.Line();
        source.Line($"double[] {contract}.Predict(ModelFit fit, {rows}) => Predict(fit, rows);");
        source.Line();
        source.Line($"{Result}<double[]> {contract}.TryPredict(ModelFit fit, {rows}) => TryPredict(fit, rows);");
        source.Line();
        source.Line($"{Result}<global::LmmFormula.Designs.Design> {contract}.Design({rows}) => Design(rows);");
        source.Line();
    }

    private static void Design(SourceWriter source, ModelTarget target, string data)
    {
        source.Line("/// <summary>The design matrices of the model.</summary>");
        source.Line("/// <param name=\"rows\">The data, one record a row.</param>");
        source.Line("/// <returns>The design, or every error found in the data.</returns>");
        source.Line($"public static {Result}<global::LmmFormula.Designs.Design> Design({Rows(target)}) =>");
        source.Line($"    {Result}.Then({Result}.Try(() => {data}), static data => global::LmmFormula.Designs.DesignBuilder.Build(Specification, data));");
        source.Line();
    }

    private static void Parameters(SourceWriter source)
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
