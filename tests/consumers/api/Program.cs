using LmmFormula;
using LmmFormula.Typed;
var builder = WebApplication.CreateBuilder(args);
builder.Services.AddSingleton<IModel<Sample, Sample.Model.ModelFit>>(Sample.Model.Instance);
var app = builder.Build();
app.MapPost("/fit", (Sample[] rows, IModel<Sample, Sample.Model.ModelFit> model) => Results.Ok(model.Fit(rows).LogLikelihood));
var rows = Enumerable.Range(0, 60).Select(i => new Sample(i % 10, i / 10, i % 10 * 2.0 + i / 10 + Math.Sin(i * 7))).ToList();
Console.WriteLine($"{app.Services.GetRequiredService<IModel<Sample, Sample.Model.ModelFit>>().Fit(rows).LogLikelihood:F4} {Lmm.Fit("y ~ week + (1 | id)", rows).LogLikelihood:F4}");
[MixedModel("y ~ week + (1 | id)")]
internal sealed partial record Sample(int Id, int Week, double Y);
