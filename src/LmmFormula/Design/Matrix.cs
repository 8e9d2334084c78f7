using System;

namespace LmmFormula.Designs;

/// <summary>An immutable dense matrix, stored column by column.</summary>
/// <param name="Rows">The number of rows.</param>
/// <param name="Columns">The number of columns.</param>
/// <param name="Values">The elements, <paramref name="Rows"/> x <paramref name="Columns"/>, one column after another.</param>
public sealed record Matrix(int Rows, int Columns, ReadOnlyMemory<double> Values)
{
    /// <summary>The element at a zero-based row and column.</summary>
    public double this[int row, int column] => Values.Span[(column * Rows) + row];

    /// <summary>A column's elements.</summary>
    public ReadOnlySpan<double> Column(int column) => Values.Span.Slice(column * Rows, Rows);

    /// <summary>The columns, without a copy.</summary>
    internal ReadOnlyMemory<double>[] ToColumns()
    {
        var columns = new ReadOnlyMemory<double>[Columns];
        for (var j = 0; j < columns.Length; j++) columns[j] = Values.Slice(j * Rows, Rows);
        return columns;
    }

    /// <summary>A matrix computed element by element.</summary>
    public static Matrix Create(int rows, int columns, Func<int, int, double> element)
    {
        var values = new double[rows * columns];
        for (var j = 0; j < columns; j++)
        {
            for (var i = 0; i < rows; i++) values[(j * rows) + i] = element(i, j);
        }
        return new(rows, columns, values);
    }

    /// <summary>The elements row by row.</summary>
    public double[][] ToRows()
    {
        var rows = new double[Rows][];
        for (var i = 0; i < Rows; i++)
        {
            rows[i] = new double[Columns];
            for (var j = 0; j < Columns; j++) rows[i][j] = this[i, j];
        }
        return rows;
    }

    /// <summary>Compares shape and elements.</summary>
    public bool Equals(Matrix? other) =>
        other is not null && Rows == other.Rows && Columns == other.Columns && Values.Span.SequenceEqual(other.Values.Span);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Rows, Columns, Values.Length > 0 ? Values.Span[0] : 0.0);
}
