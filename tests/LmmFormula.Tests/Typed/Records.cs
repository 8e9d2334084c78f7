namespace LmmFormula.Tests.Typed;

/// <summary>The arms of the lead trial, and one that nobody was in.</summary>
public enum LeadArm
{
    Placebo,
    Succimer,
    Both,
}

/// <summary>A blood sample of the lead trial.</summary>
[MixedModel("lead ~ treatment * week + (1 | id)")]
[MixedModel("lead ~ factor(week) + (1 | id)", Name = "Weeks")]
[MixedModel("lead ~ treatment * factor(week) + (1 + week || id)", Name = "Slopes")]
[MixedModel("lead ~ week + I(2 * week) + treatment + (0 + factor(half) | id)", Name = "Aliased")]
[GlsModel("log(lead) ~ 0 + treatment + week:late + poly(week, 2)", Name = "Halves", Correlation = "corAR1(form = ~1 | id)", Weights = "varIdent(form = ~1 | late)")]
[MmrmModel("lead ~ treatment + factor(week) + cs(visit | subject)", Name = "Visits")]
public partial record LeadSample(int Id, LeadArm Treatment, int Week, double Lead)
{
    /// <summary>Whether the sample was taken in the second half.</summary>
    public bool Late => Week >= 4;

    /// <summary>The half of the trial.</summary>
    public int Half => Late ? 2 : 1;

    /// <summary>The visit.</summary>
    [Categorical]
    public int Visit => Week;

    /// <summary>The child.</summary>
    public string Subject => $"child {Id}";
}

/// <summary>A sample of a paste: 10 batches, 3 casks each.</summary>
[MixedModel("strength ~ 1 + (1 | batch / cask)")]
public readonly partial record struct Paste(double Strength, string Batch, char Letter)
{
    /// <summary>The cask, by letter within the batch.</summary>
    public string Cask => Letter.ToString();
}
