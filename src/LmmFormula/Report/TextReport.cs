using LmmFormula.Fits;

namespace LmmFormula.Report;

/// <summary>Fits in plain text.</summary>
public static class TextReport
{
    /// <summary>A fit with its usual tests, as R prints its summary.</summary>
    /// <exception cref="Language.ModelException">The tests cannot be made.</exception>
    public static string Of(Fit fit) => Of(FitSummaries.Of(fit).OrThrow());

    /// <summary>A fit as R prints its summary: nlme's <c>gls</c> or lme4's <c>lmer</c>.</summary>
    public static string Of(FitSummary summary) => summary.Fit switch
    {
        LmmFit fit => LmmText.Of(summary, fit),
        GlsFit fit => GlsText.Of(summary, fit),
        _ => throw new System.InvalidOperationException("a fit is one of the two kinds"),
    };
}
