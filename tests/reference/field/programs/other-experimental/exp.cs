using System.Diagnostics.CodeAnalysis;
using LmmFormula;
#pragma warning disable EXP01, EXP02, CS0612, CS0618
var rows = Enumerable.Range(0, 60).Select(i => new Sample(i % 10, i / 10, i % 10 * 2.0 + i / 10 + Math.Sin(i * 7)) { Extra = i % 3, E = (Arm)(i%2), O = (OldArm)(i%2) });
Console.WriteLine(Sample.Model.Fit(rows).LogLikelihood);
Console.WriteLine(Lmm.Fit("y ~ week + extra + (1 | id)", rows).LogLikelihood);
Console.WriteLine(Lmm.Fit("y ~ week + e + (1 | id)", rows).LogLikelihood);

[MixedModel("y ~ week + extra +e + o + (1 | id)")]
public partial record Sample(int Id, int Week, double Y) { [Experimental("EXP01")] public double Extra { get; init; } [Experimental("EXP02")] public Arm E {get;init;}  [Obsolete("x")] public OldArm O {get;init;}}
[Experimental("EXP02")] public enum Arm { A, [Obsolete("gone", error: true)] B }
[Obsolete("x")] public enum OldArm { A, B }
