using System.Globalization;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;
using Kasparro.Ingestion.Model;

namespace Kasparro.Ingestion.Matching;

/// <summary>The traits by which names are compared: a listing's symbol, name and slug, folded and split into parts.</summary>
internal sealed partial class ListingTraits
{
    /// <summary>CoinPaprika truncates symbols at this length, CoinGecko does not: <c>FOREVERPUM</c> is <c>FOREVERPUMP</c>.</summary>
    private const int SymbolLength = 10;

    /// <summary>
    /// The number of letters of a name's stem in <see cref="MatchKey"/>: enough to tell the many listings of a symbol apart.
    /// </summary>
    private const int KeyLength = 3;

    /// <summary>The maximum length of a key's part; real ones have up to 71 characters.</summary>
    private const int MaxKeyPart = 120;

    /// <summary>Words that an upstream may append to an asset's name and another one may omit.</summary>
    private static readonly HashSet<string> Suffixes = new(StringComparer.Ordinal)
    {
        "token", "tokens", "coin", "coins", "protocol", "network", "finance", "chain", "project",
    };

    /// <summary>Words for forms that a plain name never refers to: a wrapped, bridged or staked asset is always named as such.</summary>
    private static readonly HashSet<string> DerivativeWords = new(StringComparer.Ordinal)
    {
        "wrapped", "bridged", "bridge", "staked", "staking", "pegged", "peg", "synthetic", "iou", "futures", "wormhole", "multichain",
        "anyswap", "allbridge", "celer", "portal", "via",
    };

    /// <summary>The suffixes that never distinguish two assets.</summary>
    private static readonly HashSet<string> EmptySuffixes = new(StringComparer.Ordinal) { "token", "tokens", "coin", "coins" };

    /// <summary>Words that denote another form of an asset, and so another asset: a wrapper, a version, a copy on a chain.</summary>
    private static readonly HashSet<string> FormWords = new(StringComparer.Ordinal)
    {
        "wrapped", "bridged", "bridge", "staked", "staking", "pegged", "peg", "synthetic", "iou", "futures", "long", "short", "bull",
        "bear",
        "half", "hedge", "lp", "vault", "yield", "interest", "old", "new", "legacy", "classic", "ii", "iii", "plus", "mini", "baby",
        "via", "wormhole", "multichain", "anyswap", "allbridge", "celer", "portal", "pos", "bsc", "heco", "bep", "bep2",
        "bep20", "erc", "erc20", "trc20", "spl", "polygon", "solana", "avalanche", "fantom", "arbitrum", "optimism",
    };

    private ListingTraits(string symbol, string fold, string stem, string form, string[] words, string suffix, bool isBare, SlugTraits slug)
    {
        Symbol = symbol;
        Fold = fold;
        Stem = stem;
        Form = form;
        Words = words;
        Suffix = suffix;
        IsBare = isBare;
        Slug = slug.Text;
        SlugStem = slug.Stem;
        IsSlugNumbered = slug.IsNumbered;
        IdWords = slug.IdWords;
        MatchKey = Symbol.Length == 0 || Stem.Length == 0 ? null : Key(Symbol, UnicodeText.Truncate(Stem, KeyLength).ToString());
        SlugKey = Symbol.Length == 0 || Slug.Length == 0 ? null : Key(Symbol, Slug);
        NameKey = Fold.Length == 0 || Slug.Length == 0 ? null : Key(Fold, Slug);
    }

    /// <summary>The symbol's letters and digits in upper case, at most ten; if it has none, the symbol itself.</summary>
    public string Symbol { get; }

    /// <summary>The name's letters and digits in lower case, with compatibility forms and accents folded.</summary>
    public string Fold { get; }

    /// <summary><see cref="Fold"/> without <see cref="Form"/> and suffixes.</summary>
    public string Stem { get; }

    /// <summary>The words that make it a form of another asset, in alphabetical order; empty for a plain name.</summary>
    public string Form { get; }

    /// <summary>Whether the form is one that a plain name never refers to.</summary>
    public bool IsDerivative => Form.Length > 0 && Form.Split(' ').Any(DerivativeWords.Contains);

    /// <summary>The stem's words.</summary>
    public IReadOnlyList<string> Words { get; }

    /// <summary>The suffixes that may distinguish two assets (protocol, network and the like).</summary>
    public string Suffix { get; }

    /// <summary>Whether the name has no suffix at all.</summary>
    public bool IsBare { get; }

    /// <summary>The source's slug, folded; empty if the source has none.</summary>
    public string Slug { get; }

    /// <summary>The slug without a trailing "token" or "coin".</summary>
    public string SlugStem { get; }

    /// <summary>Whether the slug has a number because another asset had the slug first.</summary>
    public bool IsSlugNumbered { get; }

    /// <summary>The distinct words of the source's id, in alphabetical order; empty if the source has no slugs.</summary>
    public string IdWords { get; }

    /// <summary>The symbol and the beginning of the name, or null if either is blank. All name rules but one require it to agree.</summary>
    public string? MatchKey { get; }

    /// <summary>The symbol and the slug, or null if either is blank.</summary>
    public string? SlugKey { get; }

    /// <summary>The name and the slug, or null if either is blank.</summary>
    public string? NameKey { get; }

    /// <summary>Returns its blocking keys.</summary>
    public IEnumerable<BlockingKey> Keys()
    {
        if (MatchKey is { } match)
        {
            yield return new(BlockingKeyKind.Match, match);
        }

        if (SlugKey is { } slug)
        {
            yield return new(BlockingKeyKind.Slug, slug);
        }

        if (NameKey is { } name)
        {
            yield return new(BlockingKeyKind.Name, name);
        }
    }

    /// <summary>Whether the two have a key in common; without one they are never compared.</summary>
    public bool SharesKey(ListingTraits other) =>
        (MatchKey is { } match && match == other.MatchKey)
        || (SlugKey is { } slug && slug == other.SlugKey)
        || (NameKey is { } name && name == other.NameKey);

    public static ListingTraits From(string source, string externalId, string symbol, string name)
    {
        name = name.Contains('(') ? FormerName().Replace(name, "") : name;
        var spelling = Spelling(name);
        var words = SplitWords(spelling);
        var fold = string.Concat(ReferenceEquals(spelling, name) ? words : SplitWords(name));
        var forms = words.FindAll(IsForm);
        if (forms.Count > 0 && forms.Count == words.Count)
        {
            // If the name consists only of form words, one of them is the asset itself: "Polygon" is not a form, and "Wrapped Solana" is a
            // form of Solana.
            forms.RemoveAt(Math.Max(0, forms.FindLastIndex(word => !DerivativeWords.Contains(word) && !Version().IsMatch(word))));
        }

        var form = InOrder(forms.ConvertAll(word => word is "legacy" ? "old" : word));
        var basis = words.FindAll(word => !forms.Contains(word));
        var suffixes = new List<string>();
        while (basis.Count > 1 && Suffixes.Contains(basis[^1]))
        {
            suffixes.Add(basis[^1]);
            basis.RemoveAt(basis.Count - 1);
        }

        if (basis.Count > 1 && basis[0] is "the")
        {
            basis.RemoveAt(0);
        }

        var telling = suffixes.Where(suffix => !EmptySuffixes.Contains(suffix)).Order(StringComparer.Ordinal);
        return new(
            FoldSymbol(symbol, form),
            fold,
            string.Concat(basis),
            form,
            [.. basis],
            string.Join(' ', telling),
            suffixes.Count == 0,
            FoldSlug(source, externalId, symbol, words));
    }

    /// <summary>
    /// Joins the two parts, each replaced by its hash if it is longer than any real one: a PostgreSQL index entry is limited to 2,704
    /// bytes, and a character may take four.
    /// </summary>
    private static string Key(string first, string second)
    {
        return $"{Short(first)}|{Short(second)}";

        static string Short(string part) =>
            part.Length <= MaxKeyPart ? part : $"#{Convert.ToHexString(XxHash128.Hash(MemoryMarshal.AsBytes(part.AsSpan())))}";
    }

    private static bool IsForm(string word) => FormWords.Contains(word) || (word[0] is 'v' && Version().IsMatch(word));

    private static string FoldSymbol(string symbol, string form)
    {
        var folded = string.Concat(SplitWords(symbol)).ToUpperInvariant();
        if (folded.Length == 0)
        {
            return symbol.Trim().ToUpperInvariant();
        }

        if (folded.Length > 5 && folded.EndsWith("OLD", StringComparison.Ordinal) && form.Contains("old", StringComparison.Ordinal))
        {
            folded = folded[..^3]; // CoinGecko marks an old form in the symbol too.
        }

        return UnicodeText.Truncate(folded, SymbolLength).ToString();
    }

    /// <summary>CoinPaprika's ids consist of symbol and slug; CoinGecko's are slugs, with a number if the slug was taken.</summary>
    private static SlugTraits FoldSlug(string source, string externalId, string symbol, List<string> nameWords)
    {
        var slug = externalId;
        switch (source)
        {
            case SourceNames.CoinPaprika:
                var prefix = symbol.Trim() + "-";
                slug = externalId.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)
                    ? externalId[prefix.Length..]
                    : externalId[(externalId.IndexOf('-', StringComparison.Ordinal) + 1)..];
                break;
            case SourceNames.CoinGecko:
                break;
            default:
                return new("", "", IsNumbered: false, ""); // Ids in files can be anything.
        }

        var words = SplitWords(slug);
        var isNumbered =
            words.Count > 1
            && words[^1].Length <= 2
            && words[^1].All(char.IsAsciiDigit)
            && (nameWords.Count == 0 || nameWords[^1] != words[^1]);
        if (isNumbered)
        {
            words.RemoveAt(words.Count - 1);
        }

        var bare = words.Count;
        while (bare > 1 && EmptySuffixes.Contains(words[bare - 1]))
        {
            bare--;
        }

        return new(
            string.Concat(words),
            string.Concat(words.Take(bare)),
            isNumbered,
            InOrder(SplitWords(externalId)));
    }

    /// <summary>Returns the distinct words in alphabetical order.</summary>
    private static string InOrder(List<string> words)
    {
        words.Sort(StringComparer.Ordinal);
        for (var i = words.Count - 1; i > 0; i--)
        {
            if (words[i] == words[i - 1])
            {
                words.RemoveAt(i);
            }
        }

        return string.Join(' ', words);
    }

    /// <summary>Unifies alternative spellings, such as <c>ERC-20</c> and <c>2.0</c>.</summary>
    private static string Spelling(string name) => name.AsSpan().ContainsAnyInRange('0', '9')
        ? DottedVersion().Replace(TokenStandard().Replace(name, "${standard}${number}"), "v${major}")
        : name;

    /// <summary>Returns the runs of letters and digits in lower case, with compatibility forms and accents folded.</summary>
    private static List<string> SplitWords(string text) =>
        Ascii.IsValid(text) ? SplitAsciiWords(text) : SplitAnyWords(UnicodeText.Decompose(text));

    /// <summary>The fast path for nearly all names, without decoding runes.</summary>
    private static List<string> SplitAsciiWords(ReadOnlySpan<char> text)
    {
        var words = new List<string>();
        var start = 0;
        for (var i = 0; i <= text.Length; i++)
        {
            if (i < text.Length && char.IsAsciiLetterOrDigit(text[i]))
            {
                continue;
            }

            if (i > start)
            {
                words.Add(string.Create(i - start, text[start..i], static (word, letters) => letters.ToLowerInvariant(word)));
            }

            start = i + 1;
        }

        return words;
    }

    private static List<string> SplitAnyWords(string text)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            if (Rune.IsLetterOrDigit(rune))
            {
                word.Append(Rune.ToLowerInvariant(rune).ToString());
            }
            else if (Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.NonSpacingMark or UnicodeCategory.Format) && word.Length > 0)
            {
                words.Add(word.ToString());
                word.Clear();
            }
        }

        if (word.Length > 0)
        {
            words.Add(word.ToString());
        }

        return words;
    }

    /// <summary>A former name in parentheses, as in <c>Sonic (prev. FTM)</c>, which other sources omit.</summary>
    [GeneratedRegex(
        @"(?<=\w)\s*\((prev(\.|iously)?|formerly|ex)[-:. ][^()]*\)",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex FormerName();

    [GeneratedRegex(@"^v\d+$", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Version();

    [GeneratedRegex(@"\b(?<major>\d)\.0\b", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex DottedVersion();

    [GeneratedRegex(
        @"\b(?<standard>erc|bep|trc)[- ](?<number>2|20)\b",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex TokenStandard();

    private readonly record struct SlugTraits(string Text, string Stem, bool IsNumbered, string IdWords);
}
