using System;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;
using Xunit;

namespace LmmFormula.Tests.Differences;

public sealed class DifferencesTests
{
    // Of the difference: R's figure has fifteen digits, so that no more than the optimum's own rounding moves it.
    private const double SameSize = 0.02;
    private const double SameFigure = 1e-6;

    public static TheoryData<string> Ids() => new(Difference.All.Select(d => d.Id));

    [Theory]
    [MemberData(nameof(Ids))]
    public void A_known_difference_from_R_neither_vanishes_nor_grows(string id)
    {
        var known = Difference.All.Single(d => d.Id == id);

        var (figure, code) = known.Compute();

        Assert.Equal(known.OursCode, code);
        Assert.Equal(known.Ours is null, figure is null);
        if (figure is not { } ours) return;
        if (known.Theirs is not { } theirs)
        {
            Assert.Equal(known.Ours!.Value, ours, SameFigure * Math.Abs(ours));
            return;
        }
        var size = ours - theirs;
        Assert.True(Math.Abs(size - known.Size!.Value) <= SameSize * Math.Abs(known.Size.Value), $"{known.Quantity} is {ours}, {size} from R's, and was {known.Size}: {(Math.Abs(size) < Math.Abs(known.Size.Value) ? "the difference shrank" : "the difference grew")}");
    }

    [Fact]
    public void The_register_says_of_every_difference_what_it_is_and_why()
    {
        Assert.Equal(Difference.All.Count, Difference.All.Select(d => d.Id).Distinct().Count());
        Assert.All(Difference.All, d =>
        {
            Assert.NotEmpty(d.Call);
            Assert.Matches(@"^(nlme|lme4|lmerTest) \d+\.\d+\.\d+$", d.Program);
            Assert.EndsWith(".", d.Cause, StringComparison.Ordinal);
            // One of the two has no figure, or they differ and the register has the difference.
            Assert.Equal(d.Theirs is null, d.TheirsSays is not null);
            Assert.Equal(d.Ours is null, d.OursCode is not null);
            if (d is { Theirs: { } theirs, Ours: { } ours }) Assert.Equal(1, d.Size!.Value / (ours - theirs), SameSize);
            else Assert.Null(d.Size);
        });
    }

    [Fact]
    public void The_page_has_every_difference_of_the_register_and_no_other()
    {
        var page = File.ReadAllLines(Path.Combine(TestFiles.Root, "src", "differences.md"));
        var rows = page.SkipWhile(line => !line.StartsWith("| --- |", StringComparison.Ordinal)).Skip(1).TakeWhile(line => line.StartsWith('|')).ToArray();

        var expected = Difference.All.Select(Row).ToArray();

        Assert.True(expected.SequenceEqual(rows), $"the rows of src/differences.md should be\n{string.Join('\n', expected)}");
    }

    private static string Row(Difference known)
    {
        var text = new StringBuilder().Append(CultureInfo.InvariantCulture, $"| {known.Id} | `{known.Call.Replace("|", "\\|", StringComparison.Ordinal)}` | {known.Program} | {known.Quantity.Replace("|", "\\|", StringComparison.Ordinal)} ");
        text.Append(CultureInfo.InvariantCulture, $"| {Figure(known.Theirs, known.TheirsSays)} | {Figure(known.Ours, known.OursCode is { } code ? $"[{code}](codes.md#{code})" : null)} ");
        return text.Append(CultureInfo.InvariantCulture, $"| {(known.Size is { } size ? size.ToString("G3", CultureInfo.InvariantCulture) : "")} | {known.Cause} |").ToString();
    }

    private static string Figure(double? value, string? otherwise) => value is { } number ? number.ToString("G10", CultureInfo.InvariantCulture) : $"none: {otherwise}";
}
