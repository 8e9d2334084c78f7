using System;
using System.Collections.Generic;
using System.Globalization;
using CsvHelper;
using LmmFormula.Data;
using LmmFormula.Language;

namespace LmmFormula.IO;

/// <summary>
/// Comma-separated text as columns, typed as R's <c>read.csv</c> types them: logical if every value is TRUE or FALSE, integer,
/// number, else text. <c>NA</c> and empty fields are missing. Two passes over the bytes: the first finds the types and the number
/// of rows, the second fills columns of exactly that length.
/// </summary>
internal static class Csv
{
    private enum Kind
    {
        Empty,
        Logical,
        Integer,
        Number,
        Text,
    }

    public static Result<DataFrame> Read(byte[] bytes, char separator)
    {
        var options = new CsvReaderOptions
        {
            Separator = separator,
            NullValues = ["NA"],
            MalformedData = CsvMalformedDataHandling.Throw,
            TrackLineNumbers = true,
            PoolStrings = true,
        };
        try
        {
            return Headers(bytes, options)
                .Then(names => Classify(bytes, options, names))
                .Map(shape => new DataFrame(shape.Names, Fill(bytes, options, shape)));
        }
        catch (CsvFormatException e)
        {
            return DataFile.Failure(ModelCodes.MalformedCsv, $"line {e.LineNumber}: {e.Message.TrimEnd('.')}", "check the quotes of this line");
        }
    }

    private sealed record Shape(EquatableArray<string> Names, Kind[] Kinds, int Rows);

    private static Result<EquatableArray<string>> Headers(byte[] bytes, CsvReaderOptions options)
    {
        using var reader = CsvReader.Create(bytes, options);
        var names = new string[reader.Headers.Count];
        if (names.Length == 0) return Bad(ModelCodes.NoHeader, "the data have no header line", "the first line must name the columns");
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < names.Length; i++)
        {
            // R names the unnamed column of row names, which write.csv puts first, X.
            names[i] = reader.Headers[i].Trim() is { Length: > 0 } name ? name : i == 0 ? "X" : $"X.{i}";
            if (!seen.Add(names[i])) return Bad(ModelCodes.RepeatedColumn, $"column '{names[i]}' is in the header twice", "give each column a name of its own");
        }
        if (names is [var only] && only.Contains(';') && options.Separator == ',')
            return Bad(ModelCodes.Separator, "the header has one column and semicolons", "separate the columns by commas");
        return Result.Ok(names.ToEquatableArray());

        static Result<EquatableArray<string>> Bad(string code, string message, string hint) =>
            Result.Bad<EquatableArray<string>>(new ModelError(ErrorStage.Data, code, message) { Hint = hint });
    }

    private static Result<Shape> Classify(byte[] bytes, CsvReaderOptions options, EquatableArray<string> names)
    {
        using var reader = CsvReader.Create(bytes, options);
        var kinds = new Kind[names.Count];
        var rows = 0;
        while (reader.Read())
        {
            if (reader.FieldCount != names.Count)
            {
                var fields = reader.FieldCount == 1 ? "1 field" : $"{reader.FieldCount} fields";
                return Result.Bad<Shape>(new ModelError(
                    ErrorStage.Data, ModelCodes.FieldCount, $"line {reader.LineNumber} has {fields} where the header has {names.Count}")
                {
                    Row = rows + 1,
                    Hint = "give every line a field for every column, empty or NA where a value is missing",
                });
            }
            rows++;
            for (var j = 0; j < kinds.Length; j++)
            {
                if (kinds[j] != Kind.Text && !reader.IsNull(j)) kinds[j] = Widen(kinds[j], reader.GetSpan(j));
            }
        }
        return Result.Ok(new Shape(names, kinds, rows));
    }

    private static Kind Widen(Kind kind, ReadOnlySpan<byte> field)
    {
        if (kind is Kind.Empty or Kind.Logical && TryLogical(field, out _)) return Kind.Logical;
        if (kind == Kind.Logical) return Kind.Text;
        if (kind is Kind.Empty or Kind.Integer && TryInteger(field, out _)) return Kind.Integer;
        return TryNumber(field, out _) ? Kind.Number : Kind.Text;
    }

    private static EquatableArray<Column> Fill(byte[] bytes, CsvReaderOptions options, Shape shape)
    {
        var writers = new ColumnWriter[shape.Kinds.Length];
        for (var j = 0; j < writers.Length; j++) writers[j] = ColumnWriter.For(shape.Kinds[j], shape.Rows);
        using var reader = CsvReader.Create(bytes, options);
        for (var row = 0; reader.Read(); row++)
        {
            for (var j = 0; j < writers.Length; j++) writers[j].Write(reader, j, row);
        }
        var columns = new Column[writers.Length];
        for (var j = 0; j < columns.Length; j++) columns[j] = writers[j].Column;
        return columns.ToEquatableArray();
    }

    private static bool TryLogical(ReadOnlySpan<byte> field, out sbyte value)
    {
        if (field.SequenceEqual("TRUE"u8) || field.SequenceEqual("T"u8) || field.SequenceEqual("true"u8) || field.SequenceEqual("True"u8))
        {
            value = 1;
            return true;
        }
        value = 0;
        return field.SequenceEqual("FALSE"u8) || field.SequenceEqual("F"u8) || field.SequenceEqual("false"u8) || field.SequenceEqual("False"u8);
    }

    private static bool TryInteger(ReadOnlySpan<byte> field, out int value) =>
        int.TryParse(field, NumberStyles.AllowLeadingSign | NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out value)
        && value != Column.MissingInteger;

    private static bool TryNumber(ReadOnlySpan<byte> field, out double value)
    {
        var text = field.Trim((byte)' ');
        if (text.SequenceEqual("Inf"u8) || text.SequenceEqual("inf"u8)) value = double.PositiveInfinity;
        else if (text.SequenceEqual("-Inf"u8) || text.SequenceEqual("-inf"u8)) value = double.NegativeInfinity;
        else return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value) && !LosesDigits(text, value);
        return true;
    }

    // Identifiers beyond 2^53 are no numbers: as doubles, different ones would become one.
    private static bool LosesDigits(ReadOnlySpan<byte> text, double value) =>
        Math.Abs(value) > 9007199254740992 && text.TrimStart("+-"u8).IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0;

    /// <summary>Fills one column of a known type.</summary>
    private abstract class ColumnWriter
    {
        public abstract Column Column { get; }

        public abstract void Write(CsvReader reader, int field, int row);

        public static ColumnWriter For(Kind kind, int rows) => kind switch
        {
            Kind.Empty or Kind.Logical => new Logicals(rows),
            Kind.Integer => new Integers(rows),
            Kind.Number => new Numbers(rows),
            _ => new Texts(rows),
        };

        private sealed class Logicals(int rows) : ColumnWriter
        {
            private readonly sbyte[] values = new sbyte[rows];

            public override Column Column => new Column.Logical(values);

            public override void Write(CsvReader reader, int field, int row) =>
                values[row] = !reader.IsNull(field) && TryLogical(reader.GetSpan(field), out var value) ? value : (sbyte)-1;
        }

        private sealed class Integers(int rows) : ColumnWriter
        {
            private readonly int[] values = new int[rows];

            public override Column Column => new Column.Integer(values);

            public override void Write(CsvReader reader, int field, int row) =>
                values[row] = !reader.IsNull(field) && TryInteger(reader.GetSpan(field), out var value) ? value : Column.MissingInteger;
        }

        private sealed class Numbers(int rows) : ColumnWriter
        {
            private readonly double[] values = new double[rows];

            public override Column Column => new Column.Number(values);

            public override void Write(CsvReader reader, int field, int row) =>
                values[row] = !reader.IsNull(field) && TryNumber(reader.GetSpan(field), out var value) ? value : double.NaN;
        }

        private sealed class Texts(int rows) : ColumnWriter
        {
            private readonly string?[] values = new string?[rows];

            public override Column Column => new Column.Text(values);

            public override void Write(CsvReader reader, int field, int row) =>
                values[row] = reader.IsNull(field) ? null : reader.GetString(field);
        }
    }
}
