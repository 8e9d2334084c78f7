using System;
using System.Text;
using LmmFormula.Data;
using LmmFormula.IO;
using LmmFormula.Language;
using Xunit;

namespace LmmFormula.Tests.IO;

/// <summary>Files of SPSS, Stata and SAS, which are named with the command that converts them; <c>haven.*</c> are written by R 4.2.2 with haven 2.5.1.</summary>
public class StatisticalFilesTests
{
    [Theory]
    [InlineData("haven.sav", "an SPSS file", "haven::read_sav(\"x.sav\")")]
    [InlineData("haven.dta", "a Stata file", "haven::read_dta(\"x.dta\")")]
    [InlineData("haven.xpt", "a SAS transport file", "haven::read_xpt(\"x.xpt\")")]
    public void A_file_is_named_with_the_command_that_converts_it(string name, string what, string command)
    {
        var error = Assert.Single(Assert.IsType<Result<DataFrame>.Bad>(DataFile.Read(TestFiles.Data($"columnar/{name}"))).Errors);

        Assert.Equal("not-data", error.Code);
        Assert.Contains(what, error.Message, StringComparison.Ordinal);
        Assert.Contains($"saveRDS(haven::as_factor({command}), \"x.rds\")", error.Hint, StringComparison.Ordinal);
    }

    // The first bytes of files of Stata 12 and of SAS, and of compressed and portable SPSS files.
    [Theory]
    [InlineData("72020100", "read_dta")]
    [InlineData("000000000000000000000000c2ea8160b31411cfbd92080009c7318c181f1011", "read_sas")]
    [InlineData("24464c3340282329", "read_sav")]
    public void Other_kinds_of_these_files_are_told_by_their_first_bytes(string start, string reader) =>
        Assert.Contains(reader, Delimited.Bad([.. Convert.FromHexString(start), .. new byte[100]]).Hint, StringComparison.Ordinal);

    [Fact]
    public void A_portable_file_is_told_by_its_first_lines() =>
        Assert.Contains("read_por", Delimited.Bad(Encoding.ASCII.GetBytes("ASCII SPSS PORT FILE                    \n")).Hint, StringComparison.Ordinal);
}
