using System;
using LmmFormula.Designs;
using LmmFormula.Fits;
using LmmFormula.Language;
using LmmFormula.Report;

namespace LmmFormula.Typed;

/// <summary>
/// A fit of a model that was known at compile time. Generated code derives from it and adds the coefficients and random effects by
/// name; everything else is the fit's. Immutable; can be shared between threads.
/// </summary>
/// <typeparam name="TFit">The kind of fit.</typeparam>
/// <param name="fit">The fit.</param>
public abstract class TypedFit<TFit>(TFit fit) where TFit : Fit
{
    /// <summary>The fit without names: what reports, diagnostics and inference take.</summary>
    public TFit Fit { get; } = fit;

    /// <summary>The design that was fitted.</summary>
    public Design Design => Fit.Design;

    /// <summary>The criterion that was minimized.</summary>
    public Criterion Criterion => Fit.Criterion;

    /// <summary>The residual standard deviation, in the response's unit.</summary>
    public double Sigma => Fit.Sigma;

    /// <summary>The (restricted) log-likelihood at the estimates.</summary>
    public double LogLikelihood => Fit.LogLikelihood;

    /// <summary>Minus twice the (restricted) log-likelihood at the estimates.</summary>
    public double Objective => Fit.Objective;

    /// <summary>Akaike's information criterion.</summary>
    public double Aic => Fit.Aic;

    /// <summary>The Bayesian information criterion.</summary>
    public double Bic => Fit.Bic;

    /// <summary>The number of parameters: coefficients, covariance parameters and sigma.</summary>
    public int ParameterCount => Fit.ParameterCount;

    /// <summary>The number of observations, n.</summary>
    public int Observations => Fit.Observations;

    /// <summary>The number of observations minus the number of coefficients.</summary>
    public int ResidualDegreesOfFreedom => Fit.ResidualDegreesOfFreedom;

    /// <summary>The covariance matrix of the estimated coefficients, p x p.</summary>
    public Matrix CoefficientCovariance => Fit.CoefficientCovariance;

    /// <summary>The fitted values on the response's scale, conditional on the random effects, n values.</summary>
    public ReadOnlyMemory<double> FittedValues => Fit.FittedValues;

    /// <summary>The residuals: response minus fitted values, n values.</summary>
    public ReadOnlyMemory<double> Residuals => Fit.Residuals;

    /// <summary>The residuals divided by their estimated standard deviations, n values.</summary>
    public ReadOnlyMemory<double> PearsonResiduals => Fit.PearsonResiduals;

    /// <summary>How the optimizer ended, and the proof that it is at an optimum.</summary>
    public Convergence Convergence => Fit.Convergence;

    /// <summary>What the user should know: dropped columns, singular fits, rows left out.</summary>
    public EquatableArray<ModelError> Warnings => Fit.Warnings;

    /// <summary>The fit without names.</summary>
    /// <param name="typed">The fit with names.</param>
    public static implicit operator TFit(TypedFit<TFit> typed) => typed?.Fit!;

    /// <summary>The report as R prints it.</summary>
    public override string ToString() => TextReport.Of(Fit);
}
