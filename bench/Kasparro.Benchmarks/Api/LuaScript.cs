namespace Kasparro.Benchmarks.Api;

/// <summary>Scripts for wrk, as temporary files.</summary>
internal sealed class LuaScript : IDisposable
{
    private LuaScript(string text)
    {
        File.WriteAllText(Path, text);
    }

    public string Path { get; } = System.IO.Path.GetTempFileName();

    /// <summary>
    /// Some 700 pages of 40 to 60 rows, one after another: more than a cache of 1 MiB holds, so each is forgotten when its turn comes
    /// again. None is deep.
    /// </summary>
    public static LuaScript OfShallowPages(string path) => new($$"""
        local n = 0
        request = function()
          n = n + 1
          return wrk.format("GET", "{{path}}?page=" .. (1 + n % 33) .. "&page_size=" .. (40 + math.floor(n / 33) % 21))
        end
        """);

    /// <summary>A symbol that nobody asked for before and nothing bears, with every request of one thread.</summary>
    /// <param name="from">The first one's number; scripts that continue another's symbols begin where it ended.</param>
    public static LuaScript OfDistinctSymbols(long from) => new($$"""
        local n = {{from}}
        request = function()
          n = n + 1
          return wrk.format("GET", "/data?symbol=NOBODY" .. n)
        end
        """);

    public void Dispose() => File.Delete(Path);
}
