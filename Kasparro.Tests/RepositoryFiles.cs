using System.Text.Json.Nodes;

namespace Kasparro.Tests;

/// <summary>Finds and reads files of the clone in which these tests were built.</summary>
internal static class RepositoryFiles
{
    public static string Root { get; } = Path.GetDirectoryName(Projects.Kasparro_AppHost.ProjectPath)!;

    public static string At(string path) => Path.Combine(Root, path);

    public static string Text(string path) => File.ReadAllText(At(path));

    public static JsonObject Json(string path) => JsonNode.Parse(Text(path))!.AsObject();
}
