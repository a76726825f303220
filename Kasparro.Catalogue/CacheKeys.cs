using System.Globalization;

namespace Kasparro.Catalogue;

/// <summary>The names in Redis that the worker and the API share. All of them can be deleted without loss of data.</summary>
public static class CacheKeys
{
    /// <summary>The lock that ensures that only one ingestion runs at a time.</summary>
    public const string IngestionLock = "kasparro:ingestion";

    /// <summary>The pub/sub channel on which the worker announces each new catalogue version, as decimal text, after its commit.</summary>
    public const string CatalogueChannel = "kasparro:catalogue";

    /// <summary>The pub/sub channel on which API replicas are told to drop their rendered pages; the message is ignored.</summary>
    public const string ClearChannel = "kasparro:pages:clear";

    /// <summary>The prefix of rendered pages: <c>kasparro:page:{version}:{query}</c>.</summary>
    public const string PagePrefix = "kasparro:page:";

    /// <summary>The prefix of an upstream's limits as the worker last stored them: a hash with <c>minute</c>, in calls.</summary>
    public const string LimitsPrefix = "kasparro:limits:";

    /// <summary>The prefix of the calls of the last minute: a sorted set, scored by their times in Unix milliseconds.</summary>
    public const string CallsPrefix = "kasparro:calls:";

    /// <summary>The field of an upstream's limits with the number of calls a minute.</summary>
    public const string MinuteLimit = "minute";

    /// <summary>How long a call counts towards the limit of a minute.</summary>
    public static readonly TimeSpan CallWindow = TimeSpan.FromMinutes(1);

    /// <summary>
    /// The prefix of the number of requests of a client in a window of time: <c>kasparro:rate:{window}:{client}</c>, a decimal number.
    /// </summary>
    public const string RatePrefix = "kasparro:rate:";

    /// <summary>Gets the key that counts the requests of <paramref name="client"/> in a window of time.</summary>
    public static string Rate(long window, string client) => string.Create(CultureInfo.InvariantCulture, $"{RatePrefix}{window}:{client}");
}
