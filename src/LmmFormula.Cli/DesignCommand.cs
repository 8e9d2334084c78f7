using System.CommandLine;
using LmmFormula.Designs;
using LmmFormula.Language;
using LmmFormula.Report;

namespace LmmFormula.Cli;

/// <summary><c>lmm design FORMULA DATA</c>: shows the design matrices that a formula makes.</summary>
internal static class DesignCommand
{
    public static Command Create(Terminal terminal)
    {
        var model = new ModelArguments();
        var rows = new Option<int>("--rows") { HelpName = "COUNT", Description = "how many rows of each matrix to show", DefaultValueFactory = _ => 6 };
        rows.Validators.Add(result =>
        {
            if (result.GetValue(rows) < 0) result.AddError("--rows must not be negative");
        });
        var output = new OutputOptions("text", OutputOptions.Json);
        var command = new Command("design", "Show the terms, codings and matrices that a formula makes of the data.") { rows };
        model.AddTo(command);
        output.AddTo(command);
        command.SetAction(parsed =>
        {
            var count = parsed.GetValue(rows);
            var design = model.Data(parsed, terminal).Then(data => DesignBuilder.Build(model.Specification(parsed), data));
            return Outcome.Write(design, terminal, output.Path(parsed), output.Format(parsed), output.Format(parsed) == OutputOptions.Json ? d => JsonReport.Of(d, count) : d => DesignText.Of(d, count));
        });
        return command;
    }
}
