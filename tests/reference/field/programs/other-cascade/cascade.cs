using LmmFormula; using LmmFormula.Typed;
var R = Enumerable.Range(0, 60).Select(i => new S(i % 10, i / 10, i % 10 * 2.0 + i / 10 + Math.Sin(i * 7))).ToList();
Console.WriteLine(S.Fit.Fit(R).Coefficients.Week.Estimate + S.Design.TryFit(R).OrThrow().Sigma + S.IdEffects.Fit(R).Random.Id[3].Intercept + S.Twice.Fit(R).LogLikelihood + S.Twice.Fit(R).Coefficients.Week.Estimate + S.ModelFit.Fit(R).Sigma + S.Evaluate.Predict(S.Evaluate.Fit(R), R)[0]);
IModel<S, S.Fit.ModelFit> m = S.Fit.Instance; S.Fit.ModelFit f = S.Fit.Fit(R);
Console.WriteLine(St.Model.Fit(R).Coefficients.Week.Estimate + St.Model.Instance.Fit(R).Random.Id[2].Intercept + new Derived(1,2,3).Id + Derived.Fit.Fit([]).Sigma + Gen<int>.Fit.Fit([]).Sigma);
[MixedModel("y ~ week + (1 | id)", Name = "Fit")]
[MixedModel("y ~ week + (1 | id)", Name = "Design")]
[MixedModel("y ~ week + (1 | id)", Name = "IdEffects")]
[MixedModel("y ~ week + (1 | id)", Name = "Twice")]
[GlsModel("y ~ week", Name = "Twice")]
[MixedModel("y ~ week + (1 | id)", Name = "Twice")]
[MixedModel("y ~ week + (1 | id)", Name = "ModelFit")]
[MixedModel("y ~ week + (1 | id)", Name = "Evaluate")]
public partial record S(int Id, int Week, double Y);
[MixedModel("y ~ week + (1 | id)")] public static partial class St { }
[MixedModel("y ~ week + (1 | id)", Name = "Fit")] public partial record Derived(int Id, int Week, double Y) : S(Id, Week, Y);
[GlsModel("y ~ week", Name = "Fit")] [GlsModel("y ~ week", Name = "Fit")] public partial record Gen<T>(int Week, double Y);
