using LmmFormula.Fits;
using LmmFormula.Tests.Fits;
using Xunit;
using Xunit.Abstractions;

namespace LmmFormula.Tests.Certification;

/// <summary>The optimum of every reference fit stands before its certificate.</summary>
public class ReferenceCertificatesTests(ITestOutputHelper output)
{
    public static TheoryData<string> Cases() => FitsCorpusTests.Cases();

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_reference_fit_is_certified(string id)
    {
        var certificate = LmmFormula.Estimation.Certification.Certification.Of(FitsCorpusTests.FitOf(id), FitOptions.Default with { Criterion = FitsCases.Criterion(FitsCases.Find(id)) });
        foreach (var finding in certificate.Findings) output.WriteLine(finding);
        Assert.Equal(CertificateVerdict.Certified, certificate.Verdict);
    }
}
