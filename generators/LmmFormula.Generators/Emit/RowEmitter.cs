using System;
using System.Collections.Generic;
using System.Linq;
using LmmFormula.Generators.Models;
using LmmFormula.Language;

namespace LmmFormula.Generators.Emit;

/// <summary>
/// Writes the function that goes over the rows once: it evaluates the numeric variables of the formula, fills the model matrices whose
/// columns are known, and stores what the library evaluates: factors, functions that must see all rows, residual structures.
/// </summary>
internal sealed class RowEmitter
{
    private readonly IReadOnlyList<ModelColumn> columns;
    private readonly NameScope scope = new("rows", "kept", "all", "n", "i", "row");
    private readonly Dictionary<RecordMember, string> numbers = [];
    private readonly Dictionary<RecordMember, string> codes = [];
    private readonly Dictionary<(RecordMember Member, string Level), string> indicators = [];
    private readonly Dictionary<RecordMember, string> stored = [];
    private readonly Dictionary<string, (string Local, string Array)> variables = [];
    private readonly List<string> evaluation = [];

    private RowEmitter(IReadOnlyList<ModelColumn> columns) => this.columns = columns;

    /// <summary>Writes <c>Evaluate</c>.</summary>
    /// <param name="source">Where to.</param>
    /// <param name="accessibility">The accessibility of the function.</param>
    /// <param name="rowType">The type of a row.</param>
    /// <param name="columns">The columns of the model.</param>
    /// <param name="outline">The model.</param>
    public static void Evaluate(SourceWriter source, string accessibility, string rowType, IReadOnlyList<ModelColumn> columns, ModelOutline outline) =>
        new RowEmitter(columns).Write(source, accessibility, rowType, outline);

    private void Write(SourceWriter source, string accessibility, string rowType, ModelOutline outline)
    {
        var fixedMatrix = scope.Take("fixedMatrix");
        var randomMatrices = outline.Random.Select((_, i) => scope.Take($"randomMatrix{i + 1}")).ToArray();
        foreach (var expression in outline.Variables) Variable(expression);
        var fixedFill = MatrixFills.Of(outline.Fixed, fixedMatrix, Number, Indicators);
        var randomFills = outline.Random.Zip(randomMatrices, (r, local) => MatrixFills.Of(r.Effects, local, Number, Indicators)).ToArray();
        var fills = new[] { fixedFill }.Concat(randomFills).OfType<MatrixFill>().ToArray();
        var used = new HashSet<string>(fills.SelectMany(f => f.Columns).SelectMany(c => c.Code.Split([" * "], StringSplitOptions.None)));
        var usedIndicators = indicators.Where(v => used.Contains(v.Value)).ToArray();
        var usedCodes = codes.Where(c => usedIndicators.Any(v => v.Key.Member == c.Key)).ToDictionary(c => c.Key, c => c.Value);
        var raw = Raw(outline);
        foreach (var member in raw.Select(c => c.Member).Distinct())
        {
            if (!IsEvaluated(member)) stored.Add(member, scope.Take(Identifiers.Camel(member.Name) + "Column"));
        }
        // A number that is a column of a matrix has its place there.
        var places = variables.ToDictionary(v => v.Key, v => Place(v.Key, v.Value.Local, fills) ?? v.Value.Array);
        var arrays = variables.Where(v => places[v.Key] == v.Value.Array).Select(v => v.Value).ToArray();

        source.Line("// One pass over the rows; the library settles factor levels and missing rows.");
        ColumnEmitter.Retired(source, columns);
        source.Open($"{accessibility} static global::LmmFormula.Data.RowColumns Evaluate(global::System.Collections.Generic.IEnumerable<{rowType}> rows)");
        source.Line("var kept = global::LmmFormula.Data.Cell.Keep(rows);");
        source.Line("var all = global::LmmFormula.Data.Cell.Rows(kept);");
        source.Line("var n = all.Length;");
        foreach (var fill in fills) source.Line($"var {fill.Local} = global::System.GC.AllocateUninitializedArray<double>(checked({fill.Columns.Count} * n));");
        foreach (var (_, array) in arrays) source.Line($"var {array} = global::System.GC.AllocateUninitializedArray<double>(n);");
        foreach (var member in stored) source.Line($"var {member.Value} = {Array(ColumnEmitter.Storage(member.Key))};");
        source.Open("for (var i = 0; i < n; i++)");
        source.Line("var row = all[i];");
        foreach (var member in numbers) source.Line($"var {member.Value} = {ColumnEmitter.Number(member.Key)};");
        foreach (var line in evaluation) source.Line(line);
        foreach (var member in usedCodes) source.Line($"var {member.Value} = {ColumnEmitter.Value(member.Key)};");
        foreach (var indicator in usedIndicators) source.Line($"var {indicator.Value} = global::LmmFormula.Data.Cell.Number({usedCodes[indicator.Key.Member]} == {Level(indicator.Key)});");
        foreach (var (local, array) in arrays) source.Line($"{array}[i] = {local};");
        foreach (var member in stored) source.Line($"{member.Value}[i] = {(usedCodes.TryGetValue(member.Key, out var code) ? code : ColumnEmitter.Value(member.Key))};");
        foreach (var fill in fills)
        {
            for (var j = 0; j < fill.Columns.Count; j++) source.Line($"{fill.Local}[{MatrixFill.Offset(j)}i] = {fill.Columns[j].Code};");
        }
        source.Close();
        source.Line("return global::LmmFormula.Data.RowColumns.Of(");
        source.Rest(
            new[] { "n", $"new string[] {{ {Identifiers.Literals(columns.Select(c => c.Name))} }}" }
                .Concat(raw.Select(c => $"({Identifiers.Literal(c.Name)}, {ColumnEmitter.Column(c.Member, stored.TryGetValue(c.Member, out var array) ? array : places[PlainName(c.Member)!])})")),
            ") with");
        source.Open("");
        source.Line("Source = () => Read(kept),");
        source.Open("Variables = new global::System.Collections.Generic.Dictionary<string, global::System.ReadOnlyMemory<double>>");
        foreach (var place in places) source.Line($"[{Identifiers.Literal(place.Key)}] = {place.Value},");
        source.Close(",");
        if (fixedFill is not null) source.Line($"Fixed = {Filled(fixedFill)},");
        if (randomFills.Any(f => f is not null))
        {
            const string Matrix = "global::LmmFormula.Data.FilledMatrix?";
            source.Line($"Random = global::LmmFormula.Language.EquatableArray.Create<{Matrix}>(new {Matrix}[] {{ {string.Join(", ", randomFills.Select(f => f is null ? "null" : Filled(f)))} }}),");
        }
        source.Close(";");
        source.Close();
    }

    // Every element is written, so that none has to be cleared.
    private static string Array(string type) => type == "string?" ? "new string?[n]" : $"global::System.GC.AllocateUninitializedArray<{type}>(n)";

    private static string Filled(MatrixFill fill) => $"global::LmmFormula.Data.FilledMatrix.Of({fill.Local}, {Identifiers.Literals(fill.Columns.Select(c => c.Name))})";

    private static int Level((RecordMember Member, string Level) key) => KnownLevels.Of(key.Member)!.Value.ToList().IndexOf(key.Level);

    private ModelColumn? Column(string name) => columns.FirstOrDefault(c => c.Name == name);

    // The columns that the library evaluates: those of factors, of functions that must see all rows, and of residual structures.
    private ModelColumn[] Raw(ModelOutline outline)
    {
        var names = outline.Variables.Where(e => !variables.ContainsKey(e.ToString()))
            .SelectMany(e => FormulaColumns.Of(e)).Select(c => c.Name).Concat(outline.Residual);
        var wanted = new HashSet<string>(names);
        return columns.Where(c => wanted.Contains(c.Name)).ToArray();
    }

    // Evaluates a variable of the formula in every row, if one row is enough for it.
    private void Variable(Expression expression)
    {
        const int MostNodes = 200;
        if (SyntaxWalk.Nodes(expression).Take(MostNodes).Count() == MostNodes || IsExact(expression)) return;
        // Members are read only for variables that can be evaluated.
        if (RowExpressions.Of(expression, name => OfColumn(name, _ => "")) is not { ReadsRow: true, Kind: not RowKind.Logical }) return;
        var code = RowExpressions.Of(expression, name => OfColumn(name, Local))!.Code;
        var text = expression.ToString();
        var local = code;
        if (!numbers.ContainsValue(code))
        {
            local = scope.Take(Identifiers.Camel(text), Identifiers.Camel(text) + "Value");
            evaluation.Add($"var {Identifiers.Escape(local)} = {code};");
            local = Identifiers.Escape(local);
        }
        variables.Add(text, (local, scope.Take(Identifiers.Camel(text) + "Column")));
    }

    // What the library must see as it is: a column that means more than its double, and any use of whole numbers that a double may round.
    private bool IsExact(Expression expression) =>
        (SyntaxWalk.Strip(expression) is Expression.Name name && Column(name.Identifier)?.Member is { IsExact: true })
        || SyntaxWalk.Variables(expression).Any(v => Column(v.Identifier)?.Member is { Kind: MemberKind.Long })
        || HasUnits(expression);

    // Dates of several units are brought to one before they are combined.
    private bool HasUnits(Expression expression) =>
        SyntaxWalk.Variables(expression).Select(v => Column(v.Identifier)?.Member).Where(m => m?.Kind is MemberKind.Date or MemberKind.DateTime).Select(m => m!.Unit).Distinct().Count() > 1;

    private RowExpression? OfColumn(string name, Func<RecordMember, string> local)
    {
        if (Column(name)?.Member is not { } member) return name == "pi" ? new("global::System.Math.PI", RowKind.Number, ReadsRow: false) : null;
        if (!member.IsNumeric && (member.Kind != MemberKind.Logical || member.IsCategorical)) return null;
        var kind = member.Kind switch
        {
            MemberKind.Integer => RowKind.Integer,
            MemberKind.Logical => RowKind.Logical,
            _ => RowKind.Number,
        };
        return new(local(member), kind, ReadsRow: true);
    }

    private string Local(RecordMember member)
    {
        if (!numbers.TryGetValue(member, out var local)) numbers.Add(member, local = Identifiers.Escape(scope.Take(Identifiers.Camel(member.Name), Identifiers.Camel(member.Name) + "Value")));
        return local;
    }

    private string? Number(Variable variable) => variables.TryGetValue(variable.Text, out var found) ? found.Local : null;

    private IReadOnlyList<FillColumn>? Indicators(Variable variable)
    {
        if (variable.Expression is not Expression.Name name || Column(name.Identifier)?.Member is not { IsOrdered: false } member) return null;
        return KnownLevels.Of(member) is { } levels && levels.Count <= MatrixFills.Widest + 1 ? levels.Select(level => new FillColumn(level, Indicator(member, level))).ToArray() : null;
    }

    private string Indicator(RecordMember member, string level)
    {
        if (!codes.ContainsKey(member)) codes.Add(member, scope.Take(Identifiers.Camel(member.Name) + "Level"));
        if (!indicators.TryGetValue((member, level), out var local))
            indicators.Add((member, level), local = Identifiers.Escape(scope.Take(Identifiers.Camel(member.Name + " " + level))));
        return local;
    }

    // The variable that is the member itself.
    private string? PlainName(RecordMember member) =>
        columns.Where(c => c.Member == member).Select(c => new Expression.Name(c.Name).ToString()).FirstOrDefault(variables.ContainsKey);

    // Whether a member's column is one of the evaluated variables.
    private bool IsEvaluated(RecordMember member) => ColumnEmitter.Storage(member) == "double" && PlainName(member) is not null;

    private static string? Place(string text, string local, MatrixFill[] fills)
    {
        foreach (var fill in fills)
        {
            for (var j = 0; j < fill.Columns.Count; j++)
            {
                if (fill.Columns[j].Name == text && fill.Columns[j].Code == local)
                    return $"new global::System.ReadOnlyMemory<double>({fill.Local}, {(j == 0 ? "0" : MatrixFill.Offset(j).Replace(" + ", ""))}, n)";
            }
        }
        return null;
    }
}
