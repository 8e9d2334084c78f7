using System;

namespace LmmFormula.Tests.Designs;

/// <summary>The arm of a trial; the values are not in the order of the names.</summary>
public enum Arm
{
    Succimer = 5,
    Placebo = 1,
    Unknown = 9,
}

/// <summary>A record with a member of every kind and models of every kind, for which the compiler writes typed doors.</summary>
[MixedModel("lead ~ arm * week + flag + (1 | id)")]
[MixedModel("log(dose) ~ poly(week, 2) + scale(small) + blood_group + (week || clinic/id) + (0 + flag | id)", Name = "Rich")]
[MixedModel("lead ~ . + (1 | clinic)", Name = "Everything")]
[GlsModel("lead ~ relevel(factor(week), 2) + level", Name = "Profile", Correlation = "corAR1(form = ~week | id)", Weights = "varIdent(form = ~1 | arm)")]
[GlsModel("lead ~ day + at:level", Name = "Dates", Weights = "varPower(form = ~dose | blood_group)")]
public partial record Sample(
    int Id, string? Clinic, Arm Arm, int? Week, bool? Flag, double Lead, decimal? Dose, float Small, DateOnly? Day, DateTime At,
    [property: Ordered] byte Level, [property: Levels("A", "B", "0"), OthersMissing] string BloodGroup);
