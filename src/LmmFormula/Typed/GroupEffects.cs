using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Linq;
using LmmFormula.Fits;
using LmmFormula.Language;

namespace LmmFormula.Typed;

/// <summary>The random effects of a grouping factor, by group.</summary>
/// <typeparam name="TKey">The type of the member behind the factor; a tuple for combinations.</typeparam>
/// <typeparam name="TEffects">The effects of one group.</typeparam>
public sealed class GroupEffects<TKey, TEffects> where TEffects : LevelEffects
{
    private readonly LmmFit fit;
    private readonly string group;
    private readonly Func<TKey, string> label;
    private readonly Func<EffectSource, TEffects> effects;
    private readonly Lazy<Dictionary<string, int>> positions;

    /// <summary>The effects of a grouping factor.</summary>
    /// <param name="fit">The fit.</param>
    /// <param name="group">The factor's name in the design.</param>
    /// <param name="label">The label of a group.</param>
    /// <param name="effects">Makes the effects of one group.</param>
    public GroupEffects(LmmFit fit, string group, Func<TKey, string> label, Func<EffectSource, TEffects> effects)
    {
        this.fit = fit;
        this.group = group;
        this.label = label;
        this.effects = effects;
        positions = new(() => Levels.Select((level, i) => (level, i)).ToDictionary(pair => pair.level, pair => pair.i, StringComparer.Ordinal));
    }

    /// <summary>The labels of the groups, in the design's order.</summary>
    /// <exception cref="KeyNotFoundException">The fit has no random effects of the factor, because others contain them.</exception>
    public EquatableArray<string> Levels => fit.Random.FirstOrDefault(r => r.Term.Group.Name == group)?.Term.Group.Levels
        ?? throw new KeyNotFoundException($"the random effects of '{group}' were left out because others contain them; the fit's warnings say which");

    /// <summary>The number of groups.</summary>
    public int Count => Levels.Count;

    /// <summary>The standard deviations of the effects over the groups, in place of the effects of one of them.</summary>
    public TEffects StandardDeviations => effects(new(fit, group, -1));

    /// <summary>The effects of a group: its conditional modes (best linear unbiased predictions).</summary>
    /// <param name="key">The group.</param>
    /// <exception cref="KeyNotFoundException">No row that was fitted has this group.</exception>
    public TEffects this[TKey key] => TryGet(key, out var found) ? found : throw new KeyNotFoundException($"no row that was fitted has '{label(key)}' as its {group}");

    /// <summary>The effects of a group, if some row that was fitted has it.</summary>
    /// <param name="key">The group.</param>
    /// <param name="found">Its effects.</param>
    public bool TryGet(TKey key, [NotNullWhen(true)] out TEffects? found)
    {
        found = positions.Value.TryGetValue(label(key), out var level) ? effects(new(fit, group, level)) : null;
        return found is not null;
    }
}
