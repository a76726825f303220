using System.Globalization;
using System.Text;

namespace Kasparro.Api.Catalogue;

/// <summary>
/// The parameters of <c>/data</c> other than page, source and symbol. Empty text and null mean that a parameter is not given.
/// </summary>
internal sealed record DataFilters
{
    public const int MaxTextLength = 100;

    /// <summary>The filters if no parameter is given; a request then has null instead.</summary>
    public static readonly DataFilters None = new();

    /// <summary>A part of the name, in any case.</summary>
    public string Name { get; init; } = "";

    /// <summary>A part of the symbol or the name, in any case.</summary>
    public string Search { get; init; } = "";

    /// <summary>The bounds of the price in US dollars, both inclusive.</summary>
    public DataRange<double> Price { get; init; }

    /// <summary>The bounds of the market capitalisation in US dollars, both inclusive.</summary>
    public DataRange<double> MarketCap { get; init; }

    /// <summary>The bounds of the volume of the last 24 hours in US dollars, both inclusive.</summary>
    public DataRange<double> Volume { get; init; }

    /// <summary>The bounds of the rank, both inclusive.</summary>
    public DataRange<int> Rank { get; init; }

    /// <summary>Whether to include only active or only inactive rows; null for the default: active assets, all listings.</summary>
    public bool? IsActive { get; init; }

    /// <summary>Includes only rows whose values are from this time or later, UTC.</summary>
    public DateTime? UpdatedSince { get; init; }

    /// <summary>The field to sort by; ties are ordered by id.</summary>
    public DataField Sort { get; init; } = DataField.MarketCap;

    /// <summary>Whether the order is descending; rows without a value come last either way.</summary>
    public bool IsDescending { get; init; } = true;

    /// <summary>The fields of a row.</summary>
    public DataFieldSet Fields { get; init; } = DataFieldSet.Default;

    /// <summary>The currency of amounts, in lower case; empty for US dollars.</summary>
    public string Currency { get; init; } = "";

    /// <summary>Where the page begins or ends, or null if the page is given by its number.</summary>
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

    /// <summary>The filters as query parameters, each preceded by an ampersand.</summary>
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

/// <summary>A range that includes both ends; null for an open end.</summary>
internal readonly record struct DataRange<T>(T? Minimum, T? Maximum)
    where T : struct;
