using System.Collections.Generic;
using System.Linq;
using LmmFormula.Generators.Models;
using LmmFormula.Language;

namespace LmmFormula.Generators.Emit;

/// <summary>A column of a variable or of a matrix.</summary>
/// <param name="Name">Its name, or what it adds to the variable's name.</param>
/// <param name="Code">The code of its value in a row.</param>
internal sealed record FillColumn(string Name, string Code);

/// <summary>A model matrix that generated code fills in place.</summary>
/// <param name="Local">The name of its array.</param>
/// <param name="Columns">Its columns, in order.</param>
internal sealed record MatrixFill(string Local, IReadOnlyList<FillColumn> Columns)
{
    /// <summary>The code of a column's first element.</summary>
    public static string Offset(int column) => column switch
    {
        0 => "",
        1 => "n + ",
        _ => $"{column} * n + ",
    };
}

/// <summary>
/// Lays out the matrices whose columns are known when the program is compiled: made of numbers, of truth values and of factors whose
/// levels the type knows, coded by treatment contrasts or indicators.
/// </summary>
internal static class MatrixFills
{
    /// <summary>Wider matrices are filled column by column by the library: a row would touch too many cache lines.</summary>
    public const int Widest = 16;

    /// <summary>The layout of a right-hand side; null if the library has to fill it.</summary>
    /// <param name="terms">The terms.</param>
    /// <param name="local">The name of the array.</param>
    /// <param name="number">The code of a numeric variable, or null.</param>
    /// <param name="factor">The code of the indicator of each level of a factor with known levels, or null; the names are the levels.</param>
    public static MatrixFill? Of(
        Terms terms, string local, System.Func<Variable, string?> number, System.Func<Variable, IReadOnlyList<FillColumn>?> factor)
    {
        var codings = KnownLevels.Codings(terms, v => number(v) is not null ? false : factor(v) is not null ? true : (bool?)null);
        if (codings is null || codings.Count == 0) return null;
        var columns = new List<FillColumn>();
        if (terms.HasIntercept) columns.Add(new("(Intercept)", "1.0"));
        foreach (var term in codings)
        {
            var products = new List<FillColumn>();
            for (var i = 0; i < term.Variables.Count; i++)
            {
                var variable = terms.Variables[term.Variables[i]];
                if (Columns(variable, term.Codings[i]) is not { } own) return null;
                products = i == 0 ? own : Products(products, own);
                if (products.Count > Widest) return null;
            }
            columns.AddRange(products);
        }
        return columns.Count <= Widest ? new(local, columns) : null;

        List<FillColumn>? Columns(Variable variable, Coding coding)
        {
            if (number(variable) is { } code) return [new(variable.Text, code)];
            if (factor(variable) is not { Count: >= 2 } levels) return null;
            return levels.Skip(coding == Coding.AllLevels ? 0 : 1).Select(level => level with { Name = variable.Text + level.Name }).ToList();
        }
    }

    // Names multiply like columns: the first variable varies fastest.
    private static List<FillColumn> Products(List<FillColumn> left, List<FillColumn> right) =>
        right.SelectMany(b => left.Select(a => new FillColumn($"{a.Name}:{b.Name}", $"{a.Code} * {b.Code}"))).ToList();
}
