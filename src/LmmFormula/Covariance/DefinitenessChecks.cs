using System;
using System.Globalization;
using System.Linq;
using LmmFormula.Designs;
using LmmFormula.Language;

namespace LmmFormula.Covariance;

/// <summary>Finds the group whose covariance matrix is not positive definite, and names it and its rows.</summary>
internal static class DefinitenessChecks
{
    private const int MostRows = 8;

    /// <summary>What is wrong with the covariance of a design's residuals at natural parameters.</summary>
    public static ModelError Of(Design design, BoundResiduals residuals, double[] psi)
    {
        var own = residuals.Model with { Random = [], CorrelationGroups = [] };
        var prepared = own.Prepare(psi);
        var failing = FirstFailing(residuals.Correlated, (block, matrix) => own.Fill(block, prepared, psi, matrix));
        return new(ErrorStage.Estimation, ModelCodes.NotPositiveDefinite,
            $"the residual covariance matrix{Name(design, residuals.Correlated, failing)} is not positive definite at the start of the estimation")
        {
            Source = design.Visits?.Text ?? design.Correlation?.Text ?? design.Variance?.Text,
            Row = failing < 0 ? null : ResidualBinding.DataRow(design, residuals.Correlated.Group(failing)[0]),
            Hint = "give other start values, or a structure with fewer parameters",
        };
    }

    /// <summary>What is wrong with the values that a user gave for a correlation structure.</summary>
    public static ModelError OfValues(Design design, CorrelationDesign correlation, CorrelationModel part, ResidualLayout layout)
    {
        double[] psi = [.. new double[part.Offset], .. correlation.Structure.Value];
        var failing = part.Structure is CorrelationStructure.Symmetric or CorrelationStructure.CompoundSymmetry ? FirstFailing(layout, Fill) : -1;
        return new(ErrorStage.Covariance, ModelCodes.StartRange,
            $"the given values do not make a positive definite correlation matrix{Name(design, layout, failing)}")
        {
            Source = correlation.Text,
            Row = failing < 0 ? null : ResidualBinding.DataRow(design, layout.Group(failing)[0]),
            Hint = part.Structure is CorrelationStructure.CompoundSymmetry
                ? $"in groups of up to {part.Size} rows the correlation must lie between {ParameterTransforms.LeastCorrelation(part.Size).ToString("g4", CultureInfo.InvariantCulture)} and 1"
                : null,
        };

        void Fill(ResidualBlock block, double[] matrix)
        {
            for (var j = 0; j < block.Size; j++)
            {
                for (var i = 0; i < block.Size; i++) matrix[(j * block.Size) + i] = i == j ? 1 : part.Value(block, null, psi, i, j);
            }
        }
    }

    /// <summary>The first group with a matrix that has no Cholesky factor, or -1.</summary>
    private static int FirstFailing(ResidualLayout layout, Action<ResidualBlock, double[]> fill)
    {
        for (var g = 0; g < layout.Groups; g++)
        {
            var rows = layout.Group(g);
            var matrix = new double[rows.Length * rows.Length];
            fill(layout.Block(rows), matrix);
            if (!SmallMatrix.Cholesky(matrix, rows.Length)) return g;
        }
        return -1;
    }

    private static string Name(Design design, ResidualLayout layout, int group)
    {
        if (group < 0) return "";
        var rows = layout.Group(group).ToArray();
        var grouping = design.Visits?.Subject ?? design.Correlation?.Group;
        var name = grouping is null ? "" : $" of {grouping.Name} '{grouping.Levels[grouping.LevelOf.Span[rows[0]]]}'";
        var shown = string.Join(", ", rows.Take(MostRows).Select(row => ResidualBinding.Text(ResidualBinding.DataRow(design, row))));
        return $"{name} (row{(rows.Length == 1 ? "" : "s")} {shown}{(rows.Length > MostRows ? $" and {rows.Length - MostRows} more" : "")})";
    }
}
