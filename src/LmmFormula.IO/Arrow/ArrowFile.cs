using System;
using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using Apache.Arrow;
using Apache.Arrow.Compression;
using Apache.Arrow.Ipc;
using Apache.Arrow.Memory;
using Apache.Arrow.Types;
using LmmFormula.Data;
using LmmFormula.Language;

namespace LmmFormula.IO;

/// <summary>Arrow's files (Feather, version 2) and streams.</summary>
internal static class ArrowFile
{
    private const int HeadLength = 8;
    private const int TailLength = 10;
    private const int BlockLength = 24;
    private const int FewestRows = 1 << 16;
    private const long MostRowsPerByte = 1024;

    /// <summary>Whether the bytes start as an Arrow file or stream does.</summary>
    public static bool Recognizes(ReadOnlySpan<byte> bytes) => bytes.StartsWith("ARROW1"u8) || IsStream(bytes);

    /// <summary>Reads a file or a stream.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <param name="allowance">What they may become; null: as much as their number allows.</param>
    public static Result<DataFrame> Read(byte[] bytes, Allowance? allowance = null)
    {
        var isFile = bytes.AsSpan().StartsWith("ARROW1"u8);
        try
        {
            var (start, messages) = isFile ? Framed(bytes) : (0, ArrowMessages.Walk(bytes));
            if (!isFile && !messages.HasSchema) throw new InvalidDataException("it has no schema");
            return Frame(bytes, start, messages, isFile, allowance ?? new(bytes.Length));
        }
        catch (NotSupportedException e)
        {
            return Bad(ModelCodes.UnreadStorage, $"the Arrow {(isFile ? "file" : "stream")} has {e.Message}, which is not read", "write it again with another program");
        }
        catch (TooLargeException e)
        {
            return Result.Bad<DataFrame>(e.Error);
        }
        // The library tells damage by exceptions of many types.
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return Bad(ModelCodes.DamagedData, $"the Arrow {(isFile ? "file" : "stream")} is damaged: {e.Message.TrimEnd('.')}", "copy the file again, or write it again");
        }
    }

    // A mark, the length of a message, and that this is one: its first offset is small.
    private static bool IsStream(ReadOnlySpan<byte> bytes) =>
        bytes.Length > 16 && bytes is [0xff, 0xff, 0xff, 0xff, ..] && BinaryPrimitives.ReadInt32LittleEndian(bytes[4..]) is > 0 and < 1 << 28 && BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]) is > 0 and < 1 << 16;

    // The messages of a file, which its footer counts.
    private static (int Start, ArrowMessages Messages) Framed(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < HeadLength + TailLength || !bytes.EndsWith("ARROW1"u8)) throw new InvalidDataException("it does not end as such files do, so that it was cut off or written over");
        var length = BinaryPrimitives.ReadUInt32LittleEndian(bytes[^TailLength..]);
        if (length > bytes.Length - HeadLength - TailLength) throw new InvalidDataException("its footer is longer than the file");
        var end = bytes.Length - TailLength - (int)length;
        var footer = FlatTable.Root(bytes.Slice(end, (int)length));
        var messages = ArrowMessages.Walk(bytes[HeadLength..end]);
        ArrowMessages.Check(footer.Table(1));
        Compare(footer, 2, messages.Dictionaries, "dictionaries");
        Compare(footer, 3, messages.Batches, "batches of rows");
        if (!messages.HasSchema && messages.HasSeveralDictionaries) throw new NotSupportedException("several dictionaries of one column");
        return (HeadLength, messages);
    }

    // The list of places that a footer has.
    private static void Compare(FlatTable footer, int field, List<long> places, string what)
    {
        if (footer.Count(field) != places.Count) throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"its footer counts {footer.Count(field)} {what}, and it has {places.Count}"));
        for (var i = 0; i < places.Count; i++)
        {
            if (footer.LongItem(field, i, BlockLength) != places[i] + HeadLength) throw new InvalidDataException($"its {what} are not where its footer says");
        }
    }

    private static Result<DataFrame> Frame(byte[] bytes, int start, ArrowMessages messages, bool isFile, Allowance allowance)
    {
        allowance.Take(messages.Copied);
        var batches = new List<RecordBatch>();
        // Some writers have the schema of a file in its footer only; where it is in front too, dictionaries that grow are read rightly.
        var budget = new Budget(allowance);
        using var stream = messages.HasSchema ? new MemoryStream(bytes, start, messages.Length, writable: false) : new MemoryStream(bytes, writable: false);
        using var reader = messages.HasSchema ? new ArrowStreamReader(stream, budget, new CompressionCodecFactory(), leaveOpen: false) : new ArrowFileReader(stream, budget, new CompressionCodecFactory(), leaveOpen: false);
        var schema = reader.Schema;
        var rows = 0L;
        while (reader.ReadNextRecordBatch() is { } batch)
        {
            Check(batch, schema);
            rows += batch.Length;
            batches.Add(batch);
        }
        if (batches.Count != messages.Batches.Count) throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"of its {messages.Batches.Count} batches of rows {batches.Count} can be read"));
        if (rows > FewestRows + (MostRowsPerByte * bytes.Length)) throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"it says that it has {rows} rows, more than its {bytes.Length} bytes can hold"));
        return ArrowData.Frame(schema, batches, isFile ? "Arrow file" : "Arrow stream", allowance) switch
        {
            Result<DataFrame>.Ok ok => Told(ok, messages, isFile),
            var bad => bad,
        };
    }

    private static Result<DataFrame>.Ok Told(Result<DataFrame>.Ok read, ArrowMessages messages, bool isFile)
    {
        var notes = read.Warnings;
        if (!isFile && !messages.HasEnd)
        {
            notes = notes.Append(new(ErrorStage.Data, ModelCodes.NoEndMark, string.Create(CultureInfo.InvariantCulture, $"the Arrow stream has no mark at its end: whether more rows than its {read.Value.Rows} were to follow cannot be told"))
            {
                Hint = "close the writer before the stream is read",
            }).ToEquatableArray();
        }
        return new(read.Value with { Reading = read.Value.Reading! with { Compression = messages.Compression, Notes = notes } }, notes);
    }

    private static void Check(RecordBatch batch, Schema schema)
    {
        if (batch.ColumnCount != schema.FieldsList.Count) throw new InvalidDataException("a batch of rows has another number of columns than the schema");
        for (var j = 0; j < batch.ColumnCount; j++)
        {
            var array = batch.Column(j);
            if (array.Length != batch.Length) throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"column '{schema.FieldsList[j].Name}' has {array.Length} values in a batch of {batch.Length} rows"));
            if (array.Data.DataType is NestedType or NullType) continue;
            var marks = array.Data.Buffers.Length > 0 ? array.Data.Buffers[0].Span : default;
            var missing = marks.IsEmpty ? 0 : array.Length - BitUtility.CountBits(marks, 0, array.Length);
            // Arrow has -1 for a number that was not counted.
            if (array.Data.NullCount >= 0 && missing != array.Data.NullCount) throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"column '{schema.FieldsList[j].Name}' has {missing} missing values where it says {array.Data.NullCount}"));
        }
    }

    private static Result<DataFrame> Bad(string code, string message, string hint) => Result.Bad<DataFrame>(new ModelError(ErrorStage.Data, code, message) { Hint = hint });

    // Memory for what is decompressed.
    private sealed class Budget(Allowance allowance) : MemoryAllocator
    {
        protected override IMemoryOwner<byte> AllocateInternal(int length, out int bytesAllocated)
        {
            allowance.Take(length);
            bytesAllocated = length;
            return new Owner(new byte[length]);
        }

        private sealed class Owner(byte[] bytes) : IMemoryOwner<byte>
        {
            public Memory<byte> Memory => bytes;

            public void Dispose()
            {
                // The collector takes it.
            }
        }
    }
}
