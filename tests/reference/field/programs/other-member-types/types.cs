using LmmFormula;
var rows = Enumerable.Range(0, 60).Select(i => new S(i % 10, i / 10.0f, i % 10 * 2.0 + i / 10 + Math.Sin(i * 7), new DateOnly(2024, 1, 1).AddDays(i / 10 * 7), TimeSpan.FromMinutes(i % 7), new TimeOnly(i % 24, i % 60), new DateTime(2024, 1, 1).AddHours(i), DateTimeOffset.UnixEpoch.AddDays(i % 13), (Half)(i % 5), (char)('a' + i % 3), (short)(i % 4), (byte)(i % 3), (sbyte)(-i % 3), (ushort)(i % 7), (uint)(i % 9), i % 11, (ulong)(i % 6), i % 4 * 1.5m, i % 2 == 0, i % 8 == 0 ? null : "t" + i % 2, new Guid(i % 5, 0, 0, new byte[8]), new Sid("s" + i % 4), new Rid(new DateOnly(2024, 1, 1 + i % 5)))).ToList();
Same.Fits(S.Model.Fit(rows).Fit, Lmm.Fit("y ~ week + d + ts + to + dt + dto + h + sh + by + sb + us + ui + l + ul + de + b + (1 | id)", rows), Lmm.Fit(Same.Text("y ~ week + d + ts + to + dt + dto + h + sh + by + sb + us + ui + l + ul + de + b + (1 | id)"), rows));
Same.Fits(S.Grp.Fit(rows).Fit, Lmm.Fit("y ~ week + c + t + (1 | g) + (1 | s) + (1 | r) + (1 | d) + (1 | l) + (1 | h) + (1 | ts) + (1|ul)", rows), Lmm.Fit(Same.Text("y ~ week + c + t + (1 | g) + (1 | s) + (1 | r) + (1 | d) + (1 | l) + (1 | h) + (1 | ts)+ (1|ul)"), rows));
Same.Fits(S.O.Fit(rows).Fit, Lmm.Fit("y ~ factor(sh) + factor(ui) + log(us+1) + I(l*ui) + s + r + (week | id)", rows), Lmm.Fit(Same.Text("y ~ factor(sh) + factor(ui) + log(us+1) + I(l*ui) + s + r + (week | id)"), rows));

public readonly record struct Sid(string Value); public sealed record Rid(DateOnly Day);
[MixedModel("y ~ week + d + ts + to + dt + dto + h + sh + by + sb + us + ui + l + ul + de + b + (1 | id)")]
[MixedModel("y ~ week + c + t + (1 | g) + (1 | s) + (1 | r) + (1 | d) + (1 | l) + (1 | h) + (1 | ts) + (1|ul)", Name = "Grp")]
[MixedModel("y ~ factor(sh) + factor(ui) + log(us+1) + I(l*ui) + s + r + (week | id)", Name = "O")]
public partial record S(int Id, float Week, double Y, DateOnly D, TimeSpan Ts, TimeOnly To, DateTime Dt, DateTimeOffset Dto, Half H, char C, short Sh, byte By, sbyte Sb, ushort Us, uint Ui, long L, ulong Ul, decimal De, bool B, string? T, Guid GG, Sid Ss, Rid Rr) { public Guid G => GG; [ColumnName("s")] public Sid Sx => Ss; [ColumnName("r")] public Rid R => Rr; }
