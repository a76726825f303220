using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Npgsql;

namespace Kasparro.Tests.AppHost.Local;

/// <summary>PostgreSQL's data between runs.</summary>
public sealed class DataVolumeTests : IDisposable
{
    private readonly string _volume = $"test-{Guid.NewGuid():N}";
    private string? _folder;

    public void Dispose()
    {
        if (_folder is not null && Directory.Exists(_folder))
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    [Fact]
    public async Task Rows_are_there_and_the_password_still_fits_when_the_graph_starts_again()
    {
        await ExecuteAsync("CREATE TABLE kept AS SELECT 42 AS answer");

        Assert.Equal(42, await ExecuteAsync("SELECT answer FROM kept"));
    }

    [Fact]
    public async Task Server_says_what_to_delete_when_its_data_folder_is_broken()
    {
        await using var app = Build();
        Directory.CreateDirectory(Path.Combine(_folder!, "data"));
        await File.WriteAllTextAsync(Path.Combine(_folder!, "password"), "irrelevant", TestContext.Current.CancellationToken);

        Assert.Contains($"the data folder {_folder}/data is broken", await FailureAsync(app), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Server_names_the_version_when_its_data_was_made_by_one_that_is_not_installed()
    {
        await using var app = Build();
        Directory.CreateDirectory(Path.Combine(_folder!, "data"));
        await File.WriteAllTextAsync(Path.Combine(_folder!, "password"), "irrelevant", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(_folder!, "data", "PG_VERSION"), "9\n", TestContext.Current.CancellationToken);

        Assert.Contains("made by PostgreSQL 9, which is not installed", await FailureAsync(app), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Server_says_so_when_the_password_beside_its_data_is_gone()
    {
        await using var app = Build();
        Directory.CreateDirectory(Path.Combine(_folder!, "data"));

        Assert.Contains($"{_folder}/password is missing", await FailureAsync(app), StringComparison.Ordinal);
    }

    [Fact]
    public void Volume_is_beside_the_clone_unless_the_servers_user_may_not_go_there()
    {
        var clone = Directory.CreateTempSubdirectory("kasparro-test-").FullName;
        try
        {
            var folder = Workspace.VolumeFolder(Path.Combine(clone, "AppHost"), "catalogue");

            // The folder is this user's alone. Root drops to another user to run PostgreSQL, who could not enter it.
            Assert.StartsWith(Environment.IsPrivilegedProcess ? "/var/lib/kasparro/" : clone, folder, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(clone);
        }
    }

    private static async Task<string> FailureAsync(DistributedApplication app)
    {
        await app.StartAsync(TestContext.Current.CancellationToken);
        var error = await Assert.ThrowsAsync<DistributedApplicationException>(() =>
            app.ResourceNotifications.WaitForResourceHealthyAsync("catalogue", TestContext.Current.CancellationToken));
        return error.Message;
    }

    private async Task<object?> ExecuteAsync(string sql)
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        await using var app = Build();
        await app.StartAsync(cancellationToken);
        await app.ResourceNotifications.WaitForResourceHealthyAsync("catalogue", cancellationToken);
        await using var connection = new NpgsqlConnection(await app.GetConnectionStringAsync("catalogue", cancellationToken));
        await connection.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(cancellationToken);
    }

    private DistributedApplication Build()
    {
        var builder = DistributedApplication.CreateBuilder(new DistributedApplicationOptions { DisableDashboard = true });
        var server = builder.AddPostgres("server").WithDataVolume(_volume);
        server.AddDatabase("catalogue");
        _folder = server.Resource.Annotations.OfType<DataVolumeAnnotation>().Single().Folder;
        return builder.Build();
    }
}
