using System;
using System.Collections.Generic;
using System.IO;
using System.IO.Compression;
using System.Linq;
using System.Text;
using LmmFormula.Data;

namespace LmmFormula.Tests.Fuzzing;

/// <summary>What inputs are made from.</summary>
internal static class FuzzCorpus
{
    private const int Rows = 12;

    /// <summary>Twelve rows with a column of every kind.</summary>
    public static DataFrame Data { get; } = DataFrame.Of(
        ("y", new Column.Number(Make(i => Math.Sin(i) + (0.1 * i)))), ("x", new Column.Number(Make(i => i % 5 * 1.5))), ("z", new Column.Number(Make(i => i == 7 ? double.NaN : Math.Exp(i / 6.0)))),
        ("n", new Column.Integer(Make(i => i % 4))), ("l", new Column.Logical(Make(i => (sbyte)(i % 2)))), ("w", new Column.Number(Make(i => 1.0 + (i % 3)))),
        ("a", new Column.Text(Make(string? (i) => "pqr"[i % 3].ToString()))), ("b", new Column.Text(Make(string? (i) => i < 6 ? "lo" : "hi"))),
        ("d", new Column.Factor(Make(i => i % 3), ["low", "mid", "top"], Ordered: true)), ("id", new Column.Text(Make(string? (i) => $"S{i / 4}"))),
        ("v", new Column.Factor(Make(i => i % 4), ["V1", "V2", "V3", "V4"])), ("my var", new Column.Number(Make(i => (double)(i * i)))));

    /// <summary>Formulas.</summary>
    public static IReadOnlyList<string> Formulas { get; } =
    [
        "y ~ x + (1 | id)", "y ~ x * a + (x | id)", "y ~ (x + a + b)^2 - x:a + (1 | id/v)", "log(y + 3) ~ poly(x, 2) + offset(w) + (x || id)", "y ~ a %in% b + I(x^2) + `my var`",
        "y ~ 0 + a + ns(x, 3) + bs(x, df = 4) + (0 + a | id)", "y ~ C(a, contr.sum) + relevel(a, 'q') + cut(x, 3) + (1 | a:b)", "cbind(y, x) ~ .", "y ~ factor(n) + scale(x) + as.numeric(l)", "y ~ . - z + (1 | id)",
        "y ~ x + ar1(0 + v | id)", "y ~ x + cs(0 + a | id, hom = TRUE) + diag(x | b)", "y ~ exp(-x / 2) + sin(2 * pi * x) + (1 + x + I(x^2) | id)", "y ~ ifelse(x > 2, 1, 0) + interaction(a, b) + d", "~ x", "y ~ 1",
        "y ~ x + y", "y ~ I(a == 'p') + log2(w) + sqrt(w) + (1 | a) + (1 | b) + (1 | a:b)",
    ];

    /// <summary>Residual specifications and terms by visit.</summary>
    public static IReadOnlyList<string> Specifications { get; } =
    [
        "corAR1(form = ~ 1 | id)", "corAR1(0.5, form = ~ n | id, fixed = TRUE)", "corSymm(c(.1, .2, .3, .4, .5, .6), form = ~ n | id)", "corARMA(form = ~ 1 | id, p = 2, q = 1)", "corExp(form = ~ x + z, nugget = TRUE, metric = 'manhattan')",
        "corCAR1(0.3, form = ~ w | id)", "corCompSymm(form = ~ 1 | id/b)", "corLin(form = ~ x)", "corSpher(c(2, 0.1), form = ~ x + w | b, nugget = T)", "varIdent(form = ~ 1 | a * b)", "varIdent(c(p = 2, q = 3), form = ~ 1 | a)",
        "varPower(form = ~ fitted(.))", "varPower(fixed = 0.5, form = ~ w)", "varExp(form = ~ x | a)", "varConstPower(const = 1, power = .5, form = ~ w)", "varComb(varIdent(form = ~ 1 | b), varExp(form = ~ x))", "varFixed(~ w)",
        "us(v | id)", "ar1h(v | a/id)", "toep(v | id)", "sp_exp(x, z | id)", "csh(factor(n) | id)", "adh(v | id)",
    ];

    /// <summary>Conditions on rows.</summary>
    public static IReadOnlyList<string> Filters { get; } =
        ["x > 2 & a == 'p'", "!(b == 'lo') | n >= 2L", "a %in% c('p', 'q')", "is.na(z)", "log(w) < 1 & l", "n %% 2 == 0", "`my var` <= 4", "x - 1 > y * 2 ^ 3"];

    /// <summary>Tables as files have them.</summary>
    public static IReadOnlyList<byte[]> Tables { get; } = new[]
    {
        "y,x,g\n1,2,a\n3,4,b\n5,NA,a\n", "\"y\",\"x\"\r\n1.5,\"TRUE\"\r\n-2e-3,\"FALSE\"\r\n", "id;y\n1;2,5\n", "y\n1\n\n2\n", ",y\n1,2\n2,3\n", "y,x\n1,\"a \"\"quoted\"\" b\"\n2,\"two\nlines\"\n", "\ufeffy,x\n1,2\n", "a,a\n1,2\n",
        "y,x\n1e400,-1e-400\nInf,NaN\n", "y,x\n0042,2020-01-02\n007,NA\n", "y,x\n1\n1,2,3\n", "", "\n", "y,x", "größe,日本\n1,é\n",
        "\"y\" \"x\"\n\"1\" 1 'a b'\n\"2\" 2 \"c\" # d\n", "y\tx\n1,5\t2,5\n3,5\t#N/A\n", "sep=|\ny|x\n1|2\n", "# a \"b\n\ny,x\n1,5\" c\n# d\n2,\"e\"f\n\x1a", "1 2.5\n3 \u22124\n",
        "y, x ,g\n1 , 2, \"a\"\n  , NA , b\n", "y;x\n01.02.2020;1.234,5\n13/02/2020;\n", "y,x,\n1,2,\n3,4,5\n6\n", "9007199254740993,y\n-5%,2020-01-01T10:00:00.5+02:00\n",
    }.Select(Encoding.UTF8.GetBytes).Append(Encoding.Unicode.GetBytes("\ufeffy\tx\n1\té\n")).Append(Encoding.BigEndianUnicode.GetBytes("y,x\n1,2\n")).Append(Encoding.Latin1.GetBytes("y,x\n1,é\n2,è\n")).Append(Compressed("y,x\n1,2\n3,4\n"u8.ToArray())).ToArray();

    /// <summary>R's files, plain and compressed.</summary>
    public static IReadOnlyList<byte[]> RFiles { get; } = new[] { "types.rds", "tlc.rds", "list.rds" }.Select(name => File.ReadAllBytes(TestFiles.Data(name)))
        .SelectMany(bytes => new[] { Inflated(bytes), Inflated(bytes), Inflated(bytes), bytes }).ToArray();

    /// <summary>Parquet files of every encoding and compression.</summary>
    public static IReadOnlyList<byte[]> ParquetFiles { get; } = Columnar("*.parquet").Where(bytes => bytes.Length < 10_000).ToArray();

    /// <summary>Arrow files and streams.</summary>
    public static IReadOnlyList<byte[]> ArrowFiles { get; } = Columnar("*.arrow*").ToArray();

    /// <summary>Excel workbooks.</summary>
    public static IReadOnlyList<byte[]> Workbooks { get; } = Columnar("*.xlsx").ToArray();

    /// <summary>A workbook with one of its parts replaced.</summary>
    /// <param name="bytes">The workbook.</param>
    /// <param name="which">Which part.</param>
    /// <param name="change">Makes the new part from all parts, that one first.</param>
    public static byte[] WithPart(byte[] bytes, int which, Func<IReadOnlyList<byte[]>, byte[]> change)
    {
        using var source = new ZipArchive(new MemoryStream(bytes));
        using var stream = new MemoryStream();
        using (var target = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            for (var i = 0; i < source.Entries.Count; i++)
            {
                using var part = new MemoryStream();
                using (var from = source.Entries[i].Open()) from.CopyTo(part);
                using var to = target.CreateEntry(source.Entries[i].FullName, CompressionLevel.NoCompression).Open();
                to.Write(i == which % source.Entries.Count ? change([part.ToArray()]) : part.ToArray());
            }
        }
        return stream.ToArray();
    }

    private static IEnumerable<byte[]> Columnar(string pattern) => Directory.EnumerateFiles(TestFiles.Data("columnar"), pattern).Order(StringComparer.Ordinal).Select(File.ReadAllBytes);

    private static T[] Make<T>(Func<int, T> of) => Enumerable.Range(0, Rows).Select(of).ToArray();

    private static byte[] Compressed(byte[] bytes)
    {
        using var target = new MemoryStream();
        using (var gzip = new GZipStream(target, CompressionLevel.Fastest)) gzip.Write(bytes);
        return target.ToArray();
    }

    private static byte[] Inflated(byte[] bytes)
    {
        using var gzip = new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress);
        using var plain = new MemoryStream();
        gzip.CopyTo(plain);
        return plain.ToArray();
    }
}
