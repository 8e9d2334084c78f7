using System;
using System.Globalization;
using System.Threading;
using LmmFormula.Language;

namespace LmmFormula.IO;

/// <summary>
/// How much a file may become: what its bytes are unpacked to, and its values written one after the other. Compressions and references
/// (dictionaries, runs, shared beginnings) let a few bytes ask for any amount of memory and work; honest files stay far below this bound,
/// which is that of the oldest of these compressions, deflate.
/// </summary>
internal sealed class Allowance
{
    private const long Least = 1 << 26;
    private const long MostPerByte = 1024;

    private readonly long size;
    private readonly long most;
    private long left;

    /// <summary>The allowance of a file.</summary>
    /// <param name="size">The bytes of the file as it is stored.</param>
    public Allowance(long size)
    {
        this.size = size;
        left = most = Least + (MostPerByte * size);
    }

    /// <summary>An allowance for values that are in memory already.</summary>
    public static Allowance Unlimited => new(long.MaxValue / 2 / MostPerByte);

    /// <summary>Takes some bytes before they are made; what is beyond the bound throws <see cref="TooLargeException"/>.</summary>
    /// <param name="bytes">How many, of which one thread takes at a time.</param>
    public void Take(long bytes)
    {
        if (bytes > Volatile.Read(ref left) || Interlocked.Add(ref left, -bytes) < 0) throw new TooLargeException(size, most);
    }
}

/// <summary>A file unpacks to more than is read.</summary>
/// <param name="size">The bytes of the file.</param>
/// <param name="most">The bytes that it may become.</param>
internal sealed class TooLargeException(long size, long most) : Exception
{
    private const double Mebibyte = 1 << 20;

    /// <summary>The exception as a value.</summary>
    public ModelError Error => new(ErrorStage.Data, ModelCodes.UnpacksTooLarge, string.Create(CultureInfo.InvariantCulture,
        $"the file of {size} bytes unpacks to more than {most / Mebibyte:0} MB, 1024 times its size and 64 MB more, which is the most that is read"))
    {
        Hint = "if its data are that many, write them without compression, or as delimited text",
    };
}
