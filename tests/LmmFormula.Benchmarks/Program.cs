using BenchmarkDotNet.Running;
using LmmFormula.Benchmarks;

return args switch
{
    ["side-by-side", .. var rest] => SideBySide.Run(rest),
    ["differential", .. { Length: > 0 } folders] => LmmFormula.Benchmarks.Differential.DifferentialRun.Run(folders),
    ["fuzz", var target, var count, var seed, .. var first] => FuzzRun.Run(
        target, int.Parse(count, System.Globalization.CultureInfo.InvariantCulture), int.Parse(seed, System.Globalization.CultureInfo.InvariantCulture),
        first.Length == 0 ? 0 : int.Parse(first[0], System.Globalization.CultureInfo.InvariantCulture)),
    ["digits"] => DigitsLost.Run(),
    ["certify", var folder] => CertificateTimes.Run(folder),
    ["crossed", var replicates] => CrossedSimulation.Run(int.Parse(replicates, System.Globalization.CultureInfo.InvariantCulture)),
    ["crossed", var rows, var sites] => CrossedSimulation.Large(
        int.Parse(rows, System.Globalization.CultureInfo.InvariantCulture), int.Parse(sites, System.Globalization.CultureInfo.InvariantCulture)),
    ["editor"] => EditorTimes.Run(),
    ["visits", var folder] => VisitGrowth.Run(folder),
    ["matrix"] => FormulaSideBySide.Run(),
    ["rows"] => RowFill.Run(),
    ["stages", var name, var folder] => Stages.Run(name, folder),
    ["large", var kind, var rows] => LargeDesigns.Run(kind, int.Parse(rows, System.Globalization.CultureInfo.InvariantCulture)),
    ["one", var name, var folder, var seconds] => OneWorkload.Run(name, folder, int.Parse(seconds, System.Globalization.CultureInfo.InvariantCulture)),
    _ => Benchmarks(args),
};

static int Benchmarks(string[] args)
{
    BenchmarkSwitcher.FromAssembly(typeof(OneWorkload).Assembly).Run(args);
    return 0;
}
