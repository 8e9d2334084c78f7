using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading.Tasks;
using LmmFormula.Designs;
using LmmFormula.Generators.Diagnostics;
using LmmFormula.Generators.Models;
using LmmFormula.Language;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Completion;
using Microsoft.CodeAnalysis.Options;
using Microsoft.CodeAnalysis.Tags;
using Microsoft.CodeAnalysis.Text;

namespace LmmFormula.CodeFixes;

/// <summary>
/// Offers, inside formula strings, the members of the row, the functions of the language and the covariance structures that can stand
/// there. Editors load it from the package beside the code fixes.
/// </summary>
[ExportCompletionProvider(nameof(FormulaCompletion), LanguageNames.CSharp)]
public sealed class FormulaCompletion : CompletionProvider
{
    /// <inheritdoc/>
    public override bool ShouldTriggerCompletion(SourceText text, int caretPosition, CompletionTrigger trigger, OptionSet options) =>
        trigger.Kind == CompletionTriggerKind.Insertion
            ? char.IsLetter(trigger.Character) || trigger.Character is '~' or '+' or '*' or ':' or '|' or '(' or ' '
            : base.ShouldTriggerCompletion(text, caretPosition, trigger, options);

    /// <inheritdoc/>
    public override async Task ProvideCompletionsAsync(CompletionContext context)
    {
        if (await FormulaPlace.Find(context.Document, context.Position, context.CancellationToken).ConfigureAwait(false) is not { } place) return;
        context.IsExclusive = true;
        foreach (var item in Items(place)) context.AddItem(item);
    }

    /// <summary>What can stand at a place.</summary>
    internal static IEnumerable<CompletionItem> Items(FormulaPlace place)
    {
        foreach (var member in place.Rows?.Members.Where(m => m.Kind != MemberKind.Unsupported) ?? [])
            yield return Item(member.Column, WellKnownTags.Property, Described(member));
        foreach (var structure in Structures(place.Kind)) yield return Item(structure, WellKnownTags.Structure, "covariance structure");
        if (place.Kind is TextKind.Correlation or TextKind.Weights) yield break;
        foreach (var function in FunctionCatalog.Names) yield return Item(function, WellKnownTags.Method, "function");
    }

    private static EquatableArray<string> Structures(TextKind kind) => kind switch
    {
        TextKind.Mixed => BarTerms.Structures,
        TextKind.Mmrm => BarTerms.VisitStructures,
        TextKind.Any => BarTerms.Structures.Concat(BarTerms.VisitStructures).Distinct().ToEquatableArray(),
        TextKind.Correlation => CorrelationSpecification.Names,
        TextKind.Weights => VarianceSpecification.Names,
        _ => [],
    };

    private static string Described(RecordMember member) => member switch
    {
        { Levels.Count: > 0 } => "factor: " + string.Join(", ", member.Levels),
        { IsCategorical: true } => "factor",
        { Kind: MemberKind.Text } => "text",
        { Kind: MemberKind.Logical } => "truth value",
        _ => "number",
    };

    // Members come first, then structures, then functions.
    private static CompletionItem Item(string name, string tag, string description) => CompletionItem.Create(
        name, sortText: (tag == WellKnownTags.Property ? "0" : tag == WellKnownTags.Structure ? "1" : "2") + name, tags: ImmutableArray.Create(tag), inlineDescription: description);
}
