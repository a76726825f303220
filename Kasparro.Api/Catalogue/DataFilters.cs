using System.Globalization;
using System.Text;

namespace Kasparro.Api.Catalogue;

/// <summary>What a request to <c>/data</c> may ask for beyond page, source and symbol. Empty text and null ask for nothing.</summary>
internal sealed record DataFilters
{
    public const int MaxTextLength = 100;

    /// <summary>What asks for nothing; a request with it has none instead.</summary>
    public static readonly DataFilters None = new();

    /// <summary>A part of the name, in any case.</summary>
    public string Name { get; init; } = "";

    /// <summary>A part of the symbol or the name, in any case.</summary>
    public string Search { get; init; } = "";

    /// <summary>Bounds of the price in US dollars, both included.</summary>
    public DataRange<double> Price { get; init; }

    /// <summary>Bounds of the market capitalisation in US dollars, both included.</summary>
    public DataRange<double> MarketCap { get; init; }

    /// <summary>Bounds of the volume of the last 24 hours in US dollars, both included.</summary>
    public DataRange<double> Volume { get; init; }

    /// <summary>Bounds of the rank, both included.</summary>
    public DataRange<int> Rank { get; init; }

    /// <summary>Only active rows, only inactive ones; null for what is usual: active assets, all listings.</summary>
    public bool? IsActive { get; init; }

    /// <summary>Only rows whose values are of this time or later; UTC.</summary>
    public DateTime? UpdatedSince { get; init; }

    /// <summary>The order; ties are ordered by id.</summary>
    public DataField Sort { get; init; } = DataField.MarketCap;

    /// <summary>Whether the order falls; rows without the value come last either way.</summary>
    public bool IsDescending { get; init; } = true;

    /// <summary>What a row shows.</summary>
    public DataFieldSet Fields { get; init; } = DataFieldSet.Default;

    /// <summary>The currency of amounts, in lower case; empty for US dollars.</summary>
    public string Currency { get; init; } = "";

    /// <summary>Where the page begins or ends; null where its number says so.</summary>
    public DataCursor? Cursor { get; init; }

    public bool IsSorted => Sort.Flag != DataFieldSet.MarketCap || !IsDescending;

    public bool IsFiltered => this != None with
    {
        Sort = Sort,
        IsDescending = IsDescending,
        Fields = Fields,
        Currency = Currency,
        Cursor = Cursor,
    };

    /// <summary>The parameters that say it, each with an ampersand before it.</summary>
    public string Parameters
    {
        get
        {
            var text = new StringBuilder();
            Add("name", Name.Length == 0 ? null : Name);
            Add("q", Search.Length == 0 ? null : Search);
            Add("min_price", Text(Price.Minimum));
            Add("max_price", Text(Price.Maximum));
            Add("min_market_cap", Text(MarketCap.Minimum));
            Add("max_market_cap", Text(MarketCap.Maximum));
            Add("min_volume", Text(Volume.Minimum));
            Add("max_volume", Text(Volume.Maximum));
            Add("rank", Rank == default ? null : string.Create(CultureInfo.InvariantCulture, $"{Rank.Minimum}-{Rank.Maximum}"));
            Add("active", IsActive switch { null => null, true => "true", false => "false" });
            Add("updated_since", UpdatedSince?.ToString("O", CultureInfo.InvariantCulture));
            Add("sort", IsSorted ? (IsDescending ? "-" : "") + Sort.Name : null);
            Add("fields", Fields == DataFieldSet.Default ? null
                : string.Join(',', DataField.All.Where(known => Fields.HasFlag(known.Flag)).Select(known => known.Name)));
            Add("vs_currency", Currency.Length == 0 ? null : Currency);
            return text.ToString();

            void Add(string name, string? value)
            {
                if (value is not null)
                {
                    text.Append('&').Append(name).Append('=')
                        .Append(Uri.EscapeDataString(value).Replace("%2C", ",", StringComparison.Ordinal));
                }
            }

            static string? Text(double? bound) => bound?.ToString("R", CultureInfo.InvariantCulture);
        }
    }
}

/// <summary>A range with both its ends; null where it is open.</summary>
internal readonly record struct DataRange<T>(T? Minimum, T? Maximum)
    where T : struct;
