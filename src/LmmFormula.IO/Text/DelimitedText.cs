using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using CsvHelper;
using LmmFormula.Data;
using LmmFormula.Language;
using Microsoft.Win32.SafeHandles;

namespace LmmFormula.IO;

/// <summary>
/// Delimited text as columns. The layout is found from the first lines; then one pass over the bytes finds the types and fills the
/// columns as what their first lines say that they are; those that turn out otherwise are filled again. Whatever is mended is a note.
/// </summary>
internal static class DelimitedText
{
    private const int LongestTail = 512;

    /// <summary>Reads a text.</summary>
    /// <param name="bytes">The bytes of the file.</param>
    /// <param name="options">What is known of its layout.</param>
    public static Result<DataFrame> Read(byte[] bytes, DelimitedOptions options)
    {
        if (Unfit(options) is { } unfit) return Result.Bad<DataFrame>(unfit);
        if (NotData.Recognize(bytes) is { } other) return Result.Bad<DataFrame>(other);
        var read = TextEncoding.Decode(bytes, options.Encoding).Then(text =>
        {
            var plain = text.Bytes[..(text.Bytes.Span.LastIndexOfAnyExcept("\x1a\0"u8) + 1)];
            return Layout.Find(plain, options)
                .Then(dialect => Columns(plain[dialect.Body..], dialect, options).Map(found => (dialect, found)))
                .Map(read => Frame(text.Encoding, read.dialect, read.found));
        });
        return WithNotes(read, []);
    }

    /// <summary>Reads a large text in UTF-8 block by block; null if it is to be read whole, since it is not as regular as that needs it.</summary>
    /// <param name="file">The file.</param>
    /// <param name="length">How many bytes it has.</param>
    /// <param name="head">The first of them.</param>
    /// <param name="options">What is known of its layout.</param>
    public static Result<DataFrame>? ReadBlocks(SafeFileHandle file, int length, ReadOnlyMemory<byte> head, DelimitedOptions options)
    {
        if (options.Encoding is not (null or "utf-8") || Unfit(options) is not null || head.Span is [0xff, 0xfe, ..] or [0xfe, 0xff, ..] || head.Span.Contains((byte)0)) return null;
        Span<byte> tail = stackalloc byte[LongestTail];
        if (RandomAccess.Read(file, tail, length - tail.Length) != tail.Length) return null;
        var end = tail.LastIndexOfAnyExcept("\x1a\0"u8) + 1;
        if (end == 0) return null;
        var mark = head.Span is [0xef, 0xbb, 0xbf, ..] ? 3 : 0;
        if (Layout.Find(head[mark..], options) is not Result<Dialect>.Ok { Value: var dialect, Warnings: var notes } || dialect.Separator == ' ') return null;
        // A quote before the data, or names that go on, may be told by what comes later.
        if (dialect.Body > head.Length / 2 || head.Span.Slice(mark, dialect.Body).Count((byte)'"') % 2 != 0) return null;
        var start = mark + dialect.Body;
        var body = TextBody.Of(file, start, length - start - (tail.Length - end), head[start..(head.Span.LastIndexOf((byte)'\n') + 1)]);
        if (Unknown(options.Types, dialect.Names) is { } unknown) return Result.Bad<DataFrame>(unknown);
        try
        {
            var read = Columns(new Records(body, dialect, dialect.Separator, options.Comment ?? Layout.UsualComment, options), dialect, options).Map(found => Frame("utf-8", dialect, found));
            return read is Result<DataFrame>.Ok ok ? WithNotes(new Result<DataFrame>.Ok(ok.Value, notes.Concat(ok.Warnings).ToEquatableArray()), []) : read;
        }
        catch (Exception e) when (e is IrregularTextException or CsvFormatException)
        {
            return null;
        }
    }

    /// <summary>Reads cells of a sheet that were written as text.</summary>
    /// <param name="text">The text, separated by <see cref="TidyText.Separator"/>.</param>
    /// <param name="rows">Of each line the row of the sheet.</param>
    /// <param name="options">What is known of the layout.</param>
    /// <param name="format">The name of the format.</param>
    /// <param name="notes">What is to be noted beside, given the columns' names and the first row of data.</param>
    /// <param name="clocks">The columns that are times of day, in seconds.</param>
    public static Result<DataFrame> ReadCells(ReadOnlyMemory<byte> text, IReadOnlyList<int> rows, DelimitedOptions options, string format, Func<IReadOnlyList<string>, int, IEnumerable<ModelError>> notes, IReadOnlySet<int> clocks)
    {
        // The sheet's numbers have points, whatever the marks of those that are text.
        var cells = options with { Separator = TidyText.Separator, Decimal = null, Encoding = null };
        return Layout.Find(text, cells).Then(dialect => Columns(text[dialect.Body..], dialect with { Rows = rows }, cells).Map(found => (dialect, found))) switch
        {
            Result<(Dialect Dialect, Found Found)>.Ok ok => WithNotes(new Result<DataFrame>.Ok(FrameOfCells(format, ok.Value.Dialect, ok.Value.Found, clocks), ok.Warnings), notes(ok.Value.Dialect.Names, ok.Value.Dialect.Line <= rows.Count ? rows[ok.Value.Dialect.Line - 1] : int.MaxValue)),
            Result<(Dialect, Found)>.Bad bad => Result.Bad<DataFrame>(bad.Errors),
            _ => throw new InvalidOperationException(),
        };
    }

    private static DataFrame FrameOfCells(string format, Dialect dialect, Found found, IReadOnlySet<int> clocks) => new(dialect.Names, found.Columns)
    {
        Reading = new DataReading
        {
            Format = format,
            // Sheets are XML: their cells were scanned as text, and messages name them as such.
            Encoding = "utf-8",
            HasHeader = dialect.HasHeader,
            Columns = found.Readings.Select((r, j) => clocks.Contains(j) && !r.IsForced ? r with { Why = "times of day or durations, in seconds" } : r).ToEquatableArray(),
        },
    };

    // The frame keeps what was noted, for reports of what is made of it.
    private static Result<DataFrame> WithNotes(Result<DataFrame> read, IEnumerable<ModelError> more)
    {
        if (read is not Result<DataFrame>.Ok ok) return read;
        var notes = ok.Warnings.Concat(more).ToEquatableArray();
        return new Result<DataFrame>.Ok(ok.Value with { Reading = ok.Value.Reading! with { Notes = notes } }, notes);
    }

    private sealed record Found(EquatableArray<Column> Columns, EquatableArray<ColumnReading> Readings, char Decimal);

    private static DataFrame Frame(string encoding, Dialect dialect, Found found) => new(dialect.Names, found.Columns)
    {
        Reading = new DataReading
        {
            Format = "delimited text",
            Encoding = encoding,
            Separator = dialect.Separator,
            Decimal = found.Decimal,
            HasHeader = dialect.HasHeader,
            Columns = found.Readings,
        },
    };

    private static Result<Found> Columns(ReadOnlyMemory<byte> body, Dialect dialect, DelimitedOptions options)
    {
        if (Unknown(options.Types, dialect.Names) is { } unknown) return Result.Bad<Found>(unknown);
        var comment = options.Comment ?? Layout.UsualComment;
        if (dialect.Separator != ' ')
        {
            try
            {
                return Columns(new Records(TextBody.Of(body), dialect, dialect.Separator, comment, options), dialect, options);
            }
            catch (CsvFormatException)
            {
                // Quotes that break the rules; told apart below.
            }
        }
        return TidyText.Of(body, dialect, comment).Then(tidy =>
        {
            try
            {
                return Columns(new Records(TextBody.Of(tidy.Bytes), dialect, TidyText.Separator, comment, options), dialect, options) switch
                {
                    Result<Found>.Ok ok => new Result<Found>.Ok(ok.Value, tidy.Notes.Concat(ok.Warnings).ToEquatableArray()),
                    var bad => bad,
                };
            }
            catch (CsvFormatException e)
            {
                return Result.Bad<Found>(new ModelError(ErrorStage.Data, ModelCodes.MalformedCsv,
                    string.Create(CultureInfo.InvariantCulture, $"line {dialect.Line - 1 + e.LineNumber}: {e.Message.TrimEnd('.')}"))
                { Hint = "check the quotes of this line" });
            }
        });
    }

    private static ModelError? Unfit(DelimitedOptions options)
    {
        foreach (var mark in (char?[])[options.Separator, options.Comment])
        {
            if (mark is { } given && !Layout.IsMark(given))
                return new(ErrorStage.Data, ModelCodes.Separator, $"{Layout.Shown(given)} can neither separate fields nor start comments") { Hint = "name a plain character, such as ; or #" };
        }
        return null;
    }

    /// <summary>The error of a type for a column that is not there, or null.</summary>
    public static ModelError? Unknown(EquatableArray<TypedColumn> types, EquatableArray<string> names)
    {
        if (types.FirstOrDefault(t => !names.Contains(t.Name)) is not { } unknown) return null;
        return new(ErrorStage.Data, ModelCodes.UnknownColumn, $"there is no column '{unknown.Name}' to read as {Name(unknown.Type)}")
        {
            Column = unknown.Name,
            Hint = NearestName.Find(unknown.Name, names) is { } near ? $"did you mean '{near}'?" : $"the columns are {string.Join(", ", names)}",
        };
    }

    private static Result<Found> Columns(Records records, Dialect dialect, DelimitedOptions options) =>
        TextPass.Run(records, options, scans => [.. Choose(scans, dialect, options).Select(c => c.Storage)]).Then(pass => Columns(pass, records, dialect, options));

    private static Result<Found> Columns(TextPass pass, Records records, Dialect dialect, DelimitedOptions options)
    {
        var (scans, lengths, rows) = (pass.Scans, pass.Lengths, pass.Rows);
        if (lengths.Verdict(rows) is { } uneven) return Result.Bad<Found>(uneven);
        if (options.Types.FirstOrDefault(t => t.Type == ColumnType.Date && scans[IndexOf(dialect, t.Name)].EitherFirst is not null) is { } unclear)
        {
            return Result.Bad<Found>(new ModelError(ErrorStage.Data, ModelCodes.AmbiguousText, $"the dates of {unclear.Name} can start with the day or with the month: {scans[IndexOf(dialect, unclear.Name)].Decide('.').Why}")
            { Column = unclear.Name, Hint = "say which: --day-first or --month-first" });
        }
        var choices = Choose(scans, dialect, options);
        var writers = new ColumnWriter[scans.Length];
        var others = new List<(int Column, ColumnWriter Writer)>();
        for (var j = 0; j < scans.Length; j++)
        {
            var storage = choices[j].Storage;
            if (pass.Filled(j, storage) is { } filled) writers[j] = filled;
            else others.Add((j, writers[j] = ColumnWriter.For(storage.Kind, rows, records.NumericCodes, storage.Dates)));
        }
        if (others.Count > 0) pass.Fill(records, others);
        var readings = choices.Select(c => c.Reading).ToArray();
        var misfits = writers.Select((w, j) => Misfit(w, readings[j], dialect)).OfType<ModelError>().ToList();
        if (misfits.Count > 0) return Result.Bad<Found>(misfits);
        var notes = lengths.Notes(rows).Concat(CommentNotes(pass, records)).Concat(scans.SelectMany((s, j) => Notes(s, dialect.Names[j], dialect.Place))).Concat(writers.Select((w, j) => w.Note(dialect.Names[j], dialect.PlaceOf)).OfType<ModelError>());
        return Result.Ok(new Found(
            writers.Select((w, j) => readings[j].Type == ColumnType.Factor ? FactorColumns.Of(w.Column(rows)) : w.Column(rows)).ToEquatableArray(), readings.ToEquatableArray(), DecimalMark(scans, dialect, options)), notes);
    }

    // What each column is read as, given what it can be.
    private static List<(ColumnReading Reading, Storage Storage)> Choose(ColumnScan[] scans, Dialect dialect, DelimitedOptions options)
    {
        var decimalMark = DecimalMark(scans, dialect, options);
        var choices = new List<(ColumnReading, Storage)>();
        for (var j = 0; j < scans.Length; j++)
        {
            var (scan, name) = (scans[j], dialect.Names[j]);
            var forced = options.Types.LastOrDefault(t => t.Name == name);
            var (kind, why) = forced is null ? scan.Decide(decimalMark) : (Kind(forced.Type, decimalMark, scan), "asked for");
            var reading = new ColumnReading(name, forced?.Type ?? Type(kind), why)
            {
                IsForced = forced is not null,
                IsRepeated = dialect.Repeated[j],
                Numbers = kind == CellKind.Text ? scan.Numbers : 0,
                Others = kind == CellKind.Text ? scan.Others.ToEquatableArray() : [],
            };
            choices.Add((reading, new(kind, scan.Dates == DateForms.None ? DateForms.Day : scan.Dates)));
        }
        return choices;
    }

    private static char DecimalMark(ColumnScan[] scans, Dialect dialect, DelimitedOptions options) =>
        options.Decimal ?? (dialect.Separator != ',' && !scans.Any(s => s.HasPoints) && scans.Any(s => s.IsCommaNumber && s.HasDecimalCommas) ? ',' : '.');

    private static IEnumerable<ModelError> CommentNotes(TextPass pass, Records records)
    {
        if (pass.Comments == 0) yield break;
        yield return new(ErrorStage.Data, ModelCodes.CommentLines,
            string.Create(CultureInfo.InvariantCulture, $"{Counted.Of(pass.Comments, "line starts", "lines start")} with {records.Comment} between the {pass.Rows} lines of data, the first is line {pass.FirstComment}; they are taken as comments"));
    }

    private static IEnumerable<ModelError> Notes(ColumnScan scan, string name, string place)
    {
        if (scan.NotAvailable > 0)
        {
            yield return new(ErrorStage.Data, ModelCodes.NotAvailable, $"{Counted.Of(scan.NotAvailable, "cell", "cells")} of {name} {(scan.NotAvailable == 1 ? "is" : "are")} #N/A, which is read as a missing value")
            { Column = name };
        }
        if (scan.MinusLine > 0)
        {
            yield return new(ErrorStage.Data, ModelCodes.UnicodeMinus, string.Create(CultureInfo.InvariantCulture, $"{name} has numbers with a typographic minus or dash (U+2212, U+2013) before them, the first in {place} {scan.MinusLine}; they are read as negative"))
            { Column = name };
        }
    }

    private static ModelError? Misfit(ColumnWriter writer, ColumnReading reading, Dialect dialect)
    {
        if (writer.MisfitCount == 0) return null;
        var cells = string.Join(", ", writer.Misfits.Select(m => string.Create(CultureInfo.InvariantCulture, $"'{m.Text}' in {dialect.PlaceOf(m.Line)}")));
        return new(ErrorStage.Data, ModelCodes.NotNumeric, $"{reading.Name} is asked for as {Name(reading.Type)}, and {cells}{(writer.MisfitCount > writer.Misfits.Count ? ", ..." : "")} {(writer.MisfitCount == 1 ? "is" : "are")} none")
        {
            Column = reading.Name,
            Hint = $"if such cells mean a missing value: --missing{(writer.Misfits[0].Text.StartsWith('-') ? "=" : " ")}\"{writer.Misfits[0].Text}\"",
        };
    }

    private static CellKind Kind(ColumnType type, char decimalMark, ColumnScan scan) => type switch
    {
        ColumnType.Logical => CellKind.Logical,
        ColumnType.Integer => scan.IsLong ? CellKind.Long : CellKind.Integer,
        ColumnType.Number => decimalMark == ',' ? CellKind.CommaNumber : CellKind.Number,
        // A factor of numbers has its levels in their order.
        ColumnType.Factor => scan.Decide(decimalMark).Kind,
        ColumnType.Date => CellKind.Date,
        ColumnType.Time => CellKind.Time,
        _ => CellKind.Text,
    };

    private static ColumnType Type(CellKind kind) => kind switch
    {
        CellKind.Logical => ColumnType.Logical,
        CellKind.Integer or CellKind.Long => ColumnType.Integer,
        CellKind.Date => ColumnType.Date,
        CellKind.Time => ColumnType.Time,
        CellKind.Number or CellKind.CommaNumber => ColumnType.Number,
        _ => ColumnType.Text,
    };

    private static int IndexOf(Dialect dialect, string name) => Array.IndexOf(dialect.Names.ToArray(), name);

    private static string Name(ColumnType type) => type.ToString().ToLowerInvariant();
}
