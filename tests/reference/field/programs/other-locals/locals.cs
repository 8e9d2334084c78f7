using LmmFormula;
// members named as things that generated code uses
var rows = Enumerable.Range(0, 60).Select(i => new S(i % 10, i / 10, i % 10 * 2.0 + i / 10 + Math.Sin(i * 7), i % 3, i % 4, i % 5, i % 6 + 1.0, i % 7, i % 2 == 0, i%3, i%11, i%5, i%7)).ToList();
Same.Fits(S.Model.Fit(rows).Fit, Lmm.Fit("y ~ rows + all + i + row + n + kept + fit + fixedMatrix + options + randomMatrix1 + fixedMatrixColumn + (rows | id)", rows), Lmm.Fit(Same.Text("y ~ rows + all + i + row + n + kept + fit + fixedMatrix + options + randomMatrix1 + fixedMatrixColumn + (rows | id)"), rows));
var f = T1.Coef.Fit(T.Rows); Console.WriteLine(f.Coefficients.All2.Estimate + f.Coefficients.Named2.Estimate + f.Random.Group[1].Value2);
[MixedModel("y ~ rows + all + i + row + n + kept + fit + fixedMatrix + options + randomMatrix1 + fixedMatrixColumn + (rows | id)")]
public partial record S(int Id, int Rows, double Y, int All, int I, int Row, double N, int Kept, bool Fit, int FixedMatrix, int Options, int RandomMatrix1, int FixedMatrixColumn);
public static class T { public static List<T1> Rows = Enumerable.Range(0, 60).Select(i => new T1(i % 10, i % 10 * 2.0 + i / 10 + Math.Sin(i * 7), i % 3, i % 4, i % 5, i % 7, i % 6)).ToList(); }
public static class S_ { }
[MixedModel("y ~ all + named + level + item + (value | group)", Name = "Coef")]
public partial record T1(int Group, double Y, int All, int Named, int Value, int Level, int Item) { }
