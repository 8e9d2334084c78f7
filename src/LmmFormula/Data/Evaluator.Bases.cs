using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using LmmFormula.Language;

namespace LmmFormula.Data;

// Functions that look at all rows before they give a value: centring, polynomials, splines.
internal sealed partial class Evaluator
{
    private Value? Scale(Expression.Call call, BoundArguments arguments)
    {
        if (Numbers(arguments["x"]!, "scale") is not { } x) return null;
        var key = call.ToString();
        if (states.Find<TransformationState.Shift>(key) is { } known) return Standardized(x, known);
        var centre = Amount(arguments["center"], () => Summaries.Mean(Summaries.Present(x.Span)), 0);
        if (centre is not { } c) return null;
        var scale = Amount(arguments["scale"], () => RootMeanSquare(Summaries.Present(x.Span), c), 1);
        if (scale is not { } s) return null;
        var shift = new TransformationState.Shift(c, s);
        states.Add(key, shift);
        return Standardized(x, shift);
    }

    // R's scale() gives a matrix of one column.
    private static Value.Table Standardized(ReadOnlyMemory<double> x, TransformationState.Shift shift) =>
        new([((Column.Number)Shifted(x, shift).Column).Values], [""]);

    private Value? Centre(Expression.Call call, BoundArguments arguments)
    {
        if (Numbers(arguments["x"]!, "center") is not { } x) return null;
        var shift = states.Find<TransformationState.Shift>(call.ToString()) ?? new TransformationState.Shift(Summaries.Mean(Summaries.Present(x.Span)), 1);
        states.Add(call.ToString(), shift);
        return Shifted(x, shift);
    }

    private static Value.Vector Shifted(ReadOnlyMemory<double> x, TransformationState.Shift shift) =>
        shift.Scale == 1 ? Map(x, v => v - shift.Centre) : Map(x, v => (v - shift.Centre) / shift.Scale);

    // TRUE computes the amount, FALSE leaves it out, a number is the amount.
    private double? Amount(Expression? argument, Func<double> computed, double none) => argument is null ? computed() : Evaluate(argument) switch
    {
        Value.Vector { Column: Column.Logical { Count: 1 } truth } => truth.Values.Span[0] == 1 ? computed() : none,
        null => null,
        _ => SingleNumber(argument, FormulaErrors.Shorten(argument.ToString())),
    };

    private static double RootMeanSquare(double[] values, double centre)
    {
        var sum = 0.0;
        foreach (var x in values) sum += (x - centre) * (x - centre);
        return Math.Sqrt(sum / Math.Max(1, values.Length - 1));
    }

    private Value? Polynomial(Expression.Call call, BoundArguments arguments)
    {
        var inputs = new List<(Expression At, ReadOnlyMemory<double> Values)>();
        var degreeAt = arguments["degree"];
        foreach (var argument in arguments.Rest.Select(a => a.Value!).Prepend(arguments["x"]!))
        {
            if (Numbers(argument, "poly") is not { } values) return null;
            if (values.Length == 1 && inputs.Count > 0 && degreeAt is null) degreeAt = argument;
            else inputs.Add((argument, values));
        }
        var degree = degreeAt is null ? 1 : SingleNumber(degreeAt, "the degree of poly");
        if (degree is not { } given) return null;
        if (!(given >= 1) || given != Math.Floor(given))
            return Fail(degreeAt!.Span, ModelCodes.BadDegree, "the degree of poly must be a whole number of at least 1");
        var d = (int)given;
        var raw = Truth(arguments["raw"]);
        var learned = states.Find<TransformationState.Polynomials>(call.ToString());
        if (learned is null && !raw && !inputs.All(input => CanHavePolynomials(input.At, input.Values.Span, d, degreeAt ?? call))) return null;
        var bases = raw ? [] : learned?.Bases ?? inputs.Select(input => OrthogonalPolynomials.Fit(input.Values.Span, d)).ToEquatableArray();
        if (!raw) states.Add(call.ToString(), new TransformationState.Polynomials(bases));
        var single = inputs.Select((input, i) => raw ? Powers(input.Values.Span, d) : OrthogonalPolynomials.Evaluate(bases[i], input.Values.Span)).ToList();
        return single.Count == 1
            ? new Value.Table(
                single[0].Select(c => (ReadOnlyMemory<double>)c).ToEquatableArray(),
                d == 1 ? [""] : Enumerable.Range(1, d).Select(i => i.ToString(CultureInfo.InvariantCulture)).ToEquatableArray())
            : Products(single, d);
    }

    private bool CanHavePolynomials(Expression at, ReadOnlySpan<double> x, int degree, Expression degreeAt)
    {
        foreach (var value in x)
        {
            if (double.IsFinite(value)) continue;
            Fail(at.Span, ModelCodes.MissingInBasis,
                $"poly cannot be computed with missing (NA) or infinite values, which {FormulaErrors.Shorten(at.ToString())} has", "leave those rows out first");
            return false;
        }
        var distinct = Summaries.CountDistinct(x);
        if (degree < distinct) return true;
        Fail(degreeAt.Span, ModelCodes.BadDegree, $"the degree of poly must be less than the number of different (unique) values ({distinct})");
        return false;
    }

    private static double[][] Powers(ReadOnlySpan<double> x, int degree)
    {
        var powers = new double[degree][];
        for (var k = 0; k < degree; k++)
        {
            powers[k] = new double[x.Length];
            for (var i = 0; i < x.Length; i++) powers[k][i] = Math.Pow(x[i], k + 1);
        }
        return powers;
    }

    // All products of total degree 1 to d, the first exponent varying fastest.
    private static Value.Table Products(List<double[][]> single, int degree)
    {
        var columns = new List<ReadOnlyMemory<double>>();
        var names = new List<string>();
        var exponents = new int[single.Count];
        while (true)
        {
            var at = 0;
            while (at < exponents.Length && ++exponents[at] > degree) exponents[at++] = 0;
            if (at == exponents.Length) break;
            if (exponents.Sum() > degree) continue;
            var column = new double[single[0][0].Length];
            Array.Fill(column, 1.0);
            for (var v = 0; v < exponents.Length; v++)
            {
                if (exponents[v] == 0) continue;
                var factor = single[v][exponents[v] - 1];
                for (var i = 0; i < column.Length; i++) column[i] *= factor[i];
            }
            columns.Add(column);
            names.Add(string.Join(".", exponents));
        }
        return new(columns.ToEquatableArray(), names.ToEquatableArray());
    }

    private Value? NaturalSpline(Expression.Call call, BoundArguments arguments)
    {
        var intercept = Truth(arguments["intercept"]);
        if (Knots(call, arguments, "ns", degreesTaken: intercept ? 2 : 1) is not { } found) return null;
        return Basis(Splines.Natural(found.X.Span, found.Knots, intercept));
    }

    private Value? BSpline(Expression.Call call, BoundArguments arguments)
    {
        var degree = 3;
        if (arguments["degree"] is { } given)
        {
            if (SingleNumber(given, "the degree of bs") is not { } d) return null;
            if (!(d >= 1) || d != Math.Floor(d)) return Fail(given.Span, ModelCodes.BadDegree, "the degree of bs must be a whole number of at least 1");
            degree = (int)d;
        }
        var intercept = Truth(arguments["intercept"]);
        if (Knots(call, arguments, "bs", degreesTaken: degree + (intercept ? 1 : 0)) is not { } found) return null;
        return Basis(Splines.Clamped(found.X.Span, found.Knots, degree, intercept));
    }

    private static Value.Table Basis(double[][] columns) => new(
        columns.Select(c => (ReadOnlyMemory<double>)c).ToEquatableArray(),
        columns.Length == 1 ? [""] : Enumerable.Range(1, columns.Length).Select(i => i.ToString(CultureInfo.InvariantCulture)).ToEquatableArray());

    // The knots of a spline: given, remembered, or at the quantiles of the values inside the boundary.
    private (ReadOnlyMemory<double> X, TransformationState.Knots Knots)? Knots(Expression.Call call, BoundArguments arguments, string name, int degreesTaken)
    {
        if (Numbers(arguments["x"]!, name) is not { } x) return null;
        var key = call.ToString();
        if (states.Find<TransformationState.Knots>(key) is { } known) return (x, known);
        var present = Summaries.Present(x.Span);
        if (present.Length == 0 || present.Any(double.IsInfinity))
        {
            Fail(arguments["x"]!.Span, ModelCodes.MissingInBasis, $"{name} needs finite values");
            return null;
        }
        var (lower, upper) = (present.Min(), present.Max());
        if (arguments["Boundary.knots"] is { } boundary)
        {
            if (Numbers(boundary, "Boundary.knots") is not { } ends) return null;
            if (ends.Length != 2 || ends.Span[0] == ends.Span[1])
            {
                Fail(boundary.Span, ModelCodes.BadKnots, "Boundary.knots must be two different numbers");
                return null;
            }
            (lower, upper) = (Math.Min(ends.Span[0], ends.Span[1]), Math.Max(ends.Span[0], ends.Span[1]));
        }
        if (lower == upper)
        {
            Fail(arguments["x"]!.Span, ModelCodes.BadKnots, $"{name} needs two different values, and {FormulaErrors.Shorten(arguments["x"]!.ToString())} has only {NumberText.Of(lower)}");
            return null;
        }
        var interior = Array.Empty<double>();
        if (arguments["knots"] is { } knots && Evaluate(knots) is not Value.Nothing)
        {
            if (Numbers(knots, "knots") is not { } inside) return null;
            interior = inside.ToArray().Order().ToArray();
            if (interior.Any(k => !(k > lower && k < upper)))
            {
                Fail(knots.Span, ModelCodes.BadKnots,
                    $"the knots of {name} must lie inside the boundary knots {NumberText.Of(lower)} and {NumberText.Of(upper)}");
                return null;
            }
        }
        else if (arguments["df"] is { } df)
        {
            if (SingleNumber(df, $"the degrees of freedom of {name}") is not { } freedom) return null;
            var count = (int)freedom - degreesTaken;
            if (count < 0 || count > present.Length)
            {
                Fail(df.Span, ModelCodes.BadDegree, $"the degrees of freedom of {name} must be at least {degreesTaken} here");
                return null;
            }
            var sorted = present.Where(v => v >= lower && v <= upper).Order().ToArray();
            interior = Enumerable.Range(1, count).Select(i => Summaries.Quantile(sorted, (double)i / (count + 1))).ToArray();
        }
        var result = new TransformationState.Knots(new(interior), lower, upper);
        states.Add(key, result);
        return (x, result);
    }
}
