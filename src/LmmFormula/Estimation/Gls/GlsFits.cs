using System;
using System.Collections.Generic;
using System.Linq;
using LmmFormula.Covariance;
using LmmFormula.Designs;
using LmmFormula.Fits;
using LmmFormula.Language;

namespace LmmFormula.Estimation;

/// <summary>Puts the estimates of generalized least squares into a fit.</summary>
internal static class GlsFits
{
    /// <summary>The fit of a last iteration.</summary>
    public static GlsFit Assemble(
        Design design, Estimated estimated, FitOptions options, IReadOnlyList<ModelError> warnings)
    {
        var (data, residuals, iteration) = estimated;
        var p = data.Columns.Length;
        return new(residuals)
        {
            Design = design,
            Criterion = options.Criterion,
            CoefficientNames = data.Columns.Select(j => design.Fixed.Names[j]).ToEquatableArray(),
            Coefficients = iteration.Coefficients,
            EstimatedColumns = data.Columns.ToEquatableArray(),
            CoefficientCovariance = Covariance(residuals.Model, iteration, options.Criterion, design.Rows, p),
            Sigma = residuals.Model.HasSigma ? iteration.Sigma * Math.Exp(-residuals.Model.LogReference(iteration.Psi)) : AverageDeviation(design, residuals, iteration.Psi),
            ReferenceSigma = iteration.Sigma,
            Objective = iteration.Objective,
            ParameterCount = p + residuals.Model.EstimatedCount + (residuals.Model.HasSigma ? 1 : 0),
            FittedValues = iteration.Fitted,
            Residuals = iteration.Residuals,
            Convergence = iteration.Proof!,
            Warnings = warnings.ToEquatableArray(),
            Correlation = Estimates(design.Correlation, residuals.Model, iteration.Psi),
            Variance = Estimates(design.Variance, residuals.Model, iteration.Psi),
            Visits = design.Visits is null ? null : new(VisitName(design.Visits.Structure), design.Visits.Text, Parameters(residuals.Model, ResidualPart.Visits, iteration.Psi)),
            ResidualParameters = iteration.Psi,
            Reduction = iteration.Criterion is { } criterion ? new(design, criterion) : null,
        };
    }

    /// <summary>
    /// The covariance of the coefficients. Under maximum likelihood sigma is biased downwards; nlme's gls makes up for it with
    /// n / (n - p), and SAS and mmrm, which estimate a covariance by visit without a sigma apart, do not.
    /// </summary>
    private static Matrix Covariance(ResidualModel model, ReweightingIteration iteration, Criterion criterion, int n, int p)
    {
        var inflation = criterion == Criterion.MaximumLikelihood && model.HasSigma && n > p ? (double)n / (n - p) : 1;
        return Matrix.Create(p, p, (i, j) => inflation * iteration.Covariance[(j * p) + i]);
    }

    /// <summary>R's name of a correlation structure.</summary>
    public static string CorrelationName(CorrelationStructure structure) => structure switch
    {
        CorrelationStructure.Symmetric => "corSymm",
        CorrelationStructure.CompoundSymmetry => "corCompSymm",
        CorrelationStructure.Ar1 => "corAR1",
        CorrelationStructure.Car1 => "corCAR1",
        CorrelationStructure.Arma => "corARMA",
        CorrelationStructure.Identity => "corIdent",
        CorrelationStructure.Spatial spatial => spatial.Kind switch
        {
            SpatialKind.Exponential => "corExp",
            SpatialKind.Gaussian => "corGaus",
            SpatialKind.Linear => "corLin",
            SpatialKind.RationalQuadratic => "corRatio",
            SpatialKind.Spherical => "corSpher",
            _ => throw new ArgumentOutOfRangeException(nameof(structure)),
        },
    };

    /// <summary>R's name of a variance function.</summary>
    public static string VarianceName(VarianceFunction function) => function switch
    {
        VarianceFunction.Ident => "varIdent",
        VarianceFunction.Power => "varPower",
        VarianceFunction.Exponential => "varExp",
        VarianceFunction.ConstantPower => "varConstPower",
        VarianceFunction.ConstantProportion => "varConstProp",
        VarianceFunction.Known => "varFixed",
        VarianceFunction.Combined => "varComb",
    };

    private static string VisitName(VisitStructure structure) => structure switch
    {
        VisitStructure.Unstructured => "us",
        VisitStructure.Toeplitz => "toep",
        VisitStructure.HeterogeneousToeplitz => "toeph",
        VisitStructure.Ar1 => "ar1",
        VisitStructure.HeterogeneousAr1 => "ar1h",
        VisitStructure.AnteDependence => "ad",
        VisitStructure.HeterogeneousAnteDependence => "adh",
        VisitStructure.CompoundSymmetry => "cs",
        VisitStructure.HeterogeneousCompoundSymmetry => "csh",
        VisitStructure.SpatialExponential => "sp_exp",
        VisitStructure.SpatialGaussian => "sp_gau",
        _ => throw new ArgumentOutOfRangeException(nameof(structure)),
    };

    /// <summary>The estimate of a design's correlation structure.</summary>
    public static StructureEstimate? Estimates(CorrelationDesign? design, ResidualModel model, ReadOnlySpan<double> psi) =>
        design is null ? null : new(CorrelationName(design.Structure), design.Text, Parameters(model, ResidualPart.Correlation, psi));

    /// <summary>The estimate of a design's variance function.</summary>
    public static StructureEstimate? Estimates(VarianceDesign? design, ResidualModel model, ReadOnlySpan<double> psi) =>
        design is null ? null : new(VarianceName(design.Function), design.Text, Parameters(model, ResidualPart.Variance, psi));

    private static EquatableArray<StructureParameter> Parameters(ResidualModel model, ResidualPart part, ReadOnlySpan<double> psi)
    {
        var parameters = new List<StructureParameter>();
        for (var i = 0; i < psi.Length; i++)
        {
            if (model.Parameters[i].Part == part) parameters.Add(new(model.Parameters[i].Name, Array.IndexOf(model.Unseen, i) < 0 ? psi[i] : double.NaN));
        }
        return parameters.ToEquatableArray();
    }

    /// <summary>A covariance by visit has no one sigma: the root of the mean variance of the rows.</summary>
    private static double AverageDeviation(Design design, BoundResiduals residuals, ReadOnlySpan<double> psi)
    {
        var deviations = new double[design.Rows];
        residuals.Model.FillDeviations(residuals.Layout, psi, deviations);
        return Math.Sqrt(SmallDense.Dot(deviations, deviations) / design.Rows);
    }
}
