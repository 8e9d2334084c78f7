using LmmFormula;
var rows = Enumerable.Range(0, 60).Select(i => new S(i % 10, i / 10, i % 10 * 2.0 + i / 10 + Math.Sin(i * 7), S.Arm.A + i % 2, new(i % 4))).ToList();
Same.Fits(S.Model.Fit(rows).Fit, Lmm.Fit("y ~ factor(arm) * week + (1 | id) + (1 | key)", rows), Lmm.Fit(Same.Text("y ~ factor(arm) * week + (1 | id) + (1 | key)"), rows));
Console.WriteLine(S.Model.Fit(rows).Coefficients.Arm[S.Arm.B].Estimate + S.Model.Fit(rows).Random.Key[new(2)].Intercept);
[MixedModel("y ~ factor(arm) * week + (1 | id) + (1 | key)")]
public partial record S(int Id, int Week, double Y, S.Arm AA, S.Key K) { public enum Arm { A, B } public readonly record struct Key(int V); [ColumnName("arm")] public Arm X => AA; [ColumnName("key")] public Key Z => K;
  public class LmmFormula; public class System; public class ModelFit; public class Instance; public class Specification; public class Typed; public class Data; public class Func; }
