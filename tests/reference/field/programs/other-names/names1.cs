using LmmFormula;
var rows = Enumerable.Range(0, 60).Select(i => new Sample(i % 10, i / 10, i % 10 * 2.0 + i / 10 + Math.Sin(i * 7))).ToList();
Console.WriteLine(Sample.Model.Fit(rows).LogLikelihood);
Console.WriteLine(Sample.MODEL.Fit(rows).LogLikelihood);
Console.WriteLine(Sample.required.Fit(rows).LogLikelihood);
Console.WriteLine(Sample.record.Fit(rows).LogLikelihood);
Console.WriteLine(Sample.extension.Fit(rows).LogLikelihood);
Console.WriteLine(Sample.IdEffects2.Fit(rows).LogLikelihood);
Console.WriteLine(SAMPLE.Model.Fit(rows.Select(r => new SAMPLE(r.Id, r.Y))).LogLikelihood);
Console.WriteLine(sample<int>.Model.Fit(rows.Select(r => new sample<int>(r.Id, r.Y))).LogLikelihood);
Console.WriteLine(sample_T_.Model.Fit(rows.Select(r => new sample_T_(r.Id, r.Y))).LogLikelihood);
Console.WriteLine(A.B.R.Model.Fit(rows.Select(r => new A.B.R(r.Id, r.Y))).LogLikelihood);
Console.WriteLine(a.B.R.Model.Fit(rows.Select(r => new a.B.R(r.Id, r.Y))).LogLikelihood);
var f = क्षि.Model.Fit(rows.Select(r => new क्षि(r.Id, r.Y, r.Week, r.Id)));
Console.WriteLine(f.Coefficients.क्षि.Estimate + f.Coefficients.क्षा.Estimate);
Console.WriteLine(क्षा.Model.Fit(rows.Select(r => new क्षा(r.Id, r.Y))).LogLikelihood);
[MixedModel("y ~ week + (1 | id)")]
[MixedModel("y ~ week + (1 | id)", Name="MODEL")]
[MixedModel("y ~ week + (1 | id)", Name="required")]
[MixedModel("y ~ week + (1 | id)", Name="record")]
[MixedModel("y ~ week + (1 | id)", Name="extension")]
[MixedModel("y ~ week + (1 | id)", Name="IdEffects2")]
public partial record Sample(int Id, int Week, double Y);
[MixedModel("y ~ 1 + (1 | id)")] public partial record SAMPLE(int Id, double Y);
[MixedModel("y ~ 1 + (1 | id)")] public partial record sample<T>(int Id, double Y);
[MixedModel("y ~ 1 + (1 | id)")] public partial record sample_T_(int Id, double Y);
[MixedModel("y ~ 1 + `क्षि` + `क्षा` + (1 | id)")] public partial record क्षि(int Id, double Y, [property: ColumnName("क्षि")] double A, double क्षा);
[MixedModel("y ~ 1 + (1 | id)")] public partial record क्षा(int Id, double Y);
namespace A { namespace B { [MixedModel("y ~ 1 + (1 | id)")] public partial record R(int Id, double Y); } }
namespace a.B { [MixedModel("y ~ 1 + (1 | id)")] public partial record R(int Id, double Y); }
