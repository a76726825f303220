namespace Kasparro.Ingestion.Model;

/// <summary>Why a record cannot be loaded; the codes are public, in <c>rejected_records.reason</c>.</summary>
internal static class RejectionReason
{
    /// <summary>A required field is missing or blank.</summary>
    public const string MissingField = "missing_field";

    /// <summary>A field has a different JSON type than the upstream documents.</summary>
    public const string WrongType = "wrong_type";

    /// <summary>A number cannot be parsed.</summary>
    public const string BadNumber = "bad_number";

    /// <summary>A number is outside the range of an IEEE double, or negative where that makes no sense.</summary>
    public const string NumberOutOfRange = "number_out_of_range";

    /// <summary>A time cannot be parsed.</summary>
    public const string BadTime = "bad_time";

    /// <summary>A text is longer than any legitimate one.</summary>
    public const string TooLong = "too_long";

    /// <summary>A text contains a NUL character, which PostgreSQL cannot store.</summary>
    public const string NulCharacter = "nul_character";

    /// <summary>A text contains bytes that are not valid UTF-8, or half of a surrogate pair.</summary>
    public const string InvalidText = "invalid_text";

    /// <summary>The record is nested more deeply than any legitimate one.</summary>
    public const string TooDeep = "too_deep";

    /// <summary>A field drifted, and its policy is to reject such records.</summary>
    public const string SchemaDrift = "schema_drift";

    /// <summary>The upstream refuses the list; the payload names it.</summary>
    public const string Refused = "refused";

    /// <summary>A CSV row has more or fewer fields than the header, or a quote that is never closed.</summary>
    public const string MalformedRow = "malformed_row";
}
