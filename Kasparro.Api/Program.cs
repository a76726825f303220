using Kasparro.Api;
using Kasparro.ServiceDefaults;
using Kasparro.ServiceDefaults.Settings;

if (args is [HealthProbe.Argument])
{
    return await HealthProbe.RunAsync();
}

if (CommandLine.FindUnknown(args, "--urls", "--environment") is { } wrong)
{
    await Console.Error.WriteLineAsync(
        $"'{wrong}' is not understood: the API takes settings, such as --Api:RateLimit:Requests=1000 (docs/configuration.md), "
        + $"or {HealthProbe.Argument} alone.");
    return CommandLine.ExitCode;
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
