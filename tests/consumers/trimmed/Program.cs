using System;
using System.Linq;
using LmmFormula;

// The formula is not known when this is compiled: the members are found by reflection, and trimming must have kept them.
var formula = string.Concat("y ~ week", args.Length == 0 ? " + (1 | id)" : "");
var rows = Enumerable.Range(0, 60).Select(i => new Sample(i % 10, i / 10, i % 10 * 2.0 + i / 10 + Math.Sin(i * 7))).ToList();
Console.WriteLine($"{Sample.Model.Fit(rows).LogLikelihood:F4} {Lmm.Fit("y ~ week + (1 | id)", rows).LogLikelihood:F4} {Lmm.Fit(formula, rows).LogLikelihood:F4}");

[MixedModel("y ~ week + (1 | id)")]
public partial record Sample(int Id, int Week, double Y);
