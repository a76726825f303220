using System.Globalization;

namespace Kasparro.Simulator;

/// <summary>The options of the command line, or of the section <c>Simulator</c> (<c>Simulator__Assets=…</c>).</summary>
internal sealed record SimulatorOptions
{
    public const string Section = "Simulator";

    public const int MaxAssets = 1_000_000;

    private static readonly string[] Flags = ["--freeze"];

    /// <summary>The configuration keys of options, for the command-line provider.</summary>
    private static readonly Dictionary<string, string> Switches = new(StringComparer.OrdinalIgnoreCase)
    {
        ["--assets"] = $"{Section}:{nameof(Assets)}",
        ["--seed"] = $"{Section}:{nameof(Seed)}",
        ["--plan"] = $"{Section}:{nameof(Plan)}",
        ["--recorded"] = $"{Section}:{nameof(Recorded)}",
        ["--price-interval"] = $"{Section}:{nameof(PriceInterval)}",
        ["--freeze"] = $"{Section}:{nameof(Freeze)}",
        ["--at"] = $"{Section}:{nameof(At)}",
    };

    /// <summary>The number of ids in CoinPaprika's <c>/coins</c>: 1–1,000,000.</summary>
    public int Assets { get; init; } = 2_000;

    /// <summary>The seed of the catalogue and the prices, which are the same for the same seed.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>
    /// The upstreams' plan, which determines the content of CoinPaprika's <c>/tickers</c>, and how far back both upstreams have history.
    /// </summary>
    public UpstreamPlan Plan { get; init; } = UpstreamPlan.Free;

    /// <summary>A folder of recorded responses, served instead of a generated catalogue.</summary>
    public string? Recorded { get; init; }

    /// <summary>How long prices stand still: 1 second to 1 day.</summary>
    public TimeSpan PriceInterval { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Whether prices stay as they were when the simulator started.</summary>
    public bool Freeze { get; init; }

    /// <summary>The moment at which prices stand still; null if they move.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>Adds the command line to <paramref name="configuration"/>.</summary>
    /// <exception cref="SimulatorOptionsException">An option is unknown.</exception>
    public static void AddCommandLine(IConfigurationBuilder configuration, string[] args)
    {
        // The provider would take the argument after a flag for its value, and silently ignores unknown names.
        var arguments = args.Select(a => Flags.Contains(a, StringComparer.OrdinalIgnoreCase) ? $"{a}=true" : a).ToArray();
        foreach (var name in arguments.Where(a => a.StartsWith("--", StringComparison.Ordinal)).Select(a => a.Split('=', 2)[0]))
        {
            if (!Switches.ContainsKey(name) && !IsHostSetting(name))
            {
                throw new SimulatorOptionsException($"{name}: unknown option; known are {string.Join(", ", Switches.Keys)}.");
            }
        }

        configuration.AddCommandLine(arguments, Switches);
    }

    /// <exception cref="SimulatorOptionsException">A value is malformed or out of range.</exception>
    public static SimulatorOptions Read(IConfiguration configuration)
    {
        var section = configuration.GetSection(Section);
        var defaults = new SimulatorOptions();
        var options = new SimulatorOptions
        {
            Assets = Value(section, nameof(Assets), defaults.Assets, s => int.Parse(s, CultureInfo.InvariantCulture)),
            Seed = Value(section, nameof(Seed), defaults.Seed, s => ulong.Parse(s, CultureInfo.InvariantCulture)),
            Plan = Value(section, nameof(Plan), defaults.Plan, ParsePlan),
            Recorded = section[nameof(Recorded)] is { Length: > 0 } folder ? Path.GetFullPath(folder) : null,
            PriceInterval = Value(section, nameof(PriceInterval), defaults.PriceInterval, ParseSeconds),
            Freeze = Value(section, nameof(Freeze), defaultValue: false, bool.Parse),
            At = Value<DateTimeOffset?>(section, nameof(At), defaultValue: null, ParseTime),
        };

        if (options.Assets is < 1 or > MaxAssets)
        {
            throw new SimulatorOptionsException($"--assets {options.Assets}: expected 1 to {MaxAssets}.");
        }

        if (options.PriceInterval < TimeSpan.FromSeconds(1) || options.PriceInterval > TimeSpan.FromDays(1))
        {
            throw new SimulatorOptionsException($"--price-interval {options.PriceInterval.TotalSeconds}: expected 1 to 86400 seconds.");
        }

        if (options.Recorded is { } recorded && !Directory.Exists(recorded))
        {
            throw new SimulatorOptionsException($"--recorded {recorded}: there is no such folder.");
        }

        return options;
    }

    /// <summary>
    /// Whether a name is a setting of the host itself: <c>--urls</c>, <c>--environment</c>, <c>--Logging:LogLevel:Default</c>, …
    /// </summary>
    private static bool IsHostSetting(string name) =>
        name.Contains(':', StringComparison.Ordinal) || name is "--urls" or "--environment" or "--contentRoot" or "--applicationName";

    private static TimeSpan ParseSeconds(string text) => TimeSpan.FromSeconds(int.Parse(text, CultureInfo.InvariantCulture));

    private static DateTimeOffset? ParseTime(string text) =>
        DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

    private static UpstreamPlan ParsePlan(string text) => text switch
    {
        "free" => UpstreamPlan.Free,
        "paid" => UpstreamPlan.Paid,
        _ => throw new FormatException("expected free or paid"),
    };

    private static T Value<T>(IConfigurationSection section, string key, T defaultValue, Func<string, T> parse)
    {
        if (section[key] is not { Length: > 0 } text)
        {
            return defaultValue;
        }

        try
        {
            return parse(text);
        }
        catch (Exception e) when (e is FormatException or OverflowException)
        {
            var name = Switches.First(s => s.Value.EndsWith($":{key}", StringComparison.Ordinal)).Key;
            throw new SimulatorOptionsException($"{name} {text}: {e.Message}");
        }
    }
}

/// <summary>The plans that a key has at the real upstream.</summary>
internal enum UpstreamPlan
{
    /// <summary>At most 2,000 tickers, without circulating supply.</summary>
    Free,

    /// <summary>All active coins with all fields.</summary>
    Paid,
}
