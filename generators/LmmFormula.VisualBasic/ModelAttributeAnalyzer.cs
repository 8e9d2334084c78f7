using System;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace LmmFormula.VisualBasic;

/// <summary>
/// Says in Visual Basic that attributes of models do nothing there: code is added to types of C# only. An assembly of its own, because
/// the compiler of Visual Basic need not have the one of C# beside it.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.VisualBasic)]
public sealed class ModelAttributeAnalyzer : DiagnosticAnalyzer
{
    private static readonly DiagnosticDescriptor OtherLanguage = new(
        "LMM020", "Models are generated for C# only",
        "{0} gets no model, and its formula is not checked: models are generated for types of C#; call Lmm.Fit(formula, rows) instead",
        "LmmFormula", DiagnosticSeverity.Warning, isEnabledByDefault: true, description: "Explained in generators/docs/LMM020.md of the sources.");

    private static readonly string[] Models = ["LmmFormula.MixedModelAttribute", "LmmFormula.GlsModelAttribute", "LmmFormula.MmrmModelAttribute"];

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = ImmutableArray.Create(OtherLanguage);

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterSymbolAction(Type, SymbolKind.NamedType);
    }

    private static void Type(SymbolAnalysisContext context)
    {
        foreach (var attribute in context.Symbol.GetAttributes())
        {
            if (!Models.Contains(attribute.AttributeClass?.ToDisplayString(), StringComparer.Ordinal) || attribute.ApplicationSyntaxReference is not { } at) continue;
            context.ReportDiagnostic(Diagnostic.Create(OtherLanguage, Location.Create(at.SyntaxTree, at.Span), context.Symbol.Name));
        }
    }
}
