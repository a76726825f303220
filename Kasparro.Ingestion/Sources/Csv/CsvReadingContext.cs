using Kasparro.Ingestion.Sources.Drift;

namespace Kasparro.Ingestion.Sources.Csv;

/// <summary>What every reading of a file needs.</summary>
/// <param name="Options">The settings.</param>
/// <param name="Drift">What is to be done about values that cannot be used.</param>
/// <param name="Watch">Told of files that are read.</param>
/// <param name="Time">The clock.</param>
/// <param name="Logger">Told how a reading begins.</param>
internal sealed record CsvReadingContext(
    CsvOptions Options, SchemaDriftOptions Drift, CsvFolderWatch Watch, TimeProvider Time, ILogger Logger);
