using System.Text.RegularExpressions;
using Kasparro.Data.Catalogue;
using Kasparro.Ingestion.Model;

namespace Kasparro.Ingestion.Loading.References;

/// <summary>
/// Reads a crosswalk: two columns, an id in one of our vocabularies and an id in the file's vocabulary, which is named by the header or, if
/// there is none, by the file name.
/// </summary>
internal static partial class CrosswalkFile
{
    private const int MaxLength = 512;

    /// <summary>The columns' names in their usual order.</summary>
    private static readonly string[] Columns = ["id", "external_id"];

    /// <summary>Names of the column with our ids; a source's name is also accepted, for a column with that source's ids.</summary>
    private static readonly HashSet<string> OurNames = new(StringComparer.Ordinal)
    {
        "id", "asset", "asset_id", "kasparro", "kasparro_id", "caip19", "caip_19", "contract", "identifier",
    };

    /// <summary>Names of the other column that do not name a vocabulary.</summary>
    private static readonly HashSet<string> GenericNames = new(StringComparer.Ordinal) { "", "external_id", "external", "value", "code",
        "other_id" };

    /// <summary>Names that would hide one of this service's own vocabularies.</summary>
    private static readonly HashSet<string> Reserved = new(StringComparer.Ordinal) { "kasparro", "caip19", "contract", "former", "id" };

    /// <summary>Reads the file.</summary>
    /// <exception cref="Sources.SourceException">The file cannot be read.</exception>
    public static async Task<ReferenceContent> ReadAsync(string path, CancellationToken cancellationToken)
    {
        var head = Head.From(path);
        ReferenceContent? content = null;
        await foreach (var row in DelimitedRows.ReadAsync(path, Columns, cancellationToken))
        {
            if (content is null)
            {
                var header = row.Fault is null ? head.Apply(row.Fields) : null;
                content = new(ReferenceFileKind.Crosswalk, (header ?? head).Vocabulary);
                if (header is not null)
                {
                    head = header;
                    continue;
                }
            }

            Read(row, head, content);
        }

        content ??= Empty(head.Vocabulary);
        if (!IsVocabulary(head.Vocabulary))
        {
            content.Faults.Insert(0, new(0, ReferenceReason.BadVocabulary,
                $"'{head.Vocabulary}' cannot be a vocabulary of a file: it is not a name, or it is one of this service's own.", ""));
        }

        return content;
    }

    private static ReferenceContent Empty(string vocabulary)
    {
        var content = new ReferenceContent(ReferenceFileKind.Crosswalk, vocabulary);
        content.Faults.Add(new(0, ReferenceReason.Unreadable, "the file is empty; a header alone removes the vocabulary's ids.", ""));
        return content;
    }

    private static void Read(DelimitedRow row, Head head, ReferenceContent content)
    {
        if (row.Fault is { } fault)
        {
            Refuse(fault, row.Detail);
            return;
        }

        var (ours, other) = head.IsReversed ? (row.Fields[1], row.Fields[0]) : (row.Fields[0], row.Fields[1]);
        if (ours.Length == 0 || other.Length == 0)
        {
            Refuse(RejectionReason.MissingField, ours.Length == 0 ? "the id is missing." : "the external id is missing.");
        }
        else if (other.Length > MaxLength || other.Any(char.IsControl))
        {
            Refuse(RejectionReason.InvalidText, $"the external id must be 1 to {MaxLength} printable characters.");
        }
        else if (!AssetIdentifier.TryParse(head.Source is { } source && !ours.StartsWith($"{source}:", StringComparison.Ordinal)
            ? $"{source}:{ours}" : ours, out var id, out var error))
        {
            Refuse(ReferenceReason.BadId, $"the id {error}.");
        }
        else if (id.Kind is IdentifierKind.External)
        {
            Refuse(ReferenceReason.BadId, $"the id {AssetIdentifier.Vocabularies}.");
        }
        else
        {
            content.Ids.Add(new(row.Line, id, other, row.Text));
        }

        void Refuse(string reason, string detail) => content.Faults.Add(new(row.Line, reason, detail, row.Text));
    }

    private static bool IsVocabulary(string name) =>
        VocabularyName().IsMatch(name) && !Reserved.Contains(name) && !SourceNames.All.Contains(name, StringComparer.Ordinal)
        && PlatformMap.Find(name) is null && !PlatformMap.IsCaip2Namespace(name);

    private static string GetKey(string name) => Separators().Replace(name.Trim().ToLowerInvariant(), "_");

    [GeneratedRegex("^[a-z][-a-z0-9_.]{0,63}$", RegexOptions.None, 1000)]
    private static partial Regex VocabularyName();

    [GeneratedRegex(@"[\s-]+", RegexOptions.None, 1000)]
    private static partial Regex Separators();

    /// <summary>The file's columns, as its name and its header describe them.</summary>
    private sealed record Head(string Vocabulary, string? Source, bool IsReversed)
    {
        public static Head From(string path)
        {
            var name = Path.GetFileName(path);
            return new(GetKey(name[..(name.IndexOf('.', 1) is > 0 and var dot ? dot : name.Length)]), Source: null, IsReversed: false);
        }

        /// <summary>Returns the columns as the header describes them, or null if the row is not a header.</summary>
        public Head? Apply(IReadOnlyList<string> fields)
        {
            var (first, second) = (GetKey(fields[0]), GetKey(fields[1]));
            var isReversed = !IsOurs(first) && IsOurs(second);
            if (!isReversed && !IsOurs(first))
            {
                return null;
            }

            var (ours, other) = isReversed ? (second, first) : (first, second);
            return new(GenericNames.Contains(other) ? Vocabulary : other, FindSource(ours), isReversed);
        }

        private static bool IsOurs(string name) => OurNames.Contains(name) || FindSource(name) is not null;

        private static string? FindSource(string name) =>
            SourceNames.All.FirstOrDefault(source => name == source || name == $"{source}_id");
    }
}
