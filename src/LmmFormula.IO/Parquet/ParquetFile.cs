using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.IO.Hashing;
using System.Linq;
using System.Threading.Tasks;
using LmmFormula.Data;
using LmmFormula.Language;

namespace LmmFormula.IO;

/// <summary>
/// Parquet files (https://github.com/apache/parquet-format). Pages are decoded here, and only their compressions are left to libraries:
/// Parquet.Net 6.1 does not hand out dictionaries, whose order is that of a factor's levels, does not read differences of dates, moments
/// and decimals in pages of version 2, and takes pages that decompress to less than they say. What the file says of its sizes is
/// compared with its bytes before anything is made room for.
/// </summary>
internal static class ParquetFile
{
    private const int MagicLength = 4;
    private const int TailLength = 8;
    private const int FewestRows = 1 << 16;
    private const long MostRowsPerByte = 1024;
    private const long BytesPerValue = 8;
    private const int DataPage = 0;
    private const int IndexPage = 1;
    private const int DictionaryPage = 2;
    private const int DataPageV2 = 3;

    /// <summary>Whether the bytes start as a Parquet file does.</summary>
    public static bool Recognizes(ReadOnlySpan<byte> bytes) => bytes.StartsWith("PAR1"u8) || bytes.StartsWith("PARE"u8);

    /// <summary>Reads a file.</summary>
    /// <param name="bytes">The bytes of the file.</param>
    /// <param name="allowance">What it may become; null: as much as its bytes allow.</param>
    public static Result<DataFrame> Read(byte[] bytes, Allowance? allowance = null)
    {
        try
        {
            return Footer(bytes).Then(footer => Frame(bytes, footer, allowance ?? new(bytes.Length)));
        }
        catch (InvalidDataException e)
        {
            return Damaged($"the Parquet file is damaged: {e.Message}");
        }
    }

    private static Result<ThriftStruct> Footer(byte[] bytes)
    {
        if (bytes.AsSpan().StartsWith("PARE"u8)) return Encrypted<ThriftStruct>("the Parquet file is encrypted");
        if (bytes.Length < MagicLength + TailLength || !bytes.AsSpan().EndsWith("PAR1"u8))
            throw new InvalidDataException("it does not end as such files do, so that it was cut off or written over");
        var length = BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(bytes.Length - TailLength));
        if (length > bytes.Length - MagicLength - TailLength) throw new InvalidDataException("its footer is longer than the file");
        var footer = new ThriftReader(bytes.AsSpan(bytes.Length - TailLength - (int)length, (int)length)).Struct();
        return footer.Struct(8) is not null ? Encrypted<ThriftStruct>("the columns of the Parquet file are encrypted") : Result.Ok(footer);
    }

    // A column that is read, and where its chunks are.
    private sealed record Wanted(string Name, ParquetField Field, ParquetPlan Plan)
    {
        public List<ModelError> Errors { get; } = [];

        public Column? Column { get; set; }

        public HashSet<long> Codecs { get; } = [];
    }

    private static Result<DataFrame> Frame(byte[] bytes, ThriftStruct footer, Allowance allowance)
    {
        var entries = ParquetSchema.Read(footer.Structs(2).ToList(), out var leaves);
        var groups = footer.Structs(4).Select(g => (Rows: g.Size(3), Chunks: g.Structs(1).ToList())).ToList();
        var rows = footer.Needed(3);
        if (groups.Sum(g => (long)g.Rows) != rows)
            throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"it says that it has {rows} rows, and its groups have {groups.Sum(g => (long)g.Rows)}"));
        if (rows > Array.MaxLength || rows > FewestRows + (MostRowsPerByte * bytes.Length))
            throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"it says that it has {rows} rows, more than its {bytes.Length} bytes can hold"));
        if (groups.Find(g => g.Chunks.Count != leaves) is { Chunks: not null } odd)
            throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"a group of rows has {odd.Chunks.Count} columns of the schema's {leaves}"));
        var factors = WriterNotes.Factors(footer);
        var notes = new List<ModelError>();
        var wanted = new List<Wanted>();
        foreach (var (entry, name) in entries.Zip(ColumnNames.Of([.. entries.Select(e => e.Name)], notes)))
        {
            var plan = entry.Field is { } field ? ParquetColumns.Of(field, factors.TryGetValue(field.Name, out var ordered) ? ordered : null) : null;
            if (plan is not null) wanted.Add(new(name, entry.Field!, plan));
            else notes.Add(Skipped(name, entry.Field is null ? "lists or structures" : "bytes that are no text"));
        }
        var end = bytes.Length - TailLength;
        Parallel.ForEach(wanted, column => Fill(column, bytes.AsMemory(0, end), groups, allowance));
        var errors = wanted.SelectMany(w => w.Errors).Distinct().ToList();
        if (errors.Count > 0) return Result.Bad<DataFrame>(errors);
        notes.AddRange(wanted.Where(w => w.Column is null).Select(w => Skipped(w.Name, "bytes that are no text")));
        wanted.RemoveAll(w => w.Column is null);
        var codecs = wanted.SelectMany(w => w.Codecs).Distinct().Order().Select(PageCompression.NameOf).Distinct().ToList();
        return Result.Ok(
            new DataFrame(wanted.Select(w => w.Name).ToEquatableArray(), wanted.Select(w => w.Column!).ToEquatableArray())
            {
                Reading = new DataReading
                {
                    Format = "Parquet",
                    Compression = codecs.Count == 0 ? null : string.Join(", ", codecs),
                    Columns = wanted.Select(w => new ColumnReading(w.Name, w.Plan.Type, w.Plan.Why)).ToEquatableArray(),
                    Notes = notes.ToEquatableArray(),
                },
            },
            notes);
    }

    private static void Fill(Wanted column, ReadOnlyMemory<byte> file, List<(int Rows, List<ThriftStruct> Chunks)> groups, Allowance allowance)
    {
        try
        {
            var rows = groups.Sum(g => g.Rows);
            allowance.Take(BytesPerValue * rows);
            var stored = column.Plan.Open(rows);
            stored.Allowance = allowance;
            foreach (var (count, chunks) in groups)
            {
                stored.StartGroup();
                Chunk(column, stored, file, chunks[column.Field.Leaf], count);
            }
            column.Column = stored.Finish();
        }
        catch (TooLargeException e)
        {
            column.Errors.Add(e.Error);
        }
        catch (FormatException) when (column.Field.Meaning == ParquetMeaning.Plain)
        {
            // Bytes that nothing says to be text, and that are none.
        }
        catch (Exception e) when (e is InvalidDataException or FormatException)
        {
            column.Errors.Add(Error(ModelCodes.DamagedData, $"column '{column.Name}' of the Parquet file is damaged: {e.Message}", "copy the file again, or write it again", column.Name));
        }
        catch (NotSupportedException e)
        {
            column.Errors.Add(Error(ModelCodes.UnreadStorage, $"column '{column.Name}' of the Parquet file has {e.Message}, which is not read", "write the file again with the column as double, or without it, and with another compression, such as snappy", column.Name));
        }
    }

    private static void Chunk(Wanted column, StoredColumn stored, ReadOnlyMemory<byte> file, ThriftStruct chunk, int rows)
    {
        if (chunk.Text(1) is { Length: > 0 }) throw new NotSupportedException("its data in another file");
        if (chunk.Struct(3) is not { } meta) throw chunk.Struct(8) is null ? new InvalidDataException("its description is missing") : new NotSupportedException("encrypted data");
        if (meta.Needed(1) != (long)column.Field.Type) throw new InvalidDataException("its type is not that of the schema");
        if (meta.Needed(5) != rows) throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"it has {meta.Needed(5)} values where its group has {rows} rows"));
        if (rows == 0) return;
        var codec = meta.Needed(4);
        column.Codecs.Add(codec);
        var start = meta.Integer(11) is > 0 and var dictionary ? Math.Min(dictionary, meta.Needed(9)) : meta.Needed(9);
        var length = meta.Needed(7);
        if (start < MagicLength || start > file.Length || length < 0 || length > file.Length - start) throw new InvalidDataException("it lies outside of the file");
        var rest = file.Slice((int)start, (int)length);
        var left = rows;
        while (left > 0)
        {
            var reader = new ThriftReader(rest.Span);
            var header = reader.Struct();
            var size = header.Size(3);
            if (size > rest.Length - reader.Position) throw new InvalidDataException("it ends too early");
            var page = rest.Slice(reader.Position, size);
            rest = rest[(reader.Position + size)..];
            if (header.Integer(4) is { } sum && (uint)(int)sum != Crc32.HashToUInt32(page.Span)) throw new InvalidDataException("the checksum of a page is not that of its bytes");
            left -= Page(header, page, codec, column.Field, stored, left);
        }
    }

    // The rows of a page.
    private static int Page(ThriftStruct header, ReadOnlyMemory<byte> page, long codec, ParquetField field, StoredColumn stored, int left)
    {
        switch (header.Needed(1))
        {
            case DictionaryPage:
                if (header.Struct(7) is not { } of) throw new InvalidDataException("the description of its dictionary is missing");
                if (of.Needed(2) is not (PageEncodings.Plain or PageEncodings.PlainDictionary)) throw new NotSupportedException("a dictionary of an unknown encoding");
                stored.TakeDictionary(PageCompression.Decompress(page, codec, header.Size(2), stored.Allowance).Span, of.Size(1));
                return 0;
            case DataPage:
                return First(header, page, codec, field, stored, left);
            case DataPageV2:
                return Second(header, page, codec, field, stored, left);
            case IndexPage:
                return 0;
            default:
                throw new InvalidDataException("it has a page of an unknown kind");
        }
    }

    private static int First(ThriftStruct header, ReadOnlyMemory<byte> page, long codec, ParquetField field, StoredColumn stored, int left)
    {
        var data = header.Struct(5) ?? throw new InvalidDataException("the description of a page is missing");
        var rows = Rows(data, left);
        var values = PageCompression.Decompress(page, codec, header.Size(2), stored.Allowance).Span;
        int[] present = [];
        if (field.Optional)
        {
            if (data.Integer(3) is { } levels and not PageEncodings.RunLength) throw new NotSupportedException(string.Create(CultureInfo.InvariantCulture, $"missing values marked by encoding {levels}"));
            var at = 0;
            var length = BinaryPrimitives.ReadUInt32LittleEndian(PageEncodings.Take(values, ref at, 4));
            present = Levels(PageEncodings.Take(values, ref at, length), rows);
            values = values[at..];
        }
        stored.TakePage((int)data.Needed(2), values, present, rows);
        return rows;
    }

    // Levels come first and are not compressed.
    private static int Second(ThriftStruct header, ReadOnlyMemory<byte> page, long codec, ParquetField field, StoredColumn stored, int left)
    {
        var data = header.Struct(8) ?? throw new InvalidDataException("the description of a page is missing");
        var rows = Rows(data, left);
        var (defined, repeated) = (data.Size(5), data.Size(6));
        if ((long)defined + repeated > page.Length || header.Size(2) < defined + repeated) throw new InvalidDataException("it ends too early");
        var present = field.Optional ? Levels(page.Span.Slice(repeated, defined), rows) : [];
        if (data.Needed(2) != (field.Optional ? present.Count(p => p == 0) : 0)) throw new InvalidDataException("a page has another number of missing values than it says");
        var packed = page[(defined + repeated)..];
        var size = header.Size(2) - defined - repeated;
        var values = data.Truth(7) == false ? packed : PageCompression.Decompress(packed, codec, size, stored.Allowance);
        stored.TakePage((int)data.Needed(4), values.Span, present, rows);
        return rows;
    }

    private static int Rows(ThriftStruct data, int left) =>
        data.Size(1) is var rows && rows <= left ? rows : throw new InvalidDataException("its pages have more rows than its group");

    private static int[] Levels(ReadOnlySpan<byte> bytes, int rows)
    {
        var present = new int[rows];
        PageEncodings.ReadRuns(bytes, 1, present);
        foreach (var level in present)
        {
            if (level is not (0 or 1)) throw new InvalidDataException("the marks of its missing values are impossible");
        }
        return present;
    }

    private static ModelError Skipped(string name, string what) => new(ErrorStage.Data, ModelCodes.ColumnSkipped, $"column '{name}' holds {what} and was left out") { Column = name };

    private static Result<DataFrame> Damaged(string message) => Result.Bad<DataFrame>(Error(ModelCodes.DamagedData, message, "copy the file again, or write it again", null));

    private static Result<T> Encrypted<T>(string message) => Result.Bad<T>(Error(ModelCodes.EncryptedData, message, "write it without encryption", null));

    private static ModelError Error(string code, string message, string hint, string? column) => new(ErrorStage.Data, code, message) { Hint = hint, Column = column };
}
