using System.Collections.Immutable;
using System.Composition;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;
using Microsoft.CodeAnalysis.Simplification;

namespace LmmFormula.CodeFixes;

/// <summary>Marks the member that a formula uses as a factor <c>[Categorical]</c> (LMM007, LMM008).</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(CategoricalFix)), Shared]
public sealed class CategoricalFix : CodeFixProvider
{
    // The properties in which the analyzer hands over the member and, where the formula is not on it, the metadata name of its type.
    private const string Member = "Member";
    private const string Type = "Type";

    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create("LMM007", "LMM008");

    /// <inheritdoc/>
    public override FixAllProvider GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        if (await context.Document.GetSemanticModelAsync(context.CancellationToken).ConfigureAwait(false) is not { } model) return;
        foreach (var diagnostic in context.Diagnostics)
        {
            if (!diagnostic.Properties.TryGetValue(Member, out var name) || name is null) continue;
            if (TypeOf(diagnostic, model, context.CancellationToken) is not { } type || Declaration(type, name, context.CancellationToken) is not { } declaration) continue;
            if (context.Document.Project.Solution.GetDocument(declaration.SyntaxTree) is not { } document) continue;
            context.RegisterCodeFix(
                CodeAction.Create($"Mark '{name}' [Categorical]", cancellation => Mark(document, declaration, cancellation), equivalenceKey: nameof(CategoricalFix)),
                diagnostic);
        }
    }

    private static INamedTypeSymbol? TypeOf(Diagnostic diagnostic, SemanticModel model, CancellationToken cancellation)
    {
        if (diagnostic.Properties.TryGetValue(Type, out var metadataName) && metadataName is not null) return model.Compilation.GetTypeByMetadataName(metadataName);
        var at = diagnostic.Location.SourceTree?.GetRoot(cancellation).FindNode(diagnostic.Location.SourceSpan, getInnermostNodeForTie: true);
        return at?.FirstAncestorOrSelf<TypeDeclarationSyntax>() is { } around ? model.GetDeclaredSymbol(around, cancellation) : null;
    }

    /// <summary>The property, field or positional parameter of a name, if its source is at hand.</summary>
    private static SyntaxNode? Declaration(INamedTypeSymbol type, string name, CancellationToken cancellation)
    {
        for (INamedTypeSymbol? at = type; at is not null; at = at.BaseType)
        {
            var syntax = at.GetMembers(name).Where(m => m is IPropertySymbol or IFieldSymbol).SelectMany(m => m.DeclaringSyntaxReferences).FirstOrDefault()?.GetSyntax(cancellation);
            if (syntax is null) continue;
            return syntax.FirstAncestorOrSelf<SyntaxNode>(n => n is PropertyDeclarationSyntax or FieldDeclarationSyntax or ParameterSyntax);
        }
        return null;
    }

    private static async Task<Solution> Mark(Document document, SyntaxNode declaration, CancellationToken cancellation)
    {
        var name = SyntaxFactory.ParseName("LmmFormula.Categorical").WithAdditionalAnnotations(Simplifier.Annotation);
        var list = SyntaxFactory.AttributeList(SyntaxFactory.SingletonSeparatedList(SyntaxFactory.Attribute(name))).WithAdditionalAnnotations(Formatter.Annotation);
        SyntaxNode marked = declaration switch
        {
            PropertyDeclarationSyntax property => property.WithoutLeadingTrivia().AddAttributeLists(list.WithTrailingTrivia(SyntaxFactory.Space)).WithLeadingTrivia(property.GetLeadingTrivia()),
            FieldDeclarationSyntax field => field.WithoutLeadingTrivia().AddAttributeLists(list.WithTrailingTrivia(SyntaxFactory.Space)).WithLeadingTrivia(field.GetLeadingTrivia()),
            ParameterSyntax parameter => parameter.WithoutLeadingTrivia().AddAttributeLists(list.WithTrailingTrivia(SyntaxFactory.Space)).WithLeadingTrivia(parameter.GetLeadingTrivia()),
            _ => declaration,
        };
        var root = await document.GetSyntaxRootAsync(cancellation).ConfigureAwait(false);
        return document.WithSyntaxRoot(root!.ReplaceNode(declaration, marked)).Project.Solution;
    }
}
