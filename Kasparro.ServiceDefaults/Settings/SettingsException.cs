namespace Kasparro.ServiceDefaults.Settings;

/// <summary>The configuration cannot be run with. The message has every mistake, a line each, and no stack trace.</summary>
public sealed class SettingsException(IReadOnlyList<string> mistakes) : Exception(CreateMessage(mistakes))
{
    /// <summary>How a process ends that was configured wrongly: EX_CONFIG of sysexits.h.</summary>
    public const int ExitCode = 78;

    /// <summary>The mistakes, a sentence each.</summary>
    public IReadOnlyList<string> Mistakes => mistakes;

    private static string CreateMessage(IReadOnlyList<string> mistakes) =>
        $"The configuration has {(mistakes.Count == 1 ? "a mistake" : $"{mistakes.Count} mistakes")}; the service does not start:"
        + string.Concat(mistakes.Select(mistake => $"{Environment.NewLine}  - {mistake}"));
}
