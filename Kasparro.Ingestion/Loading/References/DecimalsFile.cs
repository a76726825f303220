using System.Globalization;
using System.Text.Json;
using Kasparro.Data.Catalogue;
using Kasparro.Ingestion.Model;
using Kasparro.Ingestion.Sources;

namespace Kasparro.Ingestion.Loading.References;

/// <summary>
/// Reads tokens' decimals from a CSV file of platform (our id, CoinPaprika's, or a chain id), address and decimals, or from a token list in
/// Uniswap's format.
/// </summary>
internal static class DecimalsFile
{
    private static readonly string[] Columns = ["platform", "address", "decimals"];

    private static readonly HashSet<string> HeaderNames =
        new(["platform", "chain", "chain_id", "chainid", "network"], StringComparer.OrdinalIgnoreCase);

    /// <summary>Reads the file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="chains">Platforms by chain id, for chains that the platform map lacks.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <exception cref="SourceException">The file cannot be read.</exception>
    public static async Task<ReferenceContent> ReadAsync(string path, IReadOnlyDictionary<long, string> chains,
        CancellationToken cancellationToken)
    {
        var content = new ReferenceContent(ReferenceFileKind.Decimals, Vocabulary: null);
        var known = new Dictionary<TokenContract, DecimalsRow>();
        if (path.EndsWith(".json", StringComparison.OrdinalIgnoreCase))
        {
            await ReadTokenListAsync(path, chains, content, known, cancellationToken);
        }
        else
        {
            await ReadRowsAsync(path, chains, content, known, cancellationToken);
        }

        return content;
    }

    private static async Task ReadRowsAsync(
        string path, IReadOnlyDictionary<long, string> chains, ReferenceContent content, Dictionary<TokenContract, DecimalsRow> known,
            CancellationToken cancellationToken)
    {
        var isFirst = true;
        await foreach (var row in DelimitedRows.ReadAsync(path, Columns, cancellationToken))
        {
            if (row.Fault is { } fault)
            {
                content.Faults.Add(new(row.Line, fault, row.Detail, row.Text));
            }
            else if (!isFirst || !HeaderNames.Contains(row.Fields[0]))
            {
                Read(row.Line, row.Fields[0], row.Fields[1], row.Fields[2], row.Text, chains, content, known);
            }

            isFirst = false;
        }

        if (isFirst)
        {
            content.Faults.Add(new(0, ReferenceReason.Unreadable, "the file is empty; a header alone removes its decimals.", ""));
        }
    }

    private static async Task ReadTokenListAsync(
        string path, IReadOnlyDictionary<long, string> chains, ReferenceContent content, Dictionary<TokenContract, DecimalsRow> known,
            CancellationToken cancellationToken)
    {
        try
        {
            await using var file = File.OpenRead(path);
            using var list = await JsonDocument.ParseAsync(file, cancellationToken: cancellationToken);
            var tokens = list.RootElement.ValueKind is JsonValueKind.Object && list.RootElement.TryGetProperty("tokens", out var inner)
                ? inner : list.RootElement;
            if (tokens.ValueKind is not JsonValueKind.Array)
            {
                throw new SourceException($"{Path.GetFileName(path)} is not a token list: it has no tokens.");
            }

            var place = 0;
            foreach (var token in tokens.EnumerateArray())
            {
                place++;
                Read(place, Text(token, "chainId"), Text(token, "address"), Text(token, "decimals"), token.GetRawText(), chains, content,
                    known);
            }
        }
        catch (JsonException e)
        {
            throw new SourceException($"{Path.GetFileName(path)} is no JSON: {e.Message}", e);
        }

        static string Text(JsonElement token, string name) =>
            token.ValueKind is JsonValueKind.Object && token.TryGetProperty(name, out var value)
                && value.ValueKind is JsonValueKind.String or JsonValueKind.Number
                ? value.ToString() : "";
    }

    private static void Read(
        long line,
        string platform,
        string address,
        string decimals,
        string text,
        IReadOnlyDictionary<long, string> chains,
        ReferenceContent content,
        Dictionary<TokenContract, DecimalsRow> known)
    {
        if (platform.Length == 0 || address.Length == 0 || decimals.Length == 0)
        {
            Refuse(RejectionReason.MissingField, "platform, address and decimals are needed.");
            return;
        }

        var entry = long.TryParse(platform, NumberStyles.None, CultureInfo.InvariantCulture, out var chainId)
            ? PlatformMap.FindByChainId(chainId) : PlatformMap.Find(platform);
        if ((entry?.Key ?? chains.GetValueOrDefault(chainId)) is not { } key)
        {
            Refuse(ReferenceReason.UnknownId, $"there is no platform or chain {RecordBuilder.Shorten(platform)}.");
        }
        else if (AddressRule.FindError(entry?.Address ?? AddressRule.Evm, address) is var error && error is not null
            || TokenContract.From(key, address) is not { } contract)
        {
            Refuse(ReferenceReason.BadId, $"the address {error}.");
        }
        else if (!byte.TryParse(decimals, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            Refuse(RejectionReason.BadNumber, "decimals must be a whole number from 0 to 255.");
        }
        else if (!known.TryGetValue(contract, out var earlier))
        {
            var row = new DecimalsRow(line, contract, number);
            known.Add(contract, row);
            content.Decimals.Add(row);
        }
        else if (earlier.Decimals != number)
        {
            Refuse(ReferenceReason.Conflicting, $"line {earlier.Line} says {earlier.Decimals} of the same token.");
        }

        void Refuse(string reason, string detail) =>
            content.Faults.Add(new(line, reason, detail, RecordBuilder.Shorten(text, RecordBuilder.MaxRow)));
    }
}
