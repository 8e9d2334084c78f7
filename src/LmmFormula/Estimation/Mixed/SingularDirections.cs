using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using LmmFormula.Designs;
using LmmFormula.Language;

namespace LmmFormula.Estimation.Mixed;

/// <summary>The combinations of random effects whose variance was estimated as zero.</summary>
internal static class SingularDirections
{
    /// <summary>A variance this small, against the one that shifts the rows of a level as much as the residuals do, is none (lme4's 1e-4 on theta).</summary>
    private const double Negligible = 1e-8;

    /// <summary>A warning for each term with such directions.</summary>
    public static List<ModelError> Of(Design design, RandomBlock[] blocks, MixedCriterion criterion)
    {
        var warnings = new List<ModelError>();
        for (var b = 0; b < blocks.Length; b++)
        {
            for (var t = 0; t < blocks[b].Parts.Length; t++)
            {
                var part = blocks[b].Parts[t];
                var term = design.Random[part.Term];
                var directions = Collapsed(criterion, blocks, b, t).Select(d => Describe(d, term.Effects.Names)).ToList();
                if (directions.Count == 0) continue;
                warnings.Add(new(ErrorStage.Estimation, "singular-fit", $"the fit is singular: the term ({term.Label}) has no variance left along {string.Join(" and along ", directions)}")
                {
                    Term = term.Label,
                    Hint = part.Width == 1 ? "the data show no variation between the levels; the term could be dropped" : "the data do not support all effects of the term; simplify it",
                });
            }
        }
        return warnings.OrderBy(w => design.Random.ToList().FindIndex(r => r.Label == w.Term)).ToList();
    }

    /// <summary>The eigenvectors of a term's covariance, in units of the residuals' pull, with negligible eigenvalues, as effect combinations.</summary>
    private static IEnumerable<double[]> Collapsed(MixedCriterion criterion, RandomBlock[] blocks, int b, int t)
    {
        var part = blocks[b].Parts[t];
        var s = blocks[b].LevelRoot is null ? part.Width : 1;
        var unit = criterion.Unit(b, t);
        var scale = Enumerable.Range(0, s).Select(i => Math.Sqrt(unit[(i * part.Width) + i])).ToArray();
        var scaled = new double[s * s];
        for (var j = 0; j < s; j++)
        {
            for (var i = 0; i < s; i++)
            {
                for (var k = 0; k <= Math.Min(i, j); k++)
                {
                    var (left, right) = (Lambda(i, k), Lambda(j, k));
                    scaled[(j * s) + i] += left * right / (scale[i] * scale[j]);
                }
            }
        }
        var values = new double[s];
        var vectors = new double[s * s];
        SymmetricEigen.Decompose(scaled, values, vectors);
        for (var k = 0; k < s; k++)
        {
            if (values[k] >= Negligible) continue;
            var direction = Enumerable.Range(0, s).Select(i => vectors[(k * s) + i] / scale[i]).ToArray();
            var largest = direction.MaxBy(Math.Abs);
            yield return [.. direction.Select(x => x / largest)];
        }

        double Lambda(int i, int k) => criterion.Lambdas[b][((part.Offset + k) * blocks[b].Width) + part.Offset + i];
    }

    private static string Describe(double[] direction, EquatableArray<string> names)
    {
        var parts = new List<string>();
        for (var i = 0; i < direction.Length; i++)
        {
            if (Math.Abs(direction[i]) < 1e-3) continue;
            var sign = direction[i] < 0 ? parts.Count == 0 ? "-" : " - " : parts.Count == 0 ? "" : " + ";
            var size = Math.Abs(direction[i]);
            var factor = Math.Abs(size - 1) < 5e-4 ? "" : size.ToString("0.###", CultureInfo.InvariantCulture) + " ";
            parts.Add($"{sign}{factor}{names[i]}");
        }
        return string.Concat(parts);
    }
}
