using System.Collections.Generic;
using System.Globalization;
using System.Text;

namespace LmmFormula.Language;

/// <summary>
/// The canonical text of expressions: R's deparse. Labels, column names and the equality of variables all use it.
/// Chains of operators are walked, not recursed into, so that very long sums print.
/// </summary>
internal static class CanonicalText
{
    /// <summary>The canonical text of an expression.</summary>
    public static string Of(Expression expression)
    {
        if (expression is Expression.Name name) return OfName(name.Identifier);
        var text = new StringBuilder();
        Write(text, expression);
        return text.ToString();
    }

    /// <summary>A name as it prints: raw if it is a syntactic name, else in backquotes.</summary>
    public static string OfName(string name) => Words.IsSyntactic(name) ? name : "`" + name.Replace("\\", "\\\\").Replace("`", "\\`") + "`";

    private static void Write(StringBuilder text, Expression expression)
    {
        switch (expression)
        {
            case Expression.Number number:
                text.Append(number.IsInteger ? number.Value.ToString("0", CultureInfo.InvariantCulture) + "L" : NumberText.Of(number.Value));
                break;
            case Expression.Text quoted:
                WriteText(text, quoted.Value);
                break;
            case Expression.Constant constant:
                text.Append(constant.Word);
                break;
            case Expression.Name name:
                text.Append(OfName(name.Identifier));
                break;
            case Expression.Parentheses parentheses:
                text.Append('(');
                Write(text, parentheses.Inner);
                text.Append(')');
                break;
            case Expression.Unary unary:
                text.Append(unary.Operator);
                Write(text, unary.Operand);
                break;
            case Expression.Binary binary:
                WriteChain(text, binary);
                break;
            case Expression.Call call:
                Write(text, call.Function);
                WriteArguments(text, "(", call.Arguments, ")");
                break;
            case Expression.Index index:
                Write(text, index.Target);
                WriteArguments(text, index.IsDouble ? "[[" : "[", index.Arguments, index.IsDouble ? "]]" : "]");
                break;
            case Expression.Member member:
                Write(text, member.Target);
                text.Append(member.Operator);
                Write(text, member.Selected);
                break;
        }
    }

    private static void WriteChain(StringBuilder text, Expression.Binary binary)
    {
        var spine = new Stack<Expression.Binary>();
        Expression at = binary;
        for (; at is Expression.Binary next; at = next.Left) spine.Push(next);
        Write(text, at);
        while (spine.Count > 0)
        {
            var next = spine.Pop();
            var spaced = Operators.Find(next.Operator).Spaced;
            if (spaced) text.Append(' ');
            text.Append(next.Operator);
            if (spaced) text.Append(' ');
            Write(text, next.Right);
        }
    }

    private static void WriteArguments(StringBuilder text, string open, EquatableArray<Argument> arguments, string close)
    {
        text.Append(open);
        for (var i = 0; i < arguments.Count; i++)
        {
            if (i > 0) text.Append(", ");
            if (arguments[i].Name is { } name) text.Append(OfName(name)).Append(" = ");
            if (arguments[i].Value is { } value) Write(text, value);
        }
        text.Append(close);
    }

    private static void WriteText(StringBuilder text, string value)
    {
        text.Append('"');
        foreach (var c in value)
        {
            text.Append(c switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                '\n' => "\\n",
                '\t' => "\\t",
                '\r' => "\\r",
                _ => c.ToString(),
            });
        }
        text.Append('"');
    }
}
