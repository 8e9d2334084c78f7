using System;
using System.Collections;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Deedle;

namespace LmmFormula.Data;

/// <summary>Frames of Deedle as data of models.</summary>
public static class DeedleFrame
{
    /// <summary>The columns of a frame, named by their keys; what the frame has no value for is missing.</summary>
    /// <typeparam name="TRow">The type of the rows' keys.</typeparam>
    /// <typeparam name="TColumn">The type of the columns' keys.</typeparam>
    /// <param name="frame">The frame, which is copied.</param>
    /// <param name="rowKeys">The name of a first column that holds the rows' keys; null: they are left out.</param>
    /// <returns>The data. What no column can be made of is left out with a note in <see cref="DataFrame.Reading"/>.</returns>
    /// <exception cref="Language.ModelException">Two columns have one name.</exception>
    /// <example><code>
    /// var frame = Frame.ReadCsv("tlc.csv");
    /// var fit = Lmm.Fit("lead ~ week + (1 | id)", frame.ToLmmFrame());
    /// </code></example>
    public static DataFrame ToLmmFrame<TRow, TColumn>(this Frame<TRow, TColumn> frame, string? rowKeys = null)
        where TRow : notnull
        where TColumn : notnull
    {
        ArgumentNullException.ThrowIfNull(frame);
        var columns = frame.ColumnKeys.Zip(frame.ColumnTypes).Select((c, j) =>
            (Convert.ToString(c.First, CultureInfo.InvariantCulture) ?? "", c.Second, (IEnumerable)Values(frame.GetColumnAt<object>(j).Vector)));
        if (rowKeys is not null) columns = columns.Prepend((rowKeys, typeof(TRow), frame.RowKeys));
        return DataFrame.FromColumns(columns, "Deedle frame");
    }

    private static IEnumerable<object?> Values(IVector vector) => vector.ObjectSequence.Select(v => v.HasValue ? v.Value : null);
}
