using System;
using System.Collections.Generic;
using System.IO;
using LmmFormula.Data;
using LmmFormula.Language;

namespace LmmFormula.IO;

/// <summary>Reads a data file; its name says its format.</summary>
public static class DataFile
{
    // From so many bytes on a text is read by blocks.
    private const int LargeText = 1 << 24;
    private const int SmallestLarge = 1024;
    private const int LongestStart = 512;

    /// <summary>
    /// Reads a file: delimited text of any extension, also with <c>.gz</c>, whose layout is found from its content, <c>.rds</c> or
    /// <c>.RData</c> (R data frames as <c>saveRDS</c> and <c>save</c> write them), Parquet and Arrow (also Feather), which
    /// are told by their first bytes.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="options">What is known of the layout of text; null: nothing.</param>
    /// <param name="name">The object to read, of an R file that holds several; null if it holds one data frame.</param>
    /// <returns>The data, or what is wrong with the file and on which line.</returns>
    public static Result<DataFrame> Read(string path, DelimitedOptions? options = null, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (Directory.Exists(path)) return Failure(ModelCodes.NotAFile, $"'{path}' is a folder", "name a .csv, .tsv or .rds file");
        if (!File.Exists(path)) return Failure(ModelCodes.NoFile, $"there is no file '{path}'", Nearest(path));
        try
        {
            options ??= DelimitedOptions.Default;
            return Blocks(path, options, name) ?? Content(File.ReadAllBytes(path), options, Plain(path), name);
        }
        catch (OutOfMemoryException)
        {
            return Failure(ModelCodes.UnreadableFile, $"'{path}' does not fit into memory", "read fewer of its rows or columns");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Failure(ModelCodes.UnreadableFile, $"'{path}' cannot be read: {e.Message.TrimEnd('.')}", null);
        }
    }

    /// <summary>Reads a stream, such as standard input, whose format is told by its first bytes.</summary>
    /// <param name="stream">The stream, read to its end.</param>
    /// <param name="options">What is known of its layout; null: nothing.</param>
    /// <param name="name">The object to read, of an R file that holds several; null if it holds one data frame.</param>
    public static Result<DataFrame> ReadStream(Stream stream, DelimitedOptions? options = null, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return Content(bytes.ToArray(), options ?? DelimitedOptions.Default, "", name);
    }

    private static Result<DataFrame> Content(byte[] bytes, DelimitedOptions options, string extension, string? name)
    {
        var allowance = new Allowance(bytes.Length);
        return Compression.Inflate(bytes, allowance).Then(plain =>
        {
            var kind = KindOf(plain, extension);
            return Unused(kind, options, name) ?? kind switch
            {
                FileKind.R => AskedColumns.Apply(Rds.Read(plain, name, allowance), options),
                FileKind.Parquet => AskedColumns.Apply(ParquetFile.Read(plain, allowance), options),
                FileKind.Arrow => AskedColumns.Apply(ArrowFile.Read(plain, allowance), options),
                FileKind.Excel => ExcelFile.Read(plain, options, allowance),
                _ => DelimitedText.Read(plain, options),
            };
        });
    }

    // A large text is not held as a whole, unless it turns out to need that.
    private static Result<DataFrame>? Blocks(string path, DelimitedOptions options, string? name)
    {
        var large = options.ChunkBytes > 0 ? (int)Math.Clamp(4L * options.ChunkBytes, SmallestLarge, LargeText) : LargeText;
        if (new FileInfo(path).Length < large || name is not null || options.Sheet is not null) return null;
        using var file = File.OpenHandle(path);
        var length = RandomAccess.GetLength(file);
        if (length < large || length > int.MaxValue) return null;
        var head = GC.AllocateUninitializedArray<byte>(large / 4);
        if (RandomAccess.Read(file, head, 0) != head.Length || Compression.Recognizes(head) || NotData.Recognize(head) is not null || KindOf(head, Plain(path)) != FileKind.Text) return null;
        return DelimitedText.ReadBlocks(file, (int)length, head, options);
    }

    private enum FileKind
    {
        Text,
        R,
        Parquet,
        Arrow,
        Excel,
    }

    // What the first bytes say that the file is; the name where they say nothing and are no text.
    private static FileKind KindOf(byte[] plain, string extension) =>
        ExcelFile.Recognizes(plain) ? FileKind.Excel
        : Rds.Recognizes(plain) ? FileKind.R
        : ParquetFile.Recognizes(plain) ? FileKind.Parquet
        : ArrowFile.Recognizes(plain) ? FileKind.Arrow
        : NotData.Recognize(plain) is not null ? FileKind.Text
        : extension is ".rds" or ".rdata" or ".rda" ? FileKind.R
        : plain.Length > 0 && plain.AsSpan(0, Math.Min(plain.Length, LongestStart)).IndexOf((byte)0) < 0 ? FileKind.Text
        : extension switch
        {
            ".parquet" => FileKind.Parquet,
            ".arrow" or ".arrows" or ".feather" => FileKind.Arrow,
            ".xlsx" or ".xlsm" => FileKind.Excel,
            _ => FileKind.Text,
        };

    // An option that says nothing of files of a kind was meant for another file, or says that this one is thought to be another.
    private static Result<DataFrame>? Unused(FileKind kind, DelimitedOptions options, string? name)
    {
        if (options.Sheet is { } sheet && kind != FileKind.Excel)
            return Failure(ModelCodes.Sheet, $"the file is no workbook, so that it has no sheet '{sheet}'", "leave --sheet out");
        if (name is not null && kind != FileKind.R) return Bad($"--object {name}", "only files of R hold objects by name");
        if (kind == FileKind.Text) return null;
        return options.Separator is not null ? Bad("--separator", "its fields are not separated by marks")
            : options.Decimal is not null ? Bad("--decimal", "its numbers are not written in digits")
            : options.Encoding is not null ? Bad("--encoding", "it says itself how its text is encoded")
            : kind == FileKind.Excel ? null
            : options.Comment is not null ? Bad("--comment", "it has no lines")
            : options.Skip > 0 ? Bad("--skip", "it has no lines")
            : options.Header is { } header ? Bad(header ? "--header" : "--no-header", "its columns have their names")
            : null;

        Result<DataFrame> Bad(string option, string why) => Failure(ModelCodes.UnusedOption, $"{option} says nothing of {Told(kind)}: {why}", $"leave {option.Split(' ')[0]} out");
    }

    private static string Told(FileKind kind) => kind switch
    {
        FileKind.R => "an R file",
        FileKind.Parquet => "a Parquet file",
        FileKind.Arrow => "an Arrow file",
        FileKind.Excel => "an Excel workbook",
        _ => "delimited text",
    };

    internal static Result<DataFrame> Failure(string code, string message, string? hint) =>
        Result.Bad<DataFrame>(new ModelError(ErrorStage.Data, code, message) { Hint = hint });

    private static string Plain(string path)
    {
        var name = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? path[..^3] : path;
        return Path.GetExtension(name).ToLowerInvariant();
    }

    // The file of the same folder whose name is nearest, as a hint.
    private static string? Nearest(string path)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path));
        if (folder is null || !Directory.Exists(folder)) return folder is null ? null : $"there is no folder '{Path.GetDirectoryName(path)}' either";
        var names = new List<string>();
        foreach (var file in Directory.EnumerateFiles(folder))
        {
            if (names.Count == 1000) break;
            names.Add(Path.GetFileName(file));
        }
        return NearestName.Find(Path.GetFileName(path), names) is { } near ? $"did you mean '{near}'?" : null;
    }
}
