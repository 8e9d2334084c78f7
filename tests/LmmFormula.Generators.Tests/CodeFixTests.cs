extern alias generator;
using System.Threading.Tasks;
using Basic.Reference.Assemblies;
using LmmFormula.CodeFixes;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Testing;
using Microsoft.CodeAnalysis.Testing;
using Xunit;
using FormulaAnalyzer = generator::LmmFormula.Generators.Diagnostics.FormulaAnalyzer;

namespace LmmFormula.Generators.Tests;

public class CodeFixTests
{
    [Fact]
    public Task Unknown_names_become_the_nearest_members_all_at_once() => Check<ReplacementFix>(
        """
        using LmmFormula;
        [MixedModel("lead ~ {|LMM002:weak|} + (1 | {|LMM002:idd|})", Weights = @"varIdent(form = ~1 | {|LMM002:treatmnt|})")]
        public partial record BloodLead(int Id, string Treatment, int Week, double Lead);
        """,
        """
        using LmmFormula;
        [MixedModel("lead ~ Week + (1 | Id)", Weights = @"varIdent(form = ~1 | Treatment)")]
        public partial record BloodLead(int Id, string Treatment, int Week, double Lead);
        """);

    [Fact]
    public Task The_sides_of_swapped_bars_change_places_in_every_kind_of_literal() => Check<ReplacementFix>(
        """
        using LmmFormula;
        [MixedModel("lead ~ age + ({|LMM009:site | age|})")]
        [MixedModel(@"lead ~ age + ({|LMM009:id || age|})", Name = "Other")]
        public partial record BloodLead(int Id, string Site, double Age, double Lead);
        """,
        """
        using LmmFormula;
        [MixedModel("lead ~ age + (age | site)")]
        [MixedModel(@"lead ~ age + (age || id)", Name = "Other")]
        public partial record BloodLead(int Id, string Site, double Age, double Lead);
        """);

    [Fact]
    public Task A_continuous_group_and_a_numeric_visit_become_categorical() => Check<CategoricalFix>(
        """
        using LmmFormula;
        [MixedModel("lead ~ 1 + (1 | {|LMM008:site|})")]
        [MmrmModel("lead ~ 1 + us({|LMM007:week|} | id)", Name = "Visits")]
        public partial record BloodLead(int Id, int Week, double Lead)
        {
            /// <summary>Where.</summary>
            public double Site { get; init; }
        }
        """,
        """
        using LmmFormula;
        [MixedModel("lead ~ 1 + (1 | site)")]
        [MmrmModel("lead ~ 1 + us(week | id)", Name = "Visits")]
        public partial record BloodLead(int Id, [Categorical] int Week, double Lead)
        {
            /// <summary>Where.</summary>
            [Categorical]
            public double Site { get; init; }
        }
        """);

    [Fact]
    public Task A_record_and_the_types_around_it_become_partial() => Check<MakePartialFix>(
        """
        using LmmFormula;
        public static class Trial
        {
            [MixedModel("lead ~ 1 + (1 | id)")]
            internal sealed record {|LMM003:BloodLead|}(int Id, double Lead);
        }
        """,
        """
        using LmmFormula;
        public static partial class Trial
        {
            [MixedModel("lead ~ 1 + (1 | id)")]
            internal sealed partial record BloodLead(int Id, double Lead);
        }
        """);

    private static Task Check<TFix>(string before, string after)
        where TFix : CodeFixProvider, new()
    {
        // The reference assemblies are those of the package, not downloaded ones.
        var test = new CSharpCodeFixTest<FormulaAnalyzer, TFix, DefaultVerifier> { ReferenceAssemblies = new ReferenceAssemblies("net10.0"), TestCode = before, FixedCode = after };
        foreach (var state in new[] { test.TestState, test.FixedState })
        {
            state.AdditionalReferences.AddRange(Net100.References.All);
            state.AdditionalReferences.Add(MetadataReference.CreateFromFile(typeof(Lmm).Assembly.Location));
        }
        return test.RunAsync();
    }
}
