using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using LmmFormula.Data;
using LmmFormula.Designs;
using LmmFormula.IO;
using Xunit;

namespace LmmFormula.Tests.Designs;

/// <summary>Every model of the reference fits becomes a design whose columns are named as R names its coefficients (nlme 3.1-162, lme4 1.1-31).</summary>
public class FitsCasesTests
{
    private static readonly string Folder = TestFiles.Reference("fits", "LMM_FITS_CORPUS");

    public static TheoryData<string> Ids()
    {
        var data = new TheoryData<string>();
        foreach (var id in Cases().Select(c => c.GetProperty("id").GetString()!)) data.Add(id);
        return data;
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void The_columns_of_X_are_the_coefficients_of_R(string id)
    {
        var @case = Cases().Single(c => c.GetProperty("id").GetString() == id);
        var design = DesignBuilder.Build(Specification(@case), Read(@case)).OrThrow();
        Assert.Equal(Coefficients(@case), design.Fixed.Names);
        Assert.Equal(design.Rows, design.Fixed.Values.Rows);
        Assert.All(design.Random, term => Assert.Equal(design.Rows, term.Group.LevelOf.Length));
    }

    private static IEnumerable<JsonElement> Cases()
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, "cases.json")));
        return [.. document.RootElement.EnumerateArray().Select(c => c.Clone())];
    }

    private static ModelSpecification Specification(JsonElement @case) =>
        new((Text(@case, "lmm") ?? Text(@case, "formula"))!) { Correlation = Text(@case, "correlation"), Weights = Text(@case, "weights") };

    private static DataFrame Read(JsonElement @case)
    {
        var file = @case.GetProperty("data").GetString()!;
        var beside = Path.Combine(Folder, "data", file);
        var data = DataFile.Read(File.Exists(beside) ? beside : TestFiles.Data(file)).OrThrow();
        if (@case.TryGetProperty("as_factor", out var names))
        {
            foreach (var name in names.ValueKind == JsonValueKind.Array ? names.EnumerateArray().Select(n => n.GetString()!) : [names.GetString()!])
                data = data.With(name, FactorColumns.Of(data.Find(name)!));
        }
        return Text(@case, "subset") is { } condition ? RowFilter.Where(condition, data).OrThrow() : data;
    }

    private static string[] Coefficients(JsonElement @case)
    {
        var names = @case.GetProperty("expected").GetProperty("fixef").GetProperty("names");
        return [.. names.EnumerateArray().Select(name => name.GetString()!)];
    }

    private static string? Text(JsonElement @case, string property) => @case.TryGetProperty(property, out var value) ? value.GetString() : null;
}
