using Trials;
using LmmFormula;
var rows = Enumerable.Range(0, 60).Select(i => new Sample(i % 10, i / 10, i % 10 * 2.0 + i / 10 + Math.Sin(i * 7))).ToList();
Console.WriteLine($"{Study.Fit(rows).LogLikelihood:F4} {Lmm.Fit("y ~ week + (1 | id)", rows).LogLikelihood:F4} {Sample.Model.Fit(rows).LogLikelihood:F4}");
