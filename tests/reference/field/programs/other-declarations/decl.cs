using LmmFormula;
[MixedModel("y ~ week + (1 | id)")] file partial record A(int Id, int Week, double Y);
file partial class Fl { [MixedModel("y ~ week + (1 | id)")] internal partial record B(int Id, int Week, double Y); }
[MixedModel("y ~ week + (1 | id)")] public ref partial struct C { public int Id; public int Week; public double Y; }
[MixedModel("y ~ week + (1 | id)")] public static partial class D { public static int Id; }
[MixedModel("y ~ week + (1 | id)")] public partial interface E { public int Id { get; } }
public class Outer { public partial class Mid { [MixedModel("y ~ week + (1 | id)")] internal partial record F(int Id, int Week, double Y); } }
internal static class Program { private static void Main() { } }
