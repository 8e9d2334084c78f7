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
