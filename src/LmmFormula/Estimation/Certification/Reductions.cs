using LmmFormula.Designs;
using LmmFormula.Estimation.Mixed;

namespace LmmFormula.Estimation.Certification;

/// <summary>What a mixed model was reduced to for its fit, left to the certificate so that it need not pass over the rows again.</summary>
/// <param name="Design">The design that was reduced.</param>
/// <param name="Model">The reduced model.</param>
/// <param name="Layout">The layout of its factor.</param>
internal sealed record MixedReduction(Design Design, MixedModel Model, FactorLayout Layout);

/// <summary>The criterion of a fit of generalized least squares, left to the certificate.</summary>
/// <param name="Design">The design that it is of.</param>
/// <param name="Criterion">The criterion.</param>
internal sealed record GlsReduction(Design Design, GlsCriterion Criterion);
