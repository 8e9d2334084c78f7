using LmmFormula;
[MixedModel("y ~ week + (1 | id)", Name = "IdEffects")]
[MixedModel("y ~ week + (1 | id)", Name = "Clone")]
[MixedModel("y ~ week + (1 | id)", Name = "ToString")]
[MixedModel("y ~ week + (1 | id)", Name = "Base1")]
[MixedModel("y ~ week + (1 | क्षि)", Name = "NotId")]
public partial record Sample(int Id, int Week, double Y) : Bas;
public record Bas { public int Base1 { get; init; } private int Hidden { get; init; } }
[MixedModel("y ~ week + (1 | id)", Name = "GetType")]
public partial struct Sample2 { public int Id; public int Week; public double Y; }
internal static class Program { private static void Main() { } }
