using LmmFormula.Language;
using Xunit;

namespace LmmFormula.Tests.Language;

/// <summary>Formulas as values: built, changed, compared, printed.</summary>
public class FormulaTests
{
    [Fact]
    public void A_formula_is_built_step_by_step()
    {
        var formula = Formula.Response("log(lead)").Fixed("treatment * factor(week)").Random("week", by: "id").Random("1", by: "school/class", structure: "diag");
        Assert.Equal("log(lead) ~ treatment * factor(week) + (week | id) + diag(1 | school/class)", formula.ToString());
        Assert.Equal(Formula.Parse(formula), formula);
    }

    [Fact]
    public void Steps_leave_the_formula_they_start_from_alone()
    {
        var start = Formula.Response("y").Fixed("x");
        var more = start.Fixed("z + w").Offset("log(n)").WithoutIntercept();
        Assert.Equal("y ~ x", start);
        Assert.Equal("y ~ x + z + w + offset(log(n)) - 1", more);
        Assert.Equal("y ~ (x + z || g)", Formula.Response("y").Random("x + z", by: "g", correlated: false));
    }

    [Fact]
    public void Parts_that_bind_weakly_are_put_in_parentheses()
    {
        var formula = Formula.Response("y").Fixed("x > 3").Fixed("z");
        Assert.Equal("y ~ x > 3 + z".Replace("x > 3", "(x > 3)"), formula);
        Assert.Equal(formula, Formula.Parse(formula));
    }

    [Fact]
    public void A_part_with_a_mistake_throws() =>
        Assert.Equal("two-tildes", Assert.Throws<ModelException>(() => Formula.Response("y").Fixed("a ~ b")).Errors[0].Code);

    // R 4.2.2: deparse(update(as.formula(f), as.formula(change))); bar terms are ours.
    [Theory]
    [InlineData("y ~ x", ". ~ . + z", "y ~ x + z")]
    [InlineData("y ~ x * z", ". ~ . - x:z", "y ~ x + z")]
    [InlineData("y ~ x * z", "log(.) ~ . - z", "log(y) ~ x + x:z")]
    [InlineData("y ~ x + z", ". ~ . - 1", "y ~ x + z - 1")]
    [InlineData("y ~ x", "~ . + I(x^2)", "y ~ x + I(x^2)")]
    [InlineData("y ~ a:b + a", ". ~ .:c", "y ~ a:c + a:b:c")]
    [InlineData("y ~ x + offset(w)", ". ~ . + z", "y ~ x + z + offset(w)")]
    [InlineData("y ~ x", ". ~ 1", "y ~ 1")]
    [InlineData("lead ~ week + (1 | id)", ". ~ . - week", "lead ~ 1 + (1 | id)")]
    [InlineData("lead ~ week + (1 | id)", ". ~ . - (1 | id) + (week | id)", "lead ~ week + (week | id)")]
    [InlineData("y ~ x + ar1(0 + t | g)", ". ~ . + z", "y ~ x + z + ar1(0 + t | g)")]
    public void Update_replaces_the_dots(string formula, string change, string expected) =>
        Assert.Equal(expected, Formula.Parse(formula).Update(change));

    [Fact]
    public void Formulas_compare_by_what_they_say()
    {
        Assert.Equal(Formula.Parse("y ~ log( x )+z # note"), Formula.Parse("y~log(x) + z"));
        Assert.Equal(Formula.Parse("y ~ x ** 2").GetHashCode(), Formula.Parse("y ~ x^2").GetHashCode());
        Assert.NotEqual(Formula.Parse("y ~ (x)"), Formula.Parse("y ~ x"));
        Assert.NotEqual(Formula.Parse("y ~ a + b + c"), Formula.Parse("y ~ a + b"));
    }

    // R 4.2.2: deparse(as.name(...)), format(x, digits = 15).
    [Theory]
    [InlineData(100000, "1e+05")]
    [InlineData(123456, "123456")]
    [InlineData(0.0001, "1e-04")]
    [InlineData(1234567890123456, "1234567890123456")]
    [InlineData(0.1 + 0.2, "0.3")]
    [InlineData(-1.5e-300, "-1.5e-300")]
    [InlineData(99999.5, "99999.5")]
    public void Numbers_print_as_in_R(double value, string text) => Assert.Equal(text, NumberText.Of(value));

    [Fact]
    public void A_message_shows_the_place()
    {
        var bad = Assert.IsType<Result<ModelFormula>.Bad>(FormulaParser.Parse("lead ~ week + (1 | id"));
        Assert.Equal("'(' is not closed: expected ')'\n  lead ~ week + (1 | id\n                ^", bad.Errors[0].Describe());
    }
}
