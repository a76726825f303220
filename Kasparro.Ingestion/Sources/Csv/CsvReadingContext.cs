using Kasparro.Ingestion.Sources.Drift;

namespace Kasparro.Ingestion.Sources.Csv;

/// <summary>The settings and services that every reading of a file needs.</summary>
/// <param name="Options">The settings.</param>
/// <param name="Drift">How unusable values are handled.</param>
/// <param name="Watch">Is notified of files that are read.</param>
/// <param name="Time">The clock.</param>
/// <param name="Logger">Logs how a reading begins.</param>
internal sealed record CsvReadingContext(
    CsvOptions Options, SchemaDriftOptions Drift, CsvFolderWatch Watch, TimeProvider Time, ILogger Logger);
