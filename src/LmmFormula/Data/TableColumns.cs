using System;
using System.Collections.Generic;
using System.Data;
using System.Globalization;
using System.Linq;
using LmmFormula.Language;

namespace LmmFormula.Data;

/// <summary>The rows of a data table or of a view of one as columns.</summary>
internal static class TableColumns
{
    /// <summary>The current rows; those that are deleted are left out, and it is said.</summary>
    public static DataFrame Of(DataTable table)
    {
        var deleted = table.Rows.Cast<DataRow>().Count(r => r.RowState == DataRowState.Deleted);
        var rows = table.Rows.Cast<DataRow>().Where(r => r.RowState != DataRowState.Deleted);
        return Of("data table", table, rows, static (row, column) => row[column], deleted);
    }

    /// <summary>The rows that a view shows, in its order and in the version that it shows.</summary>
    public static DataFrame Of(DataView view) =>
        view.Table is not { } table ? DataFrame.Of() : Of("data view", table, view.Cast<DataRowView>(), static (row, column) => row[column.Ordinal], deleted: 0);

    private static DataFrame Of<TRow>(string format, DataTable table, IEnumerable<TRow> rows, Func<TRow, DataColumn, object?> value, int deleted)
    {
        DataColumn[] columns = [.. table.Columns.Cast<DataColumn>()];
        var frame = new FrameBuilder(format, [.. columns.Select(c => c.ColumnName)]);
        var builders = columns.Select((c, j) => frame.Column(j, c.DataType)).ToArray();
        foreach (var row in rows)
        {
            for (var j = 0; j < columns.Length; j++) builders[j]?.Add(value(row, columns[j]));
        }
        if (deleted > 0)
        {
            frame.Note(new(ErrorStage.Data, ModelCodes.DeletedRows, string.Create(CultureInfo.InvariantCulture, $"{deleted} deleted {(deleted == 1 ? "row" : "rows")} of the table {(deleted == 1 ? "is" : "are")} left out"))
            {
                Hint = "a DataView chooses other rows, such as those before the changes",
            });
        }
        return frame.Build(builders);
    }
}
