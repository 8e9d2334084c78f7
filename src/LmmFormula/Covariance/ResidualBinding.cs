using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using LmmFormula.Designs;
using LmmFormula.Language;

namespace LmmFormula.Covariance;

/// <summary>A residual model with the groups of rows it applies to.</summary>
/// <param name="Model">The covariance as a function of its parameters.</param>
/// <param name="Layout">The rows by groups that are independent of each other.</param>
/// <param name="Correlated">The rows by groups with correlated residuals: the same, or parts of them in a mixed model.</param>
internal sealed record BoundResiduals(ResidualModel Model, ResidualLayout Layout, ResidualLayout Correlated);

/// <summary>Binds the residual structures of a design to its rows, and refuses data that they cannot describe.</summary>
internal static class ResidualBinding
{
    /// <summary>Binds the structures of a design.</summary>
    /// <param name="design">The design.</param>
    /// <param name="fitted">The fitted values that <c>fitted(.)</c> means, n values; not looked at if nothing depends on them.</param>
    /// <param name="residuals">The residuals that <c>resid(.)</c> means, n values.</param>
    public static Result<BoundResiduals> Bind(Design design, ReadOnlyMemory<double> fitted, ReadOnlyMemory<double> residuals)
    {
        var errors = new List<ModelError>();
        var layout = LayOut(design, errors);
        if (errors.Count > 0) return Result.Bad<BoundResiduals>(errors);
        if (design.Visits is not null)
        {
            var visits = VisitParameters.Bind(design.Visits) with { Text = design.Visits.Text };
            visits = visits with { Unseen = UnseenPairs.Of(visits, layout) };
            return Result.Ok(new BoundResiduals(visits, layout, layout), UnseenPairs.Warnings(design, visits));
        }
        var parameters = new List<ResidualParameter>();
        var blocks = new List<ParameterBlock>();
        var correlation = Correlated(design) is { } structure ? CorrelationParameters.Bind(design, structure, layout, parameters, blocks, errors) : null;
        var variances = new List<VarianceModel>();
        if (design.Variance is not null)
        {
            VarianceParameters.Bind(design, layout, design.Variance, "", fitted, residuals, variances, parameters, blocks, errors);
        }
        if (errors.Count > 0) return Result.Bad<BoundResiduals>(errors);
        var random = design.Random.Select(term => BindRandom(design, term, parameters, blocks)).ToList();
        var model = new ResidualModel
        {
            Text = design.Correlation?.Text ?? design.Variance?.Text ?? "",
            Correlation = correlation,
            Variances = variances,
            Random = random,
            CorrelationGroups = random.Count > 0 && correlation is not null ? GroupNumbers(layout) : [],
            Parameters = parameters,
            Blocks = blocks,
        };
        model = model with { Unseen = UnseenPairs.Of(model, layout) };
        return Result.Ok(new BoundResiduals(model, random.Count > 0 ? RowComponents.Join(layout, random) : layout, layout), UnseenPairs.Warnings(design, model));
    }

    /// <summary>A term, its effects times the roots of the prior weights as all rows are.</summary>
    private static RandomModel BindRandom(Design design, RandomTerm term, List<ResidualParameter> parameters, List<ParameterBlock> blocks)
    {
        var columns = (term.Rotation?.Columns ?? term.Effects.Values).ToColumns();
        if (design.PriorWeights is { } weights)
        {
            for (var j = 0; j < columns.Length; j++)
            {
                var scaled = columns[j].ToArray();
                for (var i = 0; i < scaled.Length; i++) scaled[i] *= Math.Sqrt(weights.Span[i]);
                columns[j] = scaled;
            }
        }
        var part = new RandomModel(term.Structure, parameters.Count, columns, term.Group.LevelOf);
        for (var i = 0; i < part.Count; i++)
        {
            blocks.Add(new(parameters.Count, new ParameterTransform.Unconstrained(), Fixed: false));
            parameters.Add(new(ResidualPart.Random, $"{term.Label} {i + 1}", double.NaN));
        }
        return part;
    }

    private static int[] GroupNumbers(ResidualLayout layout)
    {
        var numbers = new int[layout.Order.Length];
        for (var g = 0; g < layout.Groups; g++)
        {
            foreach (var row in layout.Group(g)) numbers[row] = g;
        }
        return numbers;
    }

    /// <summary>The correlation of a design that has one worth the name.</summary>
    private static CorrelationDesign? Correlated(Design design) =>
        design.Correlation is { Structure: not CorrelationStructure.Identity } correlation ? correlation : null;

    /// <summary>Sorts the rows by group and position and checks that positions are whole and met once in a group.</summary>
    private static ResidualLayout LayOut(Design design, List<ModelError> errors)
    {
        var n = design.Rows;
        if (design.Visits is { } visits)
        {
            var byVisit = visits.Visit is not null;
            var bySubject = GroupedRows.Of(visits.Subject, n);
            var positions = byVisit ? visits.Visit!.LevelOf.ToArray() : [];
            if (byVisit) bySubject.SortWithin<int>(positions);
            var visitLayout = new ResidualLayout(bySubject.Order, bySubject.Starts, positions, byVisit ? [] : visits.Coordinates.ToArray(), DistanceMetric.Euclidean);
            LayoutChecks.Visits(design, visits, visitLayout, errors);
            return visitLayout;
        }
        if (Correlated(design) is not { } correlation) return Ungrouped(design);
        var rows = GroupedRows.Of(correlation.Group, n);
        var part = new CorrelationModel(correlation.Structure, 0, 0, 0);
        if (part.UsesPositions)
        {
            var layout = new ResidualLayout(rows.Order, rows.Starts, new int[n], [], DistanceMetric.Euclidean);
            if (!LayoutChecks.WholePositions(design, correlation, layout, errors)) return layout;
            rows.SortWithin<int>(layout.Positions);
            LayoutChecks.DistinctPositions(design, correlation, layout, errors);
            return layout;
        }
        var metric = correlation.Structure is CorrelationStructure.Spatial spatial ? spatial.Metric : DistanceMetric.Euclidean;
        var coordinates = correlation.Covariates.Count > 0 ? correlation.Covariates.ToArray() : [OrderWithin(rows)];
        if (coordinates.Length == 1) rows.SortWithin(coordinates[0]);
        var spread = new ResidualLayout(rows.Order, rows.Starts, [], coordinates, metric);
        LayoutChecks.DistinctCoordinates(design, correlation, spread, errors);
        return spread;
    }

    /// <summary>Every row a group of its own, in the order of the random effects' groups: nlme sorts by them, coarsest first.</summary>
    private static ResidualLayout Ungrouped(Design design)
    {
        var rows = Enumerable.Range(0, design.Rows);
        var order = rows.OrderBy(_ => 0);
        foreach (var term in design.Random.OrderBy(t => t.Group.Levels.Count)) order = order.ThenBy(row => term.Group.LevelOf.Span[row]);
        return new([.. design.Random.Count == 0 ? rows : order], [.. Enumerable.Range(0, design.Rows + 1)], [], [], DistanceMetric.Euclidean);
    }

    private static ReadOnlyMemory<double> OrderWithin(GroupedRows rows)
    {
        var places = new double[rows.Order.Length];
        for (var g = 0; g < rows.Groups; g++)
        {
            var place = 0;
            foreach (var row in rows.Group(g)) places[row] = ++place;
        }
        return places;
    }

    /// <summary>The one-based row of the data that a row of the design came from.</summary>
    internal static int DataRow(Design design, int row) => design.KeptRows is { } kept ? kept.Span[row] : row + 1;

    /// <summary>A number in text to three digits, the same in every culture.</summary>
    internal static string Text(double number) => number.ToString("g3", CultureInfo.InvariantCulture);

    /// <summary>A whole number in text, the same in every culture.</summary>
    internal static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
