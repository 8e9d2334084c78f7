using System;
using LmmFormula.Designs;
using LmmFormula.Estimation.Kernels;

namespace LmmFormula.Estimation.Mixed;

/// <summary>A design reduced to what the criterion needs.</summary>
/// <param name="Rows">The number of observations.</param>
/// <param name="Blocks">The random effects, largest block first.</param>
/// <param name="Columns">The fixed-effects columns.</param>
/// <param name="Products">The cross-products.</param>
/// <param name="LogWeights">The sum of the logarithms of the prior weights.</param>
/// <param name="ResponseSquares">The response's weighted sum of squares, less the offset.</param>
internal sealed record MixedModel(
    int Rows, RandomBlock[] Blocks, FixedColumns Columns, CrossProducts Products, double LogWeights, double ResponseSquares)
{
    /// <summary>Reduces a design.</summary>
    public static MixedModel Of(Design design)
    {
        var (rootWeights, logWeights) = RootWeights(design);
        var response = Response(design);
        var blocks = RandomBlock.Of(design);
        var columns = FixedColumns.Of(design.Fixed.Values, rootWeights);
        var products = CrossProducts.Of(blocks, columns, response.Span, rootWeights);
        var squares = products.Fixed[^1] + Vectors.Dot(products.Projection, products.Projection);
        return new(design.Rows, blocks, columns, products, logWeights, squares);
    }

    /// <summary>The criterion of the model.</summary>
    public MixedCriterion Criterion(Criterion criterion, double? knownSigma = null, FactorLayout? layout = null)
    {
        var reml = criterion == LmmFormula.Criterion.Reml;
        return new(Blocks, Products, Rows, reml, (reml ? 2 * Columns.LogDeterminant : 0) - LogWeights, knownSigma, layout ?? FactorLayout.Of(Products));
    }

    /// <summary>The model of a design that differs in the response only.</summary>
    public MixedModel WithResponse(Design design)
    {
        var products = Products.WithResponse(Blocks, Columns, Response(design).Span, RootWeights(design).Roots);
        return this with { Products = products, ResponseSquares = products.Fixed[^1] + Vectors.Dot(products.Projection, products.Projection) };
    }

    private static (double[]? Roots, double LogSum) RootWeights(Design design)
    {
        if (design.PriorWeights is not { } weights) return (null, 0);
        var roots = new double[weights.Length];
        var sum = 0.0;
        for (var i = 0; i < roots.Length; i++)
        {
            roots[i] = Math.Sqrt(weights.Span[i]);
            sum += Math.Log(weights.Span[i]);
        }
        return (roots, sum);
    }

    private static ReadOnlyMemory<double> Response(Design design)
    {
        if (design.Offset is not { } offset) return design.Response;
        var response = design.Response.ToArray();
        Vectors.AddScaled(response, offset.Span, -1);
        return response;
    }
}
