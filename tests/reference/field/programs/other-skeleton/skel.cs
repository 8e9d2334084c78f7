using LmmFormula;
using LmmFormula.Typed;
using LmmFormula.Fits;
var rows = Enumerable.Range(0, 60).Select(i => new Sample(i % 10, i / 10, i % 10 * 2.0 + i / 10 + Math.Sin(i * 7))).ToList();
var fit = Sample.Model.Fit(rows);
Console.WriteLine(fit.Coefficients.Week.Estimate + fit.Random.Id[3].Intercept + fit.LogLikelihood);
Console.WriteLine(Sample.G.TryFit(rows) is LmmFormula.Language.Result<Sample.G.ModelFit>.Ok);
double P(IModel<Sample, Sample.Model.ModelFit> m) => m.Predict(m.Fit(rows), rows)[0];
Console.WriteLine(P(Sample.Model.Instance));
[MixedModel("y ~ weak + (1 | id)")]
[GlsModel("y ~ week +", Name = "G")]
[MmrmModel("y ~ us(week | id", Name = "M")]
public partial record Sample(int Id, int Week, double Y);
