using System.Text.Json.Nodes;

namespace Kasparro.Tests.Unit.Repository;

/// <summary>What F5 in Visual Studio, Rider and VS Code depends on: files that refer to each other, to projects and to scripts.</summary>
public sealed class EditorSetupTests
{
    private static readonly JsonObject Profiles =
        RepositoryFiles.Json("Kasparro.AppHost/Properties/launchSettings.json")["profiles"]!.AsObject();
    private static readonly JsonArray Tasks = RepositoryFiles.Json(".vscode/tasks.json")["tasks"]!.AsArray();

    private static IEnumerable<string> TaskLabels => Tasks.Select(task => (string)task!["label"]!);

    [Fact]
    public void Launch_profiles_start_the_AppHost_in_development_with_Aspires_variables()
    {
        Assert.Contains("http", Profiles.Select(profile => profile.Key));
        Assert.All(Profiles, profile =>
        {
            Assert.Equal("Project", (string?)profile.Value!["commandName"]);
            var variables = profile.Value["environmentVariables"]!.AsObject();
            Assert.Equal("Development", (string?)variables["DOTNET_ENVIRONMENT"]);
            Assert.True(Uri.TryCreate((string?)variables["ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL"], UriKind.Absolute, out var telemetry));
            Assert.True(Uri.TryCreate((string?)variables["ASPIRE_RESOURCE_SERVICE_ENDPOINT_URL"], UriKind.Absolute, out _));
            Assert.Equal(telemetry.Scheme == "http", (string?)variables["ASPIRE_ALLOW_UNSECURED_TRANSPORT"] == "true");
            Assert.All(((string)profile.Value["applicationUrl"]!).Split(';'), url => Assert.NotEqual(8000, new Uri(url).Port));
        });
    }

    [Fact]
    public void Launch_configurations_name_programs_profiles_and_tasks_that_exist()
    {
        var launches = RepositoryFiles.Json(".vscode/launch.json")["configurations"]!.AsArray()
            .Where(entry => (string?)entry!["request"] == "launch").ToList();

        Assert.NotEmpty(launches);
        Assert.All(launches, launch =>
        {
            var program = Resolved(launch!["program"]);
            Assert.True(File.Exists(Path.Combine(program.Split("/bin/")[0], Path.ChangeExtension(Path.GetFileName(program), ".csproj"))),
                program);
            Assert.Contains($"/bin/Debug/net{Environment.Version.ToString(2)}/", program, StringComparison.Ordinal);
            Assert.True(Directory.Exists(Resolved(launch["cwd"])));
            Assert.True(File.Exists(Resolved(launch["launchSettingsFilePath"])));
            Assert.Contains((string)launch["launchSettingsProfile"]!, Profiles.Select(profile => profile.Key));
            Assert.Contains((string)launch["preLaunchTask"]!, TaskLabels);
        });
    }

    [Fact]
    public void Tasks_name_tasks_and_files_that_exist()
    {
        Assert.All(Tasks, task =>
        {
            Assert.All(task!["dependsOn"]?.AsArray() ?? [], label => Assert.Contains((string)label!, TaskLabels));
            var paths = new[] { task["command"] }.Concat(task["args"]?.AsArray() ?? []).OfType<JsonNode>()
                .Where(text => ((string)text!).Contains("${workspaceFolder}", StringComparison.Ordinal));
            Assert.All(paths, path => Assert.True(File.Exists(Resolved(path)), (string)path!));
        });
    }

    [Theory]
    [InlineData(".devcontainer")]
    [InlineData(".devcontainer/docker")]
    public void Devcontainer_builds_from_its_file_and_forwards_the_graphs_ports(string folder)
    {
        var container = RepositoryFiles.Json($"{folder}/devcontainer.json");

        Assert.True(File.Exists(RepositoryFiles.At($"{folder}/{container["build"]!["dockerfile"]}")));
        var dashboard = new Uri((string)Profiles["http"]!["applicationUrl"]!).Port;
        Assert.Equal([8000, dashboard], container["forwardPorts"]!.AsArray().Select(port => (int)port!));
    }

    [Fact]
    public void Devcontainer_keeps_user_secrets_when_it_keeps_the_volumes_that_their_password_opens()
    {
        var mounts = RepositoryFiles.Json(".devcontainer/docker/devcontainer.json")["mounts"]!.AsArray()
            .Select(mount => (string)mount!["target"]!).ToList();

        Assert.Contains("/var/lib/docker", mounts);
        Assert.Contains("/home/ubuntu/.microsoft/usersecrets", mounts);
    }

    private static string Resolved(
        JsonNode? path) => ((string)path!).Replace("${workspaceFolder}", RepositoryFiles.Root, StringComparison.Ordinal);
}
