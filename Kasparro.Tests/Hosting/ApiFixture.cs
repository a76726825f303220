namespace Kasparro.Tests.Hosting;

/// <summary>An API on a catalogue of its own; the tests of a class that share it do not change it.</summary>
public abstract class ApiFixture(BackingServices services) : IAsyncLifetime
{
    internal ApiHarness Api { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        var cancellationToken = Cancellation;
        Api = await ApiHarness.StartAsync(services, cancellationToken, Settings);
        await Api.KnowsAsync(await SeedAsync(Api.Catalogue, cancellationToken), cancellationToken);
    }

    public async ValueTask DisposeAsync() => await (Api?.DisposeAsync() ?? ValueTask.CompletedTask);

    /// <summary>The API's settings.</summary>
    protected virtual string[] Settings => [];

    /// <summary>Fills the catalogue and returns its version.</summary>
    protected abstract Task<long> SeedAsync(string catalogue, CancellationToken cancellationToken);
}
