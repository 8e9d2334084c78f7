using System;
using System.Collections.Generic;

namespace LmmFormula.Covariance;

/// <summary>
/// A number with its gradient and Hessian in n variables (second-order forward differentiation; Griewank and Walther,
/// Evaluating Derivatives, chapter 13), so that a covariance structure is written once and its derivatives are exact.
/// </summary>
internal readonly struct Jet
{
    private readonly JetSpace space;

    /// <summary>A number in a space, with derivatives to be filled.</summary>
    internal Jet(JetSpace space, double value, double[] gradient, double[] hessian) =>
        (this.space, Value, Gradient, Hessian) = (space, value, gradient, hessian);

    /// <summary>The number.</summary>
    public double Value { get; }

    /// <summary>The n first derivatives.</summary>
    public double[] Gradient { get; }

    /// <summary>The n x n second derivatives.</summary>
    public double[] Hessian { get; }

    /// <summary>The sum.</summary>
    public static Jet operator +(Jet a, Jet b) => Combine(a, b, a.Value + b.Value, 1, 1, 0);

    /// <summary>The difference.</summary>
    public static Jet operator -(Jet a, Jet b) => Combine(a, b, a.Value - b.Value, 1, -1, 0);

    /// <summary>The product.</summary>
    public static Jet operator *(Jet a, Jet b) => Combine(a, b, a.Value * b.Value, b.Value, a.Value, 1);

    /// <summary>A function of one variable, by its value and two derivatives.</summary>
    public Jet Apply(double value, double first, double second)
    {
        var n = Gradient.Length;
        var result = space.Next(value);
        for (var j = 0; j < n; j++)
        {
            result.Gradient[j] = first * Gradient[j];
            for (var i = 0; i < n; i++) result.Hessian[(j * n) + i] = (first * Hessian[(j * n) + i]) + (second * Gradient[i] * Gradient[j]);
        }
        return result;
    }

    /// <summary>f(a, b) from its value, its first derivatives and its mixed second derivative, the others being zero.</summary>
    private static Jet Combine(Jet a, Jet b, double value, double byA, double byB, double mixed)
    {
        var n = a.Gradient.Length;
        var result = a.space.Next(value);
        for (var j = 0; j < n; j++)
        {
            result.Gradient[j] = (byA * a.Gradient[j]) + (byB * b.Gradient[j]);
            for (var i = 0; i < n; i++)
            {
                result.Hessian[(j * n) + i] = (byA * a.Hessian[(j * n) + i]) + (byB * b.Hessian[(j * n) + i])
                    + (mixed * ((a.Gradient[i] * b.Gradient[j]) + (a.Gradient[j] * b.Gradient[i])));
            }
        }
        return result;
    }
}

/// <summary>The memory of numbers in n variables, used again and again: a point's numbers are forgotten at the next.</summary>
/// <param name="n">The number of variables.</param>
internal sealed class JetSpace(int n)
{
    private readonly List<(double[] Gradient, double[] Hessian)> memory = [];
    private int used;

    /// <summary>Forgets all numbers.</summary>
    public void Clear() => used = 0;

    /// <summary>A constant.</summary>
    public Jet Constant(double value)
    {
        var jet = Next(value);
        Array.Clear(jet.Gradient);
        Array.Clear(jet.Hessian);
        return jet;
    }

    /// <summary>The variable at a position.</summary>
    public Jet Variable(double value, int at)
    {
        var jet = Constant(value);
        jet.Gradient[at] = 1;
        return jet;
    }

    /// <summary>A number whose derivatives are to be filled.</summary>
    internal Jet Next(double value)
    {
        if (used == memory.Count) memory.Add((new double[n], new double[n * n]));
        var (gradient, hessian) = memory[used++];
        return new(this, value, gradient, hessian);
    }
}
