namespace Kasparro.Ingestion.Model;

/// <summary>What the records of a stream say of a listing.</summary>
internal enum RecordKind
{
    /// <summary>What it is: id, symbol, name, whether it is active. The last word on these.</summary>
    Profile,

    /// <summary>What it costs; symbol and name too, which count where no profile is known.</summary>
    Quote,

    /// <summary>Contracts on one platform, and nothing else: evidence for identity, whether the listing is known yet or not.</summary>
    Evidence,

    /// <summary>What a platform is, and nothing of listings.</summary>
    Platform,
}
