using System;
using System.Text;
using LmmFormula.Language;

namespace LmmFormula.IO;

/// <summary>Recognizes what is often saved in place of a table: web pages, pointers to large files, files of other programs.</summary>
internal static class NotData
{
    /// <summary>What the bytes are instead of delimited text, or null.</summary>
    public static ModelError? Recognize(ReadOnlySpan<byte> bytes)
    {
        if (bytes.StartsWith("PK\u0003\u0004"u8))
        {
            return bytes.IndexOf("xl/workbook.bin"u8) >= 0 ? Is("an Excel file of the binary kind (.xlsb)", "save it as .xlsx")
                : bytes.IndexOf("opendocument.spreadsheet"u8) >= 0 ? Is("a spreadsheet of LibreOffice (.ods)", "save it as .xlsx, or the sheet as CSV")
                : Is("a zip archive", "unpack it and name the file");
        }
        if (bytes is [0xd0, 0xcf, 0x11, 0xe0, ..])
        {
            return bytes.IndexOf(System.Text.Encoding.Unicode.GetBytes("EncryptedPackage")) >= 0
                ? new(ErrorStage.Data, ModelCodes.EncryptedData, "the Excel file is encrypted") { Hint = "remove its password and save it" }
                : Is("an Excel file of before 2007 (.xls)", "save it as .xlsx, or the sheet as CSV; in R: openxlsx::write.xlsx(readxl::read_xls(\"x.xls\"), \"x.xlsx\")");
        }
        if (bytes.StartsWith("FEA1"u8)) return Is("a Feather file of version 1", "write it as version 2, in R: arrow::write_feather(arrow::read_feather(\"x.feather\"), \"x.arrow\")");
        if (bytes.StartsWith("$FL2"u8) || bytes.StartsWith("$FL3"u8)) return Is("an SPSS file (.sav)", "write it as RDS: saveRDS(haven::read_sav(file), \"x.rds\") in R");
        if (bytes.StartsWith("<stata_dta>"u8)) return Is("a Stata file (.dta)", "write it as RDS: saveRDS(haven::read_dta(file), \"x.rds\") in R");
        if (bytes.StartsWith("SQLite format 3"u8)) return Is("an SQLite database", "write the table as CSV");
        if (bytes.StartsWith("%PDF-"u8)) return Is("a PDF document", "copy its table into a CSV file");
        var start = Encoding.UTF8.GetString(bytes[..Math.Min(bytes.Length, 512)]).TrimStart();
        if (start.StartsWith("version https://git-lfs", StringComparison.Ordinal))
            return Is("a pointer of Git LFS; the data are not in this copy", "fetch them with git lfs pull");
        if (start.StartsWith("/annex/objects/", StringComparison.Ordinal) || start.StartsWith("../.git/annex/", StringComparison.Ordinal))
            return Is("a pointer of git-annex; the data are not in this copy", "fetch them with git annex get");
        if (start.StartsWith("<!DOCTYPE html", StringComparison.OrdinalIgnoreCase) || start.StartsWith("<html", StringComparison.OrdinalIgnoreCase))
            return Is("a web page (HTML)", "download the file itself: on GitHub, the raw one");
        if (start.StartsWith("<?xml", StringComparison.OrdinalIgnoreCase)) return Is("an XML file", "write its table as CSV");
        return null;
    }

    private static ModelError Is(string what, string hint) => new(ErrorStage.Data, ModelCodes.NotData, $"the file is {what}") { Hint = hint };
}
