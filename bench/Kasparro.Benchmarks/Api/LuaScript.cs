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
    /// Creates a script that requests some 700 pages of 40 to 60 rows in turn: more than a cache of 1 MiB holds, so each has been evicted
    /// when it is requested again. None of the pages is deep.
    /// </summary>
    public static LuaScript OfShallowPages(string path) => new($$"""
        local n = 0
        request = function()
          n = n + 1
          return wrk.format("GET", "{{path}}?page=" .. (1 + n % 33) .. "&page_size=" .. (40 + math.floor(n / 33) % 21))
        end
        """);

    /// <summary>Creates a script that requests a new symbol, which no asset has, with every request of one thread.</summary>
    /// <param name="from">The number of the first symbol; a script that continues another begins where that ended.</param>
    public static LuaScript OfDistinctSymbols(long from) => new($$"""
        local n = {{from}}
        request = function()
          n = n + 1
          return wrk.format("GET", "/data?symbol=NOBODY" .. n)
        end
        """);

    public void Dispose() => File.Delete(Path);
}
