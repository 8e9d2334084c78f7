using LmmFormula; using System.ComponentModel;
var R = Enumerable.Range(0, 60).Select(i => new S { Id = i % 10, Week = i / 10, Y = i % 10 * 2.0 + i / 10 + Math.Sin(i * 7), Arm = i % 2 == 0 ? "a" : "b" }).ToList();
Same.Fits(S.Model.Fit(R).Fit, Lmm.Fit("y ~ week + arm + ratio + (1 | id)", R), Lmm.Fit(Same.Text("y ~ week + arm + ratio + (1 | id)"), R));
Same.Fits(S.Dot.Fit(R).Fit, Gls.Fit("y ~ .", R), Gls.Fit(Same.Text("y ~ ."), R));
Same.Fits(V2.Model.Fit(R.Select(r => new V2 { Y = r.Y, Id = r.Id, K = r.Week })).Fit, Lmm.Fit("y ~ k + (1 | id)", R.Select(r => new V2 { Y = r.Y, Id = r.Id, K = r.Week })), Lmm.Fit(Same.Text("y ~ k + (1 | id)"), R.Select(r => new V2 { Y = r.Y, Id = r.Id, K = r.Week })));
[MixedModel("y ~ week + arm + ratio + (1 | id)")]
[GlsModel("y ~ .", Name = "Dot")]
public partial class S : INotifyPropertyChanged {
  private int _id, _week; private double y; private string? m_arm; private double? ratio;
  public event PropertyChangedEventHandler? PropertyChanged;
  public int Id { get => _id; set { _id = value; PropertyChanged?.Invoke(this, new(nameof(Id))); } } public int Week { get => _week; set => _week = value; } public double Y { get => y; set => y = value; } public string? Arm { get => m_arm; set => m_arm = value; } public double Ratio => ratio ??= Math.Sin(Week + Id); }
public class V { [Categorical] public virtual int K { get; set; } public double Y; public int Id; }
[MixedModel("y ~ k + (1 | id)")] public partial class V2 : V { public override int K { get; set; } }
