// Formula strings in code. The formula below is a constant and the rows have a known type, so the compiler checks the names in it
// (try 'dayz') and sends the call to generated code that reads the rows without reflection.
using System;
using System.Linq;
using FormulaStrings;
using LmmFormula;
using LmmFormula.Report;

// Reaction times of six people over five days of short sleep, simulated with a fixed seed.
var random = new Random(20);
var trials = (
    from person in Enumerable.Range(1, 6)
    let baseline = 250 + (20 * random.NextDouble())
    let slope = 8 + (6 * random.NextDouble())
    from day in Enumerable.Range(0, 5)
    select new Trial($"P{person}", day, baseline + (slope * day) + (10 * (random.NextDouble() - 0.5)))).ToList();

var fit = Lmm.Fit("reaction ~ days + (1 | person)", trials);
Console.WriteLine(TextReport.Of(fit));

// A formula can be made at run time too; then the columns are found by reflection.
foreach (var right in new[] { "1", "days", "poly(days, 2)" })
{
    var candidate = Lmm.Fit($"reaction ~ {right} + (1 | person)", trials, new FitOptions { Criterion = Criterion.MaximumLikelihood });
    Console.WriteLine($"AIC of {right,-13} {candidate.Aic:F2}");
}
