using System;
using System.Collections.Generic;
using LmmFormula.Language;

namespace LmmFormula.Data;

/// <summary>
/// What one pass of generated code over the rows gives: the numeric variables of a model evaluated row by row, the columns that the
/// library evaluates itself (factors, functions that must see all rows first, residual structures), and model matrices that were
/// filled in place.
/// </summary>
/// <param name="Rows">The number of rows, n.</param>
/// <param name="Names">The names of all columns that the model may name, in data order; a dot in the formula means all of them.</param>
/// <param name="Columns">The columns for the library to evaluate, some of the named ones.</param>
public sealed record RowColumns(int Rows, EquatableArray<string> Names, DataFrame Columns)
{
    /// <summary>Columns by name, for generated code.</summary>
    /// <param name="rows">The number of rows, n.</param>
    /// <param name="names">The names of all columns that the model may name.</param>
    /// <param name="columns">The columns for the library to evaluate, n values each.</param>
    public static RowColumns Of(int rows, string[] names, params (string Name, Column Column)[] columns) =>
        new(rows, names.ToEquatableArray(), DataFrame.Of(columns));

    /// <summary>The evaluated numeric variables by canonical text, n values each; NaN is a missing value.</summary>
    public IReadOnlyDictionary<string, ReadOnlyMemory<double>> Variables { get; init; } = new Dictionary<string, ReadOnlyMemory<double>>();

    /// <summary>Reads all columns of the model, when rows without a value must be told apart; null if <see cref="Columns"/> has them.</summary>
    public Func<DataFrame>? Source { get; init; }

    /// <summary>The fixed-effects matrix, or null if the library fills it.</summary>
    public FilledMatrix? Fixed { get; init; }

    /// <summary>The effects matrices of the random terms in formula order, null for those that the library fills; or empty.</summary>
    public EquatableArray<FilledMatrix?> Random { get; init; } = [];
}

/// <summary>
/// A model matrix that was filled on the assumption that every row is complete and every level occurs. Whether that was so shows in
/// the names of its columns and in the number of rows kept; if it was not, the library fills the matrix again from the variables.
/// </summary>
/// <param name="Names">The names of the columns, p of them.</param>
/// <param name="Values">The elements, n x p, one column after another.</param>
public sealed record FilledMatrix(EquatableArray<string> Names, ReadOnlyMemory<double> Values)
{
    /// <summary>A filled matrix, for generated code.</summary>
    /// <param name="values">The elements, n x p, one column after another; the matrix owns them from now on.</param>
    /// <param name="names">The names of the columns.</param>
    public static FilledMatrix Of(double[] values, params string[] names) => new(names.ToEquatableArray(), values);
}
