using System;
using System.Collections.Generic;
using System.Text;

namespace LmmFormula.Language;

/// <summary>Where the library found an error: in which stage of the way from formula to fit.</summary>
public enum ErrorStage
{
    /// <summary>The text of a formula or of one of its sub-formulas: characters, grammar, terms.</summary>
    Formula,

    /// <summary>The data: columns, rows, values, levels.</summary>
    Data,

    /// <summary>The covariance structures and what they need of the data.</summary>
    Covariance,

    /// <summary>The estimation: the model cannot be fitted to these data.</summary>
    Estimation,
}

/// <summary>One error or warning: what is wrong, where, and what to do about it.</summary>
/// <param name="Stage">The stage that found it.</param>
/// <param name="Code">A short stable name of the rule, such as <c>unknown-column</c>.</param>
/// <param name="Message">What is wrong, a sentence without a final period.</param>
public sealed record ModelError(ErrorStage Stage, string Code, string Message)
{
    /// <summary>The text that <see cref="Span"/> points into: the formula, or a correlation or weights specification.</summary>
    public string? Source { get; init; }

    /// <summary>The stretch of <see cref="Source"/> at fault.</summary>
    public SourceSpan? Span { get; init; }

    /// <summary>The data column at fault.</summary>
    public string? Column { get; init; }

    /// <summary>The one-based row of the data at fault (the header of a file not counted).</summary>
    public int? Row { get; init; }

    /// <summary>The model term at fault.</summary>
    public string? Term { get; init; }

    /// <summary>What to do about it.</summary>
    public string? Hint { get; init; }

    /// <summary>The message, the hint and, where the place is known, the source with a caret line under it.</summary>
    public string Describe()
    {
        var text = new StringBuilder(Message);
        if (Hint is not null) text.Append(Message.EndsWith("?", StringComparison.Ordinal) ? " " : "; ").Append(Hint);
        if (Source is not null && !string.IsNullOrWhiteSpace(Source) && Span is { } span && Source.Length <= LongestEcho)
        {
            var line = Source.Replace('\n', ' ').Replace('\r', ' ').Replace('\t', ' ');
            text.Append('\n').Append("  ").Append(line).Append('\n').Append("  ");
            text.Append(' ', Math.Min(span.Start, line.Length)).Append('^', Math.Max(1, Math.Min(span.Length, line.Length - span.Start)));
        }
        return text.ToString();
    }

    private const int LongestEcho = 2000;
}

/// <summary>The exception that the throwing methods of the facade use: it carries every error that was found.</summary>
public sealed class ModelException : Exception
{
    /// <summary>Wraps errors.</summary>
    /// <param name="errors">The errors; at least one.</param>
    public ModelException(EquatableArray<ModelError> errors) : base(Compose(errors)) => Errors = errors;

    /// <summary>The errors, in the order they were found.</summary>
    public EquatableArray<ModelError> Errors { get; }

    private static string Compose(IEnumerable<ModelError> errors)
    {
        var lines = new List<string>();
        foreach (var error in errors) lines.Add(error.Describe());
        return string.Join("\n", lines);
    }
}
