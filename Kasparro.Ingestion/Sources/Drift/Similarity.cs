using System.Globalization;
using System.Text.Json;

namespace Kasparro.Ingestion.Sources.Drift;

/// <summary>The similarity of two fields by name and by value, from 0 (not at all) to 1 (equal).</summary>
internal static class Similarity
{
    private const int JaroWinklerPrefix = 4;
    private const double JaroWinklerScale = 0.1;

    /// <summary>
    /// The greater of spelling (Jaro–Winkler) and shared words, so that <c>price_usd</c> and <c>usd_price</c> are similar, too.
    /// </summary>
    public static double OfNames(string one, string other)
    {
        var left = Words(one);
        var right = Words(other);
        var shared = left.Intersect(right, StringComparer.Ordinal).Count();
        var words = 2.0 * shared / Math.Max(1, left.Length + right.Length);
        return Math.Max(words, JaroWinkler(string.Concat(left), string.Concat(right)));
    }

    /// <summary>Compares numbers by relative distance, since values change between readings, and everything else by equality.</summary>
    public static double OfValues(JsonElement one, JsonElement other)
    {
        if (one.ValueKind is JsonValueKind.Number && other.ValueKind is JsonValueKind.Number)
        {
            var (left, right) = (one.GetDouble(), other.GetDouble());
            var largest = Math.Max(Math.Abs(left), Math.Abs(right));
            return left.Equals(right) ? 1 : double.IsFinite(largest) ? Math.Max(0, 1 - (Math.Abs(left - right) / largest * 2)) : 0;
        }

        return JsonElement.DeepEquals(one, other) ? 1 : 0;
    }

    public static double JaroWinkler(string one, string other)
    {
        if (one.Length == 0 || other.Length == 0)
        {
            return one.Length == other.Length ? 1 : 0;
        }

        var window = Math.Max(0, (Math.Max(one.Length, other.Length) / 2) - 1);
        var inOne = new bool[one.Length];
        var inOther = new bool[other.Length];
        var matches = 0;
        for (var i = 0; i < one.Length; i++)
        {
            for (var j = Math.Max(0, i - window); j < Math.Min(other.Length, i + window + 1); j++)
            {
                if (!inOther[j] && one[i] == other[j])
                {
                    inOne[i] = inOther[j] = true;
                    matches++;
                    break;
                }
            }
        }

        if (matches == 0)
        {
            return 0;
        }

        var left = one.Where((_, i) => inOne[i]);
        var right = other.Where((_, i) => inOther[i]);
        var transposed = left.Zip(right).Count(pair => pair.First != pair.Second) / 2.0;
        var jaro = (((double)matches / one.Length) + ((double)matches / other.Length) + ((matches - transposed) / matches)) / 3;
        var prefix = one.Zip(other).Take(JaroWinklerPrefix).TakeWhile(pair => pair.First == pair.Second).Count();
        return jaro + (prefix * JaroWinklerScale * (1 - jaro));
    }

    private static string[] Words(string name) =>
        name[(name.LastIndexOf('.') + 1)..].ToLower(CultureInfo.InvariantCulture)
            .Split(['_', '-', ' '], StringSplitOptions.RemoveEmptyEntries);
}
