using LmmFormula;
using LmmFormula.Typed;
using LmmFormula.Fits;
var rows = Enumerable.Range(0, 60).Select(i => new Sample(new Guid(i % 10, 0, 0, new byte[8]), new Pid(i % 10), i / 10, i % 10 * 2.0 + i / 10 + Math.Sin(i * 7))).ToList();
Console.WriteLine(Run(Sample.Model.Instance, rows) + " " + Run(Sample.W.Instance, rows));
var f = Sample.Model.Fit(rows); Console.WriteLine(f.Random.Id[rows[3].Id].Intercept - Sample.W.Fit(rows).Random.P[new Pid(3)].Intercept);
static double Run<TRow, TFit>(IModel<TRow, TFit> m, IEnumerable<TRow> rows) where TFit : TypedFit<LmmFit> => m.Fit(rows).LogLikelihood + m.Predict(m.Fit(rows), rows)[0];
[MixedModel("y ~ week + (1 | id)")]
[MixedModel("y ~ week + (1 | p)", Name = "W")]
public partial record Sample(Guid Id, Pid P, int Week, double Y);
public readonly record struct Pid(int Value);
