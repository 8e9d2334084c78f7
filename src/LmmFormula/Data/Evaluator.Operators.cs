using System;
using System.Collections.Generic;
using System.Linq;
using LmmFormula.Language;

namespace LmmFormula.Data;

// Operators: arithmetic, comparison, logic, membership. Vectors of length 1 recycle.
internal sealed partial class Evaluator
{
    private Value? OfUnary(Expression.Unary unary)
    {
        if (Evaluate(unary.Operand) is not { } value) return null;
        if (unary.Operator == "!") return Truths(value, unary.Operand, "'!'") is { } truths ? Logical(truths.Length, i => Not(truths[i])) : null;
        if (unary.Operator == "~") return Fail(unary.Span, ModelCodes.Unsupported, "a formula is not a column");
        if (unary.Operator == "-" && value is Value.Vector { Column: Column.Integer integer })
            return new Value.Vector(new Column.Integer(integer.Values.ToArray().Select(i => i == Column.MissingInteger ? i : -i).ToArray()));
        if (Numbers(value, unary.Operand, $"arithmetic ('{unary.Operator}')") is not { } numbers) return null;
        return unary.Operator == "-" ? Map(numbers, x => -x) : value;
    }

    // Chains lean to the left and may be long: they are walked.
    private Value? OfChain(Expression.Binary binary)
    {
        var spine = new Stack<Expression.Binary>();
        Expression at = binary;
        for (; at is Expression.Binary next; at = next.Left) spine.Push(next);
        var left = Evaluate(at);
        while (spine.Count > 0)
        {
            var next = spine.Pop();
            var right = Evaluate(next.Right);
            left = left is null || right is null ? null : Combine(next, left, right);
        }
        return left;
    }

    private Value? Combine(Expression.Binary at, Value left, Value right)
    {
        if (left is Value.Vector { Column: var x } && right is Value.Vector { Column: var y })
        {
            var (a, b) = Columns.InOneUnit(x, y);
            (left, right) = (ReferenceEquals(a, x) ? left : new Value.Vector(a), ReferenceEquals(b, y) ? right : new Value.Vector(b));
        }
        return CombineAlike(at, left, right);
    }

    private Value? CombineAlike(Expression.Binary at, Value left, Value right) => at.Operator switch
    {
        "+" => Arithmetic(at, left, right, (x, y) => x + y, whole: true),
        "-" => Arithmetic(at, left, right, (x, y) => x - y, whole: true),
        "*" => Arithmetic(at, left, right, (x, y) => x * y, whole: true),
        "/" => Arithmetic(at, left, right, (x, y) => x / y),
        "^" => Arithmetic(at, left, right, Data.Arithmetic.Power),
        "%%" => Arithmetic(at, left, right, Data.Arithmetic.Modulo, whole: true),
        "%/%" => Arithmetic(at, left, right, Data.Arithmetic.Quotient, whole: true),
        ":" => Sequence(at, left, right),
        "%in%" => Within(left, right),
        "&" => Logic(at, left, right, And),
        "|" => Logic(at, left, right, Or),
        "<" or ">" or "<=" or ">=" or "==" or "!=" => Compare(at, left, right),
        _ => Fail(at.OperatorSpan, ModelCodes.BadOperator, $"unknown operator {at.Operator}"),
    };

    private Value? Arithmetic(Expression.Binary at, Value left, Value right, Func<double, double, double> f, bool whole = false)
    {
        var who = $"arithmetic ('{at.Operator}')";
        var (x, y) = (Numbers(left, at.Left, who), Numbers(right, at.Right, who));
        if (x is not { } a || y is not { } b || CommonLength(at, a.Length, b.Length) is not { } n) return null;
        var result = new double[n];
        var p = a.Span;
        var q = b.Span;
        if (p.Length == q.Length)
        {
            for (var i = 0; i < n; i++) result[i] = f(p[i], q[i]);
        }
        else
        {
            for (var i = 0; i < n; i++) result[i] = f(p.Length == 1 ? p[0] : p[i], q.Length == 1 ? q[0] : q[i]);
        }
        return new Value.Vector(whole && IsWhole(left) && IsWhole(right) ? AsIntegers(result) : new Column.Number(result));
    }

    private static bool IsLabelled(Value value) => value is Value.Coded or Value.Vector { Column: Column.Factor or Column.Text };

    private static bool IsWhole(Value value) => value is Value.Vector { Column: Column.Integer or Column.Logical };

    private static Column.Integer AsIntegers(double[] numbers)
    {
        var result = new int[numbers.Length];
        for (var i = 0; i < result.Length; i++) result[i] = Math.Abs(numbers[i]) <= int.MaxValue ? (int)numbers[i] : Column.MissingInteger;
        return new(result);
    }

    private int? CommonLength(Expression.Binary at, int a, int b)
    {
        if (a == b || b == 1) return a;
        if (a == 1) return b;
        Fail(at.OperatorSpan, ModelCodes.BadArguments, $"'{at.Operator}' cannot combine {a} and {b} values");
        return null;
    }

    private Value? Sequence(Expression.Binary at, Value left, Value right)
    {
        if (IsLabelled(left) || IsLabelled(right))
            return Fail(at.OperatorSpan, ModelCodes.Unsupported,
                "':' inside a variable makes a sequence of numbers; for combinations of levels use interaction()");
        if (Numbers(left, at.Left, "':'") is not { Length: 1 } from || Numbers(right, at.Right, "':'") is not { Length: 1 } to)
            return Fail(at.OperatorSpan, ModelCodes.BadArguments, "':' inside a variable needs two single numbers");
        var (first, last) = (from.Span[0], to.Span[0]);
        if (!(Math.Abs(last - first) < 1e6)) return Fail(at.OperatorSpan, ModelCodes.BadArguments, "the sequence is too long");
        var step = last < first ? -1 : 1;
        var values = Enumerable.Range(0, (int)(Math.Abs(last - first) + 1e-10) + 1).Select(i => first + (step * i)).ToArray();
        return new Value.Vector(first == Math.Floor(first) ? AsIntegers(values) : new Column.Number(values));
    }

    private static Value? Within(Value left, Value right)
    {
        if (left is not Value.Vector { Column: var x } || right is not Value.Vector { Column: var table }) return null;
        if (x is Column.Text or Column.Factor || table is Column.Text or Column.Factor)
        {
            var labels = new HashSet<string?>(Columns.Labels(table));
            var values = Columns.Labels(x);
            return Logical(values.Length, i => labels.Contains(values[i]) ? 1 : 0);
        }
        var numbers = new HashSet<double>(Real(table).ToArray());
        var reals = Real(x);
        return Logical(reals.Length, i => numbers.Contains(reals.Span[i]) ? 1 : 0);
    }

    private Value? Logic(Expression.Binary at, Value left, Value right, Func<int, int, int> f)
    {
        if (at.Operator == "|" && (IsLabelled(left) || IsLabelled(right)))
            return Fail(at.OperatorSpan, ModelCodes.MisplacedBar, "'|' is not allowed on a factor: a random-effect term (effects | group) is added with '+'");
        var who = $"'{at.Operator}'";
        if (Truths(left, at.Left, who) is not { } a || Truths(right, at.Right, who) is not { } b || CommonLength(at, a.Length, b.Length) is not { } n) return null;
        return Logical(n, i => f(a[a.Length == 1 ? 0 : i], b[b.Length == 1 ? 0 : i]));
    }

    private Value? Compare(Expression.Binary at, Value left, Value right)
    {
        if (left is Value.Coded p) left = new Value.Vector(p.Factor);
        if (right is Value.Coded q) right = new Value.Vector(q.Factor);
        if (left is not Value.Vector { Column: var x } || right is not Value.Vector { Column: var y })
            return Fail(at.OperatorSpan, ModelCodes.NotNumeric, $"'{at.Operator}' compares single columns");
        if (CommonLength(at, x.Count, y.Count) is not { } n) return null;
        if (Comparable(x, y, at.Left) is not { } comparableLeft || Comparable(y, x, at.Right) is not { } comparableRight) return null;
        (x, y) = Columns.InOneUnit(comparableLeft, comparableRight);
        var equality = at.Operator is "==" or "!=";
        if (!equality && (x is Column.Factor || y is Column.Factor)) return CompareOrdered(at, x, y, n);
        if (x is Column.Text or Column.Factor || y is Column.Text or Column.Factor)
        {
            var (a, b) = (Columns.Labels(x), Columns.Labels(y));
            var comparer = equality ? StringComparer.Ordinal : Collations.Comparer(collation);
            return Logical(n, i => (a[a.Length == 1 ? 0 : i], b[b.Length == 1 ? 0 : i]) switch
            {
                ({ } s, { } t) => Holds(at.Operator, comparer.Compare(s, t)),
                _ => -1,
            });
        }
        var (c, d) = (Real(x), Real(y));
        return Logical(n, i => HoldsFor(at.Operator, c.Span[c.Length == 1 ? 0 : i], d.Span[d.Length == 1 ? 0 : i]));
    }

    // Ordered factors compare by position; text stands for the level of that label.
    private Value? CompareOrdered(Expression.Binary at, Column x, Column y, int n)
    {
        if ((x as Column.Factor ?? y as Column.Factor) is not { Ordered: true } ordered)
            return Fail(at.OperatorSpan, ModelCodes.NotNumeric, $"'{at.Operator}' has no meaning for a factor without order");
        if (Positions(x) is not { } a || Positions(y) is not { } b) return null;
        return Logical(n, i => (a[a.Length == 1 ? 0 : i], b[b.Length == 1 ? 0 : i]) is ( >= 0, >= 0) and var (s, t) ? Holds(at.Operator, s.CompareTo(t)) : -1);

        int[]? Positions(Column column)
        {
            if (column is Column.Factor factor && factor.Levels == ordered.Levels) return factor.Codes.ToArray();
            var labels = Columns.Labels(column);
            var rank = ordered.Levels.Select((label, i) => (label, i)).ToDictionary(pair => pair.label, pair => pair.i);
            if (Array.Find(labels, label => label is not null && !rank.ContainsKey(label)) is not { } unknown)
                return Array.ConvertAll(labels, label => label is null ? -1 : rank[label]);
            Fail(ReferenceEquals(column, x) ? at.Left.Span : at.Right.Span, ModelCodes.BadLevel,
                $"'{unknown}' is not one of the levels {string.Join(", ", ordered.Levels)}");
            return null;
        }
    }

    private static int Holds(string symbol, int order) => symbol switch
    {
        "<" => order < 0,
        ">" => order > 0,
        "<=" => order <= 0,
        ">=" => order >= 0,
        "==" => order == 0,
        _ => order != 0,
    } ? 1 : 0;

    private static int HoldsFor(string symbol, double x, double y) => double.IsNaN(x) || double.IsNaN(y) ? -1 : Holds(symbol, x.CompareTo(y));

    private static int Not(int x) => x < 0 ? -1 : 1 - x;

    private static int And(int x, int y) => x == 0 || y == 0 ? 0 : x < 0 || y < 0 ? -1 : 1;

    private static int Or(int x, int y) => x == 1 || y == 1 ? 1 : x < 0 || y < 0 ? -1 : 0;

    private int[]? Truths(Value value, Expression at, string who)
    {
        if (Numbers(value, at, who) is not { } numbers) return null;
        var truths = new int[numbers.Length];
        for (var i = 0; i < truths.Length; i++) truths[i] = double.IsNaN(numbers.Span[i]) ? -1 : numbers.Span[i] != 0 ? 1 : 0;
        return truths;
    }

    private static Value.Vector Logical(int n, Func<int, int> truth)
    {
        var values = new sbyte[n];
        for (var i = 0; i < n; i++) values[i] = (sbyte)truth(i);
        return new(new Column.Logical(values));
    }

    private static ReadOnlyMemory<double> Real(Column column) => Columns.Numbers(column) ?? throw new InvalidOperationException("labels are not numbers");

    private static Value.Vector Map(ReadOnlyMemory<double> numbers, Func<double, double> f)
    {
        var source = numbers.Span;
        var result = GC.AllocateUninitializedArray<double>(source.Length);
        for (var i = 0; i < result.Length; i++) result[i] = f(source[i]);
        return new(new Column.Number(result));
    }
}
