using LmmFormula; using LmmFormula.Fits; using System.Linq.Expressions; using L = LmmFormula.Lmm; using static LmmFormula.Gls;
var rows = H.Rows; const string F = "y ~ week + (1 | id)"; const string G = $"{"y"} ~ {"week"} + (1 | {"id"})";
LmmFit Local(IEnumerable<Row> r) => L.Fit(F, r);
Expression<Func<IEnumerable<Row>, LmmFit>> tree = r => Lmm.Fit("y ~ week + (1 | id)", r, null, null, null, null);
Func<LmmFit> lambda = () => Lmm.Fit(rows: rows, formula: "y ~ week" + " + (1 | id)");
async Task<LmmFit> Async() { await Task.Yield(); return global::LmmFormula.Lmm.Fit(@"y ~ week + (1 | id)", rows.AsEnumerable()); }
IEnumerable<LmmFit> Iter() { yield return Lmm.Fit("""y ~ week + (1 | id)""", rows); foreach (var c in new[] { rows }) yield return Lmm.Fit(G, c.AsReadOnly()); }
Func<string, IEnumerable<Row>, FitOptions?, string?, string?, string?, LmmFit> group = Lmm.Fit;
var q = from r in new[] { rows } select Lmm.Fit(F, r, new FitOptions(), null);
Same.Fits([H.Field, H.Prop, Local(rows), tree.Compile()(rows), lambda(), await Async(), .. Iter(), group(F, rows, null, null, null, null), .. q, Lmm.Fit<Row>(F, rows), L.Fit(F, rows.ToArray()), Lmm.Fit(F, (IReadOnlyList<Row>)rows), Lmm.Fit(F, new HashSet<Row>(rows)), rows.Pipe(r => Lmm.Fit(F, r)), new[] { rows }.Select(static r => Lmm.Fit(F, r)).First(), Lmm.Fit(Row.Formula, rows), ((Func<LmmFit>)(delegate { return Lmm.Fit(F, rows); }))(), Lmm.Fit((F), (rows))!, Lmm.Fit(F, rows.Where(_ => true)) ]);
Same.Fits(Fit("y ~ week", rows), Fit<Row>("y ~ week", rows), Gls.Fit("y ~ week", rows, correlation: null), Gls.Fit(Same.Text("y ~ week"), rows));
Same.Fits(Gls.Fit("y ~ week", rows, "corAR1(form = ~ week | id)", "varIdent(form = ~ 1 | arm)"), Gls.Fit(weights: "varIdent(form = ~ 1 | arm)", correlation: "corAR1(form = ~ week | id)", formula: "y ~ week", rows: rows), Gls.Fit(Same.Text("y ~ week"), rows, "corAR1(form = ~ week | id)", "varIdent(form = ~ 1 | arm)"));
Same.Fits(Mmrm.Fit("y ~ arm*visit + cs(visit | id)", rows), Mmrm.Fit(Same.Text("y ~ arm*visit + cs(visit | id)"), rows));
Same.Fits(Lmm.Fit(F, rows, priorWeights: nameof(Row.W)), Lmm.Fit(F, rows, priorWeights: Same.Text("W")));
static class X { public static TOut Pipe<T, TOut>(this T t, Func<T, TOut> f) => f(t); }
static class H { public static readonly List<Row> Rows = Enumerable.Range(0, 60).Select(i => new Row(i % 10, i / 10, i % 10 * 2.0 + i / 10 + Math.Sin(i * 7), i % 20 < 10 ? "a" : "b", "v" + i / 10, 1 + i % 3)).ToList(); public static readonly LmmFit Field = Lmm.Fit("y ~ week + (1 | id)", Rows); public static LmmFit Prop { get; } = Lmm.Fit("y ~ week + (1 | id)", Rows); }
public record Row(int Id, int Week, double Y, string Arm, string Visit, double W) { public const string Formula = "y ~ week + (1 | id)"; }
