using LmmFormula;

namespace CompileTimeModel;

public enum Arm
{
    Placebo,
    Succimer,
}

/// <summary>One blood sample of the trial: 100 children, two arms, weeks 0, 1, 4 and 6; lead in micrograms per decilitre.</summary>
[MixedModel("lead ~ arm * week + (1 | id)")]
[MixedModel("lead ~ arm * factor(week) + (1 | id)", Name = "Profile")]
public partial record BloodLead(int Id, Arm Arm, int Week, double Lead);
