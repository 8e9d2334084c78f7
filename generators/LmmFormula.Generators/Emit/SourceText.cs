using System.Collections.Generic;
using System.Linq;
using System.Text;

namespace LmmFormula.Generators.Emit;

/// <summary>Source code in lines with indentation.</summary>
internal sealed class SourceText
{
    private readonly StringBuilder text = new();
    private int depth;

    /// <summary>Adds an empty line.</summary>
    public void Line() => text.Append('\n');

    /// <summary>Adds a line at the current depth.</summary>
    public void Line(string line) => text.Append(' ', 4 * depth).Append(line).Append('\n');

    /// <summary>Adds the arguments of a call, one a line, one deeper than the call.</summary>
    /// <param name="arguments">The arguments.</param>
    /// <param name="end">What closes the call.</param>
    public void Rest(IEnumerable<string> arguments, string end)
    {
        var lines = arguments.ToArray();
        if (lines.Length == 0) Line("    " + end);
        for (var i = 0; i < lines.Length; i++) Line("    " + lines[i] + (i < lines.Length - 1 ? "," : end));
    }

    /// <summary>Adds a line, if it is not empty, and opens a block.</summary>
    public void Open(string line)
    {
        if (line.Length > 0) Line(line);
        Line("{");
        depth++;
    }

    /// <summary>Closes a block.</summary>
    public void Close(string after = "")
    {
        depth--;
        Line("}" + after);
    }

    /// <inheritdoc/>
    public override string ToString() => text.ToString();
}
