using LmmFormula;
Console.WriteLine(S.Model.Fit([]).Sigma);
[MixedModel("y ~ a + b + c + (1 | id)")]
public sealed partial record S([Unit("hours")] int Id, [Unit("fortnights")] TimeSpan A, [property: Unit("Hours")] TimeOnly? B, double Y) { [Unit("days")] public Id C => new(1); [Unit("days")] public object? E; }
public readonly record struct Id(int Value);
