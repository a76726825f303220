namespace Kasparro.Api.Vendors;

/// <summary>The exception for a request to a vendor's route that the vendor would refuse, too.</summary>
/// <param name="status">The HTTP status.</param>
/// <param name="message">The error, in the vendor's words.</param>
internal sealed class VendorException(int status, string message) : Exception(message)
{
    /// <summary>The HTTP status.</summary>
    public int Status => status;
}
