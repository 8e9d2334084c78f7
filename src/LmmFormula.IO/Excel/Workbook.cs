using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.IO.Compression;
using System.Linq;
using System.Text;
using System.Xml;
using Crc32 = System.IO.Hashing.Crc32;

namespace LmmFormula.IO;

/// <summary>A sheet as the workbook lists it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="IsHidden">Whether the workbook hides it.</param>
/// <param name="Part">Where its cells are.</param>
internal sealed record SheetEntry(string Name, bool IsHidden, string Part);

/// <summary>
/// A workbook of Office Open XML (ECMA-376). It is read here: ExcelDataReader 3.6 makes cells that hold errors blank without a word and needs
/// encodings registered for the whole process, MiniExcel 1.46 makes errors text and some times of day a tick too short, and neither
/// tells formulas that were never calculated from blank cells.
/// </summary>
internal sealed class Workbook : IDisposable
{
    private static readonly XmlReaderSettings Settings = new() { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, IgnoreComments = true, IgnoreProcessingInstructions = true };

    private readonly ZipArchive archive;
    private readonly Dictionary<string, ZipArchiveEntry> parts;

    private Workbook(ZipArchive archive, Allowance allowance)
    {
        this.archive = archive;
        Allowance = allowance;
        parts = [];
        foreach (var entry in archive.Entries) parts.TryAdd(entry.FullName.Replace('\\', '/').TrimStart('/').ToUpperInvariant(), entry);
        var book = Relations("", "officeDocument").Select(r => r.Target).FirstOrDefault() ?? "xl/workbook.xml";
        var targets = Relations(book, "worksheet").ToDictionary(r => r.Id, r => r.Target, StringComparer.Ordinal);
        Sheets = ReadSheets(book, targets);
        Strings = Relations(book, "sharedStrings").Select(r => r.Target).FirstOrDefault() is { } strings ? ReadStrings(strings) : [];
        Formats = Relations(book, "styles").Select(r => r.Target).FirstOrDefault() is { } styles ? ReadFormats(styles) : [];
    }

    /// <summary>The sheets of cells, in the workbook's order.</summary>
    public IReadOnlyList<SheetEntry> Sheets { get; }

    /// <summary>The texts that cells name by number.</summary>
    public IReadOnlyList<string> Strings { get; }

    /// <summary>Of each style what its numbers stand for.</summary>
    public IReadOnlyList<NumberKind> Formats { get; }

    /// <summary>What the file may become.</summary>
    public Allowance Allowance { get; }

    /// <summary>Whether days are counted from 1904.</summary>
    public bool From1904 { get; private set; }

    /// <summary>Opens a workbook.</summary>
    public static Workbook Open(byte[] bytes, Allowance allowance)
    {
        var archive = new ZipArchive(new MemoryStream(bytes, writable: false));
        try
        {
            return new(archive, allowance);
        }
        catch
        {
            archive.Dispose();
            throw;
        }
    }

    public void Dispose() => archive.Dispose();

    /// <summary>Opens a part, whose bytes are compared with its checksum.</summary>
    public XmlReader Part(string name)
    {
        if (!parts.TryGetValue(name.ToUpperInvariant(), out var entry)) throw new InvalidDataException($"its part {name} is missing");
        var plain = Compression.ReadToEnd(entry.Open(), Math.Min(entry.Length, Compression.MostDeflated * entry.CompressedLength), Allowance);
        if (plain.Length != entry.Length || Crc32.HashToUInt32(plain) != entry.Crc32) throw new InvalidDataException($"the checksum of its part {name} is not that of its bytes");
        return XmlReader.Create(new MemoryStream(plain, writable: false), Settings);
    }

    // The parts that a part refers to, by the last word of the kind of relation.
    private IEnumerable<(string Id, string Target)> Relations(string part, string kind)
    {
        var slash = part.LastIndexOf('/');
        var folder = part[..(slash + 1)];
        var name = $"{folder}_rels/{part[(slash + 1)..]}.rels";
        if (!parts.ContainsKey(name.ToUpperInvariant())) yield break;
        using var reader = Part(name);
        while (reader.Read())
        {
            if (reader.NodeType != XmlNodeType.Element || reader.LocalName != "Relationship" || reader.GetAttribute("Type")?.EndsWith("/" + kind, StringComparison.Ordinal) != true) continue;
            if (reader.GetAttribute("Id") is { } id && reader.GetAttribute("Target") is { } target) yield return (id, Resolved(folder, target));
        }
    }

    private static string Resolved(string folder, string target)
    {
        if (target.StartsWith('/')) return target.TrimStart('/');
        var path = new List<string>();
        foreach (var step in (folder + target).Split('/'))
        {
            if (step == ".." && path.Count > 0) path.RemoveAt(path.Count - 1);
            else if (step is not ("" or "." or "..")) path.Add(step);
        }
        return string.Join('/', path);
    }

    private List<SheetEntry> ReadSheets(string part, Dictionary<string, string> targets)
    {
        var sheets = new List<SheetEntry>();
        using var reader = Part(part);
        while (reader.Read())
        {
            if (reader.NodeType != XmlNodeType.Element) continue;
            if (reader.LocalName == "workbookPr") From1904 = reader.GetAttribute("date1904") is "1" or "true";
            if (reader.LocalName != "sheet") continue;
            var id = reader.GetAttribute("id", "http://schemas.openxmlformats.org/officeDocument/2006/relationships") ?? reader.GetAttribute("id", "http://purl.oclc.org/ooxml/officeDocument/relationships");
            if (id is not null && targets.TryGetValue(id, out var target)) sheets.Add(new(reader.GetAttribute("name") ?? "", reader.GetAttribute("state") is "hidden" or "veryHidden", target));
        }
        return sheets;
    }

    private List<string> ReadStrings(string part)
    {
        var strings = new List<string>();
        using var reader = Part(part);
        while (reader.Read())
        {
            if (reader.NodeType == XmlNodeType.Element && reader.LocalName == "si") strings.Add(TextOf(reader));
        }
        return strings;
    }

    private List<NumberKind> ReadFormats(string part)
    {
        var own = new Dictionary<int, NumberKind>();
        var styles = new List<NumberKind>();
        var inCells = false;
        using var reader = Part(part);
        while (reader.Read())
        {
            if (reader.LocalName == "cellXfs") inCells = reader.NodeType == XmlNodeType.Element && !reader.IsEmptyElement;
            if (reader.NodeType != XmlNodeType.Element) continue;
            if (reader.LocalName == "numFmt" && Number(reader.GetAttribute("numFmtId")) is { } id && reader.GetAttribute("formatCode") is { } code) own[id] = NumberKinds.Of(code);
            if (reader.LocalName == "xf" && inCells) styles.Add(Number(reader.GetAttribute("numFmtId")) is { } used ? own.TryGetValue(used, out var kind) ? kind : NumberKinds.Of(used) : NumberKind.Number);
        }
        return styles;
    }

    /// <summary>The text of an element, of its runs too; how it is pronounced is no part of it.</summary>
    public static string TextOf(XmlReader reader)
    {
        if (reader.IsEmptyElement) return "";
        var text = new StringBuilder();
        var depth = reader.Depth;
        var read = reader.Read();
        while (read && reader.Depth > depth)
        {
            if (reader.NodeType == XmlNodeType.Element && reader.LocalName == "rPh")
            {
                reader.Skip();
                continue;
            }
            if (reader.NodeType == XmlNodeType.Element && reader.LocalName == "t" && !reader.IsEmptyElement)
            {
                text.Append(reader.ReadElementContentAsString());
                continue;
            }
            read = reader.Read();
        }
        return Unescaped(text.ToString());
    }

    // Characters that XML does not have are written as _x000D_.
    private static string Unescaped(string text)
    {
        if (!text.Contains("_x", StringComparison.Ordinal)) return text;
        var plain = new StringBuilder(text.Length);
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] == '_' && at + 7 <= text.Length && text[at + 1] == 'x' && text[at + 6] == '_' && ushort.TryParse(text.AsSpan(at + 2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code))
            {
                plain.Append((char)code);
                at += 6;
            }
            else
            {
                plain.Append(text[at]);
            }
        }
        return plain.ToString();
    }

    private static int? Number(string? text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
