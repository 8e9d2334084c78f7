using LmmFormula.Generators.Emit;
using LmmFormula.Generators.Models;
using LmmFormula.Generators.Semantics;
using LmmFormula.Language;
using Microsoft.CodeAnalysis;

namespace LmmFormula.Generators;

/// <summary>
/// Adds to every record with a model attribute the typed entry point of its model. Stays silent on errors: those are the analyzer's, so
/// that nothing here holds a position, and moving a record in its file regenerates nothing.
/// </summary>
[Generator(LanguageNames.CSharp)]
public sealed class ModelGenerator : IIncrementalGenerator
{
    /// <summary>The tracking name of the step that holds the annotated records.</summary>
    internal const string TargetsStep = "Targets";

    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        // The compiler walks every step's results at each keystroke: all of a record's models are one result of one step.
        var targets = context.SyntaxProvider
            .CreateSyntaxProvider(
                static (node, _) => ModelCandidates.MayHaveModel(node),
                static (syntax, cancellation) => SemanticCache<EquatableArray<ModelTarget>>.Of(syntax, TargetReader.Read, cancellation, hasNoPositions: true))
            .WithTrackingName(TargetsStep);
        context.RegisterSourceOutput(targets, static (output, models) =>
        {
            foreach (var target in models)
            {
                if (ModelEmitter.Emit(target) is { } source) output.AddSource(target.FileName, source);
            }
        });
    }
}
