// A model that the compiler knows: the formulas in BloodLead.cs are checked against the record (change a letter and build), the design
// matrices are filled by generated code, and the estimates have names.
// Data: Treatment of Lead-Exposed Children (TLC) Trial Group (2000), Pediatric Research 48, 593-599;
// the subset of 100 children of Fitzmaurice, Laird and Ware (2011), Applied Longitudinal Analysis.
using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using CompileTimeModel;
using LmmFormula.Typed;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
BloodLead[] rows = [.. Samples()];

// Both arms change by a line: the estimates are members, named by variable and level.
var line = BloodLead.Model.Fit(rows);
Console.WriteLine($"log-likelihood {line.LogLikelihood:F2}, sigma {line.Sigma:F3}");
Print("succimer at week 0", line.Coefficients.ArmSuccimer);
Print("change a week, placebo", line.Coefficients.Week);
Print("change a week, succimer more", line.Coefficients.ArmSuccimerWeek);

// Every week its own mean: which weeks there are is known from the rows, so that they are an index, typed as the member is.
var profile = BloodLead.Profile.Fit(rows);
foreach (var week in new[] { 1, 4, 6 }) Print($"succimer more, week {week}", profile.Coefficients.ArmSuccimerWeek[week]);

// The children's own intercepts, by the type of Id.
var lowest = Enumerable.Range(1, profile.Random.Id.Count).MinBy(id => profile.Random.Id[id].Intercept);
Console.WriteLine($"child {lowest} is {profile.Random.Id[lowest].Intercept:F2} from its arm's mean; "
    + $"the standard deviation of children is {profile.Random.Id.StandardDeviations.Intercept:F2}");

// New rows: a child that the fit knows, and one that it does not.
var predicted = BloodLead.Profile.Predict(profile, [new(lowest, Arm.Placebo, 6, 0), new(1000, Arm.Placebo, 6, 0)]);
Console.WriteLine($"week 6 under placebo: {predicted[0]:F1} for child {lowest}, {predicted[1]:F1} for a new child");

static void Print(string what, Coefficient coefficient) => Console.WriteLine(
    $"{what,-30} {coefficient.Estimate,7:F3}   se {coefficient.StandardError:F3}   t({coefficient.DegreesOfFreedom:F0}) {coefficient.Statistic,6:F2}   p {coefficient.PValue:G2}");

static IEnumerable<BloodLead> Samples()
{
    using var reader = new StreamReader(typeof(BloodLead).Assembly.GetManifestResourceStream("tlc.csv")!);
    foreach (var line in reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Skip(1))
    {
        var cells = line.Split(',');
        yield return new(int.Parse(cells[0]), cells[1] == "placebo" ? Arm.Placebo : Arm.Succimer, int.Parse(cells[2]), double.Parse(cells[3]));
    }
}
