using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using LmmFormula.Data;
using LmmFormula.Language;

namespace LmmFormula.Designs;

/// <summary>
/// What is to be said about variables that are text: of columns that were meant as numbers, and of labels that were meant as one.
/// The same for every way in; what comes from a file is named with its lines.
/// </summary>
internal static class TextVariables
{
    private const int FewCells = 3;
    private const int MostCodes = 6;
    private const double NearlyAll = 0.9;
    private const int ManyNumbers = 5;

    /// <summary>What was mended when the file was read: of all of it, and of the columns that the model uses.</summary>
    public static IEnumerable<ModelError> ReadingNotes(ModelSyntax syntax, DataReading? reading)
    {
        if (reading is null || reading.Notes.Count == 0) return [];
        var used = syntax.Requests.SelectMany(r => FormulaColumns.Of(r.Expression)).Select(c => c.Name).ToHashSet(StringComparer.Ordinal);
        return reading.Notes.Where(n => n.Column is null || used.Contains(n.Column));
    }

    /// <summary>Errors and notes of the text among the variables of the effects; of labels, of the groups too.</summary>
    public static void Check(ModelSyntax syntax, ModelFrame frame, FrameOptions options, DataReading? reading, ErrorAccumulator gathered)
    {
        foreach (var request in syntax.Requests)
        {
            if (frame.Columns.GetValueOrDefault(request.Key) is not FrameColumn.Factor factor) continue;
            if (factor.Origin == FactorOrigin.Text)
            {
                if (IsEffect(syntax, request.Key)) CheckEffect(request, factor.Values);
                else if (request.Key != syntax.Fixed.Variables[0].Text && CodeAmongNumbers(request, factor.Values, frame, reading) is { } code) gathered.Warnings.Add(code);
            }
            if (factor.Origin != FactorOrigin.Logical && Alike(request, factor.Values.Levels) is { } alike) gathered.Warnings.Add(alike);
        }

        void CheckEffect(FrameRequest request, Column.Factor values)
        {
            if (reading?.Find(request.Key) is not { IsForced: true } && Meant(request, values, frame, reading) is var (error, said)) (error ? gathered.Errors : gathered.Warnings).Add(said);
            if (Reference(request, values.Levels, options.Collation) is { } reference) gathered.Warnings.Add(reference);
        }
    }

    private static bool IsEffect(ModelSyntax syntax, string key)
    {
        for (var v = 1; v < syntax.Fixed.Variables.Count; v++)
        {
            if (syntax.Fixed.Variables[v].Text == key) return true;
        }
        foreach (var term in syntax.Random)
        {
            foreach (var variable in term.Effects.Variables)
            {
                if (variable.Text == key) return true;
            }
        }
        return false;
    }

    /// <summary>The cells of a text that are no numbers, with their lines or rows: <c>'.' in line 6</c>.</summary>
    public static string Cells(string name, Column.Factor values, Func<int, int> row, DataReading? reading)
    {
        // The cells that a reader noted; what else it says of a column is no cell.
        if (reading?.Find(name) is { Type: ColumnType.Text } column && (column.Others.Count > 0 || reading.Encoding is not null)) return column.Why;
        var cells = new List<string>();
        var seen = new HashSet<int>();
        var codes = values.Codes.Span;
        for (var i = 0; i < codes.Length && cells.Count < FewCells; i++)
        {
            if (codes[i] < 0 || !seen.Add(codes[i]) || CellSorts.Of(values.Levels[codes[i]]) == CellSort.Number) continue;
            cells.Add(string.Create(CultureInfo.InvariantCulture, $"'{FormulaErrors.Shorten(values.Levels[codes[i]])}' in row {row(i)}"));
        }
        return string.Join(", ", cells);
    }

    /// <summary>What to do about a column of text that was meant as numbers, or null if nothing can be said.</summary>
    public static string? Remedy(string name, Column.Factor values)
    {
        var sorts = values.Levels.Select(level => (Level: level, Sort: CellSorts.Of(level))).ToList();
        var words = sorts.Where(s => s.Sort is CellSort.MissingWord or CellSort.Word).Select(s => s.Level).ToList();
        if (words.Count > 0 && words.Count <= MostCodes && sorts.Count > words.Count) return $"if such cells mean a missing value: {CellSorts.MissingOption(string.Join(',', words))}";
        if (sorts.All(s => s.Sort is CellSort.Number or CellSort.LeadingZeros)) return $"to take them as numbers: --type {name}=number";
        if (words.Count > 0) return null;
        if (sorts.Any(s => s.Sort == CellSort.Percent)) return "take the percent signs out of the file";
        if (sorts.Any(s => s.Sort == CellSort.Comma)) return "if the commas are decimal: --decimal \",\"; if they part thousands, take them out of the file";
        if (sorts.Any(s => s.Sort == CellSort.Grouped)) return "take the marks between the thousands out of the file";
        return "write plain numbers in the file";
    }

    // Whether a text was meant as numbers: all else in it is signs of numbers and words for missing values (an error: a level for
    // each number is no model that anyone wants), or it holds many numbers and little else, or numbers with leading zeros.
    private static (bool IsError, ModelError Said)? Meant(FrameRequest request, Column.Factor values, ModelFrame frame, DataReading? reading)
    {
        var counts = new int[values.Levels.Count];
        var rows = 0;
        foreach (var code in values.Codes.Span)
        {
            if (code < 0) continue;
            counts[code]++;
            rows++;
        }
        var (numbers, zeros, marked, words, distinct) = (0, 0, 0, 0, 0);
        for (var i = 0; i < counts.Length; i++)
        {
            var sort = CellSorts.Of(values.Levels[i]);
            if (sort is not (CellSort.Word or CellSort.MissingWord)) distinct++;
            if (sort == CellSort.Number) numbers += counts[i];
            else if (sort == CellSort.LeadingZeros) zeros += counts[i];
            else if (sort == CellSort.Word) words += counts[i];
            else if (sort != CellSort.MissingWord) marked += counts[i];
        }
        // A column of numbers that some program holds as text was not meant as anything else.
        if (numbers == rows) return null;
        var shown = FormulaErrors.Shorten(request.Key);
        var told = Cells(request.Key, values, frame.DataRow, reading);
        var remedy = Remedy(shown, values);
        if (numbers + zeros == rows)
            return (false, Said(ModelCodes.LeadingZeros, $"{shown} holds numbers with leading zeros ({told}) and is taken as labels", remedy));
        if (zeros > 0) return null;
        if (distinct == 0 && values.Levels.Count > 2 && values.Levels.All(CellSorts.IsDateLike))
        {
            return (false, Said(ModelCodes.DatesAsText, $"{shown} holds dates as text ({told}) and is a factor of {values.Levels.Count} levels",
                values.Levels.All(CellSorts.IsNumericDate)
                    ? $"to take them as dates, say how they start: --day-first or --month-first, or as.Date({shown}, format = \"%d/%m/%Y\") in the formula"
                    : $"to take them as dates or times, write them as 2021-03-29 or 2021-03-29 08:15 in the file, or give their format in the formula, as in as.Date({shown}, format = \"%b %d %Y\")"));
        }
        if (distinct == 0 && values.Levels.Count > ManyNumbers && CellSorts.Unit(values.Levels) is { } unit)
        {
            return (false, Said(ModelCodes.NearlyNumbers, $"{shown} holds numbers with the unit '{unit}' ({told}) and is a factor of {values.Levels.Count} levels",
                $"to take them as numbers, leave the unit out of the cells; factor({shown}) says that they are levels"));
        }
        var almost = words == 0 ? 2 * (numbers + marked) >= rows && distinct > 2 : numbers >= NearlyAll * rows && distinct > ManyNumbers;
        if (!almost) return null;
        var message = $"{shown} is nearly all numbers and holds text ({told}), so that it would be a factor of {values.Levels.Count} levels";
        var keep = $"to keep the levels: --factor {shown}, or factor({shown}) in the formula";
        return (words == 0, Said(ModelCodes.NearlyNumbers, words == 0 ? message : message.Replace("would be", "is", StringComparison.Ordinal), remedy is null ? keep : $"{remedy}; {keep}"));

        ModelError Said(string code, string message, string? hint) => new(ErrorStage.Data, code, message)
        {
            Source = request.Source,
            Span = request.Expression.Span,
            Column = request.Key,
            Hint = hint,
        };
    }

    // A word for a missing value among the numbers that name groups would be a group of its own.
    private static ModelError? CodeAmongNumbers(FrameRequest request, Column.Factor values, ModelFrame frame, DataReading? reading)
    {
        var sorts = values.Levels.Select(CellSorts.Of).ToList();
        var codes = values.Levels.Where((_, i) => sorts[i] == CellSort.MissingWord).ToList();
        if (codes.Count == 0 || 2 * sorts.Count(s => s is CellSort.Number or CellSort.LeadingZeros) < sorts.Count || sorts.Count < FewCells) return null;
        var shown = FormulaErrors.Shorten(request.Key);
        return new(ErrorStage.Data, ModelCodes.NearlyNumbers, $"'{codes[0]}' is a group of {shown} beside numbers ({Cells(request.Key, values, frame.DataRow, reading)})")
        {
            Source = request.Source,
            Span = request.Expression.Span,
            Column = request.Key,
            Hint = Remedy(shown, values),
        };
    }

    // The coefficients of a factor are differences from its first level, which is another one where text sorts otherwise.
    private static ModelError? Reference(FrameRequest request, EquatableArray<string> levels, Collation collation)
    {
        if (levels.Count < 2) return null;
        var other = levels.Min(Collations.Comparer(collation == Collation.English ? Collation.Ordinal : Collation.English))!;
        if (other == levels[0]) return null;
        var shown = FormulaErrors.Shorten(request.Key);
        return new(ErrorStage.Data, ModelCodes.ReferenceLevel, collation == Collation.English
            ? $"the first level of {shown} is '{levels[0]}', as R sorts in UTF-8 locales; by code point, as R sorts in the C locale, it is '{other}'"
            : $"the first level of {shown} by code point is '{levels[0]}'; as R sorts in UTF-8 locales it is '{other}'")
        {
            Source = request.Source,
            Span = request.Expression.Span,
            Column = request.Key,
            Hint = collation == Collation.English ? "the other order: --collation ordinal" : "the other order: --collation en",
        };
    }

    // Two levels that differ by case or by blanks only.
    private static ModelError? Alike(FrameRequest request, EquatableArray<string> levels)
    {
        if (SimilarLevels.Of(levels) is not var (first, second, difference)) return null;
        return new(ErrorStage.Data, ModelCodes.SimilarLevels, $"levels of {FormulaErrors.Shorten(request.Key)} differ only by {difference}: '{FormulaErrors.Shorten(first)}' and '{FormulaErrors.Shorten(second)}'")
        {
            Source = request.Source,
            Span = request.Expression.Span,
            Column = request.Key,
            Hint = "if they are one, give them one name in the data",
        };
    }
}
