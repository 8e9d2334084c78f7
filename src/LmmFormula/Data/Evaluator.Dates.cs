using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using LmmFormula.Language;

namespace LmmFormula.Data;

// Dates and times: made of text, taken apart, cut into intervals of the calendar.
internal sealed partial class Evaluator
{
    private static readonly string[] DateFormats = ["%Y-%m-%d", "%Y/%m/%d"];
    private static readonly string[] TimeFormats = ["%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%Y/%m/%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M", "%Y/%m/%d %H:%M", .. DateFormats];

    private Value? AsDate(Expression.Call call, BoundArguments arguments) => ColumnOf(arguments["x"]!) switch
    {
        null => null,
        Column.Date date => new Value.Vector(date),
        Column.Time time => new Value.Vector(new Column.Date(Convert(time.Seconds.Span, s => Math.Floor(s / DateText.SecondsPerDay)))),
        (Column.Text or Column.Factor) and var column => Dates(call, arguments, column, DateFormats) is { } times
            ? new Value.Vector(new Column.Date(Array.ConvertAll(times, s => Math.Floor(s / DateText.SecondsPerDay)))) : null,
        var number => Columns.Numbers(number) is { } days ? new Value.Vector(new Column.Date(days)) : null,
    };

    private Value? AsTime(Expression.Call call, BoundArguments arguments)
    {
        if (arguments["tz"] is { } zone && ColumnOf(zone) is not Column.Text { Count: 1, Values.Span: ["" or "UTC" or "GMT"] })
            return Fail(zone.Span, ModelCodes.BadArguments, "times are in UTC here: leave tz out, or write tz = \"UTC\"");
        return ColumnOf(arguments["x"]!) switch
        {
            null => null,
            Column.Time time => new Value.Vector(time),
            Column.Date date => new Value.Vector(new Column.Time(Convert(date.Days.Span, d => d * DateText.SecondsPerDay))),
            (Column.Text or Column.Factor) and var column => Dates(call, arguments, column, TimeFormats) is { } times ? new Value.Vector(new Column.Time(times)) : null,
            var number => Columns.Numbers(number) is { } seconds ? new Value.Vector(new Column.Time(seconds)) : null,
        };
    }

    // Text as seconds since 1970: by the format given, or by the first one that reads the first text that is there.
    private double[]? Dates(Expression.Call call, BoundArguments arguments, Column column, string[] formats)
    {
        var labels = Columns.Labels(column);
        var shown = FormulaErrors.Shorten(arguments["x"]!.ToString());
        if (arguments["format"] is { } given)
        {
            if (FormatOf(given) is not { } format) return null;
            formats = [format];
        }
        if (Array.FindIndex(labels, l => l is not null) is not (>= 0 and var first)) return Array.ConvertAll(labels, _ => double.NaN);
        if (Array.Find(formats, f => DateFormat.TryParse(labels[first]!, f, out _)) is { } fitting) return Parsed(labels, fitting);
        // A format that was asked for may read later rows, as in R.
        if (arguments["format"] is not null && Array.Exists(labels, l => l is not null && DateFormat.TryParse(l, formats[0], out _))) return Parsed(labels, formats[0]);
        Note(new ModelError(ErrorStage.Data, ModelCodes.BadDate, $"'{FormulaErrors.Shorten(labels[first]!)}' in row {first + 1} of {shown} is no date of the form {formats[0]}")
        {
            Source = source,
            Span = call.Span,
            Row = first + 1,
            Hint = arguments["format"] is null
                ? $"give the format: {SyntaxWalk.FunctionName(call)}({shown}, format = \"%d.%m.%Y\") (%d day, %m month, %Y year, %b name of the month, %H:%M:%S time)"
                : "correct the format or the column",
        });
        return null;
    }

    private static double[] Parsed(string?[] labels, string format)
    {
        var known = new Dictionary<string, double>(StringComparer.Ordinal);
        var seconds = new double[labels.Length];
        for (var i = 0; i < seconds.Length; i++)
        {
            if (labels[i] is not { } label) seconds[i] = double.NaN;
            else if (known.TryGetValue(label, out var found)) seconds[i] = found;
            else known.Add(label, seconds[i] = DateFormat.TryParse(label, format, out var time) ? Cell.Number(time) : double.NaN);
        }
        return seconds;
    }

    private string? FormatOf(Expression argument)
    {
        if (ColumnOf(argument) is not Column.Text { Count: 1, Values.Span: [{ } format] })
        {
            Fail(argument.Span, ModelCodes.BadArguments, "the format must be one text, such as \"%d.%m.%Y\"");
            return null;
        }
        if (DateFormat.Unknown(format) is not { } unknown) return format;
        Fail(argument.Span, ModelCodes.BadArguments, $"'{unknown}' is no conversion of a date's format (known: %Y %m %d %y %b %B %j %e %H %M %S %I %p %A %a %T %F %D %R)");
        return null;
    }

    // The calendar of a column of dates or times; null, with an error, for another column.
    private DateTime?[]? Calendar(Expression argument, string who)
    {
        if (ColumnOf(argument) is not { } column) return null;
        var seconds = column switch
        {
            Column.Date date => Convert(date.Days.Span, d => Math.Floor(d) * DateText.SecondsPerDay),
            Column.Time time => time.Seconds.ToArray(),
            _ => null,
        };
        if (seconds is not null) return Array.ConvertAll(seconds, s => double.IsNaN(s) ? (DateTime?)null : DateTime.UnixEpoch.AddSeconds(s));
        Fail(argument.Span, ModelCodes.NotNumeric, $"{who} needs a date, {FormulaErrors.Shorten(argument.ToString())} is {Kind(column)}", $"write {who}(as.Date({argument}))");
        return null;
    }

    private Value? Names(Expression.Call call, BoundArguments arguments, string full, string shortened)
    {
        if (Calendar(arguments["x"]!, SyntaxWalk.FunctionName(call)!) is not { } times) return null;
        var format = Truth(arguments["abbreviate"]) ? shortened : full;
        return new Value.Vector(new Column.Text(Array.ConvertAll(times, t => t is { } time ? DateFormat.Write(time, format) : null)));
    }

    private Value? Quarters(Expression.Call call, BoundArguments arguments) => Calendar(arguments["x"]!, SyntaxWalk.FunctionName(call)!) is { } times
        ? new Value.Vector(new Column.Text(Array.ConvertAll(times, t => t is { } time ? "Q" + (((time.Month - 1) / 3) + 1).ToString(CultureInfo.InvariantCulture) : null)))
        : null;

    private Value? Format(Expression.Call call, BoundArguments arguments)
    {
        if (Calendar(arguments["x"]!, SyntaxWalk.FunctionName(call)!) is not { } times) return null;
        var format = "%Y-%m-%d";
        if (arguments["format"] is { } given)
        {
            if (FormatOf(given) is not { } wanted) return null;
            format = wanted;
        }
        return new Value.Vector(new Column.Text(Array.ConvertAll(times, t => t is { } time ? DateFormat.Write(time, format) : null)));
    }

    private Value? Julian(Expression.Call call, BoundArguments arguments)
    {
        if (ColumnOf(arguments["x"]!) is not { } column) return null;
        var origin = 0.0;
        if (arguments["origin"] is { } given)
        {
            if (ColumnOf(given) is not Column.Date { Count: 1 } from) return Fail(given.Span, ModelCodes.BadDate, "the origin must be one date, such as as.Date(\"2020-01-01\")");
            origin = from.Days.Span[0];
        }
        return column switch
        {
            Column.Date date => new Value.Vector(new Column.Number(Convert(date.Days.Span, d => d - origin))),
            Column.Time time => new Value.Vector(new Column.Number(Convert(time.Seconds.Span, s => (s / DateText.SecondsPerDay) - origin))),
            _ => Fail(arguments["x"]!.Span, ModelCodes.NotNumeric, $"julian needs a date, {FormulaErrors.Shorten(arguments["x"]!.ToString())} is {Kind(column)}", $"write julian(as.Date({arguments["x"]}))"),
        };
    }

    // cut(date, "month"): intervals of the calendar, each called by its first day; those that no row lies in are levels too.
    private Value? CutCalendar(Expression.Call call, BoundArguments arguments, string by)
    {
        if (Calendar(arguments["x"]!, "cut") is not { } times) return null;
        var words = by.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var unit = words.Length == 0 ? "" : words[^1].TrimEnd('s');
        if (words.Length is not (1 or 2) || unit is not ("day" or "week" or "month" or "quarter" or "year")
            || (words.Length == 2 && !(int.TryParse(words[0], NumberStyles.None, CultureInfo.InvariantCulture, out var given) && given > 0)))
        {
            return Fail(arguments.SpanOf("breaks", call.Span), ModelCodes.BadBreaks, $"'{FormulaErrors.Shorten(by)}' is no interval of the calendar; write day, week, month, quarter or year, with a number before it if wanted (\"2 weeks\")");
        }
        var step = words.Length == 2 ? int.Parse(words[0], CultureInfo.InvariantCulture) : 1;
        var known = states.Find<TransformationState.Breaks>(call.ToString());
        var present = times.OfType<DateTime>().ToArray();
        if (present.Length == 0) return new Value.Vector(new Column.Factor(Array.ConvertAll(times, _ => -1), []));
        var (first, last) = known is null ? (Start(present.Min(), unit), present.Max()) : (Day(known.Points[0]), Day(known.Points[^1]).AddTicks(-1));
        var starts = new List<DateTime>();
        for (var at = first; at <= last; at = Next(at, unit, step))
        {
            starts.Add(at);
            if (starts.Count > MostCombinations) return Fail(call.Span, ModelCodes.BadBreaks, "cut makes too many intervals");
        }
        starts.Add(Next(starts[^1], unit, step));
        states.Add(call.ToString(), new TransformationState.Breaks(new(starts.Select(s => Cell.Number(s) / DateText.SecondsPerDay).ToArray())));
        var codes = Array.ConvertAll(times, t => t is { } time && time >= first && time < starts[^1] ? Code(starts, time) : -1);
        return new Value.Vector(new Column.Factor(codes, starts.Take(starts.Count - 1).Select(s => DateText.OfSecond(Cell.Number(s))).ToEquatableArray(), Truth(arguments["ordered_result"])));

        static DateTime Day(double day) => DateTime.UnixEpoch.AddDays(day);
    }

    private static int Code(List<DateTime> starts, DateTime time) => starts.BinarySearch(time) is var found && found >= 0 ? found : ~found - 1;

    // Weeks begin on Monday.
    private static DateTime Start(DateTime time, string unit) => unit switch
    {
        "week" => time.Date.AddDays(-(((int)time.DayOfWeek + 6) % 7)),
        "month" => new DateTime(time.Year, time.Month, 1),
        "quarter" => new DateTime(time.Year, (3 * ((time.Month - 1) / 3)) + 1, 1),
        "year" => new DateTime(time.Year, 1, 1),
        _ => time.Date,
    };

    private static DateTime Next(DateTime start, string unit, int step) => unit switch
    {
        "week" => start.AddDays(7 * step),
        "month" => start.AddMonths(step),
        "quarter" => start.AddMonths(3 * step),
        "year" => start.AddYears(step),
        _ => start.AddDays(step),
    };

    // In a comparison with dates or times, text is the date that it writes.
    private Column? Comparable(Column column, Column other, Expression at)
    {
        if (column is not Column.Text text || other is not (Column.Date or Column.Time)) return column;
        var values = text.Values.ToArray();
        var seconds = new double[values.Length];
        for (var i = 0; i < seconds.Length; i++)
        {
            if (values[i] is not { } label) seconds[i] = double.NaN;
            else if (Array.Find(TimeFormats, f => DateFormat.TryParse(label, f, out _)) is { } format && DateFormat.TryParse(label, format, out var time)) seconds[i] = Cell.Number(time);
            else
            {
                Fail(at.Span, ModelCodes.BadDate, $"'{FormulaErrors.Shorten(label)}' is no date to compare with", "write dates as 2024-03-01");
                return null;
            }
        }
        return other is Column.Date ? new Column.Date(Array.ConvertAll(seconds, s => s / DateText.SecondsPerDay)) : new Column.Time(seconds);
    }

    private static double[] Convert(ReadOnlySpan<double> values, Func<double, double> f)
    {
        var converted = new double[values.Length];
        for (var i = 0; i < converted.Length; i++) converted[i] = f(values[i]);
        return converted;
    }
}
