using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Kasparro.Ingestion.Model;

namespace Kasparro.Ingestion.Sources;

/// <summary>
/// Collects a record's fields, whatever format they come in, and decides whether they make a record. The first thing wrong is kept: one
/// rejection a record.
/// </summary>
internal sealed class RecordBuilder
{
    /// <summary>Real ids reach 70 characters, names 71; this bound keeps an index row far below a page of PostgreSQL.</summary>
    public const int MaxTextLength = 512;

    /// <summary>Bitcoin's first block: no quote is older.</summary>
    private static readonly DateTimeOffset FirstBlock = new(2009, 1, 3, 0, 0, 0, TimeSpan.Zero);

    public string? ExternalId { get; set; }

    public string? Symbol { get; set; }

    public string? Name { get; set; }

    public bool IsActive { get; set; } = true;

    public double? Rank { get; set; }

    public double? PriceUsd { get; set; }

    public double? MarketCapUsd { get; set; }

    public double? Volume24hUsd { get; set; }

    public double? CirculatingSupply { get; set; }

    public double? TotalSupply { get; set; }

    public double? MaxSupply { get; set; }

    public DateTimeOffset? QuotedAt { get; set; }

    /// <summary>The contracts that the record names; null where it does not speak of them.</summary>
    public List<TokenContract>? Contracts { get; set; }

    /// <summary>Whether the record names contracts of something that has its symbol and name elsewhere.</summary>
    public bool IsEvidence { get; set; }

    /// <summary>The first thing found wrong, as a code of <see cref="RejectionReason"/>; null while nothing is.</summary>
    public string? Reason { get; private set; }

    /// <summary>The same for people.</summary>
    public string? Detail { get; private set; }

    public void Reject(string reason, string detail)
    {
        Reason ??= reason;
        Detail ??= detail;
    }

    /// <summary>Adds a contract, on the platform by its canonical name; a blank address names none.</summary>
    public void AddContract(string platform, string? address)
    {
        Contracts ??= [];
        if (TokenContract.From(platform, address) is { } contract)
        {
            Contracts.Add(contract);
        }
    }

    /// <summary>Parses a number as text: invariant, exponents allowed; blank is none.</summary>
    public double? ParseNumber(string field, ReadOnlySpan<char> text)
    {
        text = text.Trim();
        if (text.IsEmpty)
        {
            return null;
        }

        if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value))
        {
            Reject(RejectionReason.BadNumber, $"{field} is not a number: '{Shorten(text)}'.");
            return null;
        }

        return Finite(field, value);
    }

    /// <summary>Refuses what is beyond a double: JSON can write 1e999.</summary>
    public double? Finite(string field, double value)
    {
        if (double.IsFinite(value))
        {
            return value;
        }

        Reject(RejectionReason.NumberOutOfRange, $"{field} is beyond the range of a double.");
        return null;
    }

    /// <summary>Parses an ISO 8601 time; one without an offset is UTC; blank is none.</summary>
    public DateTimeOffset? ParseTime(string field, ReadOnlySpan<char> text)
    {
        text = text.Trim();
        if (text.IsEmpty)
        {
            return null;
        }

        const DateTimeStyles Utc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, Utc, out var value))
        {
            return value;
        }

        Reject(RejectionReason.BadTime, $"{field} is not a time: '{Shorten(text)}'.");
        return null;
    }

    /// <summary>Makes the record, or says why not (<see cref="Reason"/>, <see cref="Detail"/>).</summary>
    /// <param name="contentHash">The hash of the record's canonical content.</param>
    /// <param name="payload">The record as UTF-8 JSON.</param>
    /// <param name="now">The time that a quote may not be (much) later than.</param>
    /// <param name="record">The record.</param>
    public bool TryBuild(Guid contentHash, ReadOnlyMemory<byte> payload, DateTimeOffset now, [NotNullWhen(true)] out SourceRecord? record)
    {
        RequireText("id", ExternalId, mayBeBlank: false);
        if (!IsEvidence)
        {
            RequireText("symbol", Symbol, mayBeBlank: true);
            RequireText("name", Name, mayBeBlank: false);
        }

        if (Contracts?.Find(contract => contract.Platform.Length + contract.Address.Length > MaxTextLength) is { Address.Length: > 0 } contract)
        {
            Reject(RejectionReason.TooLong, $"a contract on {Shorten(contract.Platform)} has more than {MaxTextLength} characters.");
        }

        RequireNotNegative("price", PriceUsd);
        RequireNotNegative("market_cap", MarketCapUsd);
        RequireNotNegative("volume", Volume24hUsd);
        if (QuotedAt is { } time && (time < FirstBlock || time > now.AddDays(1)))
        {
            Reject(RejectionReason.BadTime, $"the quote's time {time:O} is before Bitcoin's first block or in the future.");
        }

        if (Reason is not null)
        {
            record = null;
            return false;
        }

        var rank = Rank is >= 1 and <= int.MaxValue ? (int?)Rank : null;
        record = new SourceRecord
        {
            ExternalId = ExternalId!,
            Symbol = Symbol ?? "",
            Name = Name ?? "",
            IsActive = IsActive,
            Rank = rank,
            PriceUsd = PriceUsd,
            MarketCapUsd = MarketCapUsd == 0 && rank is null ? null : MarketCapUsd, // Both upstreams send 0 for "not known".
            Volume24hUsd = Volume24hUsd,
            CirculatingSupply = CirculatingSupply,
            TotalSupply = TotalSupply,
            MaxSupply = MaxSupply,
            QuotedAt = QuotedAt,
            Contracts = Contracts,
            ContentHash = contentHash,
            Payload = payload,
        };
        return true;
    }

    private void RequireText(string field, string? value, bool mayBeBlank)
    {
        if (value is null || (!mayBeBlank && string.IsNullOrWhiteSpace(value)))
        {
            Reject(RejectionReason.MissingField, $"{field} is missing{(value is null ? "" : " (blank)")}.");
        }
        else if (value.Length > MaxTextLength)
        {
            Reject(RejectionReason.TooLong, $"{field} has {value.Length} characters, more than {MaxTextLength}.");
        }
        else if (value.Contains('\0'))
        {
            Reject(RejectionReason.NulCharacter, $"{field} has a NUL character.");
        }
    }

    private void RequireNotNegative(string field, double? value)
    {
        if (value < 0)
        {
            Reject(RejectionReason.NumberOutOfRange, $"{field} is negative.");
        }
    }

    private static string Shorten(ReadOnlySpan<char> text) => text.Length <= 40 ? text.ToString() : $"{text[..40]}…";
}
