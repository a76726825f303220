using Npgsql;
using NpgsqlTypes;

namespace Kasparro.Ingestion.Loading;

internal static class BinaryImportExtensions
{
    public static Task WriteOrNullAsync<T>(this NpgsqlBinaryImporter copy, T? value, NpgsqlDbType type, CancellationToken cancellationToken)
        where T : struct =>
        value is { } known ? copy.WriteAsync(known, type, cancellationToken) : copy.WriteNullAsync(cancellationToken);

    public static Task WriteOrNullAsync(this NpgsqlBinaryImporter copy, string? value, CancellationToken cancellationToken) =>
        value is not null ? copy.WriteAsync(value, NpgsqlDbType.Text, cancellationToken) : copy.WriteNullAsync(cancellationToken);
}
