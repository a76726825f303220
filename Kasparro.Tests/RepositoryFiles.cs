using System.Text.Json.Nodes;

namespace Kasparro.Tests;

/// <summary>The clone that these tests were built in.</summary>
internal static class RepositoryFiles
{
    public static string Root { get; } = Path.GetDirectoryName(Projects.Kasparro_AppHost.ProjectPath)!;

    public static string At(string path) => Path.Combine(Root, path);

    public static string Text(string path) => File.ReadAllText(At(path));

    public static JsonObject Json(string path) => JsonNode.Parse(Text(path))!.AsObject();
}
