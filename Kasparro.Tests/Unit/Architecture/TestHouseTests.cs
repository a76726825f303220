using System.Text.RegularExpressions;

namespace Kasparro.Tests.Unit.Architecture;

/// <summary>The rooms (folders) of the tests: unit tests start no server and no process, and no two rooms use each other.</summary>
public sealed partial class TestHouseTests
{
    /// <summary>The rooms that a room may use, in addition to the project's own folder and <c>Builders</c>.</summary>
    private static readonly Dictionary<string, string[]> Uses = new(StringComparer.Ordinal)
    {
        ["Builders"] = [],
        ["Unit"] = [],
        ["Scale"] = ["Unit"],
        ["Hosting"] = [],
        ["Tooling"] = ["Hosting"],
        ["Integration"] = ["Hosting"],
        ["AppHost"] = ["Hosting"],
        ["Browser"] = ["Hosting"],
        ["Chaos"] = ["Hosting"],
    };

    private static readonly string Root = RepositoryFiles.At("Kasparro.Tests");

    [Fact]
    public void Rooms_use_only_the_rooms_below_them()
    {
        var rooms = Directory.GetDirectories(Root).Select(folder => Path.GetFileName(folder)).Where(room => room is not ("bin" or "obj"))
            .ToList();
        Assert.Equal(Uses.Keys.Order(StringComparer.Ordinal), rooms.Order(StringComparer.Ordinal));
        var roomsOfTypes = rooms.SelectMany(room => Files(room).SelectMany(file => Declaration().Matches(File.ReadAllText(file)))
                .Select(match => (Type: match.Groups["type"].Value, Room: room)).Distinct())
            .ToLookup(found => found.Type, found => found.Room, StringComparer.Ordinal);

        var found = rooms.SelectMany(room => Files(room).SelectMany(file => Word().Matches(Comment().Replace(File.ReadAllText(file), ""))
            .Select(word => word.Value).Distinct(StringComparer.Ordinal)
            .Where(word => roomsOfTypes[word].Any() && !roomsOfTypes[word].Any(other => MayUse(room, other)))
            .Select(word => $"{Path.GetRelativePath(Root, file)} uses {word} of {string.Join(", ", roomsOfTypes[word])}")));

        Assert.Empty(found);
    }

    [Fact]
    public void Unit_tests_start_no_server_and_no_process()
    {
        var found = Files("Unit").Where(file => Path.GetFileName(file) != $"{nameof(TestHouseTests)}.cs")
            .SelectMany(file => Start().Matches(File.ReadAllText(file))
                .Select(match => $"{Path.GetRelativePath(Root, file)}: {match.Value}"));

        Assert.Empty(found);
    }

    private static bool MayUse(string room, string other) => room == other || other == "Builders" || Uses[room].Contains(other);

    private static string[] Files(string room) => Directory.GetFiles(Path.Combine(Root, room), "*.cs", SearchOption.AllDirectories);

    [GeneratedRegex(
        @"^(public |internal |static |sealed |abstract |partial |readonly )*"
            + @"(class|record struct|record|struct|interface|enum) (?<type>\w+)",
        RegexOptions.ExplicitCapture | RegexOptions.Multiline, 1000)]
    private static partial Regex Declaration();

    [GeneratedRegex(@"\b[A-Z]\w+\b", RegexOptions.None, 1000)]
    private static partial Regex Word();

    [GeneratedRegex("//.*", RegexOptions.None, 1000)]
    private static partial Regex Comment();

    // An in-memory ASP.NET application (UseTestServer) is not a server, because nobody can connect to it.
    [GeneratedRegex(@"Process\.Start\(|UseUrls\(|TcpListener|HttpListener|NpgsqlConnection\(", RegexOptions.None, 1000)]
    private static partial Regex Start();
}
