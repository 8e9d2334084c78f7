using System;
using System.Collections.Generic;
using LmmFormula.Estimation.Kernels;

namespace LmmFormula.Estimation.Certification;

/// <summary>Minus twice the (restricted) log-likelihood as a certificate asks for it: values at parameters, and what is known of them.</summary>
internal abstract class CertifiedCriterion
{
    /// <summary>The free parameters at the point to certify.</summary>
    public abstract double[] Point { get; }

    /// <summary>For each free parameter how far it moves before the covariance becomes another; a guess, to be corrected by the curvature.</summary>
    public abstract double[] Reach { get; }

    /// <summary>The curvature that the fit saw, in the free parameters; empty if it is not known. Where to look, and no more: it may be wrong.</summary>
    public ReadOnlyMemory<double> Curvature { get; init; }

    /// <summary>The value; NaN or infinite where the parameters make no covariance.</summary>
    public abstract DoubleDouble Value(double[] parameters);

    /// <summary>The relative rounding error of a value.</summary>
    public abstract double Rounding { get; }

    /// <summary>How many values were computed another way besides, to bear out the others.</summary>
    public virtual int Checks => 0;

    /// <summary>How values are computed, in words.</summary>
    public abstract string Arithmetic { get; }

    /// <summary>Points far away, each of which another optimum could be near.</summary>
    public abstract (string What, double[] Parameters)[] Elsewhere();

    /// <summary>Values from the edges where the fit ended inwards, by steps of several orders of magnitude.</summary>
    public abstract IEnumerable<(string What, double Value)> FromEdges();
}
