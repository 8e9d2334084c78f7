using System.Threading.Tasks;
using Xunit;

namespace LmmFormula.Generators.Tests;

public class FacadeInterceptorTests
{
    private const string Rows = "public record Row(int Id, double Lead, int Week); static class C { static void M(System.Collections.Generic.List<Row> rows, string text) { {0} } }";

    [Theory]
    [InlineData("Lmm.Fit(\"lead ~ week + (1 | id)\", rows);")]
    [InlineData("Lmm.Fit(rows: rows, formula: \"lead ~ week + (1 | id)\");")]
    [InlineData("Lmm.Fit<Row>(\"lead ~ week + (1 | id)\", rows, weights: \"varIdent(form = ~1 | week)\");")]
    [InlineData("Gls.Fit(\"lead ~ week\", rows, correlation: \"corAR1(form = ~1 | id)\");")]
    [InlineData("Mmrm.Fit(\"lead ~ 1 + us(week | id)\", rows.Where(r => r.Lead > 0));")]
    public void A_call_with_constant_texts_and_a_known_row_type_is_intercepted(string call)
    {
        var files = Compilations.Generate(Source(call));

        Assert.Contains("Interceptors.g.cs", files.Keys);
        Assert.Contains("InterceptsLocation", files["Interceptors.g.cs"], System.StringComparison.Ordinal);
        Assert.Single(files.Keys, k => k.StartsWith("Rows_", System.StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Lmm.Fit(text, rows);", "not constants")]
    [InlineData("Lmm.Fit(\"y ~ x + (1 | g)\", new[] { new { y = 1.0, x = 2, g = 3 } });", "anonymous")]
    [InlineData("Generic(rows); void Generic<[System.Diagnostics.CodeAnalysis.DynamicallyAccessedMembers(System.Diagnostics.CodeAnalysis.DynamicallyAccessedMemberTypes.PublicProperties)] T>(System.Collections.Generic.List<T> r) => Lmm.Fit(\"lead ~ (1 | id)\", r);", "not known here")]
    public async Task Any_other_call_takes_the_run_time_path_and_says_why(string call, string reason)
    {
        Assert.Empty(Compilations.Generate(Source(call)));
        var found = Assert.Single(await Compilations.Analyze(Source(call)), d => d.Id == "LMM006");
        Assert.Contains(reason, found.Message, System.StringComparison.Ordinal);
    }

    [Fact]
    public void Two_calls_with_the_same_rows_and_columns_share_one_reader()
    {
        var files = Compilations.Generate(Source("Lmm.Fit(\"lead ~ week + (1 | id)\", rows); Lmm.Fit(\"lead ~ week + (week | id)\", rows);"));

        Assert.Single(files.Keys, k => k.StartsWith("Rows_", System.StringComparison.Ordinal));
    }

    private static string Source(string call) => "using System.Linq; using LmmFormula;\n" + Rows.Replace("{0}", call, System.StringComparison.Ordinal);
}
