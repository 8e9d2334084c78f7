using System.Collections.Immutable;
using System.Composition;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.Text;

namespace LmmFormula.CodeFixes;

/// <summary>Writes the nearest member's name in place of an unknown one inside a formula (LMM002).</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(NearestNameFix)), Shared]
public sealed class NearestNameFix : CodeFixProvider
{
    // The property in which the analyzer hands over the name.
    private const string Suggestion = "Suggestion";

    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create("LMM002");

    /// <inheritdoc/>
    public override FixAllProvider GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    /// <inheritdoc/>
    public override Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        foreach (var diagnostic in context.Diagnostics)
        {
            if (!diagnostic.Properties.TryGetValue(Suggestion, out var name) || name is null) continue;
            // One key for all suggestions, so that Fix All needs one round.
            context.RegisterCodeFix(
                CodeAction.Create($"Write '{name}'", async cancellation =>
                {
                    var text = await context.Document.GetTextAsync(cancellation).ConfigureAwait(false);
                    return context.Document.WithText(text.WithChanges(new TextChange(diagnostic.Location.SourceSpan, name)));
                }, equivalenceKey: nameof(NearestNameFix)),
                diagnostic);
        }
        return Task.CompletedTask;
    }
}
