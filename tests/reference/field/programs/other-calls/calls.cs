using LmmFormula;
using static LmmFormula.Lmm;
#pragma warning disable CS0612, CS0618
Console.WriteLine(Study.Run<string>());
Console.WriteLine(Old());
List<Row<int[]>> r = [.. Enumerable.Range(0, 60).Select(i => new Row<int[]>(i % 10, i / 10, i % 10 * 2.0 + i / 10 + Math.Sin(i * 7), []))];
Console.WriteLine(Fit<Row<int[]>>("y ~ week + (1 | id)", r).LogLikelihood);
List<Row<(int a, Dictionary<string, int?>)>> r2 = [.. Enumerable.Range(0, 60).Select(i => new Row<(int a, Dictionary<string, int?>)>(i % 10, i / 10, i % 10 * 2.0 + i / 10 + Math.Sin(i * 7), default))];
Console.WriteLine(Fit("y ~ week + (1 | id)", r2).LogLikelihood);
Console.WriteLine(Fit("y ~ week + (1 | id)", r.Select(x => new { x.Y, x.Id, x.Week })).LogLikelihood);
Console.WriteLine(Fit("y ~ week + (1 | id)", r.Select(x => new Row<dynamic>(x.Id, x.Week, x.Y, 1))).LogLikelihood);
[Obsolete] double Old() { var rows = Enumerable.Range(0, 60).Select(i => new OldRow<OldArg>(i % 10, i / 10, i % 10 * 2.0 + i / 10 + Math.Sin(i * 7))).ToList(); return Lmm.Fit("y ~ week + (1 | id)", rows).LogLikelihood; }
[Obsolete("no", true)] public record OldArg;
[Obsolete("no", true)] public record OldRow<T>(int Id, [property: Obsolete("no", true)] int Week, double Y);
internal sealed record Row<T>(int Id, int Week, double Y, T Tag);
internal static class Study
{
    private enum Kind { A, B }
    public static double Run<T>()
    {
        var rows = Enumerable.Range(0, 60).Select(i => new Row<List<T[]>>(i % 10, i / 10, i % 10 * 2.0 + i / 10 + Math.Sin(i * 7), [])).ToList();
        var rows2 = Enumerable.Range(0, 60).Select(i => new Row<Dictionary<int, Kind[]>>(i % 10, i / 10, i % 10 * 2.0 + i / 10 + Math.Sin(i * 7), [])).ToList();
        return Lmm.Fit("y ~ week + (1 | id)", rows).LogLikelihood + Lmm.Fit("y ~ week + (1 | id)", rows2).LogLikelihood;
    }
}
