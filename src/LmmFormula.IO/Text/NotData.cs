using System;
using System.Linq;
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
        if (OfStatistics(bytes) is var (program, extension, reader)) return Is(program, $"write it as RDS, in R: saveRDS(haven::as_factor(haven::{reader}(\"x.{extension}\")), \"x.rds\")");
        if (bytes.StartsWith("SQLite format 3"u8)) return Is("an SQLite database", "write the table as CSV");
        if (bytes.StartsWith("%PDF-"u8)) return Is("a PDF document", "copy its table into a CSV file");
        var start = Encoding.UTF8.GetString(bytes[..Math.Min(bytes.Length, 512)]).TrimStart();
        if (start.StartsWith("version https://git-lfs", StringComparison.Ordinal))
            return Is("a pointer of Git LFS; the data are not in this copy", "fetch them with git lfs pull");
        if (start.StartsWith("/annex/objects/", StringComparison.Ordinal) || start.StartsWith("../.git/annex/", StringComparison.Ordinal))
            return Is("a pointer of git-annex; the data are not in this copy", "fetch them with git annex get");
        if (start.StartsWith("<!DOCTYPE html", StringComparison.OrdinalIgnoreCase) || start.StartsWith("<html", StringComparison.OrdinalIgnoreCase))
            return Is("a web page (HTML)", "download the file itself: on GitHub, the raw one");
        if (start.StartsWith("structure(list(", StringComparison.Ordinal)) return Is("an expression of R, as dput() writes it", "in R: saveRDS(dget(\"x.R\"), \"x.rds\")");
        if (IsJson(start)) return Is("JSON", "write its table as CSV");
        if (start.StartsWith("404: Not Found", StringComparison.OrdinalIgnoreCase) || start.StartsWith("404 Not Found", StringComparison.OrdinalIgnoreCase))
            return Is("the answer of a server that it has no such file", "download it again, from where it is");
        if (start.StartsWith("<?xml", StringComparison.OrdinalIgnoreCase)) return Is("an XML file", "write its table as CSV");
        return null;
    }

    // Brackets and quotes as no header has them: [{"id": 1, {"id": [1
    private static bool IsJson(string start)
    {
        var compact = string.Concat(start.Where(c => !char.IsWhiteSpace(c)));
        var inner = compact.TrimStart('[');
        return inner.StartsWith("{\"", StringComparison.Ordinal) && inner.IndexOf("\":", StringComparison.Ordinal) > 0;
    }

    // Files of statistical programs, with the function of R's haven that reads them.
    private static (string Program, string Extension, string Reader)? OfStatistics(ReadOnlySpan<byte> bytes)
    {
        if (bytes.StartsWith("$FL2"u8)) return ("an SPSS file (.sav)", "sav", "read_sav");
        if (bytes.StartsWith("$FL3"u8)) return ("a compressed SPSS file (.zsav)", "zsav", "read_sav");
        if (bytes[..Math.Min(bytes.Length, 512)].IndexOf("SPSS PORT FILE"u8) >= 0) return ("a portable SPSS file (.por)", "por", "read_por");
        if (bytes.StartsWith("<stata_dta>"u8)) return ("a Stata file (.dta)", "dta", "read_dta");
        // Before release 117 a Stata file starts with its release, the order of bytes, and 1.
        if (bytes is [>= 104 and <= 115, 1 or 2, 1, 0, _, ..]) return ("a Stata file (.dta)", "dta", "read_dta");
        if (bytes.Length > 32 && bytes[..12].IndexOfAnyExcept((byte)0) < 0 && bytes[12..] is [0xc2, 0xea, 0x81, 0x60, 0xb3, 0x14, 0x11, 0xcf, ..]) return ("a SAS data set (.sas7bdat)", "sas7bdat", "read_sas");
        if (bytes.StartsWith("HEADER RECORD*******"u8)) return ("a SAS transport file (.xpt)", "xpt", "read_xpt");
        return null;
    }

    private static ModelError Is(string what, string hint) => new(ErrorStage.Data, ModelCodes.NotData, $"the file is {what}") { Hint = hint };
}
