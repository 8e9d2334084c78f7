using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.IO;
using System.Text.Unicode;
using Microsoft.Win32.SafeHandles;

namespace LmmFormula.IO;

/// <summary>The lines of data: in memory, or in a file of which some blocks are in memory at a time.</summary>
internal abstract class TextBody
{
    /// <summary>The number of bytes.</summary>
    public abstract int Length { get; }

    /// <summary>The first lines, or all.</summary>
    public abstract ReadOnlyMemory<byte> Start { get; }

    /// <summary>The chunks in which it is read; null if it is not as regular as chunks need it.</summary>
    /// <param name="size">The wanted size of a chunk.</param>
    /// <param name="columns">How many columns there are.</param>
    public abstract List<Chunk>? Split(int size, int columns);

    /// <summary>All of it as one chunk, which can be read whatever it is; null if it is not in memory.</summary>
    /// <param name="columns">How many columns there are.</param>
    public abstract Chunk? Whole(int columns);

    /// <summary>The lines of a chunk.</summary>
    public abstract TextBlock Open(Chunk chunk);

    /// <summary>Lines in memory.</summary>
    public static TextBody Of(ReadOnlyMemory<byte> bytes) => new InMemory(bytes);

    /// <summary>Lines of a file in UTF-8, which is told when it is parted.</summary>
    /// <param name="file">The file.</param>
    /// <param name="start">Where the lines start.</param>
    /// <param name="length">How many bytes they have.</param>
    /// <param name="first">The first of them.</param>
    public static TextBody Of(SafeFileHandle file, long start, int length, ReadOnlyMemory<byte> first) => new InFile(file, start, length, first);

    private sealed class InMemory(ReadOnlyMemory<byte> bytes) : TextBody
    {
        public override int Length => bytes.Length;

        public override ReadOnlyMemory<byte> Start => bytes;

        public override List<Chunk> Split(int size, int columns) => Chunk.Split(bytes.Span, size, columns);

        public override Chunk? Whole(int columns) => Chunk.Whole(bytes.Span, columns);

        public override TextBlock Open(Chunk chunk) => new(bytes.Slice(chunk.Start, chunk.Length), null, []);
    }

    private sealed class InFile(SafeFileHandle file, long start, int length, ReadOnlyMemory<byte> first) : TextBody
    {
        private const int Overhang = 1 << 16;
        private readonly ConcurrentBag<byte[]> buffers = [];

        public override int Length => length;

        public override ReadOnlyMemory<byte> Start => first;

        public override List<Chunk>? Split(int size, int columns)
        {
            var chunks = new List<Chunk>();
            var buffer = new byte[size + Overhang];
            var (at, breaks, rows) = (0, 0, 0);
            while (at < length)
            {
                var wanted = Math.Min(size, length - at);
                int end;
                while (true)
                {
                    var text = buffer.AsSpan(0, Math.Min(buffer.Length, length - at));
                    Fill(text, at);
                    end = wanted == length - at ? wanted : Chunk.End(text, 0, wanted);
                    // A record that goes on behind the block; the end of the block ends a line only where that is the end of all.
                    if (end < text.Length || text.Length == length - at) break;
                    Array.Resize(ref buffer, (int)Math.Min(2L * buffer.Length, length - at));
                }
                var lines = buffer.AsSpan(0, end);
                if (Chunk.HasLoneReturn(lines) || lines.Contains((byte)0) || !Utf8.IsValid(lines)) return null;
                var count = lines.Count((byte)'\n');
                var most = Chunk.MostRows(count + (at + end == length && lines[^1] != '\n' ? 1 : 0), end, columns);
                chunks.Add(new(at, end, breaks, most, rows));
                (at, breaks, rows) = (at + end, breaks + count, rows + most);
            }
            return chunks;
        }

        public override Chunk? Whole(int columns) => null;

        public override TextBlock Open(Chunk chunk)
        {
            if (!buffers.TryTake(out var buffer) || buffer.Length < chunk.Length) buffer = GC.AllocateUninitializedArray<byte>(chunk.Length + Overhang);
            Fill(buffer.AsSpan(0, chunk.Length), chunk.Start);
            return new(buffer.AsMemory(0, chunk.Length), buffer, buffers);
        }

        private void Fill(Span<byte> target, int at)
        {
            for (var filled = 0; filled < target.Length;)
            {
                var read = RandomAccess.Read(file, target[filled..], start + at + filled);
                if (read == 0) throw new EndOfStreamException("it became shorter while it was read");
                filled += read;
            }
        }
    }
}

/// <summary>A text is to be read whole, since it is not as regular as reading it block by block needs it.</summary>
internal sealed class IrregularTextException : Exception;

/// <summary>Lines that are in memory until this is disposed.</summary>
/// <param name="lines">The lines.</param>
/// <param name="buffer">What holds them, if it can be used again.</param>
/// <param name="buffers">Where it goes then.</param>
internal sealed class TextBlock(ReadOnlyMemory<byte> lines, byte[]? buffer, ConcurrentBag<byte[]> buffers) : IDisposable
{
    /// <summary>The lines.</summary>
    public ReadOnlyMemory<byte> Lines => lines;

    /// <inheritdoc/>
    public void Dispose()
    {
        if (buffer is not null) buffers.Add(buffer);
    }
}
