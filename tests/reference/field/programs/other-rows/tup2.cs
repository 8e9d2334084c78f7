using LmmFormula;
class P { void M(List<(int Id, int Week, double Y)> rows, List<S> s, List<S?> n, List<IS> i) {
Lmm.Fit("y ~ week + (1 | id)", rows);
Lmm.Fit("y ~ hid + (1 | id)", s);
Lmm.Fit("y ~ hid + (1 | id)", n);
Lmm.Fit("y ~ hid + (1 | id)", i);
} }
public struct S { public int Week; public double Y { get; set; } public int Id; public double A { get; set; } internal double Hid { get; set; } }
public interface IS { double Y { get; set; }  int Id { get; } }
internal static class Program { private static void Main() { } }
