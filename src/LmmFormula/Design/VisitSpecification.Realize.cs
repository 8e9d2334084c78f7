using System;
using System.Collections.Generic;
using System.Linq;
using LmmFormula.Covariance;
using LmmFormula.Data;
using LmmFormula.Language;

namespace LmmFormula.Designs;

/// <content>From the text to the data.</content>
internal sealed partial record VisitSpecification
{
    /// <summary>The variables that the term needs.</summary>
    public IEnumerable<FrameRequest> Requests => Visits.Concat(BarTerms.GroupVariables(Subject)).Concat(Arm is null ? [] : BarTerms.GroupVariables(Arm)).Select(e => new FrameRequest(e, Source));

    /// <summary>The canonical text of the term.</summary>
    public string Text => $"{Term.Structure}({string.Concat(Term.Leading.Select(e => $"{e}, "))}{Term.Label})";

    /// <summary>The covariance term on data.</summary>
    public Result<VisitDesign> Realize(ModelFrame frame, Groupings groupings)
    {
        var errors = new List<ModelError>();
        var warnings = new List<ModelError>();
        var subject = Subject is not Expression.Binary && frame[Subject.ToString()] is FrameColumn.Factor { Origin: FactorOrigin.Text } ? Natural(groupings.Of(Subject)) : groupings.Of(Subject);
        var arm = Arm is null ? null : groupings.Of(Arm);
        if (Subject is Expression.Binary combination) CheckCombination(combination, subject, groupings, errors);
        if (arm is not null) CheckNesting(subject, arm, frame, errors);
        Grouping? visit = null;
        var coordinates = new List<ReadOnlyMemory<double>>();
        if (Structure is VisitStructure.SpatialExponential or VisitStructure.SpatialGaussian)
        {
            foreach (var expression in Visits)
            {
                if (frame[expression.ToString()] is FrameColumn.Numeric numeric) coordinates.Add(numeric.Values);
                else errors.Add(At(Source, expression.Span, $"the coordinates of {Term.Structure} must be numeric, {expression} is a factor"));
            }
        }
        else if (frame[Visits[0].ToString()] is not FrameColumn.Factor && !(IsSerial && frame[Visits[0].ToString()] is FrameColumn.Numeric))
        {
            errors.Add(At(Source, Visits[0].Span,
                $"the visit of {Term.Structure} must be a factor, {Visits[0]} is numeric", $"write {Term.Structure}(factor({Visits[0]}) | ...)"));
        }
        else
        {
            visit = groupings.Of(Visits[0]);
            CheckUnique(subject, visit, frame, errors);
            if (IsSerial) warnings.AddRange(VisitOrder.Check(visit.Levels, Visits[0], Term.Structure!, IsSpaced(frame), Source, Visits[0].Span));
        }
        var times = visit is not null && KeepsGaps && frame[Visits[0].ToString()] is FrameColumn.Numeric numbers ? TimesOf(visit, numbers, errors) : [];
        return errors.Count > 0
            ? Result.Bad<VisitDesign>(errors)
            : Result.Ok(new VisitDesign(Structure, subject, visit, coordinates.ToEquatableArray(), arm, Text) { Times = times }, warnings);
    }

    // Structures that take visits by their order.
    private bool IsSerial => Structure is VisitStructure.Ar1 or VisitStructure.HeterogeneousAr1 or VisitStructure.Toeplitz or VisitStructure.HeterogeneousToeplitz
        or VisitStructure.AnteDependence or VisitStructure.HeterogeneousAnteDependence;

    // Structures whose correlation over any number of steps follows from that over one.
    private bool KeepsGaps => Structure is VisitStructure.Ar1 or VisitStructure.HeterogeneousAr1;

    private bool IsSpaced(ModelFrame frame) =>
        Structure is not (VisitStructure.AnteDependence or VisitStructure.HeterogeneousAnteDependence) && !(KeepsGaps && frame[Visits[0].ToString()] is FrameColumn.Numeric);

    /// <summary>The time of each visit in steps of one, from a numeric column.</summary>
    private EquatableArray<int> TimesOf(Grouping visit, FrameColumn.Numeric numbers, List<ModelError> errors)
    {
        var values = new double[visit.Levels.Count];
        for (var i = 0; i < visit.LevelOf.Length; i++) values[visit.LevelOf.Span[i]] = numbers.Values.Span[i];
        if (VisitOrder.Times(values) is { } times) return times.ToEquatableArray();
        errors.Add(At(Source, Visits[0].Span,
            $"the values of {Visits[0]} are no multiples of a common step, which {Term.Structure} needs", $"write sp_exp({Visits[0]} | ...) for continuous time"));
        return [];
    }

    // A combination that makes no more subjects than its last part has is a slip for arm / id.
    private void CheckCombination(Expression.Binary combination, Grouping subject, Groupings groupings, List<ModelError> errors)
    {
        if (groupings.Of(combination.Right).Levels.Count < subject.Levels.Count) return;
        errors.Add(At(Source, combination.OperatorSpan, $"use '/' between group and subject, not ':': {combination.Right} alone tells the subjects apart"));
    }

    private void CheckUnique(Grouping subject, Grouping visit, ModelFrame frame, List<ModelError> errors)
    {
        if (GroupedRows.Of(subject, subject.LevelOf.Length).FirstRepeated(visit.LevelOf) is not var (first, second)) return;
        var (who, when) = (subject.Levels[subject.LevelOf.Span[second]], visit.Levels[visit.LevelOf.Span[second]]);
        var error = At(
            Source, Visits[0].Span,
            $"visits must be unique within a subject: subject {who} has several rows at '{when}', rows {frame.DataRow(first)} and {frame.DataRow(second)}");
        errors.Add(error with { Row = frame.DataRow(second) });
    }

    private void CheckNesting(Grouping subject, Grouping arm, ModelFrame frame, List<ModelError> errors)
    {
        var firstRow = new int[subject.Levels.Count];
        Array.Fill(firstRow, -1);
        for (var i = 0; i < subject.LevelOf.Length; i++)
        {
            ref var first = ref firstRow[subject.LevelOf.Span[i]];
            if (first < 0) first = i;
            if (arm.LevelOf.Span[first] == arm.LevelOf.Span[i]) continue;
            var (one, other) = (arm.Levels[arm.LevelOf.Span[first]], arm.Levels[arm.LevelOf.Span[i]]);
            var error = At(
                Source, Arm!.Span,
                $"subject {subject.Levels[subject.LevelOf.Span[i]]} is in more than one group of {arm.Name}: {one} in row {frame.DataRow(first)}, {other} in row {frame.DataRow(i)}",
                $"if the subjects are numbered anew in each group, write {Term.Structure}({Visits[0]} | {Arm}:{Subject}), or {Arm} / {Arm}:{Subject} for a covariance in each");
            errors.Add(error with { Row = frame.DataRow(i) });
            return;
        }
    }

    // Subjects named S1, S2, ..., S10 come in that order, as mmrm has them.
    private static Grouping Natural(Grouping subject)
    {
        var order = Enumerable.Range(0, subject.Levels.Count)
            .OrderBy(i => Stem(subject.Levels[i]), StringComparer.Ordinal)
            .ThenBy(i => Number(subject.Levels[i]))
            .ToArray();
        var rank = new int[order.Length];
        for (var i = 0; i < order.Length; i++) rank[order[i]] = i;
        var levels = order.Select(i => subject.Levels[i]).ToEquatableArray();
        return subject with { Levels = levels, LevelOf = FactorColumns.Recode(new(subject.LevelOf, subject.Levels), rank, levels, false).Codes };
    }

    private static string Stem(string label) => label.TrimEnd('0', '1', '2', '3', '4', '5', '6', '7', '8', '9');

    private static double Number(string label) =>
        double.TryParse(label[Stem(label).Length..], System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var n) ? n : -1;
}
