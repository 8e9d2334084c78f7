// The treatment of lead-exposed children trial: blood lead over six weeks, by two models.
// Data: Treatment of Lead-Exposed Children (TLC) Trial Group (2000), Pediatric Research 48, 593-599;
// the subset of 100 children of Fitzmaurice, Laird and Ware (2011), Applied Longitudinal Analysis.
using System;
using System.Collections.Generic;
using System.Linq;
using LeadTrial;
using LmmFormula;
using LmmFormula.Data;
using LmmFormula.Diagnostics;
using LmmFormula.IO;
using LmmFormula.Report;

var stream = typeof(BloodLead).Assembly.GetManifestResourceStream("tlc.csv")!;
var data = DataFile.ReadStream(stream).OrThrow();

// 1. Generalized least squares from a formula string: every pair of weeks its own correlation, every week its own variance.
var succimer = RowFilter.Where("treatment == 'succimer'", data).OrThrow();
var profile = Gls.Fit(
    "lead ~ relevel(as.factor(week), 4)", succimer,
    correlation: "corSymm(form = ~1 | id)",
    weights: "varIdent(form = ~1 | week)");
Console.WriteLine(TextReport.Of(profile));
Console.WriteLine(CovarianceText.Marginal(profile, individual: 3));

// 2. A random intercept from an annotated record: the formula was checked against the record when this program was compiled.
IReadOnlyList<BloodLead> rows = [.. Records(data)];
var intercept = BloodLead.Model.Fit(rows);
Console.WriteLine(TextReport.Of(intercept));
Console.WriteLine($"Intraclass correlation: {Shrinkage.IntraclassCorrelation(intercept).OrThrow():F3}");
var child = Shrinkage.Of(intercept).OrThrow()[0];
Console.WriteLine($"Child {child.Level}: {child.Observations} samples, shrinkage factor {child.Factor:F3}, predicted deviation {child.Blup:F3}");
Console.WriteLine();
Console.WriteLine("Next: the three ways in (record, string, command line) are in README.md; the code starts at src/README.md.");

static IEnumerable<BloodLead> Records(DataFrame data)
{
    var (id, week) = ((Column.Integer)data.Find("id")!, (Column.Integer)data.Find("week")!);
    var (treatment, lead) = ((Column.Text)data.Find("treatment")!, (Column.Number)data.Find("lead")!);
    return Enumerable.Range(0, data.Rows).Select(i => new BloodLead(
        id.Values.Span[i], treatment.Values.Span[i]!, week.Values.Span[i], lead.Values.Span[i]));
}
