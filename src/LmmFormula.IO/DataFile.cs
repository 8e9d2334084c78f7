using System;
using System.Collections.Generic;
using System.IO;
using LmmFormula.Data;
using LmmFormula.Language;

namespace LmmFormula.IO;

/// <summary>Reads a data file; its name says its format.</summary>
public static class DataFile
{
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
            var bytes = File.ReadAllBytes(path);
            return Plain(path) is ".rds" or ".rdata" or ".rda"
                ? WithoutSheets(options) ?? AskedColumns.Apply(Rds.Read(bytes, name), options ?? DelimitedOptions.Default)
                // Whatever the name, other files are told by their content.
                : Content(bytes, options ?? DelimitedOptions.Default, Plain(path));
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

    /// <summary>Reads delimited text, Parquet, Arrow or an Excel workbook from a stream, such as standard input.</summary>
    /// <param name="stream">The stream, read to its end.</param>
    /// <param name="options">What is known of its layout; null: nothing.</param>
    public static Result<DataFrame> ReadCsv(Stream stream, DelimitedOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return Content(bytes.ToArray(), options ?? DelimitedOptions.Default, "");
    }

    // What the first bytes say that the file is; the name where they say nothing and are no text.
    private static Result<DataFrame> Content(byte[] bytes, DelimitedOptions options, string extension)
    {
        var allowance = new Allowance(bytes.Length);
        return Compression.Inflate(bytes, allowance).Then(plain => Content(plain, options, extension, allowance));
    }

    private static Result<DataFrame> Content(byte[] plain, DelimitedOptions options, string extension, Allowance allowance) =>
        ExcelFile.Recognizes(plain) ? ExcelFile.Read(plain, options, allowance)
        : NotData.Recognize(plain) is { } other ? Result.Bad<DataFrame>(other)
        : extension is not (".xlsx" or ".xlsm") && WithoutSheets(options) is { } refused ? refused
        : ParquetFile.Recognizes(plain) ? AskedColumns.Apply(ParquetFile.Read(plain, allowance), options)
        : ArrowFile.Recognizes(plain) ? AskedColumns.Apply(ArrowFile.Read(plain, allowance), options)
        : plain.Length > 0 && plain.AsSpan(0, Math.Min(plain.Length, LongestStart)).IndexOf((byte)0) < 0 ? DelimitedText.Read(plain, options)
        : extension switch
        {
            ".parquet" => ParquetFile.Read(plain, allowance),
            ".arrow" or ".arrows" or ".feather" => ArrowFile.Read(plain, allowance),
            ".xlsx" or ".xlsm" => ExcelFile.Read(plain, options, allowance),
            _ => DelimitedText.Read(plain, options),
        };

    private const int LongestStart = 512;

    // A sheet was named, of a file that has none.
    private static Result<DataFrame>? WithoutSheets(DelimitedOptions? options) =>
        options?.Sheet is { } sheet ? Failure(ModelCodes.Sheet, $"the file is no workbook, so that it has no sheet '{sheet}'", "leave --sheet out") : null;

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
