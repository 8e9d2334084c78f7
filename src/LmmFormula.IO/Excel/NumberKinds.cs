using System.Text;

namespace LmmFormula.IO;

/// <summary>What a number stands for, by the format that it is shown in.</summary>
internal enum NumberKind
{
    /// <summary>Itself.</summary>
    Number,

    /// <summary>A day.</summary>
    Date,

    /// <summary>A day and a time.</summary>
    Moment,

    /// <summary>A time of day, or a duration.</summary>
    Clock,
}

/// <summary>Number formats of workbooks (ECMA-376, part 1, 18.8.30).</summary>
internal static class NumberKinds
{
    /// <summary>The kind of a built-in format.</summary>
    public static NumberKind Of(int format) => format switch
    {
        (>= 14 and <= 17) or (>= 27 and <= 31) or 36 or (>= 50 and <= 54) or 57 or 58 => NumberKind.Date,
        (>= 18 and <= 21) or (>= 32 and <= 35) or (>= 45 and <= 47) or 55 or 56 => NumberKind.Clock,
        22 => NumberKind.Moment,
        _ => NumberKind.Number,
    };

    /// <summary>The kind of a format by its code: days are written with d, m and y, times with h, m and s.</summary>
    public static NumberKind Of(string code)
    {
        var letters = Letters(code);
        var clock = letters.Contains('h') || letters.Contains('s');
        var day = letters.Contains('y') || letters.Contains('d') || (letters.Contains('m') && !clock);
        return (day, clock) switch
        {
            (true, true) => NumberKind.Moment,
            (true, false) => NumberKind.Date,
            (false, true) => NumberKind.Clock,
            (false, false) => NumberKind.Number,
        };
    }

    // The letters that stand for digits, of the first section: no quoted text, no colours, no marks of locales.
    private static string Letters(string code)
    {
        var letters = new StringBuilder();
        for (var i = 0; i < code.Length && code[i] != ';'; i++)
        {
            switch (code[i])
            {
                case '"':
                    i = code.IndexOf('"', i + 1) is >= 0 and var end ? end : code.Length;
                    break;
                case '\\' or '_' or '*':
                    i++;
                    break;
                case '[':
                    var close = code.IndexOf(']', i);
                    if (close < 0) close = code.Length - 1;
                    if (i + 1 < code.Length && code[(i + 1)..close].Trim('h', 'H', 'm', 'M', 's', 'S').Length == 0) letters.Append('h');
                    i = close;
                    break;
                default:
                    letters.Append(char.ToLowerInvariant(code[i]));
                    break;
            }
        }
        return letters.Replace("general", "").Replace("am/pm", "h").Replace("a/p", "h").ToString();
    }
}
