extern alias generator;
using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using System.Threading.Tasks;
using CsCheck;
using LmmFormula.Tests;
using Xunit;
using Finding = generator::LmmFormula.Generators.Diagnostics.Finding;
using TextChecks = generator::LmmFormula.Generators.Diagnostics.TextChecks;
using TextKind = generator::LmmFormula.Generators.Diagnostics.TextKind;

namespace LmmFormula.Generators.Tests;

/// <summary>What the analyzer knows of formulas beyond their syntax and names.</summary>
public class FormulaRulesTests
{
    private const string Members = """
        public enum Arm { Placebo, Succimer }
        public enum Only { One }
        public partial record BloodLead(int Id, Arm Arm, string Site, int Week, double Lead, double Age, [Categorical] int Visit, Only Single, bool Early, [Levels("low", "high")] string Dose);
        """;

    [Theory]
    [InlineData("MixedModel(\"site ~ week + (1 | id)\")", "LMM007", "site", "the response site holds text")]
    [InlineData("MixedModel(\"arm ~ week + (1 | id)\")", "LMM007", "arm", "the response arm is a factor")]
    [InlineData("MixedModel(\"factor(lead) ~ week + (1 | id)\")", "LMM007", "factor(lead)", "is a factor; a number is needed")]
    [InlineData("MixedModel(\"lead ~ log(site) + (1 | id)\")", "LMM007", "site", "log needs numbers, site holds text")]
    [InlineData("MixedModel(\"lead ~ poly(arm, 2) + (1 | id)\")", "LMM007", "arm", "poly needs numbers, arm is a factor")]
    [InlineData("MixedModel(\"lead ~ I(week + dose) + (1 | id)\")", "LMM007", "dose", "'+' needs numbers")]
    [InlineData("MixedModel(\"lead ~ week + (sqrt(arm) | id)\")", "LMM007", "arm", "sqrt needs numbers")]
    [InlineData("MixedModel(\"lead ~ relevel(week, 4) + (1 | id)\")", "LMM007", "week", "write relevel(factor(week), ...)")]
    [InlineData("MmrmModel(\"lead ~ arm + us(week | id)\")", "LMM007", "week", "mark the member [Categorical]")]
    [InlineData("MixedModel(\"lead ~ week + (1 | age)\")", "LMM008", "age", "of type double")]
    [InlineData("MixedModel(\"lead ~ week + (1 | id / age)\")", "LMM008", "age", "[Categorical]")]
    [InlineData("MixedModel(\"lead ~ week + (id | age)\")", "LMM009", "id | age", "'id' looks like the group")]
    [InlineData("MixedModel(\"lead ~ week + (site || age)\")", "LMM009", "site || age", "'age' like the effect")]
    [InlineData("MixedModel(\"lead ~ week + lead + (1 | id)\")", "LMM010", "lead", "cannot explain itself")]
    [InlineData("MixedModel(\"log(lead) ~ week + log(lead) + (1 | id)\")", "LMM010", "log(lead)", "cannot explain itself")]
    [InlineData("MixedModel(\"lead ~ week * (1 | id)\")", "LMM011", "(1 | id)", "only be added with '+'")]
    [InlineData("MixedModel(\"lead ~ log(1 | id) + week\")", "LMM011", "|", "not allowed inside log()")]
    [InlineData("MixedModel(\"lead ~ 1 | id\")", "LMM011", "|", "needs parentheses")]
    [InlineData("GlsModel(\"lead ~ week + (1 | id)\")", "LMM011", "(1 | id)", "no bar terms")]
    [InlineData("MixedModel(\"lead ~ week + single + (1 | id)\")", "LMM012", "single", "one level, 'One'")]
    [InlineData("MixedModel(\"lead ~ week + (1 | single)\")", "LMM012", "single", "nothing to compare")]
    [InlineData("MixedModel(\"lead ~ lgo(week) + (1 | id)\")", "LMM013", "lgo(week)", "did you mean log?")]
    [InlineData("MixedModel(\"lead ~ log() + (1 | id)\")", "LMM013", "log()", "needs an argument")]
    [InlineData("MixedModel(\"lead ~ week + uns(week | id)\")", "LMM014", "uns", "unknown covariance structure")]
    [InlineData("GlsModel(\"lead ~ week\", Correlation = \"corAR2(form = ~ 1 | id)\")", "LMM014", "corAR2", "did you mean corAR1?")]
    [InlineData("GlsModel(\"lead ~ week\", Correlation = \"corAR1(2, form = ~ 1 | id)\")", "LMM014", "2", "between -1 and 1")]
    [InlineData("GlsModel(\"lead ~ week\", Weights = \"varIdent(form = ~ age | arm)\")", "LMM014", "age", "varIdent has no covariate")]
    [InlineData("MmrmModel(\"lead ~ arm + us(1 | id)\")", "LMM014", "1", "the visit must be a column")]
    [InlineData("MixedModel(\"lead ~ relevel(arm, 'Placbo') + (1 | id)\")", "LMM015", "'Placbo'", "did you mean Placebo?")]
    [InlineData("MixedModel(\"lead ~ relevel(dose, 3) + (1 | id)\")", "LMM015", "3", "levels: low, high")]
    [InlineData("MixedModel(\"lead ~ C(arm, contr.sun) + (1 | id)\")", "LMM015", "contr.sun", "unknown contrasts")]
    [InlineData("MixedModel(\"lead ~ week + (1 | id)\", Name = \"Lead\")", "LMM016", "\"Lead\"", "a member of the record already")]
    [InlineData("MixedModel(\"lead ~ week + (1 | id)\", Name = \"IdEffects\")", "LMM016", "\"IdEffects\"", "a member that the model has itself")]
    [InlineData("MixedModel(\"lead ~ week + (1 | \u0915\u094d\u0937)\")", "LMM001", "\u094d", "stands in backquotes: `\u0915\u094d\u0937`")]
    [InlineData("MixedModel(\"lead ~ week + (1 | id)\", Name = \"not a name\")", "LMM016", "\"not a name\"", "not a name in C#")]
    public async Task A_mistake_is_underlined_and_explained(string attribute, string id, string underlined, string message)
    {
        var found = await Compilations.Analyze($"using LmmFormula;\n[{attribute}]\n{Members}".Replace("public enum Arm", "public partial record BloodLead;\npublic enum Arm", StringComparison.Ordinal));

        var one = Assert.Single(found);
        Assert.Equal((id, underlined), (one.Id, one.Underlined));
        Assert.Contains(message, one.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("MixedModel(\"lead ~ week * arm + relevel(arm, 'Succimer') + (week | id) + (1 | site)\")")]
    [InlineData("MixedModel(\"lead ~ visit + dose + early + (1 | factor(age))\")")]
    [InlineData("MixedModel(\"I(lead - age) ~ age + (1 | id)\")")]
    [InlineData("MixedModel(\"early ~ week + (1 | id)\")")]
    [InlineData("MixedModel(\"Lead ~ . - Id - Single + (1 | Id)\")")]
    [InlineData("MixedModel(\"lead ~ ifelse(site == 'a', 1, week) + (0 + arm | id)\")")]
    [InlineData("GlsModel(\"lead ~ relevel(factor(week), 4)\", Correlation = \"corSymm(form = ~ 1 | id)\", Weights = \"varIdent(form = ~ 1 | week)\")")]
    [InlineData("GlsModel(\"lead ~ age\", Correlation = \"corExp(form = ~ age + week | id, nugget = TRUE)\", Weights = \"varPower(form = ~ fitted(.))\")")]
    [InlineData("MmrmModel(\"lead ~ arm * visit + us(visit | arm / id)\")")]
    [InlineData("MmrmModel(\"lead ~ arm + sp_exp(age | id)\")")]
    public async Task What_may_be_meant_is_not_complained_about(string attribute) =>
        Assert.Empty(await Compilations.Analyze($"using LmmFormula;\n[{attribute}]\n{Members}".Replace("public enum Arm", "public partial record BloodLead;\npublic enum Arm", StringComparison.Ordinal)));

    [Fact]
    public async Task Two_models_of_one_name_are_told_apart_by_a_name_of_their_own()
    {
        var found = await Compilations.Analyze("using LmmFormula;\n[MixedModel(\"lead ~ 1 + (1 | id)\")]\n[GlsModel(\"lead ~ 1\")]\npublic partial record R(int Id, double Lead);");

        Assert.Equal(["LMM016", "LMM016"], found.Select(f => f.Id));
    }

    [Fact]
    public async Task A_formula_of_a_method_of_ones_own_is_checked_against_the_rows_beside_it()
    {
        var found = await Compilations.Analyze("""
            using LmmFormula;
            using System.Collections.Generic;
            public record Row(int Id, double Lead);
            static class Mine
            {
                static void Log([Formula] string formula, IEnumerable<Row> rows) { }
                static void M(Row[] rows) { Log("lead ~ week + (1 | id)", rows); Log("lead ~ 1 + us(id | id)", rows); Log("lead ~ nosuch(1 | id)", rows); }
            }
            """);

        Assert.Equal([("LMM002", "week"), ("LMM014", "nosuch")], found.Select(f => (f.Id, f.Underlined)));
    }

    [Theory]
    [InlineData("#pragma warning disable LMM008\n", "", null)]
    [InlineData("", "[System.Diagnostics.CodeAnalysis.SuppressMessage(\"LmmFormula\", \"LMM008\")]\n", null)]
    [InlineData("", "", "none")]
    public async Task A_rule_is_silenced_by_pragma_attribute_and_configuration(string before, string on, string? severity)
    {
        var source = before + "using LmmFormula;\n" + on + "[MixedModel(\"lead ~ 1 + (1 | age)\")]\npublic partial record R(double Age, double Lead);";

        Assert.Empty(await Compilations.Analyze(source, severity is null ? [] : new() { ["LMM008"] = severity }));
        Assert.Single(await Compilations.Analyze(source.Replace(before + "using", "using", StringComparison.Ordinal).Replace(on is "" ? "\0" : on, "", StringComparison.Ordinal)));
    }

    [Fact]
    public void Every_formula_that_R_reads_is_read_without_complaint()
    {
        foreach (var (formula, kind) in Corpus())
        {
            var found = TextChecks.Of(kind, formula, null);
            Assert.True(found.Count == 0, $"{formula}: {string.Join("; ", found.Select(Describe))}");
        }
    }

    [Fact]
    public void No_text_whatever_breaks_the_checks_and_every_place_is_in_the_text()
    {
        var formulas = Corpus().Select(c => c.Formula).ToArray();
        string[] pieces = ["~", "|", "(", ")", "+", "*", ":", "/", "^", "1", "x", "\"", "`", "log(", "us(", "corAR1(", "form = ", ",", " ", "\n", "\0", "é", "%in%", "-", "."];
        var letters = Gen.Int[0, pieces.Length - 1].Select(i => pieces[i]);
        var mutated = Gen.Select(Gen.Int[0, formulas.Length - 1], Gen.Int[0, 200], Gen.Int[0, 8], letters, (f, at, cut, put) =>
        {
            var text = formulas[f];
            at = Math.Min(at, text.Length);
            return text[..at] + put + text[Math.Min(text.Length, at + cut)..];
        });
        Gen.Select(Gen.OneOf(mutated, letters.Array[0, 25].Select(all => string.Concat(all)), Gen.String[0, 40]), Gen.Enum<TextKind>()).Sample(
            (text, kind) =>
            {
                foreach (var finding in TextChecks.Of(kind, text, null)) Assert.InRange(finding.Span.Start + finding.Span.Length, finding.Span.Start, text.Length + 1);
            },
            iter: 3000);
    }

    private static IEnumerable<(string Formula, TextKind Kind)> Corpus()
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(TestFiles.Root, "tests", "reference", "formula", "cases.json")));
        var root = document.RootElement;
        var cases = root.ValueKind == JsonValueKind.Array ? root : root.GetProperty("cases");
        foreach (var one in cases.EnumerateArray())
        {
            TextKind? kind = one.GetProperty("kind").GetString() switch
            {
                "matrix" or "predict" => TextKind.Gls,
                "mixed" or "structured" => TextKind.Mixed,
                "mmrm" => TextKind.Mmrm,
                "correlation" => TextKind.Correlation,
                "variance" => TextKind.Weights,
                _ => null,
            };
            // A bar inside a product is read by R as if it stood outside; here it is a mistake.
            var misplaced = one.GetProperty("tags").EnumerateArray().Any(t => t.GetString() == "misplaced");
            if (kind is { } known && !misplaced) yield return (one.GetProperty("formula").GetString()!, known);
        }
    }

    private static string Describe(Finding finding) => $"{finding.Rule.Id} {string.Join(" ", finding.Arguments)}";
}
