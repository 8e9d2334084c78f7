using System;
using System.Collections.Generic;
using System.Linq;
using LmmFormula.Fits;

namespace LmmFormula.Typed;

/// <summary>Where the figures of a group come from: the fit, and the group's level.</summary>
/// <param name="Fit">The fit.</param>
/// <param name="Group">The grouping factor.</param>
/// <param name="Level">The zero-based level, or -1 for the standard deviations of the effects over all levels.</param>
public sealed record EffectSource(LmmFit Fit, string Group, int Level);

/// <summary>
/// The random effects of one group, or their standard deviations. Generated code derives from it and adds a member for each effect.
/// </summary>
public abstract class LevelEffects
{
    private readonly EffectSource source;

    /// <summary>The effects of a source.</summary>
    /// <param name="source">The source.</param>
    protected LevelEffects(EffectSource source) => this.source = source;

    /// <summary>The effect of a name, from the first term that has it.</summary>
    /// <param name="effect">R's name of the effect: <c>(Intercept)</c>, <c>week</c>.</param>
    /// <exception cref="KeyNotFoundException">No term of the group has an effect of that name.</exception>
    public double this[string effect]
    {
        get
        {
            var terms = source.Fit.Random.Where(r => r.Term.Group.Name == source.Group).ToArray();
            foreach (var term in terms)
            {
                if (Find(term, effect) is { } value) return value;
            }
            throw new KeyNotFoundException($"'{source.Group}' has no effect '{effect}'; there are {string.Join(", ", terms.SelectMany(t => t.Term.Effects.Names))}");
        }
    }

    /// <summary>An effect of a term; NaN if the rows do not have its level.</summary>
    /// <param name="term">The term's label: <c>week | id</c>.</param>
    /// <param name="effect">R's name of the effect.</param>
    protected internal double Value(string term, string effect) =>
        source.Fit.Random.FirstOrDefault(r => r.Term.Label == term && r.Term.Effects.Names.Contains(effect)) is { } found && Find(found, effect) is { } value ? value : double.NaN;

    private double? Find(RandomEffects term, string effect)
    {
        var at = term.Term.Effects.Names.ToList().IndexOf(effect);
        return at < 0 ? null : source.Level < 0 ? term.StandardDeviation(at) : term.Modes[source.Level, at];
    }
}

/// <summary>The random effects of a factor left of a bar, whose levels are known from the rows.</summary>
/// <typeparam name="TKey">The type of the member behind the factor.</typeparam>
public sealed class LevelEffectValues<TKey>
{
    private readonly LevelEffects effects;
    private readonly (string Term, string Before, string After) names;
    private readonly Func<TKey, string> label;

    /// <summary>The effects whose names are a level's label between two texts.</summary>
    /// <param name="effects">The effects of the group.</param>
    /// <param name="term">The term's label.</param>
    /// <param name="before">What stands before the level's label.</param>
    /// <param name="after">What stands behind it.</param>
    /// <param name="label">The label of a level.</param>
    public LevelEffectValues(LevelEffects effects, string term, string before, string after, Func<TKey, string> label)
    {
        this.effects = effects;
        names = (term, before, after);
        this.label = label;
    }

    /// <summary>The effect of a level; NaN if it has none.</summary>
    /// <param name="level">The level.</param>
    public double this[TKey level] => effects.Value(names.Term, names.Before + label(level) + names.After);
}
