using Kasparro.ServiceDefaults.Settings;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Kasparro.Ingestion.Matching;

/// <summary>
/// Reads <c>identity-overrides.yaml</c>: two lists, <c>same</c> and <c>different</c>, of pairs <c>[source/id, source/id]</c>. Any error in
/// it prevents the start: otherwise, an override that silently has no effect would be noticed only by users.
/// </summary>
internal static class MatchOverridesFile
{
    /// <exception cref="SettingsException">The file cannot be read, or does not have this format; the message names the line.</exception>
    public static MatchOverrides Read(string path)
    {
        try
        {
            using var text = File.OpenText(path);
            return Parse(text, path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SettingsException([$"Identity overrides cannot be read: {e.Message}"]);
        }
    }

    /// <param name="text">The file's content.</param>
    /// <param name="path">The file's name, for messages.</param>
    /// <exception cref="SettingsException">The file does not have this format; the message names the line.</exception>
    public static MatchOverrides Parse(TextReader text, string path)
    {
        var yaml = new YamlStream();
        try
        {
            yaml.Load(text);
        }
        catch (YamlException e)
        {
            throw Wrong(path, e.Start, e.Message);
        }

        if (yaml.Documents.Count == 0)
        {
            return MatchOverrides.None;
        }

        if (yaml.Documents[0].RootNode is not YamlMappingNode root)
        {
            throw Wrong(path, yaml.Documents[0].RootNode.Start, "expected 'same:' and 'different:'.");
        }

        var pairs = new Dictionary<string, List<(Guid, Guid)>>(StringComparer.Ordinal) { ["same"] = [], ["different"] = [] };
        foreach (var (key, value) in root.Children)
        {
            if (key is not YamlScalarNode { Value: { } name } || !pairs.TryGetValue(name, out var list))
            {
                throw Wrong(path, key.Start, $"'{key}' is neither 'same' nor 'different'.");
            }

            list.AddRange(ReadPairs(value, path));
        }

        var overrides = new MatchOverrides(pairs["same"], pairs["different"]);
        return overrides.Pairs.Any(pair => pair.IsSame && overrides.AreDifferent(pair.Left, pair.Right))
            ? throw new SettingsException([$"Identity overrides, {path}: a pair is said to be both the same and different."])
            : overrides;
    }

    private static IEnumerable<(Guid Left, Guid Right)> ReadPairs(YamlNode list, string path)
    {
        if (list is YamlScalarNode { Value: null or "" })
        {
            yield break; // The key has no value.
        }

        if (list is not YamlSequenceNode sequence)
        {
            throw Wrong(path, list.Start, "expected a list of pairs.");
        }

        foreach (var item in sequence.Children)
        {
            if (item is not YamlSequenceNode { Children: [YamlScalarNode { Value: { } left }, YamlScalarNode { Value: { } right }] })
            {
                throw Wrong(path, item.Start, "expected a pair, as in [coinpaprika/btc-bitcoin, coingecko/bitcoin].");
            }

            if (left == right)
            {
                throw Wrong(path, item.Start, $"{left} is paired with itself.");
            }

            yield return (ReadListing(left, item, path), ReadListing(right, item, path));
        }
    }

    private static Guid ReadListing(string name, YamlNode node, string path)
    {
        var slash = name.IndexOf('/', StringComparison.Ordinal);
        return slash > 0 && slash < name.Length - 1 && SourceNames.All.Contains(name[..slash], StringComparer.Ordinal)
            ? StableId.ForListing(name[..slash], name[(slash + 1)..])
            : throw Wrong(path, node.Start, $"'{name}' is not source/id with one of the sources {string.Join(", ", SourceNames.All)}.");
    }

    private static SettingsException Wrong(string path, Mark at, string what) =>
        new([$"Identity overrides, {path}, line {at.Line}: {what}"]);
}
