using System;
using LmmFormula.Covariance;
using LmmFormula.Designs;
using LmmFormula.Estimation;
using LmmFormula.Estimation.Mixed;
using LmmFormula.Fits;

namespace LmmFormula.Benchmarks;

/// <summary>Where the time of a fit with residual structures goes.</summary>
internal static class ResidualStages
{
    /// <summary>Prints the best time of each stage in milliseconds.</summary>
    /// <returns>The exit code.</returns>
    public static int Run(Workload workload, string folder)
    {
        var frame = workload.Read(folder);
        Design Build() => DesignBuilder.Build(new(workload.Formula) { Correlation = workload.Correlation, Weights = workload.Weights }, frame).OrThrow();
        var design = Build();
        var options = FitOptions.Default with { Criterion = workload.Criterion };
        var fit = Models.TryFit(design, options).OrThrow();
        var data = OrthogonalizedData.Create(design);
        var (residuals, psi, _) = MarginalEstimate.Of(fit);
        var reml = workload.Criterion == Criterion.Reml;
        var criterion = ObservedCurvature.CriterionOf(design, data, residuals, reml);
        var (gradient, curvature) = (new double[psi.Length], new double[psi.Length * psi.Length]);
        Console.WriteLine($"{workload.Name}: {psi.Length} parameters, {fit.Convergence.Evaluations} evaluations");
        Stages.Best("design", () => Build());
        Stages.Best("fixed columns", () => FixedColumns.Of(design.Fixed.Values, null));
        Stages.Best("basis", () => OrthogonalizedData.Create(design));
        Stages.Best("bind", () => ResidualBinding.Bind(design, fit.FittedValues, fit.Residuals));
        Stages.Best("units", () => ResidualUnits.Find(residuals with { Model = residuals.Model with { Random = [] }, Layout = residuals.Correlated }, true));
        Stages.Best("criterion", () => (ObservedCurvature.CriterionOf(design, data, residuals, reml) as IDisposable)?.Dispose());
        var estimated = new Estimated(data, residuals, ReweightingIteration.Start(design, data) with { Psi = psi, Residuals = fit.Residuals.ToArray(), Covariance = new double[data.Columns.Length * data.Columns.Length], Proof = fit.Convergence });
        Stages.Best("start", () => ResidualStart.Find(residuals, fit.Residuals.Span));
        if (fit is GlsFit) Stages.Best("assembly", () => GlsFits.Assemble(design, estimated, options, []));
        Stages.Best("value", () => criterion.Value(psi));
        Stages.Best("derivatives", () => criterion.Derivatives(psi, gradient, curvature));
        Stages.Best("fit", () => Models.TryFit(design, options));
        Stages.Best("all", () => workload.Fit(frame));
        return 0;
    }
}
