using System.Collections.Generic;

namespace LmmFormula.Language;

/// <summary>Walks over syntax trees, without recursion: chains may be very long.</summary>
internal static class SyntaxWalk
{
    /// <summary>All nodes of a tree, parents first, left to right.</summary>
    public static IEnumerable<Expression> Nodes(Expression root)
    {
        var open = new Stack<Expression>();
        open.Push(root);
        while (open.Count > 0)
        {
            var node = open.Pop();
            yield return node;
            var children = Children(node);
            for (var i = children.Count - 1; i >= 0; i--) open.Push(children[i]);
        }
    }

    /// <summary>The names that an expression reads as variables: all but those of functions and members.</summary>
    public static IEnumerable<Expression.Name> Variables(Expression root)
    {
        foreach (var node in Nodes(root))
        {
            if (node is Expression.Name name) yield return name;
        }
    }

    /// <summary>What parentheses hold, however many there are.</summary>
    public static Expression Strip(Expression expression)
    {
        while (expression is Expression.Parentheses parentheses) expression = parentheses.Inner;
        return expression;
    }

    /// <summary>A truth value written out, by R's short names T and F too; null if it is none.</summary>
    public static bool? Truth(Expression expression) => Strip(expression) switch
    {
        Expression.Constant { Word: "TRUE" or "T" } or Expression.Name { Identifier: "T" } => true,
        Expression.Constant { Word: "FALSE" or "F" } or Expression.Name { Identifier: "F" } => false,
        _ => null,
    };

    /// <summary>The name of the called function, without its package; null if something else than a name is called.</summary>
    public static string? FunctionName(Expression.Call call) => call.Function switch
    {
        Expression.Name name => name.Identifier,
        Expression.Member { Operator: "::" or ":::", Selected: Expression.Name name } => name.Identifier,
        _ => null,
    };

    // The parts of a node in reading order; what is called, and members, are no variables.
    private static List<Expression> Children(Expression node)
    {
        var children = new List<Expression>();
        switch (node)
        {
            case Expression.Parentheses parentheses: children.Add(parentheses.Inner); break;
            case Expression.Unary unary: children.Add(unary.Operand); break;
            case Expression.Binary binary: children.Add(binary.Left); children.Add(binary.Right); break;
            case Expression.Call call:
                if (call.Function is not (Expression.Name or Expression.Member)) children.Add(call.Function);
                AddValues(children, call.Arguments);
                break;
            case Expression.Index index:
                children.Add(index.Target);
                AddValues(children, index.Arguments);
                break;
            case Expression.Member member: children.Add(member.Target); break;
        }
        return children;
    }

    private static void AddValues(List<Expression> children, EquatableArray<Argument> arguments)
    {
        foreach (var argument in arguments)
        {
            if (argument.Value is { } value) children.Add(value);
        }
    }
}
