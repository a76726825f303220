using Kasparro.Api;
using Kasparro.ServiceDefaults;
using Kasparro.ServiceDefaults.Settings;

if (args is [HealthProbe.Argument])
{
    return await HealthProbe.RunAsync();
}

try
{
    await using var app = ApiApplication.Create(args);
    await app.RunAsync();
    return 0;
}
catch (SettingsException exception)
{
    await Console.Error.WriteLineAsync(exception.Message);
    return SettingsException.ExitCode;
}
