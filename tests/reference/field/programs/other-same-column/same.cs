using LmmFormula;
var R = Enumerable.Range(0, 60).Select(i => new S(i % 10, i / 10, i % 10 * 2.0 + i / 10 + Math.Sin(i * 7), i % 3, 1)).ToList();
Console.WriteLine(Lmm.Fit("y ~ week + (1 | id)", R).LogLikelihood + Lmm.Fit("y ~ . + (1 | id)", R).LogLikelihood);
[MixedModel("y ~ week + (1 | id)")]
[MixedModel("y ~ . + (1 | id)", Name = "All")]
[MixedModel("y ~ id + (1 | hidden)", Name = "Unreadable")]
public partial record S(int Id, int Week, double Y, [ColumnName("Week")] int Other, object Tag) { public Priv Hidden { get; init; } }
[GlsModel("y ~ .")]
public partial record Tagged(double Y, object Tag);
public struct Priv { public int V { private get; set; } }
