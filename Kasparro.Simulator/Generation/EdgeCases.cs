namespace Kasparro.Simulator.Generation;

/// <summary>Ids, symbols and names that break parsers, keys and columns: of shapes seen in real responses, but all made up.</summary>
internal static class EdgeCases
{
    private static readonly (string Id, string Symbol, string Name)[] Shapes =
    [
        ("-3", "-3", "Minus Three"),
        ("1move token", "1mt", "1Move Token"),
        ("orrery-token ", "orry", "Orrery Clockwork"),
        ("dolphin_dao_records", "dlph", "Dolphin_Dao_Records"),
        ("lantern-[old]", "lntn", "Lantern Street [OLD]"),
        ("MixedCase-Id", "mcid", "MixedCase Id"),
        ("5f0c1a7e-9b3d-4c62-8e41-0d2f7a6b5c94", "uuidx", "Nameless by Design"),
        ("parrot-money", "🦜", "Parrot 🦜 Money"),
        ("family-of-joiners", "👨‍👩‍👧", "👨‍👩‍👧 Joined Family"),
        ("right-to-left", "درهم", "عملة الرمل الرقمية"),
        ("mixed-direction", "מטבע", "מטבע Sandglass הזמן"),
        ("moonlight-won", "달빛", "달빛 코인"),
        ("quotes-and-slashes", "q\"\\/", "Quote \"Q\" \\ Slash <b>&amp;</b>"),
        ("typographer-s-delight", "typo’s", " Typographer’s Delight – № 5 "),
        ("decomposed-accent", "cafe", "Cafe\u0301 Re\u0301serve"),
        ("a-property-share-of-4821-northwestern-evergreen-boulevard-unit-12-cond", "prop4821", "Property Share 4821"),
        ("longest-symbol", "superlongsymbolofaliquiditypositionlp1", "Longest Symbol LP"),
        ("longest-name", "lname", "The Quite Unreasonably Long Name of a Tokenized Basket of Other Baskets"),
    ];

    private static readonly string[] BlankSymbols = ["", "", " ", ""];

    public static int Count => Shapes.Length + BlankSymbols.Length;

    public static void AddTo(CatalogueDraft draft)
    {
        for (var i = 0; i < Shapes.Length; i++)
        {
            var (id, symbol, name) = Shapes[i];
            Add(draft, id, symbol, name, isPair: i % 2 == 0);
        }

        foreach (var symbol in BlankSymbols)
        {
            var (name, _) = draft.Names.Unique();
            Add(draft, id: null, symbol, name, isPair: symbol.Length > 0);
        }
    }

    private static void Add(CatalogueDraft draft, string? id, string symbol, string name, bool isPair)
    {
        draft.Names.TryTake(name);
        draft.Names.TakeSymbol(symbol);
        var asset = draft.NewAsset();
        var contracts = draft.Addresses.Deploy(Platform.BinanceSmartChain);
        if (isPair)
        {
            draft.AddPaprika(asset, symbol.ToUpperInvariant(), name, contracts);
        }

        draft.AddGecko(asset, symbol, name, contracts, id);
    }
}
