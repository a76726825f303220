using System.Globalization;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;
using Kasparro.Ingestion.Model;

namespace Kasparro.Ingestion.Matching;

/// <summary>What names are compared by: a listing's symbol, name and slug, folded and taken apart.</summary>
internal sealed partial class ListingTraits
{
    /// <summary>CoinPaprika cuts symbols off here, CoinGecko does not: <c>FOREVERPUM</c> is <c>FOREVERPUMP</c>.</summary>
    private const int SymbolLength = 10;

    /// <summary>How much of a name's stem goes into <see cref="MatchKey"/>: enough to keep a symbol's many bearers apart.</summary>
    private const int KeyLength = 3;

    /// <summary>Letters of a key's part; real ones have up to 71.</summary>
    private const int MaxKeyPart = 120;

    /// <summary>Words that the upstreams add to and drop from one asset's name.</summary>
    private static readonly HashSet<string> Suffixes = new(StringComparer.Ordinal)
    {
        "token", "tokens", "coin", "coins", "protocol", "network", "finance", "chain", "project",
    };

    /// <summary>Forms that a plain name never means: what is wrapped, bridged or staked is always called so.</summary>
    private static readonly HashSet<string> DerivativeWords = new(StringComparer.Ordinal)
    {
        "wrapped", "bridged", "bridge", "staked", "staking", "pegged", "peg", "synthetic", "iou", "futures", "wormhole", "multichain",
        "anyswap", "allbridge", "celer", "portal", "via",
    };

    /// <summary>The suffixes that never tell two assets apart.</summary>
    private static readonly HashSet<string> EmptySuffixes = new(StringComparer.Ordinal) { "token", "tokens", "coin", "coins" };

    /// <summary>
    /// Words that make a name another form of an asset, and so another asset: its wrapper, its version, its copy on a chain.
    /// </summary>
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
        MatchKey = Symbol.Length == 0 || Stem.Length == 0 ? null : Key(Symbol, Stem[..Math.Min(KeyLength, Stem.Length)]);
        SlugKey = Symbol.Length == 0 || Slug.Length == 0 ? null : Key(Symbol, Slug);
        NameKey = Fold.Length == 0 || Slug.Length == 0 ? null : Key(Fold, Slug);
    }

    /// <summary>The symbol's letters and digits in upper case, at most ten; of a symbol without any, the symbol itself.</summary>
    public string Symbol { get; }

    /// <summary>The name's letters and digits in lower case, compatibility forms and accents folded.</summary>
    public string Fold { get; }

    /// <summary>The fold without <see cref="Form"/> and suffixes.</summary>
    public string Stem { get; }

    /// <summary>The words that make it a form of another asset, in order of the alphabet; empty for a plain name.</summary>
    public string Form { get; }

    /// <summary>Whether the form is one that a plain name never means.</summary>
    public bool IsDerivative => Form.Length > 0 && Form.Split(' ').Any(DerivativeWords.Contains);

    /// <summary>The stem's words.</summary>
    public IReadOnlyList<string> Words { get; }

    /// <summary>The suffixes that may tell two assets apart (protocol, network, …).</summary>
    public string Suffix { get; }

    /// <summary>Whether the name had no suffix at all.</summary>
    public bool IsBare { get; }

    /// <summary>The source's own slug, folded; empty where the source has none.</summary>
    public string Slug { get; }

    /// <summary>The slug without token and coin at its end.</summary>
    public string SlugStem { get; }

    /// <summary>Whether the slug bears a number because another asset had it first.</summary>
    public bool IsSlugNumbered { get; }

    /// <summary>The different words of the source's id, in order of the alphabet; empty where the source has no slugs.</summary>
    public string IdWords { get; }

    /// <summary>Symbol and the beginning of the name: all name rules but one need it to agree. Null where either is blank.</summary>
    public string? MatchKey { get; }

    /// <summary>Symbol and slug.</summary>
    public string? SlugKey { get; }

    /// <summary>Name and slug.</summary>
    public string? NameKey { get; }

    /// <summary>The keys that it has.</summary>
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

    /// <summary>Whether the two have a key in common: without one they are never compared.</summary>
    public bool SharesKey(ListingTraits other) =>
        (MatchKey is { } match && match == other.MatchKey)
        || (SlugKey is { } slug && slug == other.SlugKey)
        || (NameKey is { } name && name == other.NameKey);

    public static ListingTraits From(string source, string externalId, string symbol, string name)
    {
        var spelling = Spelling(name);
        var words = SplitWords(spelling);
        var fold = string.Concat(ReferenceEquals(spelling, name) ? words : SplitWords(name));
        var forms = words.FindAll(IsForm);
        if (forms.Count > 0 && forms.Count == words.Count)
        {
            // What a name of nothing but such words is a form of is one of them: Polygon of nothing, Wrapped Solana of Solana.
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
    /// The two parts, or the hash of one that is longer than any real one: PostgreSQL's index takes 2,704 bytes, and a letter may have
    /// four.
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
            folded = folded[..^3]; // CoinGecko marks an old form in its symbol too.
        }

        return folded[..Math.Min(SymbolLength, folded.Length)];
    }

    /// <summary>CoinPaprika's ids are symbol and slug, CoinGecko's are slugs, with a number where one was taken.</summary>
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
                return new("", "", IsNumbered: false, ""); // A file's ids are anybody's.
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

    /// <summary>The different words, in order of the alphabet.</summary>
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

    /// <summary>One spelling for what is written in several: <c>ERC-20</c>, <c>2.0</c>.</summary>
    private static string Spelling(string name) => name.AsSpan().ContainsAnyInRange('0', '9')
        ? DottedVersion().Replace(TokenStandard().Replace(name, "${standard}${number}"), "v${major}")
        : name;

    /// <summary>Runs of letters and digits, lower case, compatibility forms and accents folded.</summary>
    private static List<string> SplitWords(string text) =>
        Ascii.IsValid(text) ? SplitAsciiWords(text) : SplitAnyWords(UnicodeText.Decompose(text));

    /// <summary>What nearly all names are, without a rune at a time.</summary>
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
