using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Threading.Tasks;
using CsvHelper;
using LmmFormula.Language;

namespace LmmFormula.IO;

/// <summary>What a column is stored as.</summary>
/// <param name="Kind">How its cells are stored.</param>
/// <param name="Dates">How dates are written.</param>
internal readonly record struct Storage(CellKind Kind, DateForms Dates);

/// <summary>
/// One pass over the lines of data, several chunks of them at a time, that finds what each column can be and fills it as what its first
/// lines say that it is. The result is that of a pass from the first line to the last, to the bit, whatever the number of chunks: what a
/// chunk assumed of those before it (where a record starts, what the columns can still be) is checked, and done again where it was wrong.
/// </summary>
internal sealed class TextPass
{
    // What the caches hold beside the columns' ends.
    private const int UsualChunk = 1 << 20;

    private readonly Storage[] guess;
    private readonly ColumnWriter[] writers;

    private readonly List<Chunk> chunks;

    private TextPass(LineLengths lengths, List<Chunk> chunks, Storage[] guess, ColumnWriter[] writers)
    {
        (this.chunks, this.guess, this.writers) = (chunks, guess, writers);
        Lengths = lengths;
        Scans = [];
    }

    /// <summary>What each column can be.</summary>
    public ColumnScan[] Scans { get; private set; }

    /// <summary>The number of rows.</summary>
    public int Rows { get; private set; }

    /// <summary>The lines with other numbers of fields.</summary>
    public LineLengths Lengths { get; }

    /// <summary>How many lines were taken as comments.</summary>
    public int Comments { get; private set; }

    /// <summary>The line of the first of them.</summary>
    public int FirstComment { get; private set; }

    /// <summary>Reads the lines.</summary>
    /// <param name="records">The lines.</param>
    /// <param name="options">How many threads may read them, and what else is known.</param>
    /// <param name="store">What each column is stored as, given what it can be.</param>
    public static Result<TextPass> Run(Records records, DelimitedOptions options, Func<ColumnScan[], Storage[]> store)
    {
        var sample = Sample(records, options);
        var guess = store(sample);
        var threads = options.Threads > 0 ? options.Threads : Environment.ProcessorCount;
        var chunks = records.Body.Split(options.ChunkBytes > 0 ? options.ChunkBytes : UsualChunk, guess.Length);
        if (chunks?.Count > 1 && Several(records, chunks, [Scanners(records, options), .. Enumerable.Repeat(sample, chunks.Count - 1)], guess, threads) is { } read) return Result.Ok(read);
        return One(records, options, guess, records.Body.Whole(guess.Length) ?? throw new IrregularTextException());
    }

    /// <summary>The column as it was filled; null if it is to be stored otherwise than was guessed.</summary>
    public ColumnWriter? Filled(int column, Storage storage)
    {
        var same = storage.Kind == guess[column].Kind && (storage.Kind is not CellKind.Date || storage.Dates == guess[column].Dates);
        return same ? writers[column] : null;
    }

    /// <summary>Fills some columns anew, from the first line to the last.</summary>
    public void Fill(Records records, IReadOnlyList<(int Column, ColumnWriter Writer)> columns)
    {
        var row = 0;
        foreach (var chunk in chunks)
        {
            using var block = records.Body.Open(chunk);
            using var reader = records.Open(block.Lines, chunk.Breaks);
            for (; reader.Next(); row++)
            {
                foreach (var (column, writer) in columns)
                {
                    var cell = reader.Cell(column, out var raw);
                    if (records.Missing.Contains(cell)) writer.WriteMissing(row);
                    else writer.Write(cell, raw, row, reader.Line);
                }
            }
        }
    }

    private static ColumnScan[] Scanners(Records records, DelimitedOptions options)
    {
        var scans = new ColumnScan[records.Dialect.Names.Count];
        for (var j = 0; j < scans.Length; j++) scans[j] = new(options.DayFirst, records.Dialect.Place);
        return scans;
    }

    private static ColumnScan[] Sample(Records records, DelimitedOptions options)
    {
        var scans = Scanners(records, options);
        try
        {
            using var reader = records.Open(records.Body.Start);
            for (var row = 0; row < options.SampleRows && reader.Next(); row++) Scan(records, reader, scans);
        }
        catch (CsvFormatException)
        {
            // Told when the lines are read.
        }
        return scans;
    }

    private static void Scan(Records records, RecordReader reader, ColumnScan?[] scans)
    {
        for (var j = 0; j < scans.Length; j++)
        {
            if (scans[j] is not { } scan) continue;
            var cell = reader.Cell(j, out _);
            if (!records.Missing.Contains(cell)) scan.Add(cell, reader.Line);
            else if (cell.SequenceEqual("#N/A"u8)) scan.NotAvailable++;
        }
    }

    // From the first line to the last.
    private static Result<TextPass> One(Records records, DelimitedOptions options, Storage[] guess, Chunk chunk)
    {
        var pass = new TextPass(new LineLengths(records.Dialect), [chunk], guess, Writers(records, guess, chunk.Rows));
        var part = new Part(chunk, Scanners(records, options)) { Writers = pass.writers };
        if (part.Read(records, pass.Lengths) is { } error) return Result.Bad<TextPass>(error);
        pass.Scans = part.Scans;
        pass.Take([part]);
        return Result.Ok(pass);
    }

    // Null if the text is not as regular as chunks need it: broken quotes, or lines with other numbers of fields.
    private static TextPass? Several(Records records, List<Chunk> chunks, List<ColumnScan[]> seeds, Storage[] guess, int threads)
    {
        var pass = new TextPass(new LineLengths(records.Dialect), chunks, guess, Writers(records, guess, chunks[^1].FirstRow + chunks[^1].Rows));
        var parts = chunks.Select((chunk, i) => new Part(chunk, [.. seeds[i].Select(s => s.Continued())])).ToList();
        var pools = new ConcurrentBag<LabelPool[]>();
        Parallel.For(0, parts.Count, new ParallelOptions { MaxDegreeOfParallelism = threads }, (i, loop) =>
        {
            // Chunks that are read one after another share their labels.
            if (!pools.TryTake(out var pool)) pool = [.. pass.writers.Select(_ => new LabelPool())];
            parts[i].Writers = [.. pass.writers.Select((w, j) => w.Fork(pool[j]))];
            if (!parts[i].TryRead(records)) loop.Stop();
            pools.Add(pool);
        });
        if (!parts.TrueForAll(p => p.IsRead)) return null;
        pass.Scans = Scanned(records, parts, seeds, threads);
        foreach (var part in parts)
        {
            for (var j = 0; j < pass.writers.Length; j++) pass.writers[j].AddMisfits(part.Writers[j]);
        }
        pass.Take(parts);
        // Labels between blanks are compared in order.
        if (Enumerable.Range(0, guess.Length).Where(j => parts.Exists(p => p.Writers[j].IsPadded)).Select(j => (j, pass.writers[j])).ToList() is { Count: > 0 } padded)
            pass.Fill(records, padded);
        return pass;
    }

    // What the columns can be after the last chunk. Where a chunk was scanned as if other cells came before it, it and those after it are
    // scanned again, as what was found so far has it.
    private static ColumnScan[] Scanned(Records records, List<Part> parts, List<ColumnScan[]> assumed, int threads)
    {
        var seeds = assumed.ConvertAll(s => s.ToArray());
        var before = seeds[0].Select(s => s.Continued()).ToArray();
        for (var i = 0; i < parts.Count; i++)
        {
            var wrong = Enumerable.Range(0, before.Length).Where(j => !before[j].GoesOnAs(seeds[i][j])).ToList();
            if (wrong.Count > 0)
            {
                for (var k = i; k < parts.Count; k++)
                {
                    foreach (var j in wrong) seeds[k][j] = before[j].Continued();
                }
                Parallel.For(i, parts.Count, new ParallelOptions { MaxDegreeOfParallelism = threads }, k => parts[k].Rescan(records, wrong, seeds[k]));
            }
            for (var j = 0; j < before.Length; j++)
            {
                parts[i].Scans[j].AddCounts(before[j]);
                before[j] = parts[i].Scans[j];
            }
        }
        return before;
    }

    private static ColumnWriter[] Writers(Records records, Storage[] storage, int rows) =>
        [.. storage.Select(s => ColumnWriter.For(s.Kind, rows, records.NumericCodes, s.Dates))];

    // Rows close up where chunks have fewer than they have line breaks.
    private void Take(List<Part> parts)
    {
        foreach (var part in parts)
        {
            if (part.Chunk.FirstRow != Rows)
            {
                foreach (var writer in writers) writer.Move(part.Chunk.FirstRow, Rows, part.Rows);
            }
            Rows += part.Rows;
            if (Comments == 0) FirstComment = part.FirstComment;
            Comments += part.Comments;
        }
    }

    private sealed class Part(Chunk chunk, ColumnScan[] scans)
    {
        public Chunk Chunk => chunk;

        public ColumnScan[] Scans => scans;

        public ColumnWriter[] Writers { get; set; } = [];

        public bool IsRead { get; private set; }

        public int Rows { get; private set; }

        public int Comments { get; private set; }

        public int FirstComment { get; private set; }

        public bool TryRead(Records records)
        {
            try
            {
                return Read(records, null) is null && IsRead;
            }
            // The second of a file that becomes shorter while it is read.
            catch (Exception e) when (e is CsvFormatException or IOException)
            {
                return false;
            }
        }

        // Compiled to the end at once: a text is read before a slower first version would be replaced.
        // Without a judge of their lengths, it stops at a line that is not as long as the others.
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public ModelError? Read(Records records, LineLengths? lengths)
        {
            using var block = records.Body.Open(chunk);
            using var reader = records.Open(block.Lines, chunk.Breaks);
            var (missing, separator, writers) = (records.Missing, records.Separator, Writers);
            var coded = records.NumericCodes.Count > 0;
            var numeric = writers.Select(w => w.TakesNumbers).ToArray();
            while (reader.Next())
            {
                var line = reader.Line;
                if (reader.FieldCount != scans.Length)
                {
                    if (lengths is null) return null;
                    if (lengths.Check(reader, line, Rows + 1) is { } wrong) return wrong;
                }
                // A file that is written to while it is read.
                if (lengths is null && Rows == chunk.Rows) return null;
                var row = chunk.FirstRow + Rows++;
                var rest = reader.Raw;
                if (reader.FieldCount != scans.Length || rest.Contains((byte)'"'))
                {
                    for (var j = 0; j < scans.Length; j++)
                    {
                        var cell = reader.Cell(j, out var raw);
                        Take(missing, j, cell, raw, row, line);
                    }
                    continue;
                }
                for (var j = 0; j < scans.Length; j++)
                {
                    if (numeric[j] && PlainNumber.TryReadField(rest, separator, out var number, out var length) && !(coded && missing.Contains(rest[..length])) && writers[j].TryWrite(number, row))
                    {
                        scans[j].Add(number, rest[..length], line);
                    }
                    else
                    {
                        length = rest.IndexOf(separator);
                        if (length < 0) length = rest.Length;
                        var raw = rest[..length];
                        Take(missing, j, RecordReader.Trimmed(raw), raw, row, line);
                    }
                    if (length < rest.Length) rest = rest[(length + 1)..];
                }
            }
            (IsRead, Comments, FirstComment) = (true, reader.Comments, reader.FirstComment);
            return lengths?.Verdict(Rows);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void Take(MissingWords missing, int column, ReadOnlySpan<byte> cell, ReadOnlySpan<byte> raw, int row, int line)
        {
            var (scan, writer) = (scans[column], Writers[column]);
            if (missing.Contains(cell))
            {
                writer.WriteMissing(row);
                if (cell.SequenceEqual("#N/A"u8)) scan.NotAvailable++;
                return;
            }
            writer.Write(cell, raw, row, line);
            scan.Add(cell, line);
        }

        // Scans some columns again, with what they can be where the chunk starts.
        public void Rescan(Records records, List<int> columns, ColumnScan[] seeds)
        {
            var again = new ColumnScan?[scans.Length];
            foreach (var j in columns) again[j] = scans[j] = seeds[j].Continued();
            using var block = records.Body.Open(chunk);
            using var reader = records.Open(block.Lines, chunk.Breaks);
            while (reader.Next()) Scan(records, reader, again);
        }
    }
}
