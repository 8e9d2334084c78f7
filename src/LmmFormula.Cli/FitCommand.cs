using System;
using System.CommandLine;
using System.Threading.Tasks;
using LmmFormula.Designs;
using LmmFormula.Diagnostics;
using LmmFormula.Fits;
using LmmFormula.Inference;
using LmmFormula.Language;
using LmmFormula.Report;

namespace LmmFormula.Cli;

/// <summary><c>lmm fit FORMULA DATA</c>: fits one model and prints it.</summary>
internal static class FitCommand
{
    public static Command Create(Terminal terminal)
    {
        var model = new ModelArguments();
        var df = new Option<string?>("--df") { HelpName = "METHOD", Description = "degrees of freedom: satterthwaite, kenward-roger, kenward-roger-linear, between-within, residual or asymptotic" };
        df.AcceptOnlyFromAmong("satterthwaite", "kenward-roger", "kenward-roger-linear", "between-within", "residual", "asymptotic");
        var vcov = new Option<string>("--vcov") { HelpName = "KIND", Description = "covariance of the coefficients: model, or a sandwich clustered by subject: cr0, cr2, cr3", DefaultValueFactory = _ => "model" };
        vcov.AcceptOnlyFromAmong("model", "cr0", "cr2", "cr3");
        var level = new Option<double>("--level") { HelpName = "LEVEL", Description = "confidence level", DefaultValueFactory = _ => 0.95 };
        level.Validators.Add(result =>
        {
            if (result.GetValue(level) is not (> 0 and < 1)) result.AddError("--level must lie between 0 and 1");
        });
        var certify = new Option<bool>("--certify") { Description = "certify the optimum by values of the criterion alone: differences, perturbations, far points" };
        var output = new OutputOptions("text", OutputOptions.Json, "markdown");
        var command = new Command("fit", "Fit one model and print it.") { df, vcov, level, certify };
        model.AddTo(command);
        output.AddTo(command);
        command.SetAction((parsed, cancellation) =>
        {
            var progress = new FitProgressLine(terminal);
            var options = new FitOptions { Criterion = model.Criterion(parsed), Certify = parsed.GetValue(certify), Progress = progress, Cancellation = cancellation };
            var method = parsed.GetValue(df) switch
            {
                "satterthwaite" => DegreesOfFreedomMethod.Satterthwaite,
                "kenward-roger" => DegreesOfFreedomMethod.KenwardRoger,
                "kenward-roger-linear" => DegreesOfFreedomMethod.KenwardRogerLinear,
                "between-within" => DegreesOfFreedomMethod.BetweenWithin,
                "residual" => DegreesOfFreedomMethod.Residual,
                "asymptotic" => DegreesOfFreedomMethod.Asymptotic,
                _ => (DegreesOfFreedomMethod?)null,
            };
            var sandwich = parsed.GetValue(vcov) switch
            {
                "cr0" => Sandwich.CR0,
                "cr2" => Sandwich.CR2,
                "cr3" => Sandwich.CR3,
                _ => Sandwich.None,
            };
            var summary = model.Data(parsed, terminal)
                .Then(data => Models.TryFit(model.Specification(parsed), data, options)
                    .Then(fit => FitSummaries.Of(fit, method, parsed.GetValue(level), sandwich))
                    .Map(s => s with { Data = model.DataName(parsed), Reading = data.Reading }));
            progress.Clear();
            return Task.FromResult(Outcome.Write(summary, terminal, output.Path(parsed), output.Format(parsed), Report(output.Format(parsed))));
        });
        return command;
    }

    private static Func<FitSummary, string> Report(string format) => format switch
    {
        OutputOptions.Json => JsonReport.Of,
        "markdown" => MarkdownReport.Of,
        _ => FullText,
    };

    // The text shows for a correlation also what it means for one group: its covariance matrix, if that fits a page.
    private static string FullText(FitSummary summary)
    {
        const int WidestMatrix = 10;
        var text = TextReport.Of(summary);
        if (summary.Fit is not GlsFit { Correlation: not null } fit) return text;
        return MarginalCovariance.Of(fit, 1) is Result<Matrix>.Ok { Value.Rows: > 1 and <= WidestMatrix } ? $"{text}\n{CovarianceText.Marginal(fit, 1)}" : text;
    }
}
