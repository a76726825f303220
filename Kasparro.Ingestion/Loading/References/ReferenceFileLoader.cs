using System.IO.Hashing;
using Kasparro.Data.Catalogue;
using Kasparro.Ingestion.Model;
using Kasparro.Ingestion.Postgres;
using Kasparro.Ingestion.Sources;
using Kasparro.Ingestion.Sources.Csv;
using Kasparro.Ingestion.Sources.Http;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Kasparro.Ingestion.Loading.References;

/// <summary>
/// Loads operators' files after an ingestion: those that changed, and those with ids that were not in the catalogue. Each file is loaded in
/// one transaction, which replaces its previous version. If a file is removed, what was loaded from it is kept.
/// </summary>
internal sealed partial class ReferenceFileLoader(
    NpgsqlDataSource dataSource,
    SecretRedactor secrets,
    IngestionTelemetry telemetry,
    IOptions<ReferenceFileOptions> options,
    IOptions<LoadingOptions> loading,
    TimeProvider time,
    ILogger<ReferenceFileLoader> logger)
{
    /// <summary>The maximum number of bad rows per file that are logged; all of them are in <c>reference_file_errors</c>.</summary>
    private const int MaxLogged = 20;

    /// <summary>Files with fewer rows are not representative.</summary>
    private const int MinJudgedRows = 20;

    /// <summary>Loads the files that are due.</summary>
    /// <exception cref="StaleFencingTokenException">Another worker drew a newer token; the current file was not loaded.</exception>
    public async Task ApplyAsync(long fencingToken, CancellationToken cancellationToken)
    {
        var files = Find(ReferenceFileKind.Crosswalk, options.Value.Crosswalks)
            .Concat(Find(ReferenceFileKind.Decimals, options.Value.Decimals)).ToList();
        if (files.Count == 0)
        {
            return;
        }

        var stored = await ReferenceFileStore.ReadAsync(dataSource, cancellationToken);
        var chains = await ReferenceFileStore.ReadChainsAsync(dataSource, cancellationToken);
        var owners = new Dictionary<string, string>(StringComparer.Ordinal);

        // Newest file first, since the newest file with a vocabulary is the one that counts.
        foreach (var file in Enumerable.Reverse(files))
        {
            if (await ReadAsync(file, stored.GetValueOrDefault((file.Kind, file.Name)), chains, owners, cancellationToken) is { } read)
            {
                await LoadAsync(file, read, fencingToken, cancellationToken);
            }
        }
    }

    private static IEnumerable<ReferencePath> Find(string kind, string setting)
    {
        if (string.IsNullOrWhiteSpace(setting))
        {
            return [];
        }

        var folder = Path.GetFullPath(setting, AppContext.BaseDirectory);
        IEnumerable<string> paths = CsvPaths.Find(setting, AppContext.BaseDirectory).Where(File.Exists);
        if (kind == ReferenceFileKind.Decimals && Directory.Exists(folder))
        {
            paths = paths.Concat(Directory.EnumerateFiles(folder, "*.json").Where(path => !Path.GetFileName(path).StartsWith('.')))
                .OrderBy(File.GetLastWriteTimeUtc).ThenBy(path => path, StringComparer.Ordinal);
        }

        return paths.Select(path => new ReferencePath(kind, path, Path.GetFileName(path)));
    }

    /// <summary>Reads a file, or returns null if it is unchanged or being written.</summary>
    private async Task<ReadFile?> ReadAsync(
        ReferencePath file,
        StoredReferenceFile? stored,
        IReadOnlyDictionary<long, string> chains,
        Dictionary<string, string> owners,
        CancellationToken cancellationToken)
    {
        ReferenceContent content;
        var hash = Guid.Empty;
        try
        {
            var before = GetState(file.Path);
            if (before.Length > options.Value.MaxFileBytes)
            {
                throw new SourceException($"{file.Name} has {before.Length} bytes, more than References:MaxFileBytes allows.");
            }

            hash = await HashAsync(file.Path, cancellationToken);
            content = file.Kind == ReferenceFileKind.Crosswalk
                ? await CrosswalkFile.ReadAsync(file.Path, cancellationToken)
                : await DecimalsFile.ReadAsync(file.Path, chains, cancellationToken);
            if (GetState(file.Path) != before)
            {
                Log.BeingWritten(logger, file.Name);
                return null;
            }
        }
        catch (Exception e) when (e is SourceException or IOException or UnauthorizedAccessException)
        {
            content = new(file.Kind, Vocabulary: null);
            content.Faults.Add(new(0, ReferenceReason.Unreadable, e.Message, ""));
        }

        if (content.Vocabulary is { } vocabulary && !content.IsRefused && !owners.TryAdd(vocabulary, file.Name))
        {
            content.Faults.Insert(0, new(0, ReferenceReason.Superseded,
                $"{owners[vocabulary]}, which was written later, has the vocabulary {vocabulary}.", ""));
        }

        var (good, bad) = content.Counts;
        if (!content.IsRefused && good + bad >= MinJudgedRows && bad > (good + bad) * loading.Value.MaxRejectedShare)
        {
            content.Faults.Insert(0, new(0, ReferenceReason.TooManyBadRows,
                $"{bad} of {good + bad} rows are bad, so none of it was loaded.", ""));
        }

        return !content.IsRefused && stored is { UnknownCount: 0 } && stored.ContentHash == hash ? null : new(content, hash, stored);
    }

    private async Task LoadAsync(ReferencePath file, ReadFile read, long fencingToken, CancellationToken cancellationToken)
    {
        var content = read.Content;
        await using var transaction = await FencedTransaction.BeginAsync(dataSource, fencingToken, cancellationToken);
        ReferenceFile? record = null;
        var (ids, unknown) = content.IsRefused ? ([], 0) : await MatchAsync(transaction.Connection, file, content, cancellationToken);
        if (!content.IsRefused)
        {
            var rows = ids.Count + content.Decimals.Count;
            if (read.Stored is { } stored && stored.ContentHash == read.Hash && (stored.RowCount, stored.UnknownCount) == (rows, unknown))
            {
                return; // The unknown ids are still unknown.
            }

            record = new()
            {
                FileName = file.Name,
                Kind = file.Kind,
                Vocabulary = content.Vocabulary,
                ContentHash = read.Hash,
                RowCount = rows,
                RejectedCount = content.Faults.Count,
                UnknownCount = unknown,
                LoadedAt = time.GetUtcNow(),
            };
            if (content.Vocabulary is { } vocabulary)
            {
                await ReferenceFileStore.ReplaceIdsAsync(transaction.Connection, file.Name, vocabulary, ids, cancellationToken);
            }
            else
            {
                var tokens = content.Decimals
                    .Select(row => new TokenDecimals
                    {
                        Platform = row.Contract.Platform,
                        Address = row.Contract.Address,
                        FileName = file.Name,
                        Decimals = row.Decimals,
                    });
                await ReferenceFileStore.ReplaceDecimalsAsync(transaction.Connection, file.Name, [.. tokens], cancellationToken);
            }
        }

        await ReferenceFileStore.RecordAsync(transaction.Connection, record, file.Kind, file.Name,
            [.. content.Faults.Select(fault => CreateError(file, fault))], cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        Tell(file, content, record);
    }

    /// <summary>
    /// Finds the listings that a crosswalk's ids name. An id that names none, or several assets, makes its row a bad one.
    /// </summary>
    private static async Task<(List<ExternalId> Ids, int Unknown)> MatchAsync(
        NpgsqlConnection connection, ReferencePath file, ReferenceContent content, CancellationToken cancellationToken)
    {
        var found = await ReferenceFileStore.FindAsync(connection, [.. content.Ids.Select(row => row.Id)], cancellationToken);
        var ids = new Dictionary<(string Value, Guid ListingId), ExternalId>();
        var first = new Dictionary<string, (Guid AssetId, long Line)>(StringComparer.Ordinal);
        var unknown = 0;
        for (var place = 0; place < content.Ids.Count; place++)
        {
            var row = content.Ids[place];
            if (!found.TryGetValue(place, out var listing))
            {
                unknown++;
                content.Faults.Add(new(row.Line, ReferenceReason.UnknownId, $"{row.Id.Text} names nothing in the catalogue.", row.Text));
            }
            else if (listing.IsAmbiguous)
            {
                content.Faults.Add(new(row.Line, ReferenceReason.AmbiguousId, $"{row.Id.Text} names several assets.", row.Text));
            }
            else if (first.TryGetValue(row.Value, out var earlier) && earlier.AssetId != listing.AssetId)
            {
                content.Faults.Add(new(row.Line, ReferenceReason.Conflicting, $"line {earlier.Line} gives {row.Value} to another asset.",
                    row.Text));
            }
            else
            {
                first.TryAdd(row.Value, (listing.AssetId, row.Line));
                ids.TryAdd(
                    (row.Value, listing.ListingId),
                    new()
                    {
                        Vocabulary = content.Vocabulary!,
                        Value = row.Value,
                        ListingId = listing.ListingId,
                        FileName = file.Name,
                        Line = row.Line,
                    });
            }
        }

        return ([.. ids.Values], unknown);
    }

    private ReferenceFileError CreateError(ReferencePath file, ReferenceFault fault) => new()
    {
        Kind = file.Kind,
        FileName = file.Name,
        Line = fault.Line,
        Reason = fault.Reason,
        Detail = RejectedRecordStore.Storable(fault.Detail, secrets.Redact)!,
        Payload = RejectedRecordStore.Storable(fault.Text, secrets.Redact)!,
    };

    private void Tell(ReferencePath file, ReferenceContent content, ReferenceFile? record)
    {
        telemetry.ReferenceRows(file.Kind, "loaded", record?.RowCount ?? 0);
        telemetry.ReferenceRows(file.Kind, "rejected", content.Faults.Count);
        foreach (var fault in content.Faults.OrderBy(fault => fault.Line).Take(MaxLogged))
        {
            Log.Rejected(logger, file.Name, fault.Line, fault.Reason, secrets.Redact(fault.Detail));
        }

        if (record is null)
        {
            Log.Refused(logger, file.Name);
        }
        else
        {
            Log.Loaded(logger, file.Name, record.RowCount, content.Vocabulary ?? file.Kind, content.Faults.Count);
        }
    }

    private static (long Length, DateTime WrittenAt) GetState(string path)
    {
        var file = new FileInfo(path);
        return (file.Length, file.LastWriteTimeUtc);
    }

    private static async Task<Guid> HashAsync(string path, CancellationToken cancellationToken)
    {
        var hash = new XxHash128();
        await using var file = File.OpenRead(path);
        await hash.AppendAsync(file, cancellationToken);
        return new(hash.GetCurrentHash(), bigEndian: true);
    }

    private sealed record ReferencePath(string Kind, string Path, string Name);

    private sealed record ReadFile(ReferenceContent Content, Guid Hash, StoredReferenceFile? Stored);

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "{File} is being written: the next ingestion reads it.")]
        public static partial void BeingWritten(ILogger logger, string file);

        [LoggerMessage(LogLevel.Information, "{File}: {Rows} rows of {Vocabulary} loaded, {Rejected} rejected.")]
        public static partial void Loaded(ILogger logger, string file, int rows, string vocabulary, int rejected);

        [LoggerMessage(LogLevel.Warning, "{File}, line {Line}: {Reason}: {Detail}")]
        public static partial void Rejected(ILogger logger, string file, long line, string reason, string detail);

        [LoggerMessage(LogLevel.Error, "{File} cannot be used; what was loaded of it before stays.")]
        public static partial void Refused(ILogger logger, string file);
    }
}
