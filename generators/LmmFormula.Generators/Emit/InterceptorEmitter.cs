using System.Collections.Generic;
using System.Linq;
using LmmFormula.Generators.Interception;

namespace LmmFormula.Generators.Emit;

/// <summary>Writes the source of intercepted calls: readers of rows, and the forwarders that use them.</summary>
internal static class InterceptorEmitter
{
    /// <summary>The class that reads rows of one type for one set of columns.</summary>
    public static string Reader(RowReading reading)
    {
        var source = Head();
        if (reading.IsRetired) source.Line("[global::System.Obsolete]");
        source.Open($"internal static class {reading.ClassName}");
        ColumnEmitter.Read(source, reading.RowType, reading.Columns);
        source.Close();
        source.Close();
        return source.ToString();
    }

    /// <summary>The methods that calls are sent to, one for each facade and reading, with an attribute for each call.</summary>
    public static string Forwarders(IEnumerable<InterceptedCall> calls)
    {
        var source = Head();
        source.Open("file static class Interceptors");
        foreach (var group in calls.GroupBy(c => (c.Facade, c.Reading)))
        {
            foreach (var call in group) source.Line(call.Attribute);
            if (group.Key.Reading.IsRetired) source.Line("[global::System.Obsolete]");
            Forwarder(source, group.Key.Facade, group.Key.Reading);
        }
        source.Close();
        source.Close();
        return source.ToString() + """

            namespace System.Runtime.CompilerServices
            {
                [global::System.Diagnostics.Conditional("DEBUG")]
                [global::System.AttributeUsage(global::System.AttributeTargets.Method, AllowMultiple = true)]
                file sealed class InterceptsLocationAttribute : global::System.Attribute
                {
                    public InterceptsLocationAttribute(int version, string data) => (Version, Data) = (version, data);

                    public int Version { get; }

                    public string Data { get; }
                }
            }

            """.Replace("\r\n", "\n");
    }

    // The parameters are those of the facade's method, in its order.
    private static void Forwarder(SourceWriter source, string facade, RowReading reading)
    {
        var rows = $"global::System.Collections.Generic.IEnumerable<{reading.RowType}> rows";
        var (fit, entry, parameters, settings) = facade switch
        {
            "Lmm" => ("LmmFit", "TryFitMixed", "global::LmmFormula.FitOptions? options = null, string? correlation = null, string? weights = null, string? priorWeights = null",
                "Correlation = correlation, Weights = weights, PriorWeights = priorWeights"),
            "Gls" => ("GlsFit", "TryFitGls", "string? correlation = null, string? weights = null, global::LmmFormula.FitOptions? options = null",
                "Correlation = correlation, Weights = weights"),
            _ => ("GlsFit", "TryFitGls", "global::LmmFormula.FitOptions? options = null", "Mmrm = true"),
        };
        source.Line($"public static global::LmmFormula.Fits.{fit} {facade}_{reading.ClassName}(string formula, {rows}, {parameters}) =>");
        source.Line($"    global::LmmFormula.Models.{entry}(new(formula) {{ {settings} }}, {reading.ClassName}.Read(rows), options).OrThrow();");
    }

    private static SourceWriter Head()
    {
        var source = SourceWriter.File();
        source.Open("namespace LmmFormula.Generated");
        return source;
    }
}
