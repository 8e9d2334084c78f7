using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using LmmFormula.Data;

namespace LmmFormula.Designs;

/// <summary>
/// Fills model matrices, column by column. Rows are taken in blocks that stay in the cache, so that the factors of a product
/// are read from memory once and its column is written once. Matrices that begin with the columns of another share its memory:
/// random effects mostly have the first of the fixed effects' columns.
/// </summary>
/// <param name="frame">The variables.</param>
internal sealed class ModelMatrices(ModelFrame frame)
{
    private const int Block = 2048;
    private readonly List<(MatrixPlan Plan, Matrix Values)> made = [];

    /// <summary>The matrix of a plan for the rows of the frame.</summary>
    /// <param name="plan">The columns.</param>
    /// <param name="filled">The matrix as it was filled while the rows were read, if it was.</param>
    public ModelMatrix Fill(MatrixPlan plan, FilledMatrix? filled = null) => new(Values(plan, filled), plan.Names, plan.Assign, plan.Labels);

    private Matrix Values(MatrixPlan plan, FilledMatrix? filled)
    {
        var (rows, columns) = (frame.Rows, plan.Names.Count);
        foreach (var (wider, values) in made)
        {
            if (BeginsWith(wider, plan)) return values.Columns == columns ? values : new(rows, columns, values.Values[..(rows * columns)]);
        }
        // Names tell the levels: if these are the names that were expected, every level occurred.
        var isFilled = filled is not null && frame.KeptRows is null && filled.Names == plan.Names;
        var matrix = new Matrix(rows, columns, isFilled ? filled!.Values : Filled(plan));
        made.Add((plan, matrix));
        return matrix;
    }

    private static bool BeginsWith(MatrixPlan wider, MatrixPlan plan)
    {
        if (wider.HasIntercept != plan.HasIntercept || wider.Terms.Count < plan.Terms.Count) return false;
        for (var i = 0; i < plan.Terms.Count; i++)
        {
            if (wider.Terms[i] != plan.Terms[i]) return false;
        }
        return true;
    }

    private double[] Filled(MatrixPlan plan)
    {
        var values = GC.AllocateUninitializedArray<double>(checked(frame.Rows * plan.Names.Count));
        var at = 0;
        if (plan.HasIntercept)
        {
            values.AsSpan(0, frame.Rows).Fill(1);
            at = frame.Rows;
        }
        foreach (var term in plan.Terms)
        {
            var columns = new Source[term.Variables.Count][];
            var width = 1;
            for (var v = 0; v < columns.Length; v++)
            {
                columns[v] = Columns(term.Variables[v], frame[term.Variables[v].Key]);
                width *= columns[v].Length;
            }
            FillTerm(columns, values.AsSpan(at, width * frame.Rows), frame.Rows);
            at += width * frame.Rows;
        }
        return values;
    }

    // A column of a variable: numbers, or a factor's codes with the number of each level.
    private readonly record struct Source(ReadOnlyMemory<double> Numbers, ReadOnlyMemory<int> Codes, double[]? Coding, int Indicated);

    private static Source[] Columns(PlannedVariable variable, FrameColumn column) => column switch
    {
        FrameColumn.Numeric numeric => [new(numeric.Values, default, null, -1)],
        FrameColumn.Table table => [.. table.Columns.Select(c => new Source(c, default, null, -1))],
        FrameColumn.Factor factor => [.. Enumerable.Range(0, variable.Coding!.Columns).Select(q => Coded(factor.Values.Codes, variable.Coding, q))],
    };

    private static Source Coded(ReadOnlyMemory<int> codes, ContrastMatrix matrix, int column)
    {
        var coding = new double[matrix.Levels];
        for (var level = 0; level < coding.Length; level++) coding[level] = matrix[level, column];
        var indicated = coding.Count(x => x == 1) == 1 && coding.Count(x => x == 0) == coding.Length - 1 ? Array.IndexOf(coding, 1) : -1;
        return new(default, codes, coding, indicated);
    }

    private static void FillTerm(Source[][] variables, Span<double> target, int rows)
    {
        var width = rows == 0 ? 0 : target.Length / rows;
        for (var start = 0; start < rows; start += Block)
        {
            var count = Math.Min(Block, rows - start);
            for (var column = 0; column < width; column++)
            {
                var block = target.Slice((column * rows) + start, count);
                var rest = column;
                for (var v = 0; v < variables.Length; v++)
                {
                    var source = variables[v][rest % variables[v].Length];
                    rest /= variables[v].Length;
                    if (v == 0) Write(source, start, block);
                    else Multiply(source, start, block);
                }
            }
        }
    }

    private static void Write(Source source, int start, Span<double> block)
    {
        if (source.Coding is not { } coding)
        {
            source.Numbers.Span.Slice(start, block.Length).CopyTo(block);
            return;
        }
        var codes = source.Codes.Span.Slice(start, block.Length);
        var i = source.Indicated >= 0 ? Indicate(codes, source.Indicated, block) : 0;
        for (; i < block.Length; i++) block[i] = codes[i] < 0 ? double.NaN : coding[codes[i]];
    }

    private static void Multiply(Source source, int start, Span<double> block)
    {
        if (source.Coding is not { } coding)
        {
            var numbers = source.Numbers.Span.Slice(start, block.Length);
            var vectors = MemoryMarshal.Cast<double, Vector256<double>>(block);
            var others = MemoryMarshal.Cast<double, Vector256<double>>(numbers);
            for (var v = 0; v < vectors.Length; v++) vectors[v] *= others[v];
            for (var i = vectors.Length * Vector256<double>.Count; i < block.Length; i++) block[i] *= numbers[i];
            return;
        }
        var codes = source.Codes.Span.Slice(start, block.Length);
        for (var i = 0; i < block.Length; i++) block[i] *= codes[i] < 0 ? double.NaN : coding[codes[i]];
    }

    // Writes 1 where the code is the level's and 0 elsewhere, four rows at a time; stops before a missing code. Returns the rows written.
    private static int Indicate(ReadOnlySpan<int> codes, int level, Span<double> block)
    {
        var groups = MemoryMarshal.Cast<int, Vector128<int>>(codes);
        var targets = MemoryMarshal.Cast<double, Vector256<double>>(block);
        var (wanted, one) = (Vector128.Create(level), Vector256.Create(1.0));
        var g = 0;
        for (; g < groups.Length; g++)
        {
            if (Vector128.LessThanAny(groups[g], Vector128<int>.Zero)) break;
            var (low, high) = Vector128.Widen(Vector128.Equals(groups[g], wanted));
            targets[g] = Vector256.Create(low, high).AsDouble() & one;
        }
        return g * Vector128<int>.Count;
    }
}
