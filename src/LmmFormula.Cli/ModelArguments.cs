using System;
using System.Collections.Generic;
using System.CommandLine;
using LmmFormula.Data;
using LmmFormula.Designs;
using LmmFormula.Language;

namespace LmmFormula.Cli;

/// <summary>The arguments and options that say which model and which data; every command that takes a model has them.</summary>
internal sealed class ModelArguments
{
    private readonly Argument<string> formula = new("FORMULA") { Description = "the model: \"lead ~ week + (1 | id)\"" };
    private readonly ReadingOptions reading = new();
    private readonly Option<bool> ml = new("--ml") { Description = "fit by maximum likelihood" };
    private readonly Option<bool> reml = new("--reml") { Description = "fit by restricted maximum likelihood (the default)" };
    private readonly Option<string?> correlation = new("--correlation") { HelpName = "SPEC", Description = "residual correlation: \"corSymm(form = ~1 | id)\"" };
    private readonly Option<string?> weights = new("--weights") { HelpName = "SPEC", Description = "residual variance function: \"varIdent(form = ~1 | week)\"" };
    private readonly Option<bool> mmrm = new("--mmrm") { Description = "the formula's last term is the residual covariance: us(visit | id)" };
    private readonly Option<string?> priorWeights = new("--prior-weights") { HelpName = "COLUMN", Description = "known precision weights" };
    private readonly Option<string?> where = new("--where") { HelpName = "EXPR", Description = "keep the rows for which this holds: \"treatment == 'succimer'\"" };
    private readonly Option<string[]> factor = new("--factor") { HelpName = "A,B", Description = "read these columns as factors", AllowMultipleArgumentsPerToken = false };
    private readonly Option<string> missing = new("--na") { Description = "rows with missing values: omit or fail", DefaultValueFactory = _ => "omit" };
    private readonly Option<string> contrasts = new("--contrasts") { Description = "coding of unordered factors", DefaultValueFactory = _ => "treatment" };

    private readonly Option<string> collation = new("--collation") { Description = "the order of text levels: en, as R sorts in a UTF-8 locale, or ordinal, by code point", DefaultValueFactory = _ => "en" };

    public ModelArguments()
    {
        collation.AcceptOnlyFromAmong("en", "ordinal");
        missing.AcceptOnlyFromAmong("omit", "fail");
        contrasts.AcceptOnlyFromAmong("treatment", "sum", "helmert", "poly", "sas");
    }

    /// <summary>Adds the arguments and options to a command.</summary>
    public void AddTo(Command command)
    {
        command.Add(formula);
        reading.AddTo(command);
        foreach (var option in new Option[] { ml, reml, correlation, weights, mmrm, priorWeights, where, factor, missing, contrasts, collation }) command.Add(option);
        command.Validators.Add(result =>
        {
            if (result.GetValue(ml) && result.GetValue(reml)) result.AddError("choose one of --ml and --reml");
            if (result.GetValue(mmrm) && (result.GetValue(correlation) ?? result.GetValue(weights)) is not null)
                result.AddError("--mmrm takes the residual covariance from the formula; leave out --correlation and --weights");
        });
    }

    /// <summary>The model that the command line names.</summary>
    public ModelSpecification Specification(ParseResult parsed) => new(parsed.GetRequiredValue(formula))
    {
        Correlation = parsed.GetValue(correlation),
        Weights = parsed.GetValue(weights),
        PriorWeights = parsed.GetValue(priorWeights),
        Mmrm = parsed.GetValue(mmrm),
        Frame = new FrameOptions
        {
            Missing = parsed.GetValue(missing) == "fail" ? MissingRows.Fail : MissingRows.Omit,
            Collation = Collation(parsed),
            Unordered = parsed.GetValue(contrasts) switch
            {
                "sum" => Contrast.Sum,
                "helmert" => Contrast.Helmert,
                "poly" => Contrast.Polynomial,
                "sas" => Contrast.Sas,
                _ => Contrast.Treatment,
            },
        },
    };

    /// <summary>The criterion that the command line names.</summary>
    public Criterion Criterion(ParseResult parsed) => parsed.GetValue(ml) ? LmmFormula.Criterion.MaximumLikelihood : LmmFormula.Criterion.Reml;

    /// <summary>The name of the data, for reports.</summary>
    public string DataName(ParseResult parsed) => reading.DataName(parsed);

    /// <summary>Reads the data, keeps the rows asked for and makes the factors asked for.</summary>
    public Result<DataFrame> Data(ParseResult parsed, Terminal terminal) =>
        reading.Read(parsed, terminal)
            .Then(frame => parsed.GetValue(where) is { } condition ? RowFilter.Where(condition, frame) : Result.Ok(frame))
            .Then(frame => AsFactors(frame, Names(parsed.GetValue(factor) ?? []), Collation(parsed)));

    private Collation Collation(ParseResult parsed) => parsed.GetValue(collation) == "ordinal" ? LmmFormula.Data.Collation.Ordinal : LmmFormula.Data.Collation.English;

    private static IEnumerable<string> Names(IEnumerable<string> lists)
    {
        foreach (var list in lists)
        {
            foreach (var name in list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)) yield return name;
        }
    }

    private static Result<DataFrame> AsFactors(DataFrame frame, IEnumerable<string> names, Collation collation)
    {
        foreach (var name in names)
        {
            if (frame.Find(name) is not { } column)
            {
                return Result.Bad<DataFrame>(new ModelError(ErrorStage.Data, ModelCodes.UnknownColumn, $"there is no column '{name}' to read as a factor")
                {
                    Column = name,
                    Hint = NearestName.Find(name, frame.Names) is { } near ? $"did you mean '{near}'?" : $"the columns are {string.Join(", ", frame.Names)}",
                });
            }
            frame = frame.With(name, FactorColumns.Of(column, collation));
        }
        return Result.Ok(frame);
    }
}
