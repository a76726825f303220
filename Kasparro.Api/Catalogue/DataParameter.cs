using System.Numerics;
using System.Text.Json;

namespace Kasparro.Api.Catalogue;

/// <summary>The parameters of <c>/data</c>, by their public names in another case.</summary>
[Flags]
internal enum DataParameter
{
    None = 0,
    Page = 1,
    PageSize = 1 << 1,
    Cursor = 1 << 2,
    Source = 1 << 3,
    Symbol = 1 << 4,
    Name = 1 << 5,
    Q = 1 << 6,
    MinPrice = 1 << 7,
    MaxPrice = 1 << 8,
    MinMarketCap = 1 << 9,
    MaxMarketCap = 1 << 10,
    MinVolume = 1 << 11,
    MaxVolume = 1 << 12,
    Rank = 1 << 13,
    Active = 1 << 14,
    UpdatedSince = 1 << 15,
    Sort = 1 << 16,
    Fields = 1 << 17,
    VsCurrency = 1 << 18,

    /// <summary>The parameters that select rows, regardless of their order and presentation.</summary>
    Filters = Source | Symbol | Name | Q | MinPrice | MaxPrice | MinMarketCap | MaxMarketCap | MinVolume | MaxVolume | Rank
        | Active | UpdatedSince,

    All = Filters | Page | PageSize | Cursor | Sort | Fields | VsCurrency,
}

/// <summary>The public names of the parameters of <c>/data</c>.</summary>
internal static class DataParameters
{
    private static readonly (string Name, DataParameter Parameter)[] Known =
    [
        .. Enum.GetValues<DataParameter>().Where(parameter => BitOperations.IsPow2((int)parameter))
            .Select(parameter => (JsonNamingPolicy.SnakeCaseLower.ConvertName(parameter.ToString()), parameter)),
    ];

    /// <summary>Returns the names of <paramref name="parameters"/>, for error messages.</summary>
    public static string GetNames(DataParameter parameters) =>
        string.Join(", ", Known.Where(known => parameters.HasFlag(known.Parameter)).Select(known => known.Name));

    public static DataParameter Find(ReadOnlySpan<char> name)
    {
        foreach (var (known, parameter) in Known)
        {
            if (name.SequenceEqual(known))
            {
                return parameter;
            }
        }

        return DataParameter.None;
    }

    public static string GetName(DataParameter parameter) => Known.First(known => known.Parameter == parameter).Name;
}
