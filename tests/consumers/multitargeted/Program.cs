#if NET10_0_OR_GREATER
using LmmFormula;

var rows = Enumerable.Range(0, 60).Select(i => new Sample(i % 10, i / 10, (i % 10 * 2.0) + (i / 10) + Math.Sin(i * 7))).ToList();
Console.WriteLine($"{Lmm.Fit("y ~ week + (1 | id)", rows).LogLikelihood:F4}");

internal sealed record Sample(int Id, int Week, double Y);
#else
Console.WriteLine("no models here");
#endif
