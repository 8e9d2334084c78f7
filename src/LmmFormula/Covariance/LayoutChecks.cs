using System;
using System.Collections.Generic;
using System.Globalization;
using LmmFormula.Designs;
using LmmFormula.Language;

namespace LmmFormula.Covariance;

/// <summary>What positions, visits and coordinates must fulfil; every complaint names the rows.</summary>
internal static class LayoutChecks
{
    private const int MostComplaints = 5;

    /// <summary>Writes the zero-based positions of a correlation's covariate into a layout; false if it is no whole number somewhere.</summary>
    public static bool WholePositions(Design design, CorrelationDesign correlation, ResidualLayout layout, List<ModelError> errors)
    {
        if (correlation.Covariates.Count == 0 || correlation.Structure is CorrelationStructure.CompoundSymmetry)
        {
            for (var g = 0; g < layout.Groups; g++)
            {
                for (var i = layout.Starts[g]; i < layout.Starts[g + 1]; i++) layout.Positions[layout.Order[i]] = i - layout.Starts[g];
            }
            return true;
        }
        var column = correlation.Covariates[0].Span;
        var least = double.PositiveInfinity;
        for (var i = 0; i < column.Length; i++)
        {
            least = Math.Min(least, column[i]);
            if (column[i] == Math.Floor(column[i]) && Math.Abs(column[i]) < 1e9) continue;
            if (errors.Count >= MostComplaints) return false;
            errors.Add(Complaint(design, correlation.Text, "fractional-position", i,
                $"'{correlation.CovariateNames[0]}' is {column[i].ToString(CultureInfo.InvariantCulture)} in row {ResidualBinding.DataRow(design, i)}, and this correlation needs whole numbers",
                "use corCAR1 for continuous time"));
        }
        for (var i = 0; i < column.Length && errors.Count == 0; i++) layout.Positions[i] = (int)(column[i] - least);
        if (errors.Count == 0 && correlation.Structure is CorrelationStructure.Symmetric) Consecutive(correlation, layout, least, errors);
        return errors.Count == 0;
    }

    private static void Consecutive(CorrelationDesign correlation, ResidualLayout layout, double least, List<ModelError> errors)
    {
        // With n rows the first gap, if there is one, is among the first n positions.
        var met = new bool[layout.Positions.Length];
        var last = 0;
        foreach (var position in layout.Positions)
        {
            if (position < met.Length) met[position] = true;
            last = Math.Max(last, position);
        }
        var gap = Array.IndexOf(met, false);
        if (gap < 0 || gap > last) return;
        errors.Add(new(ErrorStage.Covariance, "missing-position",
            $"no row has {correlation.CovariateNames[0]} = {(gap + least).ToString(CultureInfo.InvariantCulture)}, and corSymm needs consecutive whole numbers")
        { Source = correlation.Text, Column = correlation.CovariateNames[0], Hint = "number the positions 1, 2, 3 without gaps" });
    }

    /// <summary>No two rows of a group at one position.</summary>
    public static void DistinctPositions(Design design, CorrelationDesign correlation, ResidualLayout layout, List<ModelError> errors) =>
        Distinct(layout, row => layout.Positions[row], errors, (first, second) => Complaint(design, correlation.Text, "repeated-position", second,
            $"rows {ResidualBinding.DataRow(design, first)} and {ResidualBinding.DataRow(design, second)}{In(correlation.Group, first)} have the same {correlation.CovariateNames[0]}",
            "each row of a group needs a position of its own"));

    /// <summary>No two rows of a group at one place.</summary>
    public static void DistinctCoordinates(Design design, CorrelationDesign correlation, ResidualLayout layout, List<ModelError> errors) =>
        Coinciding(layout, errors, (first, second) => Complaint(design, correlation.Text, "coinciding-coordinates", second,
            $"rows {ResidualBinding.DataRow(design, first)} and {ResidualBinding.DataRow(design, second)}{In(correlation.Group, first)} have the same coordinates",
            "each row of a group needs a place of its own"));

    /// <summary>One row for a subject and visit, one arm for a subject, and every pair of visits seen together if its covariance is free.</summary>
    public static void Visits(Design design, VisitDesign visits, ResidualLayout layout, List<ModelError> errors)
    {
        if (visits.Visit is null)
        {
            Coinciding(layout, errors, (first, second) => Complaint(design, visits.Text, "coinciding-coordinates", second,
                $"rows {ResidualBinding.DataRow(design, first)} and {ResidualBinding.DataRow(design, second)}{In(visits.Subject, first)} have the same coordinates",
                "each row of a subject needs a place of its own"));
        }
        else
        {
            Distinct(layout, row => layout.Positions[row], errors, (first, second) => Complaint(design, visits.Text, "repeated-visit", second,
                $"rows {ResidualBinding.DataRow(design, first)} and {ResidualBinding.DataRow(design, second)}{In(visits.Subject, first)} are both at {visits.Visit.Name} '{visits.Visit.Levels[layout.Positions[first]]}'",
                "keep one row for each subject and visit"));
        }
        OneArm(design, visits, layout, errors);
        if (errors.Count == 0 && visits is { Visit: not null, Structure: VisitStructure.Unstructured }) SeenPairs(visits, layout, errors);
    }

    private static void OneArm(Design design, VisitDesign visits, ResidualLayout layout, List<ModelError> errors)
    {
        if (visits.Arm is null) return;
        var arms = visits.Arm.LevelOf.Span;
        for (var g = 0; g < layout.Groups; g++)
        {
            var rows = layout.Group(g);
            for (var i = 1; i < rows.Length && errors.Count < MostComplaints; i++)
            {
                if (arms[rows[i]] == arms[rows[0]]) continue;
                errors.Add(Complaint(design, visits.Text, "two-arms", rows[i],
                    $"rows {ResidualBinding.DataRow(design, rows[0])} and {ResidualBinding.DataRow(design, rows[i])}{In(visits.Subject, rows[0])} are in different groups of '{visits.Arm.Name}'",
                    "a subject's rows share one covariance matrix"));
                break;
            }
        }
    }

    private static void SeenPairs(VisitDesign visits, ResidualLayout layout, List<ModelError> errors)
    {
        var m = visits.Visit!.Levels.Count;
        var arms = visits.Arm?.Levels.Count ?? 1;
        var seen = new bool[arms, m, m];
        for (var g = 0; g < layout.Groups; g++)
        {
            var rows = layout.Group(g);
            var arm = visits.Arm is null ? 0 : visits.Arm.LevelOf.Span[rows[0]];
            for (var i = 0; i < rows.Length; i++)
            {
                for (var j = 0; j <= i; j++) seen[arm, layout.Positions[rows[i]], layout.Positions[rows[j]]] = true;
            }
        }
        for (var arm = 0; arm < arms; arm++)
        {
            var missing = new List<string>();
            for (var j = 0; j < m; j++)
            {
                for (var i = j; i < m; i++)
                {
                    if (!seen[arm, i, j]) missing.Add(i == j ? visits.Visit.Levels[j] : $"{visits.Visit.Levels[j]} with {visits.Visit.Levels[i]}");
                }
            }
            if (missing.Count == 0) continue;
            var where = visits.Arm is null ? "" : $" in {visits.Arm.Name} '{visits.Arm.Levels[arm]}'";
            errors.Add(new(ErrorStage.Covariance, "unseen-visits", $"no subject{where} was seen at these visits together: {string.Join(", ", missing)}")
            { Source = visits.Text, Term = visits.Text, Hint = "the data cannot identify an unstructured covariance; use a structure with fewer parameters" });
        }
    }

    private static void Distinct(ResidualLayout layout, Func<int, int> key, List<ModelError> errors, Func<int, int, ModelError> complain)
    {
        for (var g = 0; g < layout.Groups; g++)
        {
            var rows = layout.Group(g);
            for (var i = 1; i < rows.Length && errors.Count < MostComplaints; i++)
            {
                if (key(rows[i - 1]) == key(rows[i])) errors.Add(complain(rows[i - 1], rows[i]));
            }
        }
    }

    private static void Coinciding(ResidualLayout layout, List<ModelError> errors, Func<int, int, ModelError> complain)
    {
        var places = new Dictionary<(double, double, double), int>();
        for (var g = 0; g < layout.Groups; g++)
        {
            places.Clear();
            foreach (var row in layout.Group(g))
            {
                var place = (At(0, row), At(1, row), At(2, row));
                if (!places.TryAdd(place, row) && errors.Count < MostComplaints) errors.Add(complain(places[place], row));
            }
        }
        double At(int coordinate, int row) => coordinate < layout.Coordinates.Length ? layout.Coordinates[coordinate].Span[row] : 0;
    }

    private static string In(Grouping? group, int row) => group is null ? "" : $" of {group.Name} '{group.Levels[group.LevelOf.Span[row]]}'";

    private static ModelError Complaint(Design design, string source, string code, int row, string message, string hint) =>
        new(ErrorStage.Covariance, code, message) { Source = source, Row = ResidualBinding.DataRow(design, row), Hint = hint };
}
