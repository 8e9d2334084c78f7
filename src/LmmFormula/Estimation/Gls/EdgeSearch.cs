using System;
using System.Collections.Generic;
using System.Linq;
using LmmFormula.Covariance;
using LmmFormula.Fits;
using LmmFormula.Language;

namespace LmmFormula.Estimation;

/// <summary>
/// Optima at the edge of what correlations can be: a restricted likelihood has a finite limit where residuals become a random
/// walk, and any likelihood has one where a correlation vanishes or a moving average stops being invertible. No finite free
/// parameter is such an edge; the criterion is followed towards it until it has its limit.
/// </summary>
internal static class EdgeSearch
{
    // A step towards an edge makes what is left of the way about seven times less.
    private const double Step = 2;

    private const int MostSteps = 12;

    // A step that changes minus twice the log-likelihood by less has reached the limit.
    private const double Settled = 1e-4;

    /// <summary>The optimum itself, or the limit beyond it.</summary>
    public static ResidualOptimum Resolve(ResidualSearch search, ResidualOptimum optimum)
    {
        var best = optimum;
        var notes = new List<ModelError>();
        var edges = new Queue<Edge>(Edges.Of(search, best));
        var followed = new HashSet<int>();
        while (edges.TryDequeue(out var edge))
        {
            followed.Add(edge.Parameter);
            if (Follow(search, best, edge) is not { } there) continue;
            var isFewer = FreeCount(there) < FreeCount(best);
            best = there;
            notes.Add(edge.Note(search.Model.Text));
            // A parameter that is held at its edge is no free one: the others have other positions.
            if (isFewer) edges = new(Edges.Of(search, best).Where(other => !followed.Contains(other.Parameter)));
        }
        // A nugget that was held at zero on the way here.
        if (best.Blocks.Any(block => block.AtEdge && search.Model.Parameters[block.Offset].Name == "nugget"))
        {
            notes.Add(new(ErrorStage.Estimation, ModelCodes.NoNugget, $"the nugget of {search.Model.Text} is estimated as zero")
            { Term = search.Model.Text, Hint = "without a nugget it is the same fit with a parameter less" });
        }
        return best with { Notes = [.. best.Notes, .. notes] };
    }

    private static int FreeCount(ResidualOptimum optimum) => optimum.Blocks.Where(block => !block.Fixed).Sum(block => ParameterTransforms.Count(block.Transform));

    private static ResidualOptimum? Follow(ResidualSearch search, ResidualOptimum optimum, Edge edge)
    {
        var model = search.Model with { Blocks = optimum.Blocks };
        var best = Back(search, optimum, edge) ?? optimum;
        var proof = best.Proof;
        for (var steps = 0; steps < MostSteps; steps++)
        {
            if (FreeParameters.FromNatural(model, best.Psi) is not { } free) return null;
            free[edge.Free] += edge.Direction * Step;
            var psi = (double[])best.Psi.Clone();
            FreeParameters.ToNatural(model, free, psi, []);
            if (search.Minimize(psi, optimum.Blocks, [edge.Free]) is not { } there)
            {
                // Nothing is nearer to independence than where the parameter leaves the range of numbers.
                return edge.Kind == EdgeKind.Independence ? AtEdge(best, proof, optimum, edge) : null;
            }
            var gain = best.Value - there.Value;
            if (gain < -Settled) return null;
            if (gain > 0) best = there;
            // So near to a unit root derivatives have few digits; what was proved a step before holds within what the step gained.
            if (there.Proof.Converged) proof = there.Proof;
            if (gain < Settled) return AtEdge(best, proof, optimum, edge);
        }
        return null;
    }

    /// <summary>The optimum of the other parameters a little before the edge, if there was none proved at it.</summary>
    private static ResidualOptimum? Back(ResidualSearch search, ResidualOptimum optimum, Edge edge)
    {
        var model = search.Model with { Blocks = optimum.Blocks };
        if (optimum.Proof.Converged || FreeParameters.FromNatural(model, optimum.Psi) is not { } free || !(Math.Abs(free[edge.Free]) > edge.Clear)) return null;
        free[edge.Free] = edge.Direction * edge.Clear;
        var psi = (double[])optimum.Psi.Clone();
        FreeParameters.ToNatural(model, free, psi, []);
        return search.Minimize(psi, optimum.Blocks, [edge.Free]) is { Proof.Converged: true } back ? back : null;
    }

    private static ResidualOptimum AtEdge(ResidualOptimum best, Convergence proof, ResidualOptimum optimum, Edge edge)
    {
        return best with
        {
            Flat = [],
            Notes = optimum.Notes,
            Blocks = [.. best.Blocks.Select(block => block.Offset == edge.Parameter && ParameterTransforms.Count(block.Transform) == 1 ? block with { Fixed = true, AtEdge = true } : block)],
            Proof = proof with
            {
                Scope = !proof.Converged ? OptimumScope.None : optimum.Proof.Scope == OptimumScope.Global ? OptimumScope.Global : OptimumScope.Local,
                Evidence = $"the criterion falls all the way to the edge where {edge.Meaning}, and has come within {ResidualBinding.Text(Settled)} of its limit there",
            },
        };
    }
}
