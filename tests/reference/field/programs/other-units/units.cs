using LmmFormula;
var rows = Enumerable.Range(0, 60).Select(i => new S(i % 10, TimeSpan.FromMinutes(13 * (i % 7)), new TimeOnly(i % 24, i % 60), new DateOnly(2024, 1, 1).AddDays(9 * (i / 10)), new DateTime(2024, 1, 1).AddHours(i), DateTimeOffset.UnixEpoch.AddMinutes(i * i), i % 11 == 0 ? null : new DateOnly(2024, 1, 1).AddDays(i % 9), new Span(TimeSpan.FromDays(i % 4)), i % 10 * 2.0 + i / 10 + Math.Sin(i * 7))).ToList();
const string F = "y ~ span + clock + date + moment + offset + maybe + held + (1 | id)";
Same.Fits(S.Model.Fit(rows).Fit, Lmm.Fit(F, rows), Lmm.Fit(Same.Text(F), rows));
const string G = "y ~ log(span + 1) + I(date / 2) + I(date - maybe) + I(date - as.Date(\"2024-01-01\")) + months(date) + (date > \"2024-01-20\") + I(moment - offset) + (1 | date) + (1 | span) + (1 | held)";
Same.Fits(S.Mixed.Fit(rows).Fit, Lmm.Fit(G, rows), Lmm.Fit(Same.Text(G), rows));
var mixed = S.Mixed.Fit(rows); Console.WriteLine(mixed.Random.Date[rows[0].Date].Intercept + mixed.Random.Span[rows[3].Span].Intercept + mixed.Random.Held[new(TimeSpan.FromDays(2))].Intercept);
foreach (var w in S.Model.Fit(rows).Fit.Warnings) Console.WriteLine(w.Message);
var plain = Gls.Fit("y ~ span + clock + date + moment + offset", rows.Select(r => new Plain(r.Span, r.Clock, r.Date, r.Moment, r.Offset, r.Y)));
var unit = Gls.Fit("y ~ span + clock + date + moment + offset", rows);
double[] factors = [1, 3600, 60, 7, 86400, 0.001];
for (var i = 1; i < 6; i++) Console.WriteLine(Math.Abs(unit.Coefficients.Span[i] / plain.Coefficients.Span[i] / factors[i] - 1) < 1e-6);
public sealed record Span(TimeSpan Value);
public sealed record Plain(TimeSpan Span, TimeOnly Clock, DateOnly Date, DateTime Moment, DateTimeOffset Offset, double Y);
[MixedModel("y ~ span + clock + date + moment + offset + maybe + held + (1 | id)")]
[MixedModel("y ~ log(span + 1) + I(date / 2) + I(date - maybe) + I(date - as.Date(\"2024-01-01\")) + months(date) + (date > \"2024-01-20\") + I(moment - offset) + (1 | date) + (1 | span) + (1 | held)", Name = "Mixed")]
public sealed partial record S(int Id, [Unit("hours")] TimeSpan Span, [Unit("minutes")] TimeOnly Clock, [Unit("weeks")] DateOnly Date, [property: Unit("days")] DateTime Moment, [Unit("milliseconds")] DateTimeOffset Offset, [Unit("hours")] DateOnly? Maybe, [Unit("minutes")] Span Held, double Y);
