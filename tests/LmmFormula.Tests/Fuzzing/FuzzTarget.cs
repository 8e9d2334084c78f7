using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using LmmFormula.Data;
using LmmFormula.Designs;
using LmmFormula.IO;
using LmmFormula.Language;

namespace LmmFormula.Tests.Fuzzing;

/// <summary>How an input ended.</summary>
internal enum FuzzEnd
{
    /// <summary>It was taken.</summary>
    Accepted,

    /// <summary>It was refused with a message.</summary>
    Refused,

    /// <summary>It was taken, and a number that must be one is not.</summary>
    NotANumber,

    /// <summary>It threw what is no <see cref="ModelException"/>.</summary>
    Threw,
}

/// <summary>One input of a target, ready to run.</summary>
/// <param name="Text">The input as people can read it.</param>
/// <param name="Run">Runs it.</param>
internal sealed record FuzzInput(string Text, Func<FuzzEnd> Run);

/// <summary>What is given arbitrary input: each input is a function of a seed and a number, so that any one can be run alone.</summary>
/// <param name="Name">The target's name.</param>
/// <param name="Make">Makes an input.</param>
internal sealed record FuzzTarget(string Name, Func<Random, FuzzInput> Make)
{
    private const int LongestText = 200;

    /// <summary>The targets.</summary>
    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        new("formula", random => OfText(random, FuzzCorpus.Formulas, text => Design(new(text), FuzzCorpus.Data))),
        new("residuals", Residuals),
        new("filter", random => OfText(random, FuzzCorpus.Filters, text => RowFilter.Where(text, FuzzCorpus.Data))),
        new("csv", random => OfBytes(random, FuzzCorpus.Tables, Csv)),
        new("text options", Options),
        new("rds", random => OfBytes(random, FuzzCorpus.RFiles, bytes => Frame(Rds.Read(bytes)))),
        new("parquet", random => OfBytes(random, FuzzCorpus.ParquetFiles, bytes => Frame(ParquetFile.Read(bytes)))),
        new("arrow", random => OfBytes(random, FuzzCorpus.ArrowFiles, bytes => Frame(ArrowFile.Read(bytes)))),
        new("xlsx", Workbooks),
        new("fit", FuzzFits.Make),
    ];

    /// <summary>The target of a name.</summary>
    public static FuzzTarget Find(string name) => All.Single(t => t.Name == name);

    /// <summary>The input of a number.</summary>
    public FuzzInput Input(int seed, int number) => Make(new Random(unchecked((seed * 1_000_003) + number)));

    /// <summary>Runs an input; what it throws but <see cref="ModelException"/> comes back as a message.</summary>
    public static (FuzzEnd End, string? Message) Run(FuzzInput input)
    {
        try
        {
            return (input.Run(), null);
        }
        catch (ModelException)
        {
            return (FuzzEnd.Refused, null);
        }
        // Whatever else comes out is what is looked for.
#pragma warning disable CA1031
        catch (Exception e)
#pragma warning restore CA1031
        {
            return (FuzzEnd.Threw, $"{e.GetType().Name}: {e.Message} {e.StackTrace?.Split('\n').FirstOrDefault(line => line.Contains("LmmFormula", StringComparison.Ordinal))?.Trim()}");
        }
    }

    /// <summary>How a result ended; warnings and messages must be there to read.</summary>
    public static FuzzEnd End<T>(Result<T> result) => result switch
    {
        Result<T>.Ok ok => ok.Warnings.All(w => w.Describe().Length > 0) ? FuzzEnd.Accepted : FuzzEnd.NotANumber,
        Result<T>.Bad bad => bad.Errors.Count > 0 && bad.Errors.All(e => e.Describe().Length > 0) ? FuzzEnd.Refused : FuzzEnd.NotANumber,
    };

    private static FuzzInput Residuals(Random random)
    {
        var text = Mutations.Text(random, FuzzCorpus.Specifications);
        var specification = random.Next(3) switch
        {
            0 => new ModelSpecification("y ~ x") { Correlation = text },
            1 => new ModelSpecification("y ~ x") { Weights = text },
            _ => new ModelSpecification($"y ~ x + {text}") { Mmrm = true },
        };
        return new(text, () => Design(specification, FuzzCorpus.Data) is var end && FormulaText(text) is var other && other == FuzzEnd.NotANumber ? other : end);
    }

    private static FuzzEnd FormulaText(string text) => End(FormulaParser.Parse(text));

    private static FuzzInput OfText<T>(Random random, IReadOnlyList<string> corpus, Func<string, Result<T>> read)
    {
        var text = Mutations.Text(random, corpus);
        return new(text, () => End(read(text)));
    }

    private static FuzzInput OfText(Random random, IReadOnlyList<string> corpus, Func<string, FuzzEnd> read)
    {
        var text = Mutations.Text(random, corpus);
        return new(text, () => read(text));
    }

    private static FuzzInput OfBytes(Random random, IReadOnlyList<byte[]> corpus, Func<byte[], FuzzEnd> read)
    {
        var bytes = Mutations.Bytes(random, corpus);
        return new(Encoding.Latin1.GetString(bytes, 0, Math.Min(bytes.Length, LongestText)), () => read(bytes));
    }

    // The archive itself, or one of its parts in an archive that is whole.
    private static FuzzInput Workbooks(Random random)
    {
        var bytes = FuzzCorpus.Workbooks[random.Next(FuzzCorpus.Workbooks.Count)];
        bytes = random.Next(4) == 0 ? Mutations.Bytes(random, FuzzCorpus.Workbooks) : FuzzCorpus.WithPart(bytes, random.Next(), parts => Mutations.Bytes(random, parts));
        var options = new DelimitedOptions { Sheet = random.Next(3) == 0 ? "2" : null, Skip = random.Next(4) == 0 ? 2 : 0 };
        return new(Encoding.Latin1.GetString(bytes, 0, Math.Min(bytes.Length, LongestText)), () => Frame(ExcelFile.Read(bytes, options)));
    }

    private static FuzzEnd Design(ModelSpecification specification, DataFrame data) => End(DesignBuilder.Build(specification, data));

    private static FuzzEnd Csv(byte[] bytes) => Csv(bytes, null);

    private static FuzzEnd Csv(byte[] bytes, DelimitedOptions? options)
    {
        using var stream = new MemoryStream(bytes);
        return Frame(DataFile.ReadStream(stream, options));
    }

    private static FuzzInput Options(Random random)
    {
        var bytes = Mutations.Bytes(random, FuzzCorpus.Tables);
        var options = new DelimitedOptions
        {
            Separator = Any<char?>([null, ',', ';', '\t', '|', ' ', '\x1f', 'é', 'a']),
            Decimal = Any<char?>([null, '.', ',']),
            Encoding = Any<string?>([null, null, "utf-8", "windows-1252", "utf-16", "utf-16BE", "none"]),
            Comment = Any<char?>([null, null, '#', '%', '1']),
            Skip = random.Next(3),
            Header = Any<bool?>([null, true, false]),
            Missing = Any<string[]>([[], ["."], ["2", "a"]]).ToEquatableArray(),
            Types = Any<TypedColumn[]>([[], [new("y", Any(Enum.GetValues<ColumnType>()))], [new("x", Any(Enum.GetValues<ColumnType>())), new("y", ColumnType.Date)]]).ToEquatableArray(),
        };
        return new($"{options} {Encoding.Latin1.GetString(bytes, 0, Math.Min(bytes.Length, LongestText))}", () => Csv(bytes, options));

        T Any<T>(T[] values) => values[random.Next(values.Length)];
    }

    // A frame that was read must be one that can be used: its first columns make a design or are refused.
    private static FuzzEnd Frame(Result<DataFrame> result)
    {
        if (result is Result<DataFrame>.Ok { Value: { Names.Count: >= 2, Rows: < 1000 } frame })
        {
            var (y, x) = (Quoted(frame.Names[0]), Quoted(frame.Names[1]));
            End(DesignBuilder.Build(new($"{y} ~ {x}"), frame));
        }
        return End(result);
    }

    private static string Quoted(string name) => $"`{name.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("`", "\\`", StringComparison.Ordinal)}`";
}
