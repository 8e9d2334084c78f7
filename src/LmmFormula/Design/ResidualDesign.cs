using System;
using LmmFormula.Covariance;
using LmmFormula.Language;

namespace LmmFormula.Designs;

/// <summary>A residual correlation structure with the columns it needs.</summary>
/// <param name="Structure">The structure, with start values and fixed flag if given.</param>
/// <param name="Group">The groups within which residuals are correlated, or null: all rows are one group.</param>
/// <param name="Covariates">The covariate or coordinates, one column of n values each; empty: the position within the group in data order.</param>
/// <param name="CovariateNames">Their names, one a column.</param>
/// <param name="Text">The canonical text of the specification, for reports.</param>
public sealed record CorrelationDesign(
    CorrelationStructure Structure, Grouping? Group, EquatableArray<ReadOnlyMemory<double>> Covariates, EquatableArray<string> CovariateNames, string Text);

/// <summary>A residual variance function with the columns it needs.</summary>
/// <param name="Function">The function, with start values and fixed parameters if given.</param>
/// <param name="Strata">The strata with parameters of their own (levels in order of appearance, as nlme has them), or null.</param>
/// <param name="Covariate">What the variance depends on.</param>
/// <param name="Parts">The factors of a combined function; empty otherwise.</param>
/// <param name="Text">The canonical text of the specification, for reports.</param>
public sealed record VarianceDesign(
    VarianceFunction Function, Grouping? Strata, VarianceCovariate Covariate, EquatableArray<VarianceDesign> Parts, string Text);

/// <summary>What a variance function is a function of.</summary>
public abstract record VarianceCovariate
{
    private VarianceCovariate() { }

    /// <summary>Nothing: the strata alone decide.</summary>
    public sealed record None : VarianceCovariate;

    /// <summary>A column, n values.</summary>
    public sealed record Values(string Name, ReadOnlyMemory<double> Column) : VarianceCovariate;

    /// <summary>The fitted values (nlme's <c>fitted(.)</c>).</summary>
    public sealed record Fitted : VarianceCovariate;

    /// <summary>The residuals (nlme's <c>resid(.)</c>).</summary>
    public sealed record Residuals : VarianceCovariate;
}

/// <summary>The residual covariance of the MMRM entry point: <c>us(visit | arm / subject)</c>.</summary>
/// <param name="Structure">The structure of a subject's covariance.</param>
/// <param name="Subject">The subjects.</param>
/// <param name="Visit">The visits (levels in factor order), or null for spatial structures.</param>
/// <param name="Coordinates">The coordinates of spatial structures, n values each; else empty.</param>
/// <param name="Arm">The groups with covariances of their own, or null.</param>
/// <param name="Text">The canonical text of the term.</param>
public sealed record VisitDesign(
    VisitStructure Structure, Grouping Subject, Grouping? Visit, EquatableArray<ReadOnlyMemory<double>> Coordinates, Grouping? Arm, string Text)
{
    /// <summary>The time of each visit in whole steps, for autoregressions over a numeric column; empty where visits are one step apart.</summary>
    public EquatableArray<int> Times { get; init; } = [];
}
