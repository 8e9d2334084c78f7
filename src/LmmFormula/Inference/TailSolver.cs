using System;

namespace LmmFormula.Inference;

/// <summary>Inverts a decreasing tail function.</summary>
internal static class TailSolver
{
    /// <summary>The positive point at which a tail that falls from 1 to 0 has a given value, to full precision.</summary>
    /// <param name="tail">The tail function of a positive argument.</param>
    /// <param name="target">The value wanted, between 0 and 1, both excluded.</param>
    public static double Solve(Func<double, double> tail, double target)
    {
        // Bracket on the logarithmic scale, then the Illinois variant of false position on log tail against log point,
        // which is nearly linear far out.
        var goal = Math.Log(target);
        var (low, high) = (1.0, 1.0);
        while (tail(low) < target && low > 1e-300) low /= 4;
        while (tail(high) > target && high < 1e300) high *= 4;
        double a = Math.Log(low), b = Math.Log(high);
        double fa = Math.Log(tail(low)) - goal, fb = Math.Max(Math.Log(tail(high)), -745) - goal;
        for (var i = 0; i < 200 && b - a > 1e-16 * Math.Max(1, Math.Abs(a)) && fa != 0 && fb != 0; i++)
        {
            var c = i % 3 == 2 ? (a + b) / 2 : ((a * fb) - (b * fa)) / (fb - fa);
            if (!(c > a && c < b)) c = (a + b) / 2;
            var fc = Math.Log(tail(Math.Exp(c))) - goal;
            if (fc > 0) (a, fa, fb) = (c, fc, fb / 2);
            else (b, fb, fa) = (c, fc, fa / 2);
            if (Math.Abs(fc) < 1e-16) return Math.Exp(c);
        }
        return Math.Exp(Math.Abs(fa) < Math.Abs(fb) ? a : b);
    }
}
