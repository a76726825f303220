namespace Kasparro.Ingestion.Model;

/// <summary>Why a record cannot be loaded; the codes are public, in <c>rejected_records.reason</c>.</summary>
internal static class RejectionReason
{
    /// <summary>A field that must be there is missing or blank.</summary>
    public const string MissingField = "missing_field";

    /// <summary>A field has another JSON type than the upstream documents.</summary>
    public const string WrongType = "wrong_type";

    /// <summary>A number cannot be parsed.</summary>
    public const string BadNumber = "bad_number";

    /// <summary>A number is beyond an IEEE double, or negative where that makes no sense.</summary>
    public const string NumberOutOfRange = "number_out_of_range";

    /// <summary>A time cannot be parsed.</summary>
    public const string BadTime = "bad_time";

    /// <summary>A text is longer than any real one.</summary>
    public const string TooLong = "too_long";

    /// <summary>A text has a NUL character, which PostgreSQL cannot store.</summary>
    public const string NulCharacter = "nul_character";

    /// <summary>Bytes that are no UTF-8, or half of a surrogate pair.</summary>
    public const string InvalidText = "invalid_text";

    /// <summary>Nested deeper than any real record.</summary>
    public const string TooDeep = "too_deep";

    /// <summary>A field drifted whose policy is to reject its records.</summary>
    public const string SchemaDrift = "schema_drift";

    /// <summary>A CSV row with more or fewer fields than the header, or with a quote that is never closed.</summary>
    public const string MalformedRow = "malformed_row";
}
