using System.Collections.Generic;
using Sprache;

namespace LmmFormula.Language;

/// <summary>
/// A place in a formula as Sprache's parsers hand it on. All places of one parse share the text, the nesting depth and the
/// first error: the grammar never backtracks over an error, so the first one found is the one to report.
/// </summary>
internal sealed class FormulaInput : IInput
{
    private readonly Reading reading;
    private Dictionary<object, object>? memos;

    private FormulaInput(Reading reading, int position) => (this.reading, Position) = (reading, position);

    /// <summary>The start of a text.</summary>
    public static FormulaInput Start(string text) => new(new Reading(text), 0);

    /// <inheritdoc/>
    public string Source => reading.Text;

    /// <inheritdoc/>
    public int Position { get; }

    /// <inheritdoc/>
    public bool AtEnd => Position >= Source.Length;

    /// <inheritdoc/>
    public char Current => AtEnd ? '\0' : Source[Position];

    /// <inheritdoc/>
    public int Line => 1;

    /// <inheritdoc/>
    public int Column => Position + 1;

    /// <inheritdoc/>
    public IDictionary<object, object> Memos => memos ??= [];

    /// <summary>How deep the place is nested: parentheses, calls, prefix operators and powers count.</summary>
    public int Depth { get => reading.Depth; set => reading.Depth = value; }

    /// <summary>The first error found in the text, or null.</summary>
    public ModelError? Mistake => reading.Mistake;

    /// <inheritdoc/>
    public IInput Advance() => At(Position + 1);

    /// <summary>Another place in the same text.</summary>
    public FormulaInput At(int position) => new(reading, position);

    /// <summary>A parser's success: a value, and the place behind it and the blanks that follow it.</summary>
    public IResult<T> Found<T>(T value, int end) => Sprache.Result.Success(value, At(Lexemes.SkipBlanks(Source, end)));

    /// <summary>A parser's failure that leaves other parsers their chance.</summary>
    public IResult<T> NotHere<T>(string expected) => Sprache.Result.Failure<T>(this, "unexpected", [expected]);

    /// <summary>A parser's failure that ends the parse: the error is noted.</summary>
    public IResult<T> Fail<T>(ModelError mistake)
    {
        reading.Mistake ??= mistake;
        return Sprache.Result.Failure<T>(At(Position + 1), mistake.Message, []);
    }

    /// <inheritdoc/>
    public bool Equals(IInput? other) => other is FormulaInput input && input.reading == reading && input.Position == Position;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as IInput);

    /// <inheritdoc/>
    public override int GetHashCode() => Position;

    private sealed class Reading(string text)
    {
        public string Text { get; } = text;

        public int Depth { get; set; }

        public ModelError? Mistake { get; set; }
    }
}
