using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using System.Threading;
using System.Threading.Tasks;
using Basic.Reference.Assemblies;
using LmmFormula.CodeFixes;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Completion;
using Microsoft.CodeAnalysis.Host.Mef;
using Microsoft.CodeAnalysis.Text;
using Xunit;

namespace LmmFormula.Generators.Tests;

/// <summary>What an editor offers inside a formula string; $$ is the caret.</summary>
public class FormulaCompletionTests
{
    private const string Record = "public partial record BloodLead(int Id, string Treatment, [ColumnName(\"wk\")] int Week, double Lead, object Other);";

    [Theory]
    [InlineData("[MixedModel(\"Lead ~ $$\")]", "wk,Treatment,log,us,cs", "Other,corAR1,toeph")]
    [InlineData("[MixedModel(@\"Lead ~ we$$ + (1 | Id)\")]", "wk,Id,factor", "varIdent")]
    [InlineData("[MixedModel(\"\"\"Lead ~ 1 + $$\"\"\")]", "wk,relevel", "corAR1")]
    [InlineData("[MixedModel(\"Lead ~ 1 + \" + \"(1 | $$)\")]", "Id,Treatment", "varIdent")]
    [InlineData("[MmrmModel(\"Lead ~ 1 + $$\")]", "us,toeph,sp_exp,wk", "corAR1")]
    [InlineData("[GlsModel(\"Lead ~ 1\", Correlation = \"$$\")]", "corAR1,corSymm,Id", "log,varIdent")]
    [InlineData("[GlsModel(\"Lead ~ 1\", Weights = \"varIdent(form = ~ 1 | $$)\")]", "Treatment,varIdent", "corAR1")]
    public async Task Members_functions_and_structures_are_offered_in_an_attribute(string attribute, string offered, string not)
    {
        var names = await Offered($"using LmmFormula;\n{attribute}\n{Record}");

        Assert.Empty(offered.Split(',').Except(names));
        Assert.Empty(not.Split(',').Intersect(names));
    }

    [Theory]
    [InlineData("Lmm.Fit(\"Lead ~ $$\", rows)", true)]
    [InlineData("Gls.Fit(\"Lead ~ 1\", rows, \"corAR1(form = ~ 1 | $$)\")", true)]
    [InlineData("string.Concat(\"Lead ~ $$\", \"\")", false)]
    [InlineData("Lmm.Fit(\"Lead ~ 1\"$$, rows)", false)]
    public async Task Members_are_offered_in_a_call_with_rows_and_nowhere_else(string call, bool offered)
    {
        var names = await Offered($"using LmmFormula;\nusing System.Collections.Generic;\n{Record}\nstatic class C {{ static object M(List<BloodLead> rows) => {call}; }}");

        Assert.Equal(offered, names.Contains("Treatment"));
    }

    private static async Task<IReadOnlyList<string>> Offered(string marked)
    {
        var position = marked.IndexOf("$$", StringComparison.Ordinal);
        using var workspace = new AdhocWorkspace(MefHostServices.Create([Assembly.Load("Microsoft.CodeAnalysis.Workspaces"), Assembly.Load("Microsoft.CodeAnalysis.CSharp.Workspaces")]));
        var project = workspace.AddProject("Consumer", LanguageNames.CSharp)
            .AddMetadataReferences(Net100.References.All).AddMetadataReference(MetadataReference.CreateFromFile(typeof(Lmm).Assembly.Location));
        var document = project.AddDocument("Consumer.cs", marked.Remove(position, 2));
        var provider = new FormulaCompletion();
        var context = new CompletionContext(
            provider, document, position, new TextSpan(position, 0), CompletionTrigger.Invoke, workspace.Options, CancellationToken.None);
        await provider.ProvideCompletionsAsync(context);
        // What has been added is for the completion service, which is not at hand here.
        var items = (IEnumerable<CompletionItem>)typeof(CompletionContext).GetProperty("Items", BindingFlags.Instance | BindingFlags.NonPublic)!.GetValue(context)!;
        return [.. items.Select(i => i.DisplayText)];
    }
}
