using System;
using System.IO;
using System.IO.Compression;

namespace LmmFormula.Tests.IO;

/// <summary>Workbooks of one sheet, as small as the standard lets them be.</summary>
internal static class SmallWorkbook
{
    private const string Main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    private const string Office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    private const string Package = "http://schemas.openxmlformats.org/package/2006/relationships";

    /// <summary>The bytes of a workbook.</summary>
    /// <param name="rows">The rows of the sheet in XML.</param>
    /// <param name="format">The format of the second style.</param>
    /// <param name="from1904">Whether days are counted from 1904.</param>
    /// <param name="shared">The one shared string.</param>
    public static byte[] Of(string rows, string format = "General", bool from1904 = false, string shared = "")
    {
        using var stream = new MemoryStream();
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            Add("_rels/.rels", $"<Relationships xmlns=\"{Package}\"><Relationship Id=\"a\" Type=\"{Office}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>");
            Add("xl/workbook.xml", $"<workbook xmlns=\"{Main}\" xmlns:r=\"{Office}\"><workbookPr date1904=\"{(from1904 ? 1 : 0)}\"/><sheets><sheet name=\"S\" sheetId=\"1\" r:id=\"a\"/></sheets></workbook>");
            Add("xl/_rels/workbook.xml.rels", $"<Relationships xmlns=\"{Package}\"><Relationship Id=\"a\" Type=\"{Office}/worksheet\" Target=\"/xl/worksheets/s.xml\"/><Relationship Id=\"b\" Type=\"{Office}/styles\" Target=\"styles.xml\"/><Relationship Id=\"c\" Type=\"{Office}/sharedStrings\" Target=\"t.xml\"/></Relationships>");
            Add("xl/styles.xml", $"<styleSheet xmlns=\"{Main}\"><numFmts><numFmt numFmtId=\"200\" formatCode=\"{format.Replace("\"", "&quot;", StringComparison.Ordinal)}\"/></numFmts><cellStyleXfs><xf numFmtId=\"14\"/></cellStyleXfs><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"200\"/></cellXfs></styleSheet>");
            Add("xl/t.xml", $"<sst xmlns=\"{Main}\"><si><t>{shared}</t></si></sst>");
            Add("xl/worksheets/s.xml", $"<worksheet xmlns=\"{Main}\"><sheetData>{rows}</sheetData></worksheet>");

            void Add(string name, string text)
            {
                using var writer = new StreamWriter(archive.CreateEntry(name).Open());
                writer.Write(text);
            }
        }
        return stream.ToArray();
    }
}
