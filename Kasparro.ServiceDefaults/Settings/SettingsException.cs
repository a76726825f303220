namespace Kasparro.ServiceDefaults.Settings;

/// <summary>The configuration is invalid. The message lists every mistake, one per line, without a stack trace.</summary>
public sealed class SettingsException(IReadOnlyList<string> mistakes) : Exception(CreateMessage(mistakes))
{
    /// <summary>The exit code of a process with an invalid configuration: EX_CONFIG of sysexits.h.</summary>
    public const int ExitCode = 78;

    /// <summary>The mistakes, one sentence each.</summary>
    public IReadOnlyList<string> Mistakes => mistakes;

    private static string CreateMessage(IReadOnlyList<string> mistakes) =>
        $"The configuration has {(mistakes.Count == 1 ? "a mistake" : $"{mistakes.Count} mistakes")}; the service does not start:"
        + string.Concat(mistakes.Select(mistake => $"{Environment.NewLine}  - {mistake}"));
}
