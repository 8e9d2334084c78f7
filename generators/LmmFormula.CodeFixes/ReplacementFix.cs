using System.Collections.Immutable;
using System.Composition;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.Text;

namespace LmmFormula.CodeFixes;

/// <summary>
/// Writes the text that a diagnostic offers in place of the one that it underlines: the nearest name for an unknown one (LMM002),
/// the sides of a bar the other way round (LMM009).
/// </summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(ReplacementFix)), Shared]
public sealed class ReplacementFix : CodeFixProvider
{
    // The property in which the analyzer hands over the text.
    private const string Replacement = "Replacement";

    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create("LMM002", "LMM009");

    /// <inheritdoc/>
    public override FixAllProvider GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    /// <inheritdoc/>
    public override Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        foreach (var diagnostic in context.Diagnostics)
        {
            if (!diagnostic.Properties.TryGetValue(Replacement, out var text) || text is null) continue;
            // One key for all replacements, so that Fix All needs one round.
            context.RegisterCodeFix(
                CodeAction.Create($"Write '{text}'", async cancellation =>
                {
                    var source = await context.Document.GetTextAsync(cancellation).ConfigureAwait(false);
                    return context.Document.WithText(source.WithChanges(new TextChange(diagnostic.Location.SourceSpan, text)));
                }, equivalenceKey: nameof(ReplacementFix)),
                diagnostic);
        }
        return Task.CompletedTask;
    }
}
