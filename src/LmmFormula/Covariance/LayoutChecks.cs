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
            errors.Add(Complaint(design, correlation.Text, ModelCodes.FractionalPosition, i,
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
        errors.Add(new(ErrorStage.Covariance, ModelCodes.MissingPosition,
            $"no row has {correlation.CovariateNames[0]} = {(gap + least).ToString(CultureInfo.InvariantCulture)}, and corSymm needs consecutive whole numbers")
        { Source = correlation.Text, Column = correlation.CovariateNames[0], Hint = "number the positions 1, 2, 3 without gaps" });
    }

    /// <summary>No two rows of a group at one position.</summary>
    public static void DistinctPositions(Design design, CorrelationDesign correlation, ResidualLayout layout, List<ModelError> errors) =>
        Distinct(layout, row => layout.Positions[row], errors, (first, second) => Complaint(design, correlation.Text, ModelCodes.RepeatedPosition, second,
            $"rows {ResidualBinding.DataRow(design, first)} and {ResidualBinding.DataRow(design, second)}{In(correlation.Group, first)} have the same {correlation.CovariateNames[0]}",
            "each row of a group needs a position of its own"));

    /// <summary>No two rows of a group at one place, unless a nugget tells them apart.</summary>
    public static void DistinctCoordinates(Design design, CorrelationDesign correlation, ResidualLayout layout, List<ModelError> errors)
    {
        // A nugget tells them apart.
        if (correlation.Structure is CorrelationStructure.Spatial { Nugget: true }) return;
        var remedy = correlation.Structure is CorrelationStructure.Spatial ? "nugget = TRUE lets them differ; else each" : "corExp with nugget = TRUE lets them differ; else each";
        Coinciding(layout, errors, (first, second) => Complaint(design, correlation.Text, ModelCodes.CoincidingCoordinates, second,
            $"rows {ResidualBinding.DataRow(design, first)} and {ResidualBinding.DataRow(design, second)}{In(correlation.Group, first)} have the same coordinates",
            $"{remedy} row of a group needs a place of its own, or a finer group"));
    }

    /// <summary>One row for a subject and visit, and one arm for a subject.</summary>
    public static void Visits(Design design, VisitDesign visits, ResidualLayout layout, List<ModelError> errors)
    {
        if (visits.Visit is null)
        {
            Coinciding(layout, errors, (first, second) => Complaint(design, visits.Text, ModelCodes.CoincidingCoordinates, second,
                $"rows {ResidualBinding.DataRow(design, first)} and {ResidualBinding.DataRow(design, second)}{In(visits.Subject, first)} have the same coordinates",
                "each row of a subject needs a place of its own"));
        }
        else
        {
            Distinct(layout, row => layout.Positions[row], errors, (first, second) => Complaint(design, visits.Text, ModelCodes.RepeatedVisit, second,
                $"rows {ResidualBinding.DataRow(design, first)} and {ResidualBinding.DataRow(design, second)}{In(visits.Subject, first)} are both at {visits.Visit.Name} '{visits.Visit.Levels[layout.Positions[first]]}'",
                "keep one row for each subject and visit"));
        }
        OneArm(design, visits, layout, errors);
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
                errors.Add(Complaint(design, visits.Text, ModelCodes.TwoArms, rows[i],
                    $"rows {ResidualBinding.DataRow(design, rows[0])} and {ResidualBinding.DataRow(design, rows[i])}{In(visits.Subject, rows[0])} are in different groups of '{visits.Arm.Name}'",
                    "a subject's rows share one covariance matrix"));
                break;
            }
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
