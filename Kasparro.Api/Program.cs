using Kasparro.Api;
using Kasparro.ServiceDefaults;

if (args is [HealthProbe.Argument])
{
    return await HealthProbe.RunAsync();
}

await using var app = ApiApplication.Create(args);
await app.RunAsync();
return 0;
