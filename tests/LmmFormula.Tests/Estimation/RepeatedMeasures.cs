using System;
using System.Collections.Generic;
using System.Linq;
using LmmFormula.Data;
using LmmFormula.Designs;
using LmmFormula.Estimation;
using LmmFormula.Fits;
using LmmFormula.Language;

namespace LmmFormula.Tests.Estimation;

/// <summary>Made data of subjects seen at visits, with correlated responses, to fit by either way in.</summary>
/// <param name="Subject">For each row its subject.</param>
/// <param name="Visit">For each row its zero-based visit.</param>
/// <param name="Arm">For each row its arm, 0 or 1.</param>
/// <param name="Response">The responses.</param>
internal sealed record RepeatedMeasures(int[] Subject, int[] Visit, int[] Arm, double[] Response)
{
    /// <summary>Draws data whose correlations fall by a factor from visit to visit.</summary>
    /// <param name="seed">The seed.</param>
    /// <param name="subjects">The number of subjects.</param>
    /// <param name="deviations">The standard deviation of each visit.</param>
    /// <param name="correlation">The correlation of neighbouring visits.</param>
    /// <param name="missing">The share of visits that were missed.</param>
    public static RepeatedMeasures Draw(int seed, int subjects, double[] deviations, double correlation, double missing)
    {
        var random = new Random(seed);
        var rows = new List<(int Subject, int Visit, int Arm, double Response)>();
        for (var s = 0; s < subjects; s++)
        {
            var state = Normal(random);
            for (var v = 0; v < deviations.Length; v++)
            {
                if (v > 0) state = (correlation * state) + (Math.Sqrt(1 - (correlation * correlation)) * Normal(random));
                if (random.NextDouble() < missing) continue;
                rows.Add((s, v, s % 2, deviations[v] * (state + (0.4 * (s % 2)) + (0.3 * v))));
            }
        }
        return new([.. rows.Select(r => r.Subject)], [.. rows.Select(r => r.Visit)], [.. rows.Select(r => r.Arm)], [.. rows.Select(r => r.Response)]);
    }

    /// <summary>The data as a frame; visits are labelled by a permutation of their numbers.</summary>
    /// <param name="unit">What one of the response is in its new unit.</param>
    /// <param name="order">For each visit its place among the levels, or null.</param>
    public DataFrame Frame(double unit = 1, int[]? order = null) =>
        DataFrame.Of(
            ("id", new Column.Text(Array.ConvertAll(Subject, s => $"s{s:000}"))),
            ("arm", new Column.Text(Array.ConvertAll(Arm, a => a == 0 ? "control" : "treated"))),
            ("visit", new Column.Text(Array.ConvertAll(Visit, v => $"v{(order is null ? v : order[v]):00}"))),
            ("position", new Column.Number(Array.ConvertAll(Visit, v => v + 1.0))),
            ("y", new Column.Number(Array.ConvertAll(Response, y => unit * y))));

    /// <summary>The same rows in another order.</summary>
    public RepeatedMeasures Shuffle(int seed)
    {
        var order = Enumerable.Range(0, Response.Length).ToArray();
        new Random(seed).Shuffle(order);
        return new([.. order.Select(i => Subject[i])], [.. order.Select(i => Visit[i])], [.. order.Select(i => Arm[i])], [.. order.Select(i => Response[i])]);
    }

    /// <summary>
    /// The restricted log-likelihood of y ~ arm * visit with an unstructured covariance at its maximum, where every subject was seen
    /// at every visit: the estimate is the matrix of the residuals' products over the subjects less two.
    /// </summary>
    public double ClosedForm()
    {
        var (subjects, visits) = (Subject.Max() + 1, Visit.Max() + 1);
        var y = new double[subjects, visits];
        for (var i = 0; i < Response.Length; i++) y[Subject[i], Visit[i]] = Response[i];
        var size = new double[2];
        for (var s = 0; s < subjects; s++) size[s % 2]++;
        for (var v = 0; v < visits; v++)
        {
            for (var a = 0; a < 2; a++)
            {
                var mean = Enumerable.Range(0, subjects).Where(s => s % 2 == a).Sum(s => y[s, v]) / size[a];
                for (var s = a; s < subjects; s += 2) y[s, v] -= mean;
            }
        }
        var covariance = new double[visits * visits];
        for (var i = 0; i < visits; i++)
        {
            for (var j = 0; j < visits; j++)
            {
                for (var s = 0; s < subjects; s++) covariance[(j * visits) + i] += y[s, i] * y[s, j] / (subjects - 2);
            }
        }
        var log = SmallDense.Cholesky(covariance, visits);
        // |X'V^-1X| in cell means is the product of the arms' sizes, visit by visit, over |Sigma|^2.
        var information = (visits * Math.Log(size[0] * size[1])) - (2 * log);
        var freedom = (subjects - 2) * visits;
        return -0.5 * ((subjects * log) + information + freedom + (freedom * Math.Log(2 * Math.PI)));
    }

    /// <summary>A fit by the entry for repeated measures.</summary>
    public static GlsFit Fit(DataFrame data, string covariance, Criterion criterion = Criterion.Reml) =>
        DesignBuilder.Build(new ModelSpecification($"y ~ arm * visit + {covariance}(visit | id)") { Mmrm = true }, data)
            .Then(design => GlsEstimator.Fit(design, new() { Criterion = criterion })).OrThrow();

    private static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
