namespace LmmFormula.Language;

/// <summary>A stretch of characters in a source text.</summary>
/// <param name="Start">The zero-based position of the first character.</param>
/// <param name="Length">The number of characters; 0 marks a place between two characters.</param>
public readonly record struct SourceSpan(int Start, int Length)
{
    /// <summary>The position after the last character.</summary>
    public int End => Start + Length;

    /// <summary>The smallest stretch that covers two.</summary>
    public static SourceSpan Cover(SourceSpan first, SourceSpan second)
    {
        var start = first.Start < second.Start ? first.Start : second.Start;
        var end = first.End > second.End ? first.End : second.End;
        return new(start, end - start);
    }
}
