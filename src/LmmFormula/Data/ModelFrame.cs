using System;
using System.Collections.Generic;
using LmmFormula.Language;

namespace LmmFormula.Data;

/// <summary>What a factor was before it was one.</summary>
public enum FactorOrigin
{
    /// <summary>A factor.</summary>
    Factor,

    /// <summary>A column of text.</summary>
    Text,

    /// <summary>Truth values.</summary>
    Logical,
}

/// <summary>A variable of a model frame: complete, and of a kind that columns of a model matrix can be made from.</summary>
internal abstract record FrameColumn
{
    private FrameColumn() { }

    /// <summary>Numbers.</summary>
    public sealed record Numeric(ReadOnlyMemory<double> Values) : FrameColumn
    {
        /// <summary>What the numbers were, if that tells more than they do: whole numbers of 64 bits, decimals, dates. Levels are made of it.</summary>
        public Column? Exact { get; init; }
    }

    /// <summary>Several columns of numbers, such as a basis of splines.</summary>
    public sealed record Table(EquatableArray<ReadOnlyMemory<double>> Columns, EquatableArray<string> Names) : FrameColumn;

    /// <summary>A factor, with a coding of its own or null.</summary>
    public sealed record Factor(Column.Factor Values, ContrastMatrix? Contrasts, FactorOrigin Origin) : FrameColumn;
}

/// <summary>A variable to evaluate.</summary>
/// <param name="Expression">The expression.</param>
/// <param name="Source">The text it was read from: the formula or a residual specification.</param>
/// <param name="Key">Its canonical text, under which the frame holds the variable.</param>
internal readonly record struct FrameRequest(Expression Expression, string Source, string Key)
{
    /// <summary>A request by the expression's own canonical text.</summary>
    public FrameRequest(Expression expression, string source) : this(expression, source, expression.ToString()) { }
}

/// <summary>The variables of a model on the rows that are complete.</summary>
/// <param name="Rows">The number of rows.</param>
/// <param name="Columns">The variables by canonical text.</param>
/// <param name="KeptRows">The zero-based rows of the data that were kept; null if all were.</param>
internal sealed record ModelFrame(int Rows, IReadOnlyDictionary<string, FrameColumn> Columns, int[]? KeptRows)
{
    /// <summary>The rows that were not kept, with their reasons.</summary>
    public EquatableArray<LeftOutRow> LeftOut { get; init; } = [];

    public FrameColumn this[string key] => Columns[key];

    /// <summary>The one-based row of the data that a row of the frame came from.</summary>
    public int DataRow(int row) => (KeptRows is null ? row : KeptRows[row]) + 1;
}
