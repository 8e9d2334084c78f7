using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace LmmFormula.Estimation.Mixed;

/// <summary>
/// Omega as a function of lambda, and the adjoint of that function: from the derivative of a criterion in Omega to that in
/// lambda. Both are one pass over the cross-products.
/// </summary>
internal static unsafe class PenalizedSystem
{
    private const int Lanes = 4;

    /// <summary>The doubles of working memory that levels of at most so many effects need.</summary>
    public static int WorkSize(int widest) => (3 + Lanes) * widest * widest;

    /// <summary>Writes the lower triangle of Omega into a zeroed factor; for the work see <see cref="WorkSize"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Assemble(CrossProducts products, FactorLayout layout, double[][] lambdas, double* target, double* work)
    {
        var tail = products.Projection.Length + 1;
        for (var b = 0; b < products.Blocks.Length; b++)
        {
            var block = products.Blocks[b];
            var s = block.Width;
            var upper = work + (s * s);
            fixed (double* lambda = lambdas[b], diagonal = block.Diagonal, xy = block.Xy)
            {
                Transpose(lambda, s, s, upper, s);
                for (var l = 0; l < block.Levels; l++)
                {
                    var place = Place(layout, b, l, target);
                    Sandwich(diagonal + (l * s * s), upper, lambda, s, s, work, place.Square, place.Stride);
                    for (var e = 0; e < s; e++) place.Square[(e * place.Stride) + e] += 1;
                    TimesLower(xy + (l * s * tail), lambda, tail, s, place.Edge, place.Stride);
                }
            }
        }
        for (var k = 0; k < products.Pairs.Length; k++) AssemblePairs(products, layout, lambdas, k, target, work);
        var corner = target + layout.Root + ((nint)layout.RootEffects * layout.RootStride) + layout.RootEffects;
        for (var j = 0; j < tail; j++)
        {
            for (var i = j; i < tail; i++) corner[((long)j * layout.RootStride) + i] = products.Fixed[(j * tail) + i];
        }
    }

    /// <summary>The derivative in each block's lambda, 2 sum (A Lam S), given S, the derivative in Omega.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Adjoint(CrossProducts products, FactorLayout layout, double[][] lambdas, double* s, double[][] derivatives, double* work)
    {
        var tail = products.Projection.Length + 1;
        for (var b = 0; b < products.Blocks.Length; b++)
        {
            var block = products.Blocks[b];
            var w = block.Width;
            var sums = work + (w * w);
            new System.Span<double>(derivatives[b]).Clear();
            new System.Span<double>(sums, Lanes * w * w).Clear();
            fixed (double* lambda = lambdas[b], diagonal = block.Diagonal, xy = block.Xy, derivative = derivatives[b])
            {
                for (var l = 0; l < block.Levels; l++)
                {
                    var place = Place(layout, b, l, s);
                    TimesLower(diagonal + (l * w * w), lambda, w, w, work, w);
                    AddTimes(work, place.Square, place.Stride, w, w, derivative);
                    AddTransposedTimes(xy + (l * w * tail), place.Edge, place.Stride, tail, w, w, derivative, sums);
                }
                AddLanes(sums, w * w, derivative);
            }
        }
        for (var k = 0; k < products.Pairs.Length; k++) AdjointPairs(products, layout, lambdas, k, s, derivatives, work);
        foreach (var derivative in derivatives)
        {
            for (var i = 0; i < derivative.Length; i++) derivative[i] *= 2;
        }
    }

    /// <summary>A level's square on the diagonal, its rows of [X y] and their leading dimension.</summary>
    private readonly struct LevelPlace(double* square, double* edge, int stride)
    {
        public double* Square { get; } = square;

        public double* Edge { get; } = edge;

        public int Stride { get; } = stride;
    }

    /// <summary>A level's square on the diagonal, its rows of [X y] and their leading dimension.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static LevelPlace Place(FactorLayout layout, int block, int level, double* buffer)
    {
        var height = layout.Height[block][level];
        if (layout.Node[block][level] is >= 0 and var t)
        {
            var panel = buffer + layout.Panel[t];
            return new(panel, panel + height - layout.Tail, height);
        }
        var at = layout.Position[block][level] - layout.RootStart;
        var column = buffer + layout.Root + ((nint)at * height);
        return new(column + at, column + layout.RootEffects, height);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AssemblePairs(CrossProducts products, FactorLayout layout, double[][] lambdas, int k, double* target, double* work)
    {
        var pair = products.Pairs[k];
        var (s, w) = (products.Blocks[pair.First].Width, products.Blocks[pair.Second].Width);
        fixed (double* first = lambdas[pair.First], second = lambdas[pair.Second], values = pair.Values)
        fixed (int* targets = layout.Target[k], others = pair.Other)
        fixed (int* firstHeight = layout.Height[pair.First], secondHeight = layout.Height[pair.Second])
        {
            if (s == 1 && w == 1)
            {
                var scale = first[0] * second[0];
                for (var slot = 0; slot < pair.Other.Length; slot++)
                {
                    var at = targets[slot];
                    target[at ^ (at >> 31)] = values[slot] * scale;
                }
                return;
            }
            var upper = work + (2 * s * w);
            Transpose(second, w, w, upper, w);
            for (var l = 0; l + 1 < pair.Start.Length; l++)
            {
                for (var slot = pair.Start[l]; slot < pair.Start[l + 1]; slot++)
                {
                    var a = values + ((nint)slot * s * w);
                    if (targets[slot] >= 0)
                    {
                        Sandwich(a, upper, first, w, s, work, target + targets[slot], firstHeight[l]);
                        continue;
                    }
                    Sandwich(a, upper, first, w, s, work, work + (s * w), w);
                    Transpose(work + (s * w), w, s, target + ~targets[slot], secondHeight[others[slot]]);
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AdjointPairs(CrossProducts products, FactorLayout layout, double[][] lambdas, int k, double* inverse, double[][] derivatives, double* work)
    {
        var pair = products.Pairs[k];
        var (s, w) = (products.Blocks[pair.First].Width, products.Blocks[pair.Second].Width);
        fixed (double* first = lambdas[pair.First], second = lambdas[pair.Second], values = pair.Values)
        fixed (double* byFirst = derivatives[pair.First], bySecond = derivatives[pair.Second])
        fixed (int* targets = layout.Target[k], others = pair.Other)
        fixed (int* firstHeight = layout.Height[pair.First], secondHeight = layout.Height[pair.Second])
        {
            if (s == 1 && w == 1)
            {
                var sum = 0.0;
                for (var slot = 0; slot < pair.Other.Length; slot++)
                {
                    var at = targets[slot];
                    sum += values[slot] * inverse[at ^ (at >> 31)];
                }
                byFirst[0] += sum * second[0];
                bySecond[0] += sum * first[0];
                return;
            }
            var upper = work + (2 * s * w);
            var sums = upper + (w * w);
            Transpose(second, w, w, upper, w);
            new System.Span<double>(sums, Lanes * s * s).Clear();
            for (var l = 0; l + 1 < pair.Start.Length; l++)
            {
                for (var slot = pair.Start[l]; slot < pair.Start[l + 1]; slot++)
                {
                    var a = values + ((nint)slot * s * w);
                    var block = inverse + targets[slot];
                    var stride = firstHeight[l];
                    if (targets[slot] < 0)
                    {
                        block = work + (s * w);
                        stride = w;
                        Transpose(inverse + ~targets[slot], s, w, secondHeight[others[slot]], block, stride);
                    }
                    // A is w x s, S is w x s: the first block gets (lambda_c'A)'S, the second (A lambda_b) S'.
                    UpperTimes(a, upper, w, s, work);
                    AddTransposedTimes(work, block, stride, w, s, s, byFirst, sums);
                    TimesLower(a, first, w, s, work, w);
                    AddTimesTransposed(work, block, stride, w, s, bySecond);
                }
            }
            AddLanes(sums, s * s, byFirst);
        }
    }

    /// <summary>target = A', with A rows x columns without gaps.</summary>
    private static void Transpose(double* a, int rows, int columns, double* target, int stride) =>
        Transpose(a, rows, columns, rows, target, stride);

    /// <summary>target = A', with A rows x columns.</summary>
    private static void Transpose(double* a, int rows, int columns, int aStride, double* target, int stride)
    {
        for (var j = 0; j < columns; j++)
        {
            for (var i = 0; i < rows; i++) target[(i * stride) + j] = a[(j * aStride) + i];
        }
    }

    /// <summary>target = upper A right, with A rows x columns, one factor upper and the other lower triangular.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Sandwich(double* a, double* upper, double* right, int rows, int columns, double* work, double* target, int stride)
    {
        if (rows == 1 && columns == 1)
        {
            target[0] = a[0] * upper[0] * right[0];
            return;
        }
        UpperTimes(a, upper, rows, columns, work);
        TimesLower(work, right, rows, columns, target, stride);
    }

    /// <summary>target = upper A.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void UpperTimes(double* a, double* upper, int rows, int columns, double* target)
    {
        for (var j = 0; j < columns; j++)
        {
            var i = 0;
            for (; i + Lanes <= rows; i += Lanes)
            {
                var sum = Vector256<double>.Zero;
                for (var k = i; k < rows; k++)
                {
                    sum = Vector256.FusedMultiplyAdd(Vector256.Load(upper + (k * rows) + i), Vector256.Create(a[(j * rows) + k]), sum);
                }
                sum.Store(target + (j * rows) + i);
            }
            for (; i < rows; i++)
            {
                var sum = 0.0;
                for (var k = i; k < rows; k++) sum += upper[(k * rows) + i] * a[(j * rows) + k];
                target[(j * rows) + i] = sum;
            }
        }
    }

    /// <summary>target = A lower.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void TimesLower(double* a, double* lower, int rows, int columns, double* target, int stride)
    {
        for (var j = 0; j < columns; j++)
        {
            var i = 0;
            for (; i + Lanes <= rows; i += Lanes)
            {
                var sum = Vector256<double>.Zero;
                for (var k = j; k < columns; k++)
                {
                    sum = Vector256.FusedMultiplyAdd(Vector256.Load(a + (k * rows) + i), Vector256.Create(lower[(j * columns) + k]), sum);
                }
                sum.Store(target + (j * stride) + i);
            }
            for (; i < rows; i++)
            {
                var sum = 0.0;
                for (var k = j; k < columns; k++) sum += a[(k * rows) + i] * lower[(j * columns) + k];
                target[(j * stride) + i] = sum;
            }
        }
    }

    /// <summary>target += A B, with A rows x rows and B rows x columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddTimes(double* a, double* b, int stride, int rows, int columns, double* target)
    {
        for (var j = 0; j < columns; j++)
        {
            for (var k = 0; k < rows; k++) AddColumn(a + (k * rows), b[(j * stride) + k], rows, target + (j * rows));
        }
    }

    /// <summary>target += A B', with A and B rows x columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddTimesTransposed(double* a, double* b, int stride, int rows, int columns, double* target)
    {
        for (var j = 0; j < rows; j++)
        {
            for (var e = 0; e < columns; e++) AddColumn(a + (e * rows), b[(e * stride) + j], rows, target + (j * rows));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddColumn(double* source, double factor, int rows, double* target)
    {
        var i = 0;
        for (; i + Lanes <= rows; i += Lanes)
        {
            Vector256.FusedMultiplyAdd(Vector256.Load(source + i), Vector256.Create(factor), Vector256.Load(target + i)).Store(target + i);
        }
        for (; i < rows; i++) target[i] += source[i] * factor;
    }

    /// <summary>
    /// target += A'B, with A depth x rows and B depth x columns. Whole lanes of the depth are summed apart, to be added up by
    /// <see cref="AddLanes"/> after all products.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddTransposedTimes(double* a, double* b, int stride, int depth, int rows, int columns, double* target, double* sums)
    {
        for (var j = 0; j < columns; j++)
        {
            for (var i = 0; i < rows; i++)
            {
                var k = 0;
                var lanes = sums + (Lanes * ((j * rows) + i));
                for (; k + Lanes <= depth; k += Lanes)
                {
                    Vector256.FusedMultiplyAdd(Vector256.Load(a + (i * depth) + k), Vector256.Load(b + (j * stride) + k), Vector256.Load(lanes)).Store(lanes);
                }
                var sum = 0.0;
                for (; k < depth; k++) sum += a[(i * depth) + k] * b[(j * stride) + k];
                target[(j * rows) + i] += sum;
            }
        }
    }

    private static void AddLanes(double* sums, int count, double* target)
    {
        for (var i = 0; i < count; i++) target[i] += Vector256.Sum(Vector256.Load(sums + (Lanes * i)));
    }
}
