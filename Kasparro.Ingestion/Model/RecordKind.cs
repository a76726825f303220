namespace Kasparro.Ingestion.Model;

/// <summary>What the records of a stream describe.</summary>
internal enum RecordKind
{
    /// <summary>A listing's id, symbol, name and whether it is active. Authoritative for these.</summary>
    Profile,

    /// <summary>A listing's price and market; also its symbol and name, which are used if no profile is known.</summary>
    Quote,

    /// <summary>
    /// A listing's contracts on one platform, and nothing else: evidence for identity, whether or not the listing is known yet.
    /// </summary>
    Evidence,

    /// <summary>A platform; nothing about listings.</summary>
    Platform,
}
