using Kasparro.Simulator;

try
{
    await using var app = SimulatorApplication.Create(args);
    await app.RunAsync();
    return 0;
}
catch (SimulatorOptionsException e)
{
    await Console.Error.WriteLineAsync(e.Message);
    return 2;
}
