using System;
using System.Collections;
using System.Collections.Generic;
using System.Data;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using LmmFormula.Language;

namespace LmmFormula.Data;

// Data that a program holds. A value becomes the same column whatever it comes in: ColumnRules.
public sealed partial record DataFrame
{
    /// <summary>The rest of a data reader's rows, in one pass; the reader is not closed.</summary>
    /// <remarks>
    /// Nulls of the database are missing. Repeated and empty names are made unique, and refused where a model uses one that could mean
    /// several. A field that no column is made of (bytes, or values of several types that are not all numbers) is left out with a note
    /// in <see cref="Reading"/>, and is an error where a model uses it.
    /// </remarks>
    /// <param name="reader">The reader, before the first row that is wanted.</param>
    /// <example><code>
    /// using var command = connection.CreateCommand();
    /// command.CommandText = "select child, week, lead from visit";
    /// using var reader = command.ExecuteReader();
    /// var fit = Lmm.Fit("lead ~ week + (1 | child)", DataFrame.FromReader(reader));
    /// </code></example>
    public static DataFrame FromReader(IDataReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        var columns = new ReaderColumns(reader);
        while (reader.Read()) columns.Add(reader);
        return columns.Build();
    }

    /// <inheritdoc cref="FromReader(IDataReader)"/>
    /// <param name="reader">The reader, before the first row that is wanted.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    public static async Task<DataFrame> FromReaderAsync(DbDataReader reader, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(reader);
        var columns = new ReaderColumns(reader);
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false)) columns.Add(reader);
        return columns.Build();
    }

    /// <summary>The current rows of a data table. Deleted ones are left out, with a note in <see cref="Reading"/>.</summary>
    /// <param name="table">The table.</param>
    /// <example><code>
    /// var fit = Lmm.Fit("lead ~ week + (1 | child)", DataFrame.FromTable(table));
    /// </code></example>
    public static DataFrame FromTable(DataTable table)
    {
        ArgumentNullException.ThrowIfNull(table);
        return TableColumns.Of(table);
    }

    /// <summary>The rows that a view of a data table shows: those that its filters let pass, in its order.</summary>
    /// <param name="view">The view.</param>
    /// <example><code>
    /// var view = new DataView(table) { RowFilter = "arm = 'succimer'" };
    /// var fit = Lmm.Fit("lead ~ week + (1 | child)", DataFrame.FromView(view));
    /// </code></example>
    public static DataFrame FromView(DataView view)
    {
        ArgumentNullException.ThrowIfNull(view);
        return TableColumns.Of(view);
    }

    /// <summary>Named sequences, one a column: a dictionary of arrays or lists. A <see cref="Column"/> stays as it is.</summary>
    /// <typeparam name="TValues">The type of the sequences: arrays, lists, <see cref="Column"/>, or objects that are any of these.</typeparam>
    /// <param name="columns">The columns, each name once, all of one length. They are copied.</param>
    /// <exception cref="ModelException">Names repeat, or lengths differ.</exception>
    /// <example><code>
    /// var data = DataFrame.FromColumns(new Dictionary&lt;string, Array&gt;
    /// {
    ///     ["child"] = new[] { 1, 1, 2, 2, 3, 3 },
    ///     ["week"] = new[] { 0, 1, 0, 1, 0, 1 },
    ///     ["lead"] = new double?[] { 30.8, 26.9, 26.5, null, 24.7, 22.1 },
    /// });
    /// </code></example>
    public static DataFrame FromColumns<TValues>(IEnumerable<KeyValuePair<string, TValues>> columns)
    {
        ArgumentNullException.ThrowIfNull(columns);
        return SequenceColumns.Of([.. columns.Select(c => (c.Key, (Type?)null, (object?)c.Value))], "columns in memory");
    }

    /// <summary>Named sequences whose elements have types that are known at run time.</summary>
    /// <param name="columns">The columns, each name once, all of one length: name, type of the values, and the values, null where they are missing.</param>
    /// <param name="format">What the data are, in words, for <see cref="DataReading.Format"/>.</param>
    /// <exception cref="ModelException">Names repeat, or lengths differ.</exception>
    public static DataFrame FromColumns(IEnumerable<(string Name, Type Type, IEnumerable Values)> columns, string format)
    {
        ArgumentNullException.ThrowIfNull(columns);
        return SequenceColumns.Of([.. columns.Select(c => (c.Name, (Type?)c.Type, (object?)c.Values))], format);
    }

    /// <summary>Rows of any type: records, classes, structures, anonymous types, tuples (as <c>Item1</c> and so on), interfaces.</summary>
    /// <typeparam name="T">The type of a row: its public readable members are the columns.</typeparam>
    /// <param name="rows">The rows.</param>
    /// <exception cref="ModelException">A row is null, a member cannot be read, or a value is none of its levels.</exception>
    /// <example><code>
    /// var data = DataFrame.FromRows(visits.Select(v => new { v.Child, v.Week, Log = Math.Log(v.Lead) }));
    /// </code></example>
    public static DataFrame FromRows<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicProperties | DynamicallyAccessedMemberTypes.PublicFields | DynamicallyAccessedMemberTypes.PublicConstructors | DynamicallyAccessedMemberTypes.Interfaces)] T>(IEnumerable<T> rows) =>
        RowReader.Read(rows);
}
