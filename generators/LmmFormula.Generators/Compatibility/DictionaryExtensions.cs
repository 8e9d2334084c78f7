namespace System.Collections.Generic;

/// <summary>What .NET Standard 2.0 lacks of dictionaries and shared sources use.</summary>
internal static class DictionaryExtensions
{
    /// <summary>The value of a key, or the default.</summary>
    public static TValue? GetValueOrDefault<TKey, TValue>(this Dictionary<TKey, TValue> dictionary, TKey key) =>
        dictionary.TryGetValue(key, out var value) ? value : default;
}
