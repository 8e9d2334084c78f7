using LmmFormula;

namespace LeadTrial;

/// <summary>One blood sample of the trial: 100 children, two arms, weeks 0, 1, 4 and 6; lead in micrograms per decilitre.</summary>
[MixedModel("lead ~ week + (1 | id)")]
public partial record BloodLead(int Id, string Treatment, int Week, double Lead);
