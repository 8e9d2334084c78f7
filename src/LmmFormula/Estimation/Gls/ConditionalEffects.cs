using LmmFormula.Designs;

namespace LmmFormula.Estimation;

/// <summary>The part of fitted values that is the random effects'.</summary>
internal static class ConditionalEffects
{
    /// <summary>Adds Z b to fitted values.</summary>
    public static void AddTo(double[] fitted, Design design, double[][] modes)
    {
        for (var t = 0; t < modes.Length; t++)
        {
            var term = design.Random[t];
            var levels = term.Group.Levels.Count;
            var levelOf = term.Group.LevelOf.Span;
            for (var e = 0; e < term.Effects.Values.Columns; e++)
            {
                var column = term.Effects.Values.Column(e);
                for (var i = 0; i < fitted.Length; i++) fitted[i] += column[i] * modes[t][(e * levels) + levelOf[i]];
            }
        }
    }
}
