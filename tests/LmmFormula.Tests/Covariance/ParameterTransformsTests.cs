using System;
using CsCheck;
using LmmFormula.Covariance;
using LmmFormula.Estimation;
using Xunit;

namespace LmmFormula.Tests.Covariance;

public class ParameterTransformsTests
{
    private static readonly ParameterTransform[] Transforms =
    [
        new ParameterTransform.Unconstrained(), new ParameterTransform.Above(-1), new ParameterTransform.Between(-1, 1),
        new ParameterTransform.Correlations(4), new ParameterTransform.Covariances(3), new ParameterTransform.Stationary(3, false),
        new ParameterTransform.Stationary(2, true), new ParameterTransform.Autocorrelations(3), new ParameterTransform.Autocovariances(2),
        new ParameterTransform.SharedCovariance(4),
    ];

    public static TheoryData<int> Numbers() => [.. System.Linq.Enumerable.Range(0, Transforms.Length)];

    [Theory]
    [MemberData(nameof(Numbers))]
    public void Natural_parameters_lead_back_to_themselves(int number) => Sample(number, (transform, free, _) =>
    {
        var (natural, _) = Natural(transform, free);
        var back = new double[free.Length];
        Assert.True(ParameterTransforms.TryToFree(transform, natural, back));
        var (again, _) = Natural(transform, back);
        for (var i = 0; i < natural.Length; i++) Assert.Equal(natural[i], again[i], 1e-10);
    });

    [Theory]
    [MemberData(nameof(Numbers))]
    public void The_Jacobian_and_the_bending_are_those_of_the_transform(int number) => Sample(number, (transform, free, gradient) =>
    {
        const double Step = 1e-5;
        var count = free.Length;
        var (_, jacobian) = Natural(transform, free);
        var bending = new double[count * count];
        ParameterTransforms.Bend(transform, free, gradient, bending);
        for (var j = 0; j < count; j++)
        {
            var point = (double[])free.Clone();
            point[j] = free[j] + Step;
            var (above, slopesAbove) = Natural(transform, point);
            point[j] = free[j] - Step;
            var (below, slopesBelow) = Natural(transform, point);
            for (var i = 0; i < count; i++)
            {
                Assert.Equal((above[i] - below[i]) / (2 * Step), jacobian[(j * count) + i], 1e-7);
                var slope = SmallDense.Dot(slopesAbove.AsSpan(i * count, count), gradient) - SmallDense.Dot(slopesBelow.AsSpan(i * count, count), gradient);
                Assert.Equal(slope / (2 * Step), bending[(j * count) + i], 1e-6);
            }
        }
    });

    private static void Sample(int number, Action<ParameterTransform, double[], double[]> check)
    {
        var transform = Transforms[number];
        var count = ParameterTransforms.Count(transform);
        Gen.Select(Gen.Double[0.1, 1.5].Array[count], Gen.Double[-1, 1].Array[count]).Sample((free, gradient) => check(transform, free, gradient), iter: 20);
    }

    private static (double[] Natural, double[] Jacobian) Natural(ParameterTransform transform, double[] free)
    {
        var (natural, jacobian) = (new double[free.Length], new double[free.Length * free.Length]);
        ParameterTransforms.ToNatural(transform, free, natural, jacobian);
        return (natural, jacobian);
    }
}
