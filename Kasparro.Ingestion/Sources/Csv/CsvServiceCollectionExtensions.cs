using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Kasparro.Ingestion.Sources.Csv;

internal static class CsvServiceCollectionExtensions
{
    /// <summary>Adds CSV files as a source, configured by the section <see cref="CsvOptions.SectionName"/>.</summary>
    public static IServiceCollection AddCsvSource(this IServiceCollection services)
    {
        services.AddSettings<CsvOptions>(CsvOptions.SectionName).ValidateDataAnnotations();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<CsvFolderWatch>();
        return services.AddSingleton<ISource, CsvSource>();
    }
}
