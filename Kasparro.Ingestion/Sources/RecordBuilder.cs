using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Kasparro.Ingestion.Model;

namespace Kasparro.Ingestion.Sources;

/// <summary>
/// Collects a record's fields, from any source format, and validates them. Only the first error is kept: one rejection per record.
/// </summary>
/// <param name="source">The source of the record.</param>
/// <param name="now">The time after which (with a tolerance) no quote may be.</param>
internal sealed class RecordBuilder(string source, DateTimeOffset now)
{
    /// <summary>
    /// The maximum length of a text in UTF-16 units. Real ids reach 70, names 71. A unit takes at most three bytes in UTF-8, so a text
    /// takes at most 1,536 of the 2,704 bytes that fit into a PostgreSQL index entry.
    /// </summary>
    public const int MaxTextLength = 512;

    /// <summary>How much of a bad row of an operator's file is shown.</summary>
    public const int MaxRow = 500;

    private const int MaxExample = 100;

    /// <summary>The maximum length of a field name: an upstream chooses some, and an index of <c>schema_drifts</c> contains them.</summary>
    private const int MaxField = 200;

    private List<UnusableValue>? _unusable;

    public string? ExternalId { get; set; }

    public string? Symbol { get; set; }

    public string? Name { get; set; }

    public bool? IsActive { get; set; }

    /// <summary>The rank; discarded if it is not a whole number.</summary>
    public double? Rank
    {
        get;
        set
        {
            if (value is { } rank && rank != Math.Floor(rank))
            {
                Discard("rank", "whole number", "number with a fraction", rank.ToString(CultureInfo.InvariantCulture));
                value = null;
            }

            field = value;
        }
    }

    public double? PriceUsd { get; set; }

    public double? MarketCapUsd { get; set; }

    public double? Volume24hUsd { get; set; }

    public double? CirculatingSupply { get; set; }

    public double? TotalSupply { get; set; }

    public double? MaxSupply { get; set; }

    public DateTimeOffset? QuotedAt { get; set; }

    /// <summary>The contracts that the record names, or null if it has no field for them.</summary>
    public List<TokenContract>? Contracts { get; set; }

    /// <summary>The URL of the logo; empty if the source has none, null if the record has no field for it.</summary>
    public string? LogoUrl { get; set; }

    /// <summary>Whether the record names contracts of a listing whose symbol and name come from another record.</summary>
    public bool IsEvidence { get; set; }

    /// <summary>The first error, as a code of <see cref="RejectionReason"/>, or null if there is none.</summary>
    public string? Reason { get; private set; }

    /// <summary>The first error, as a sentence.</summary>
    public string? Detail { get; private set; }

    /// <summary>The optional values that are unusable.</summary>
    public IReadOnlyList<UnusableValue> Unusable => _unusable ?? [];

    public void Reject(string reason, string detail)
    {
        Reason ??= reason;
        Detail ??= detail;
    }

    /// <summary>Discards an optional value: the record is loaded without it.</summary>
    public void Discard(string field, string expected, string found, ReadOnlySpan<char> value) =>
        (_unusable ??= []).Add(new(Shorten(field, MaxField), expected, found, Shorten(value, MaxExample)));

    /// <summary>What the record states about a platform, or null if it describes none.</summary>
    public PlatformEvidence? Platform { get; set; }

    /// <summary>
    /// Adds a contract on the platform with this canonical name. A blank address is ignored; an invalid one is discarded.
    /// </summary>
    public void AddContract(string platform, string? address)
    {
        Contracts ??= [];
        if (TokenContract.From(platform, address) is not { } contract)
        {
            return;
        }

        if (contract.Platform.Length + contract.Address.Length > MaxTextLength)
        {
            Discard($"contract on {Shorten(contract.Platform)}", "text", $"text of more than {MaxTextLength} characters", contract.Address);
            return;
        }

        if (PlatformMap.Find(platform) is { } known && known.Key == platform
            && AddressRule.FindError(known.Address, address!.Trim()) is { } error)
        {
            Discard($"contract on {platform}", "address", $"address that {error}", address.Trim());
            return;
        }

        Contracts.Add(contract);
    }

    /// <summary>Whether a number can be used unchanged: finite, and neither negative nor -0.</summary>
    public static bool IsUsable(double value) => double.IsFinite(value) && !double.IsNegative(value);

    /// <summary>An optional number; an unusable one is discarded.</summary>
    public double? AcceptNumber(string field, double value, ReadOnlySpan<char> shown)
    {
        if (IsUsable(value) || value == 0)
        {
            return Math.Abs(value);
        }

        Discard(field, "number", value < 0 ? "negative number" : "number out of range", shown);
        return null;
    }

    /// <summary>The price; an unusable one rejects the record.</summary>
    public double? RequirePrice(string field, double value)
    {
        if (IsUsable(value) || value == 0)
        {
            return Math.Abs(value);
        }

        if (double.IsNaN(value))
        {
            Reject(RejectionReason.BadNumber, $"{field} is not a number.");
            return null;
        }

        Reject(RejectionReason.NumberOutOfRange, value < 0 ? $"{field} is negative." : $"{field} is beyond the range of a double.");
        return null;
    }

    /// <summary>Whether a quote's time is plausible: not before Bitcoin's first block, and not in the future.</summary>
    /// <param name="time">The time.</param>
    /// <param name="ahead">How far ahead of the local clock the time may be; a day by default, for files, whose times may be local.</param>
    public bool CanBeQuotedAt(DateTimeOffset time, TimeSpan? ahead = null) =>
        time >= PriceTime.Earliest && time <= now + (ahead ?? TimeSpan.FromDays(1));

    /// <summary>Builds the record, or sets <see cref="Reason"/> and <see cref="Detail"/> if it is invalid.</summary>
    /// <param name="contentHash">The hash of the record's canonical content.</param>
    /// <param name="payload">The record as UTF-8 JSON.</param>
    /// <param name="record">The record.</param>
    public bool TryBuild(Guid contentHash, ReadOnlyMemory<byte> payload, [NotNullWhen(true)] out SourceRecord? record)
    {
        RequireText("id", ExternalId, mayBeBlank: false);
        if (!IsEvidence)
        {
            RequireText("symbol", Symbol, mayBeBlank: true);
            RequireText("name", Name, mayBeBlank: false);
        }

        if (Reason is not null)
        {
            record = null;
            return false;
        }

        var rank = Rank is >= 1 and <= int.MaxValue ? (int?)Rank : null;
        record = new SourceRecord
        {
            ListingId = StableId.ForListing(source, ExternalId!),
            ExternalId = ExternalId!,
            Symbol = UnicodeText.Compose((Symbol ?? "").Trim()), // Both upstreams have symbols with surrounding white space.
            Name = UnicodeText.Compose((Name ?? "").Trim()),
            IsActive = IsActive,
            Rank = rank,
            PriceUsd = PriceUsd == 0 ? null : PriceUsd, // No vendor lists a price of zero: 0 (and -0) means "no price".
            MarketCapUsd = MarketCapUsd == 0 && rank is null ? null : MarketCapUsd, // Both upstreams send 0 for "unknown".
            Volume24hUsd = Volume24hUsd + 0.0, // -0 is 0.
            CirculatingSupply = CirculatingSupply,
            TotalSupply = TotalSupply,
            MaxSupply = MaxSupply,
            QuotedAt = QuotedAt,
            Contracts = Contracts,
            Platform = Platform,
            LogoUrl = LogoUrl,
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

    /// <summary>The beginning of a text, for messages.</summary>
    public static string Shorten(ReadOnlySpan<char> text, int length = 40) =>
        text.Length <= length ? text.ToString() : $"{UnicodeText.Truncate(text, length)}…";
}
