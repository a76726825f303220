using Kasparro.Data.Schema;

namespace Kasparro.Tests.Unit.Data;

public sealed class ScramVerifierTests
{
    [Fact]
    public void Verifier_is_that_of_RFC_7677s_example()
    {
        Assert.Equal(
            "SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$"
                + "WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=",
            ScramVerifier.Create("pencil", Convert.FromBase64String("W22ZaJ0SNY7soEsUEjb6gQ==")));
    }

    [Fact]
    public void Verifiers_of_one_password_differ_by_their_salt()
    {
        Assert.NotEqual(ScramVerifier.Create("pencil"), ScramVerifier.Create("pencil"));
    }
}
