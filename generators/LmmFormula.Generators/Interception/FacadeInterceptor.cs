using System.Collections.Immutable;
using System.Linq;
using LmmFormula.Generators.Emit;
using LmmFormula.Generators.Semantics;
using Microsoft.CodeAnalysis;

namespace LmmFormula.Generators.Interception;

/// <summary>
/// Sends calls such as <c>Lmm.Fit("lead ~ week + (1 | id)", rows)</c> with a constant formula and a known row type to code that reads
/// the rows without reflection. The readers are a step of their own without positions: an edit of a file changes only the thin
/// forwarders.
/// </summary>
[Generator(LanguageNames.CSharp)]
public sealed class FacadeInterceptor : IIncrementalGenerator
{
    /// <summary>The tracking name of the step that holds the readings of rows.</summary>
    internal const string ReadingsStep = "Readings";

    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        var calls = context.SyntaxProvider
            .CreateSyntaxProvider(static (node, _) => CallReader.MayBe(node), static (syntax, cancellation) => SemanticCache<InterceptedCall>.Of(syntax, CallReader.Read, cancellation))
            .Where(static call => call is not null)
            .Select(static (call, _) => call!);
        var readings = calls.Select(static (call, _) => call.Reading).Collect()
            .SelectMany(static (all, _) => all.Distinct().ToImmutableArray())
            .WithTrackingName(ReadingsStep);
        context.RegisterSourceOutput(readings, static (output, reading) => output.AddSource(reading.ClassName + ".g.cs", InterceptorEmitter.Reader(reading)));
        context.RegisterSourceOutput(calls.Collect(), static (output, all) =>
        {
            if (!all.IsEmpty) output.AddSource("Interceptors.g.cs", InterceptorEmitter.Forwarders(all));
        });
    }
}
