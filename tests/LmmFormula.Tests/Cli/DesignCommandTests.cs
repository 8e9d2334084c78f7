using System;
using System.IO;
using System.Linq;
using System.Text.Json;
using LmmFormula.Cli;
using Xunit;

namespace LmmFormula.Tests.Cli;

public class DesignCommandTests
{
    [Fact]
    public void Terms_codings_and_the_first_rows_of_every_matrix_are_shown()
    {
        var (status, output, error) = Run("design", "lead ~ treatment * factor(week) + (week | id)", TestFiles.Data("tlc.csv"), "--rows", "2");

        Assert.Equal((0, ""), (status, error));
        Assert.Equal("""
            Formula: lead ~ treatment * factor(week) + (week | id)
            Response: lead, 400 rows

            Terms:
                                   columns coding
            (Intercept)                  1
            treatment                    1 treatment by contrasts
            factor(week)                 3 factor(week) by contrasts
            treatment:factor(week)       3 treatment by contrasts, factor(week) by contrasts

            Factor treatment, 2 levels, contrasts:
                     succimer
            placebo         0
            succimer        1

            Factor factor(week), 4 levels, contrasts:
              1 4 6
            0 0 0 0
            1 1 0 0
            4 0 1 0
            6 0 0 1

            X, 400 x 8, first rows:
              (Intercept) treatmentsuccimer factor(week)1 factor(week)4 factor(week)6 treatmentsuccimer:factor(week)1 treatmentsuccimer:factor(week)4 treatmentsuccimer:factor(week)6
            1           1                 0             0             0             0                               0                               0                               0
            2           1                 0             1             0             0                               0                               0                               0

            Z block (week | id): 100 levels of id x 2 effects, first rows:
              id (Intercept) week
            1  1           1    0
            2  1           1    1

            """, output);
    }

    [Fact]
    public void Without_an_intercept_a_factor_is_coded_by_all_levels()
    {
        var (_, output, _) = Run("design", "lead ~ 0 + treatment", TestFiles.Data("tlc.csv"));

        Assert.Contains("treatment by all levels", output, StringComparison.Ordinal);
        Assert.Contains("treatmentplacebo treatmentsuccimer", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Json_has_the_same_content()
    {
        var (status, output, _) = Run("design", "lead ~ treatment + (1 | id)", TestFiles.Data("tlc.csv"), "--format", "json", "--rows", "3");

        Assert.Equal(0, status);
        using var document = JsonDocument.Parse(output);
        var root = document.RootElement;
        Assert.Equal(["(Intercept)", "treatmentsuccimer"], root.GetProperty("columns").EnumerateArray().Select(c => c.GetString()));
        Assert.Equal("contrasts", root.GetProperty("terms")[0].GetProperty("variables")[0].GetProperty("coding").GetString());
        Assert.Equal(3, root.GetProperty("rows").GetArrayLength());
        Assert.Equal(("1 | id", 100, 3), (root.GetProperty("random")[0].GetProperty("term").GetString(), root.GetProperty("random")[0].GetProperty("levels").GetInt32(), root.GetProperty("random")[0].GetProperty("rows").GetArrayLength()));
    }

    [Fact]
    public void A_formula_without_sense_is_refused_as_in_a_fit()
    {
        var (status, output, error) = Run("design", "lead ~ treatmnt", TestFiles.Data("tlc.csv"));

        Assert.Equal((1, ""), (status, output));
        Assert.Contains("did you mean treatment?", error, StringComparison.Ordinal);
    }

    private static (int Status, string Output, string Error) Run(params string[] arguments)
    {
        var (output, error) = (new StringWriter { NewLine = "\n" }, new StringWriter { NewLine = "\n" });
        var status = CommandLine.Run(arguments, new Terminal(output, error, () => Stream.Null, ShowsProgress: false));
        return (status, output.ToString(), error.ToString());
    }
}
