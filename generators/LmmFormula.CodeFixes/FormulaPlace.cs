using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using LmmFormula.Generators.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace LmmFormula.CodeFixes;

/// <summary>A place inside a string that is a formula or a residual specification.</summary>
/// <param name="Kind">What the string is for.</param>
/// <param name="Rows">The rows that it speaks of, or null if their type is not known.</param>
internal sealed record FormulaPlace(TextKind Kind, RowMembers? Rows)
{
    /// <summary>What a position in a document is in; null if it is not inside such a string.</summary>
    public static async Task<FormulaPlace?> Find(Document document, int position, CancellationToken cancellation)
    {
        if (await document.GetSyntaxRootAsync(cancellation).ConfigureAwait(false) is not { } root) return null;
        if (Literal(root, position) is not { } literal) return null;
        if (await document.GetSemanticModelAsync(cancellation).ConfigureAwait(false) is not { } model) return null;
        // The whole of "a" + "b" is the argument.
        var whole = literal.AncestorsAndSelf().TakeWhile(n => n is ExpressionSyntax or InterpolatedStringContentSyntax).Last();
        return whole.Parent switch
        {
            AttributeArgumentSyntax argument => OfAttribute(argument, model, cancellation),
            ArgumentSyntax argument => OfArgument(argument, model, cancellation),
            _ => null,
        };
    }

    // Behind the opening quotes and not behind the closing ones.
    private static SyntaxNode? Literal(SyntaxNode root, int position)
    {
        var token = root.FindToken(position > 0 ? position - 1 : position);
        return token.RawKind switch
        {
            (int)SyntaxKind.StringLiteralToken or (int)SyntaxKind.SingleLineRawStringLiteralToken or (int)SyntaxKind.MultiLineRawStringLiteralToken
                when position > token.SpanStart && (position < token.Span.End || token.ContainsDiagnostics) => token.Parent,
            (int)SyntaxKind.InterpolatedStringTextToken => token.Parent,
            _ => null,
        };
    }

    private static FormulaPlace? OfAttribute(AttributeArgumentSyntax argument, SemanticModel model, CancellationToken cancellation)
    {
        if (argument.Parent?.Parent is not AttributeSyntax attribute || attribute.Parent?.Parent is not TypeDeclarationSyntax declaration) return null;
        if (FormulaTexts.ModelOf(model, attribute, cancellation) is not { } formula || FormulaTexts.KindOf(argument, formula) is not { } kind) return null;
        return model.GetDeclaredSymbol(declaration, cancellation) is { } type ? new(kind, FormulaTexts.RowsOf(type)) : null;
    }

    private static FormulaPlace? OfArgument(ArgumentSyntax argument, SemanticModel model, CancellationToken cancellation) =>
        model.GetOperation(argument, cancellation) is IArgumentOperation { Parameter: { } parameter } operation && FormulaTexts.KindOf(parameter) is { } kind
            ? new(kind, FormulaTexts.RowsOf(operation))
            : null;
}
