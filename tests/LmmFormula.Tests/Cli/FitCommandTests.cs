using System;
using System.IO;
using System.Text;
using System.Text.Json;
using LmmFormula.Cli;
using Xunit;

namespace LmmFormula.Tests.Cli;

public sealed class FitCommandTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("lmm").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private static readonly string[] WorkedExample =
    [
        "fit", "lead ~ relevel(as.factor(week), 4)", TestFiles.Data("tlc.csv"), "--where", "treatment == 'succimer'",
        "--correlation", "corSymm(form = ~1 | id)", "--weights", "varIdent(form = ~1 | week)",
    ];

    [Theory]
    [InlineData("tlc.csv")]
    [InlineData("tlc.rds")]
    public void The_worked_example_prints_what_R_prints(string file)
    {
        string[] arguments = [.. WorkedExample];
        arguments[2] = TestFiles.Data(file);
        var (status, output, error) = Run(arguments);

        Assert.Equal((0, ""), (status, error));
        // The layout of R 4.2.2, nlme 3.1-162, summary(gls(...)), but for the p-values, where nlme has lost its "<.0001" since R 4.
        // The figures are the exact optimum, which on complete data has a closed form (LeadTrialTests); nlme stops at 1.7e-8 of
        // the log-likelihood below it, which shows in the fifth or sixth digit of ratios and standard errors.
        const string Expected = """
            Generalized least squares fit by REML
              Model: lead ~ relevel(as.factor(week), 4)
              Data: FILE
                   AIC      BIC    logLik
              1308.337 1354.231 -640.1687

            Correlation Structure: General
             Formula: ~1 | id
             Parameter estimate(s):
             Correlation:
              1     2     3
            2 0.401
            3 0.384 0.731
            4 0.495 0.507 0.455
            Variance function:
             Structure: Different standard deviations per stratum
             Formula: ~1 | week
             Parameter estimates:
                   0        1        4        6
            1.000000 1.528099 1.563893 1.841555

            Coefficients:
                                          Value Std.Error   t-value p-value
            (Intercept)                  20.762  1.307629 15.877595  <.0001
            relevel(as.factor(week), 4)0  5.778  1.137836  5.078059  <.0001
            relevel(as.factor(week), 4)1 -7.240  1.203576 -6.015406  <.0001
            relevel(as.factor(week), 4)4 -5.248  1.273639 -4.120476  0.0001

             Correlation:
                                         (Intr) r(.(),4)0 r(.(),4)1
            relevel(as.factor(week), 4)0 -0.840
            relevel(as.factor(week), 4)1 -0.629  0.614
            relevel(as.factor(week), 4)4 -0.630  0.616     0.790

            Standardized residuals:
                   Min         Q1        Med         Q3        Max
            -1.8020119 -0.8258046 -0.1227680  0.5184760  4.6654178

            Residual standard error: 5.020936
            Degrees of freedom: 200 total; 196 residual

            """;
        Assert.StartsWith(Expected.Replace("FILE", TestFiles.Data(file), StringComparison.Ordinal), output, StringComparison.Ordinal);
        Assert.Contains("25.210 15.465 15.138 22.985", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Json_has_the_fields_of_the_contract()
    {
        var (status, output, _) = Run("fit", "lead ~ week + (1 | id)", TestFiles.Data("tlc.csv"), "--format", "json");

        Assert.Equal(0, status);
        using var document = JsonDocument.Parse(output);
        var root = document.RootElement;
        Assert.Equal("lead ~ week + (1 | id)", root.GetProperty("formula").GetString());
        Assert.Equal(("mixed", "REML", 400, 4), (root.GetProperty("kind").GetString(), root.GetProperty("method").GetString(), root.GetProperty("nobs").GetInt32(), root.GetProperty("npar").GetInt32()));
        foreach (var name in new[] { "logLik", "objective", "aic", "bic", "sigma", "dfResidual", "fixed", "vcov", "theta", "random", "correlation", "variance", "fitted", "residuals", "pearson", "singular", "converged", "evaluations", "warnings" })
            Assert.True(root.TryGetProperty(name, out _), name);
        Assert.Equal(JsonValueKind.Null, root.GetProperty("correlation").ValueKind);
        var random = root.GetProperty("random")[0];
        Assert.Equal(("id", 100), (random.GetProperty("group").GetString(), random.GetProperty("levels").GetInt32()));
        Assert.Equal(100, random.GetProperty("blup").GetArrayLength());
        Assert.Equal(400, root.GetProperty("fitted").GetArrayLength());
    }

    [Theory]
    [InlineData("y ~ x + I(2 * x)", "dropped-columns", "warning")]
    [InlineData("y ~ x + z", "rows-left-out", "note")]
    public void Json_has_the_code_and_the_severity_of_what_is_said_beside_the_warnings(string formula, string code, string severity)
    {
        var (status, output, _) = RunWith("y,x,z\n1,1,2\n2,2,5\n3,3.5,1\n4,4,3\n3,6,NA\n7,7,1\n", "fit", formula, "-", "--format", "json");

        Assert.Equal(0, status);
        using var document = JsonDocument.Parse(output);
        var note = Assert.Single(document.RootElement.GetProperty("notes").EnumerateArray());
        Assert.Equal((code, severity), (note.GetProperty("code").GetString(), note.GetProperty("severity").GetString()));
        Assert.StartsWith(note.GetProperty("message").GetString()!, Assert.Single(document.RootElement.GetProperty("warnings").EnumerateArray()).GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Markdown_has_the_coefficients_in_a_table()
    {
        var (status, output, _) = Run("fit", "lead ~ week + (1 | id)", TestFiles.Data("tlc.csv"), "--format", "markdown");

        Assert.Equal(0, status);
        Assert.Contains("| `(Intercept)` |", output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_report_goes_to_a_file_when_asked_and_a_failed_fit_writes_none()
    {
        var path = Path.Combine(folder, "fit.txt");

        Assert.Equal(0, Run("fit", "lead ~ week", TestFiles.Data("tlc.csv"), "-o", path).Status);
        Assert.StartsWith("Generalized least squares", File.ReadAllText(path), StringComparison.Ordinal);
        var never = Path.Combine(folder, "never.txt");
        Assert.Equal(1, Run("fit", "lead ~ weak", TestFiles.Data("tlc.csv"), "-o", never).Status);
        Assert.Equal([path], Directory.GetFiles(folder));
    }

    [Fact]
    public void Data_come_from_standard_input_too()
    {
        var (status, output, _) = RunWith("y,x\n1,1\n2,2\n3,3.5\n4,4\n", "fit", "y ~ x", "-");

        Assert.Equal(0, status);
        Assert.Contains("Data: standard input", output, StringComparison.Ordinal);
    }

    // SAS PROC MIXED on the same data prints 31.1034 (0.8651) with 198 degrees of freedom by Kenward and Roger's method for the intercept.
    [Theory]
    [InlineData("satterthwaite", "model", "0.8556562 197.6987")]
    [InlineData("kenward-roger", "model", "0.8650936 197.6987")]
    [InlineData("between-within", "model", "0.8556562 334")]
    [InlineData("residual", "model", "0.8556562 36.35039")]
    [InlineData("asymptotic", "model", "0.8556562 ")]
    // Bell and McCaffrey's degrees of freedom from their definition, computed in R 4.2.2 as tests/reference/sandwich does: 79.6587.
    [InlineData("satterthwaite", "cr2", "0.8305289  79.65")]
    public void The_MMRM_door_takes_every_method_of_degrees_of_freedom_and_sandwiches(string df, string vcov, string expected)
    {
        var (status, output, _) = Run(
            "fit", "--mmrm", "FEV1 ~ RACE + SEX + ARMCD * AVISIT + us(AVISIT | USUBJID)", TestFiles.Data("fev.csv"), "--df", df, "--vcov", vcov);

        Assert.Equal(0, status);
        Assert.Contains(expected, output, StringComparison.Ordinal);
    }

    public static TheoryData<string, string, int, string[]> BadInputs => new()
    {
        { "lead ~ weak", "id,week,lead\n1,0,2\n2,1,3\n3,1,4\n", 1, ["weak", "did you mean week?", "[unknown-column]", "^^^^"] },
        { "lead ~ week", "id,week,lead\n1,0,2\n2,1,3,5\n3,1,4\n", 1, ["line 3 has 4 fields where the header has 3"] },
        { "lead ~ week + (1 | id)", "id,week,lead\n1,0,2\n1,1,3\n1,1,4\n", 1, ["id", "one level"] },
        { "lead ~ week + (1 | id)", "id,week,lead\n1,0,2\n1,1,2\n2,0,2\n2,1,2\n", 1, ["lead", "constant"] },
        { "arm ~ week", "arm,week\na,0\nb,1\na,1\n", 1, ["arm", "number"] },
        { "lead ~ week", "week,lead\nNA,1\n1,NA\n", 1, ["no complete rows", "lead in 1 of 2"] },
        { "lead ~ week", "week,lead\n0,1\n1,Inf\n2,2\n3,4\n", 1, ["row 2", "lead", "infinite"] },
        { "lead ~ week +", "week,lead\n0,1\n1,2\n", 2, ["lead ~ week +", "^"] },
        { "lead ~ week + (1 | id", "week,lead\n0,1\n1,2\n", 2, ["^"] },
    };

    [Theory]
    [MemberData(nameof(BadInputs))]
    public void Bad_input_is_answered_with_what_where_and_a_status(string formula, string data, int status, string[] mentions)
    {
        var result = RunWith(data, "fit", formula, "-");

        Assert.Equal((status, ""), (result.Status, result.Output));
        foreach (var mention in mentions) Assert.Contains(mention, result.Error, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
    }

    public static TheoryData<string[], int, string> BadCommandLines => new()
    {
        { ["fit"], 2, "lmm fit --help" },
        { ["fot"], 2, "--help" },
        { ["fit", "y ~ x", "data.csv", "--format", "yaml"], 2, "yaml" },
        { ["fit", "y ~ x", "data.csv", "--ml", "--reml"], 2, "choose one" },
        { ["fit", "y ~ x", "data.csv", "--level", "95"], 2, "between 0 and 1" },
        { ["fit", "y ~ x", "no-such-file.csv"], 1, "no file" },
        { ["fit", "y ~ x", "-", "--factor", "z"], 1, "'z'" },
        { ["fit", "y ~ x", "-", "--where", "x >"], 2, "^" },
        { ["fit", "y ~ x", "-", "--df", "between-within"], 1, "need subjects" },
    };

    [Theory]
    [MemberData(nameof(BadCommandLines))]
    public void A_wrong_command_line_is_answered_with_a_hint_and_a_status(string[] arguments, int status, string mention)
    {
        var result = RunWith("y,x\n1,2\n2,3\n3,5\n", arguments);

        Assert.Equal((status, ""), (result.Status, result.Output));
        Assert.Contains(mention, result.Error, StringComparison.Ordinal);
    }

    private static (int Status, string Output, string Error) Run(params string[] arguments) => RunWith("", arguments);

    private static (int Status, string Output, string Error) RunWith(string input, params string[] arguments)
    {
        var (output, error) = (new StringWriter { NewLine = "\n" }, new StringWriter { NewLine = "\n" });
        var status = CommandLine.Run(arguments, new Terminal(output, error, () => new MemoryStream(Encoding.UTF8.GetBytes(input)), ShowsProgress: false));
        return (status, output.ToString(), error.ToString());
    }
}
