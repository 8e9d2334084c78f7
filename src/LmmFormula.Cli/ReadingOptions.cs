using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Globalization;
using System.Linq;
using LmmFormula.Data;
using LmmFormula.IO;
using LmmFormula.Language;

namespace LmmFormula.Cli;

/// <summary>The data and how to read them: whatever is not said is found from the content.</summary>
internal sealed class ReadingOptions
{
    private static readonly Dictionary<string, char> Separators = new(StringComparer.Ordinal)
    {
        ["comma"] = ',',
        [","] = ',',
        ["semicolon"] = ';',
        [";"] = ';',
        ["tab"] = '\t',
        ["\t"] = '\t',
        ["\\t"] = '\t',
        ["pipe"] = '|',
        ["|"] = '|',
        ["blanks"] = ' ',
        [" "] = ' ',
    };

    private readonly Argument<string> data = new("DATA") { Description = "a file of delimited text (also .gz), an .rds or .RData file, Parquet, Arrow, Excel, or - for standard input" };
    private readonly Option<string?> separator = new("--separator") { HelpName = "MARK", Description = "what separates the fields: comma, semicolon, tab, pipe, blanks, or another mark" };
    private readonly Option<string?> decimalMark = new("--decimal") { HelpName = "MARK", Description = "the decimal mark: . or ," };
    private readonly Option<string?> encoding = new("--encoding") { HelpName = "NAME", Description = "the encoding of the text: utf-8, windows-1252, utf-16, ..." };
    private readonly Option<string?> comment = new("--comment") { HelpName = "CHAR", Description = "leave out lines that start with this character" };
    private readonly Option<int> skip = new("--skip") { HelpName = "N", Description = "leave out the first lines" };
    private readonly Option<bool> header = new("--header") { Description = "the first line names the columns" };
    private readonly Option<bool> noHeader = new("--no-header") { Description = "the first line holds data; the columns are V1, V2, ..." };
    private readonly Option<bool> dayFirst = new("--day-first") { Description = "dates such as 03/04/2021 start with the day" };
    private readonly Option<bool> monthFirst = new("--month-first") { Description = "dates such as 03/04/2021 start with the month" };
    private readonly Option<string[]> missing = new("--missing") { HelpName = "A,B", Description = "further codes of missing values: \".,-999\"", AllowMultipleArgumentsPerToken = false };
    private readonly Option<string[]> types = new("--type") { HelpName = "X=TYPE", Description = "a column's type: number, integer, text, factor, logical, date or time", AllowMultipleArgumentsPerToken = false };
    private readonly Option<string?> name = new("--object") { HelpName = "NAME", Description = "the data frame to read, of an .RData file that holds several" };
    private readonly Option<string?> sheet = new("--sheet") { HelpName = "NAME|N", Description = "the sheet of an Excel workbook that has several" };
    private readonly Option<bool> verbose = new("--verbose") { Description = "say how the data were read" };

    /// <summary>Adds the argument and the options to a command.</summary>
    public void AddTo(Command command)
    {
        command.Add(data);
        foreach (var option in new Option[] { separator, decimalMark, encoding, comment, skip, header, noHeader, dayFirst, monthFirst, missing, types, name, sheet, verbose }) command.Add(option);
        command.Validators.Add(result =>
        {
            if (result.GetValue(separator) is { } mark && SeparatorOf(mark) is null) result.AddError($"--separator '{mark}' is none of comma, semicolon, tab, pipe and blanks, and no other mark");
            if (result.GetValue(decimalMark) is { } point && point is not ("." or ",")) result.AddError("--decimal must be . or ,");
            if (result.GetValue(comment) is { } start && (start.Length != 1 || !char.IsAscii(start[0]) || char.IsAsciiLetterOrDigit(start[0]) || start[0] is '"' or ' ')) result.AddError("--comment must be one character, such as #");
            if (result.GetValue(skip) < 0) result.AddError("--skip must not be negative");
            if (result.GetValue(header) && result.GetValue(noHeader)) result.AddError("choose one of --header and --no-header");
            if (result.GetValue(dayFirst) && result.GetValue(monthFirst)) result.AddError("choose one of --day-first and --month-first");
            foreach (var type in Split(result.GetValue(types)))
            {
                if (Typed(type) is null) result.AddError($"--type '{type}' is not of the form x=TYPE with number, integer, text, factor, logical, date or time");
            }
        });
    }

    /// <summary>The name of the data, for reports.</summary>
    public string DataName(ParseResult parsed) => parsed.GetRequiredValue(data) is var path && path == "-" ? "standard input" : parsed.GetRequiredValue(data);

    /// <summary>Reads the data.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="terminal">Where it reads and says how.</param>
    /// <param name="withNotes">Whether what was noted on the way is to be said at once; otherwise it stays with the data, for what is made of them.</param>
    public Result<DataFrame> Read(ParseResult parsed, Terminal terminal, bool withNotes = false)
    {
        var path = parsed.GetRequiredValue(data);
        var read = path == "-" ? FromInput(parsed, terminal) : DataFile.Read(path, Options(parsed), parsed.GetValue(name));
        if (read is not Result<DataFrame>.Ok { Value: { Reading: { } reading } frame } ok) return read;
        foreach (var line in parsed.GetValue(verbose) ? Told(frame, reading) : []) terminal.Error.WriteLine($"lmm: {line}");
        return withNotes ? read : Result.Ok(frame, ok.Warnings.Where(w => !reading.Notes.Contains(w)));
    }

    private Result<DataFrame> FromInput(ParseResult parsed, Terminal terminal)
    {
        using var input = terminal.Input();
        return DataFile.ReadStream(input, Options(parsed), parsed.GetValue(name));
    }

    private static char? SeparatorOf(string mark) =>
        Separators.TryGetValue(mark, out var named) ? named : mark is [var other] && char.IsAscii(other) && (char.IsPunctuation(other) || char.IsSymbol(other)) && other != '"' ? other : null;

    private DelimitedOptions Options(ParseResult parsed) => new()
    {
        Separator = parsed.GetValue(separator) is { } mark ? SeparatorOf(mark) : null,
        Decimal = parsed.GetValue(decimalMark)?[0],
        Encoding = parsed.GetValue(encoding),
        Comment = parsed.GetValue(comment)?[0],
        Skip = parsed.GetValue(skip),
        Sheet = parsed.GetValue(sheet),
        Header = parsed.GetValue(header) ? true : parsed.GetValue(noHeader) ? false : null,
        DayFirst = parsed.GetValue(dayFirst) ? true : parsed.GetValue(monthFirst) ? false : null,
        Missing = Split(parsed.GetValue(missing)).ToEquatableArray(),
        Types = Split(parsed.GetValue(types)).Select(t => Typed(t)!).ToEquatableArray(),
    };

    private static TypedColumn? Typed(string text)
    {
        var at = text.LastIndexOf('=');
        return at > 0 && Enum.TryParse<ColumnType>(text[(at + 1)..].Trim(), ignoreCase: true, out var type) && Enum.IsDefined(type) && !char.IsAsciiDigit(text[^1])
            ? new(text[..at].Trim(), type)
            : null;
    }

    private static IEnumerable<string> Split(string[]? lists) =>
        (lists ?? []).SelectMany(list => list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));

    private static IEnumerable<string> Told(DataFrame frame, DataReading reading)
    {
        var layout = reading.Separator is { } mark
            ? $" separated by {Separators.FirstOrDefault(s => s.Value == mark).Key ?? mark.ToString()}, decimal mark {reading.Decimal}, encoding {reading.Encoding}, {(reading.HasHeader ? "names in the first line" : "no line of names")}"
            : reading.Compression is { } packed ? $", compression {packed}" : "";
        yield return string.Create(CultureInfo.InvariantCulture, $"read {frame.Rows} rows and {frame.Names.Count} columns of {reading.Format}{layout}");
        foreach (var note in reading.Notes) yield return $"  {note.Describe()}";
        foreach (var column in reading.Columns) yield return $"  {column.Name}: {column.Type.ToString().ToLowerInvariant()} ({column.Why})";
    }
}
