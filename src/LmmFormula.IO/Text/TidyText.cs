using System;
using System.Buffers;
using System.Collections.Generic;
using System.Globalization;
using LmmFormula.Language;

namespace LmmFormula.IO;

/// <summary>Text whose fields the strict reader can split, line for line.</summary>
/// <param name="Bytes">The text.</param>
/// <param name="Notes">What was mended.</param>
internal sealed record TidyText(ReadOnlyMemory<byte> Bytes, EquatableArray<ModelError> Notes)
{
    /// <summary>What separates the fields: the unit separator, which no text that people write holds.</summary>
    public const char Separator = '\x1f';

    /// <summary>Rewrites the lines of data.</summary>
    /// <param name="body">The lines of data.</param>
    /// <param name="dialect">How they are laid out.</param>
    /// <param name="comment">The character of comments.</param>
    public static Result<TidyText> Of(ReadOnlyMemory<byte> body, Dialect dialect, char comment)
    {
        var records = new LooseRecords(body, dialect.Separator, dialect.Line) { Comment = (byte)comment, Width = dialect.Names.Count };
        var tidy = new ArrayBufferWriter<byte>(body.Length + 16);
        var line = dialect.Line;
        while (records.Read())
        {
            for (; line < records.Line; line++) tidy.Write("\n"u8);
            var fields = records.Fields;
            if (records.IsComment || (fields is [var only] && Lines.IsBlank(only.Text.Span))) continue;
            // R's read.table takes what follows the data of a line after # as a comment.
            var count = dialect.Separator == ' ' ? CountBeforeComment(fields, dialect.Names.Count, (byte)comment) : fields.Count;
            for (var j = 0; j < count; j++)
            {
                if (j > 0) tidy.Write([(byte)Separator]);
                Write(tidy, fields[j]);
                line += Lines.Count(fields[j].Text.Span);
            }
        }
        if (records.Fault != 0)
        {
            return Result.Bad<TidyText>(new ModelError(ErrorStage.Data, ModelCodes.MalformedCsv,
                string.Create(CultureInfo.InvariantCulture, $"line {records.Fault}: a quote is opened and not closed before a separator"))
            { Hint = "check the quotes of this line" });
        }
        tidy.Write("\n"u8);
        var notes = new List<ModelError>();
        if (records.StrayQuotes > 0)
        {
            notes.Add(new(ErrorStage.Data, ModelCodes.StrayQuotes,
                string.Create(CultureInfo.InvariantCulture, $"{Counted.Of(records.StrayQuotes, "field has a quote", "fields have quotes")} inside, the first in line {records.StrayLine}; such quotes are text")));
        }
        return Result.Ok(new TidyText(tidy.WrittenMemory, notes.ToEquatableArray()));
    }

    private static int CountBeforeComment(List<LooseField> fields, int names, byte comment) =>
        fields.Count > names && !fields[names].IsQuoted && fields[names].Text.Span[0] == comment ? names : fields.Count;

    private static void Write(ArrayBufferWriter<byte> tidy, LooseField field)
    {
        var text = field.Text.Span;
        if (!field.IsQuoted && !text.Contains((byte)'"') && !text.Contains((byte)Separator))
        {
            tidy.Write(text);
            return;
        }
        tidy.Write("\""u8);
        if (!field.IsQuoted) text = text.Trim(" \t"u8);
        while (text.IndexOf((byte)'"') is >= 0 and var quote)
        {
            tidy.Write(text[..(quote + 1)]);
            tidy.Write("\""u8);
            text = text[(quote + 1)..];
        }
        tidy.Write(text);
        tidy.Write("\""u8);
    }
}
