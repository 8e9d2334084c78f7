using System.Collections.Generic;
using System.Linq;
using LmmFormula.Language;

namespace LmmFormula.Report;

/// <summary>What kept a model from being fitted, the shape of the JSON report of errors.</summary>
internal sealed record ErrorsDocument(IReadOnlyList<ErrorDocument> Errors)
{
    public static ErrorsDocument Of(IEnumerable<ModelError> errors) => new(errors.Select(ErrorDocument.Of).ToArray());
}

/// <summary>One error: what is wrong, what to do, and the places that are known; a place that is not is null.</summary>
internal sealed record ErrorDocument(string Code, string Stage, string Message, string? Hint, string? Term, string? Column, int? Row, string? Source, SpanDocument? Span)
{
    public static ErrorDocument Of(ModelError error) =>
        new(error.Code, error.Stage.ToString().ToLowerInvariant(), error.Message, error.Hint, error.Term, error.Column, error.Row, error.Source, error.Span is { } span ? new(span.Start, span.Length) : null);
}

/// <summary>A stretch of the source, in characters from 0.</summary>
internal sealed record SpanDocument(int Start, int Length);
