using System;
using System.Linq;
using System.Threading.Tasks;
using Xunit;

namespace LmmFormula.Generators.Tests;

public class FormulaAnalyzerTests
{
    private const string Members = "public partial record BloodLead(int Id, string Treatment, int Week, double Lead, object Other);";

    [Theory]
    [InlineData("\"lead ~ weak + (1 | id)\"", "weak", "did you mean 'Week'?")]
    [InlineData("@\"lead ~ weak + (1 | id)\"", "weak", "did you mean 'Week'?")]
    [InlineData("\"\"\"lead ~ weak + (1 | id)\"\"\"", "weak", "did you mean 'Week'?")]
    [InlineData("\"\\u006cead ~ \\u0077eak + (1 | id)\"", "\\u0077eak", "did you mean 'Week'?")]
    [InlineData("\"lead ~ we\" + \"ak + (1 | id)\"", "we\" + \"ak", "did you mean 'Week'?")]
    [InlineData("$\"lead ~ {nameof(System.Math)} + (1 | id)\"", "nameof(System.Math)", "'Math' is not a member of BloodLead")]
    [InlineData("\"lead ~ week + (1 | idd)\"", "idd", "did you mean 'Id'?")]
    [InlineData("\"lead ~ log(dose) + (1 | id)\"", "dose", "'dose' is not a member of BloodLead")]
    [InlineData("\"lead ~ week + (1 | id)\", Weights = \"varIdent(form = ~1 | arm)\"", "arm", "'arm' is not a member of BloodLead")]
    public async Task An_unknown_variable_is_underlined_inside_the_literal(string formula, string underlined, string message)
    {
        var found = Assert.Single(await Compilations.Analyze($"using LmmFormula;\n[MixedModel({formula})]\n{Members}"));

        Assert.Equal("LMM002", found.Id);
        Assert.Equal(underlined, found.Underlined);
        Assert.Contains(message, found.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_variable_in_a_raw_literal_of_several_lines_is_underlined()
    {
        var source = "using LmmFormula;\n[MixedModel(\"\"\"\n    lead ~ week +\n      weak + (1 | id)\n    \"\"\")]\n" + Members;

        Assert.Equal("weak", Assert.Single(await Compilations.Analyze(source)).Underlined);
    }

    [Theory]
    [InlineData("lead ~ week + (1 | id", "(")]
    [InlineData("lead ~ week + + (1 | ", "")]
    [InlineData("lead week", "week")]
    public async Task A_formula_that_cannot_be_read_is_underlined_where_reading_stopped(string formula, string underlined)
    {
        var found = (await Compilations.Analyze($"using LmmFormula;\n[MixedModel(\"{formula}\")]\n{Members}"))[0];

        Assert.Equal("LMM001", found.Id);
        Assert.StartsWith(underlined, found.Underlined, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_record_that_is_not_partial_is_told_so()
    {
        var found = Assert.Single(await Compilations.Analyze("using LmmFormula;\n[MixedModel(\"lead ~ 1 + (1 | id)\")]\npublic record BloodLead(int Id, double Lead);"));

        Assert.Equal(("LMM003", "BloodLead"), (found.Id, found.Underlined));
    }

    [Fact]
    public async Task A_member_of_a_type_without_a_place_in_formulas_is_refused()
    {
        var found = Assert.Single(await Compilations.Analyze($"using LmmFormula;\n[MixedModel(\"lead ~ other + (1 | id)\")]\n{Members}"));

        Assert.Equal(("LMM004", "other"), (found.Id, found.Underlined));
    }

    [Fact]
    public async Task A_name_that_fits_two_members_is_ambiguous_unless_it_is_exact()
    {
        const string Source = "using LmmFormula;\n[MixedModel(\"{0} ~ 1 + (1 | id)\")]\npublic partial record R(int Id, double Lead, double LEAD);";

        Assert.Equal("LMM005", Assert.Single(await Compilations.Analyze(Source.Replace("{0}", "lead", StringComparison.Ordinal))).Id);
        Assert.Empty(await Compilations.Analyze(Source.Replace("{0}", "LEAD", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Names_match_ignoring_case_and_underscores_and_functions_and_constants_are_no_members()
    {
        Assert.Empty(await Compilations.Analyze("""
            using LmmFormula;
            [MixedModel("blood_lead ~ relevel(factor(week), 4) + sin(2 * pi * week) + C(treatment, sum) + (1 | id)")]
            public partial record R(int Id, string Treatment, int Week, double BloodLead);
            """));
    }

    [Fact]
    public async Task A_formula_passed_to_the_facade_is_checked_and_a_pragma_silences_it()
    {
        const string Source = """
            using LmmFormula;
            using LmmFormula.Data;
            static class C { static object M(DataFrame d) => Lmm.Fit("lead ~ (1 | id", d); }
            """;

        Assert.Equal(("LMM001", "("), (await Compilations.Analyze(Source)).Select(d => (d.Id, d.Underlined)).Single());
        Assert.Empty(await Compilations.Analyze("#pragma warning disable LMM001\n" + Source));
    }

    [Fact]
    public async Task A_formula_with_rows_of_a_known_type_is_checked_against_them()
    {
        var found = Assert.Single(await Compilations.Analyze("""
            using LmmFormula;
            using System.Collections.Generic;
            public record Row(int Id, double Lead);
            static class C { static object M(List<Row> rows) => Lmm.Fit("lead ~ week + (1 | id)", rows); }
            """));

        Assert.Equal(("LMM002", "week"), (found.Id, found.Underlined));
    }
}
