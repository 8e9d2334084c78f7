using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;
using System.Text;
using System.Text.Unicode;
using LmmFormula.Language;

namespace LmmFormula.IO;

/// <summary>
/// Reads R's serialization format, versions 2 and 3, big-endian binary ("XDR"), as described in the manual "R Internals",
/// section 1.8 (Serialization Formats), alternative representations included.
/// </summary>
internal sealed class RObjectReader
{
    private const int DeepestNesting = 200;
    private const int FirstItems = 1024;
    private const long BytesPerLabel = 32;
    private readonly byte[] bytes;
    private readonly Allowance allowance;
    private readonly List<RObject> references = [];
    private string native = "UTF-8";
    private int position;
    private int depth;

    private RObjectReader(byte[] bytes, Allowance allowance) => (this.bytes, this.allowance) = (bytes, allowance);

    /// <summary>The value that the bytes hold.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <param name="start">Where the value starts.</param>
    /// <param name="allowance">What the file may become.</param>
    public static Result<RObject> Read(byte[] bytes, int start, Allowance allowance)
    {
        var head = bytes.AsSpan(start);
        if (head.StartsWith("A\n"u8) || head.StartsWith("B\n"u8))
            return Bad("the R file is in R's text or native binary format", "write it with saveRDS(x, file)");
        if (!head.StartsWith("X\n"u8)) return Bad("the file is not an R data file", "write one with saveRDS(x, file)");
        try
        {
            var reader = new RObjectReader(bytes, allowance) { position = start + 2 };
            reader.Header();
            return Result.Ok(reader.Value());
        }
        catch (TooLargeException e)
        {
            return Result.Bad<RObject>(e.Error);
        }
        catch (InvalidDataException e)
        {
            return Bad($"the R file is damaged or of an unknown kind: {e.Message}", "write it again with saveRDS(x, file)");
        }
    }

    private static Result<RObject> Bad(string message, string hint) =>
        Result.Bad<RObject>(new ModelError(ErrorStage.Data, ModelCodes.RdsFormat, message) { Hint = hint });

    private void Header()
    {
        var version = Int();
        if (version is not (2 or 3)) throw new InvalidDataException($"serialization version {version}");
        Int(); // the R that wrote it
        Int(); // the oldest R that can read it
        if (version == 3) native = Encoding.ASCII.GetString(Take(Length()));
    }

    private RObject Value()
    {
        if (++depth > DeepestNesting) throw new InvalidDataException("the object is nested too deeply");
        var value = Item();
        depth--;
        return value;
    }

    private RObject Item()
    {
        var flags = Int();
        var type = flags & 0xFF;
        var hasAttributes = (flags & 0x200) != 0;
        var hasTag = (flags & 0x400) != 0;
        switch (type)
        {
            case 254 or 253 or 252 or 251 or 250 or 242 or 241 or 0: // NULL and the well-known environments
                return new RObject.Other("NULL");
            case 255: // a reference to a symbol or environment met before
                var index = flags >> 8 is > 0 and var packed ? packed : Int();
                return index >= 1 && index <= references.Count ? references[index - 1] : throw new InvalidDataException($"reference {index}");
            case 1: // symbol
                var symbol = new RObject.Other(Value() is RObject.Text { Values: [{ } text, ..] } ? text : "NA");
                references.Add(symbol);
                return symbol;
            case 2 or 6 or 5 or 3: // pairlist, call, promise, closure
                return Pairs(hasAttributes, hasTag);
            case 4: // environment
                var environment = new RObject.Other("environment");
                references.Add(environment);
                Int();
                for (var i = 0; i < 4; i++) Value();
                return environment;
            case 249 or 247 or 248: // namespace, package or persistent name
                Int();
                var count = Count();
                for (var i = 0; i < count; i++) Value();
                var space = new RObject.Other("namespace");
                references.Add(space);
                return space;
            case 9: // one string
                var length = Int();
                return new RObject.Text([length < 0 ? null : Encode(Take(length), flags)]);
            case 10:
                return WithAttributes(new RObject.Logical(Ints()), hasAttributes);
            case 13:
                return WithAttributes(new RObject.Integer(Ints()), hasAttributes);
            case 14:
                return WithAttributes(new RObject.Number(Doubles()), hasAttributes);
            case 15: // complex numbers
                Take(16L * Count());
                return WithAttributes(new RObject.Other("complex"), hasAttributes);
            case 16:
                return WithAttributes(new RObject.Text(Strings()), hasAttributes);
            case 19 or 20: // list, expression
                return WithAttributes(new RObject.List(Values()), hasAttributes);
            case 24: // raw bytes
                Take(Length());
                return WithAttributes(new RObject.Other("raw"), hasAttributes);
            case 21: // compiled code
                return Compiled(hasAttributes);
            case 22: // a pointer into the memory of the R that wrote it
                var pointer = new RObject.Other("pointer");
                references.Add(pointer);
                Value();
                Value();
                return WithAttributes(pointer, hasAttributes);
            case 23: // a weak reference
                var weak = new RObject.Other("weak reference");
                references.Add(weak);
                return WithAttributes(weak, hasAttributes);
            case 25: // an object of a formal class: its slots are attributes
                return WithAttributes(new RObject.Other("object"), hasAttributes);
            case 7 or 8: // a built-in function, by name
                Take(Length());
                return new RObject.Other("function");
            case 238: // an alternative representation
                return Alternative();
            default:
                throw new InvalidDataException($"type {type}");
        }
    }

    // A pairlist cell: attributes, tag, value, then the next cell. The chain is followed here rather than by recursion.
    private RObject.List Pairs(bool hasAttributes, bool hasTag)
    {
        var items = new List<RObject>();
        var named = new Dictionary<string, RObject>();
        while (true)
        {
            if (hasAttributes) Value();
            var tag = hasTag ? Value() as RObject.Other : null;
            var value = Value();
            items.Add(value);
            if (tag is not null) named[tag.What] = value;
            var next = BinaryPrimitives.ReadInt32BigEndian(Peek(4));
            if ((next & 0xFF) is not (2 or 6))
            {
                Value();
                return new RObject.List(items) { Attributes = named };
            }
            Int();
            hasAttributes = (next & 0x200) != 0;
            hasTag = (next & 0x400) != 0;
        }
    }

    // Code of R's compiler: its instructions, then its constants, among them expressions that share parts.
    private RObject.Other Compiled(bool hasAttributes)
    {
        Int(); // the number of shared parts
        Code();
        var code = new RObject.Other("compiled code");
        if (hasAttributes) Value();
        return code;
    }

    private void Code()
    {
        if (++depth > DeepestNesting) throw new InvalidDataException("the object is nested too deeply");
        Value();
        var constants = Count();
        for (var i = 0; i < constants; i++)
        {
            var type = Int();
            if (type == 21) Code();
            else if (IsExpression(type)) Expression(type);
            else Value();
        }
        depth--;
    }

    private static bool IsExpression(int type) => type is 2 or 6 or 239 or 240 or 243 or 244;

    // A part of an expression in compiled code; the right-hand side of a cell is its last part and followed in a loop.
    private void Expression(int type)
    {
        if (++depth > DeepestNesting) throw new InvalidDataException("the object is nested too deeply");
        while (true)
        {
            if (type == 243) // a shared part
            {
                Int();
                break;
            }
            if (type == 244) // a part that is shared
            {
                Int();
                type = Int();
            }
            if (type is 239 or 240) Value(); // attributes
            if (!IsExpression(type))
            {
                Value();
                break;
            }
            Value(); // the tag
            Expression(Int());
            type = Int();
        }
        depth--;
    }

    private RObject WithAttributes(RObject value, bool hasAttributes) =>
        hasAttributes && Value() is RObject.List pairs ? value with { Attributes = pairs.Attributes } : value;

    // Class information, state and attributes; the state of the classes that data frames meet is known.
    private RObject Alternative()
    {
        var information = Value() as RObject.List;
        var state = Value();
        var attributes = Value() is RObject.List pairs ? pairs.Attributes : new Dictionary<string, RObject>();
        var name = information?.Items is [RObject.Other first, ..] ? first.What : "?";
        return name switch
        {
            "compact_intseq" when state is RObject.Number { Values: [var n, var start, var step] } =>
                new RObject.Integer(Sequence(n, i => (int)(start + (i * step)))) { Attributes = attributes },
            "compact_realseq" when state is RObject.Number { Values: [var n, var start, var step] } =>
                new RObject.Number(Sequence(n, i => start + (i * step))) { Attributes = attributes },
            "deferred_string" when state is RObject.List { Items: [var source, ..] } => new RObject.Text(AsText(source)) { Attributes = attributes },
            "wrap_real" or "wrap_integer" or "wrap_logical" or "wrap_string" or "wrap_list" when state is RObject.List { Items: [var wrapped, ..] } =>
                wrapped with { Attributes = attributes },
            _ => throw new InvalidDataException($"alternative representation '{name}'"),
        };
    }

    private T[] Sequence<T>(double n, Func<int, T> value)
    {
        if (!(n >= 0 && n <= Array.MaxLength)) throw new InvalidDataException($"length {n}");
        allowance.Take(sizeof(double) * (long)n);
        var values = new T[(int)n];
        for (var i = 0; i < values.Length; i++) values[i] = value(i);
        return values;
    }

    private string?[] AsText(RObject numbers) => numbers switch
    {
        RObject.Integer v => Labels(v.Values, x => x == int.MinValue ? null : x.ToString(System.Globalization.CultureInfo.InvariantCulture)),
        RObject.Number v => Labels(v.Values, x => double.IsNaN(x) ? null : x.ToString("G15", System.Globalization.CultureInfo.InvariantCulture)),
        RObject.Text v => v.Values,
        RObject.Logical or RObject.List or RObject.Other => throw new InvalidDataException("a deferred string of an unknown kind"),
    };

    private string?[] Labels<T>(T[] values, Converter<T, string?> label)
    {
        allowance.Take(BytesPerLabel * values.LongLength);
        return Array.ConvertAll(values, label);
    }

    // A length is believed as far as items are there: lists in lists can all claim the rest of the file.
    private List<RObject> Values()
    {
        var count = Count();
        var items = new List<RObject>(Math.Min(count, FirstItems));
        for (var i = 0; i < count; i++) items.Add(Value());
        return items;
    }

    private string?[] Strings()
    {
        var items = new string?[Count()];
        for (var i = 0; i < items.Length; i++) items[i] = Value() is RObject.Text { Values: [var text] } ? text : throw new InvalidDataException("a string was expected");
        return items;
    }

    private int[] Ints()
    {
        var count = Count();
        var source = Take(4L * count);
        var values = new int[count];
        for (var i = 0; i < count; i++) values[i] = BinaryPrimitives.ReadInt32BigEndian(source.Slice(4 * i, 4));
        return values;
    }

    private double[] Doubles()
    {
        var count = Count();
        var source = Take(8L * count);
        var values = new double[count];
        for (var i = 0; i < count; i++) values[i] = BinaryPrimitives.ReadDoubleBigEndian(source.Slice(8 * i, 8));
        return values;
    }

    // Every element takes at least four bytes, so a length beyond the rest of the file is damage, not a reason to allocate.
    private int Count()
    {
        var count = Length();
        return count <= (bytes.Length - position) / 4 ? count : throw new InvalidDataException("it ends too early");
    }

    private int Length()
    {
        var length = Int();
        return length >= 0 ? length : throw new InvalidDataException("a vector of more than 2^31 elements");
    }

    private int Int() => BinaryPrimitives.ReadInt32BigEndian(Take(4));

    private ReadOnlySpan<byte> Peek(long count) =>
        count <= bytes.Length - position ? bytes.AsSpan(position, (int)count) : throw new InvalidDataException("it ends too early");

    private ReadOnlySpan<byte> Take(long count)
    {
        var span = Peek(count);
        position += span.Length;
        return span;
    }

    // Bit 2 of a string's general-purpose field marks Latin-1, bit 3 UTF-8; else it is in the encoding of the R that wrote it.
    private string Encode(ReadOnlySpan<byte> text, int flags)
    {
        var marks = flags >> 12;
        if ((marks & 4) != 0) return Ansi.GetString(text);
        if ((marks & 8) == 0 && !native.Equals("UTF-8", StringComparison.OrdinalIgnoreCase) && native is not ("" or "ASCII" or "ANSI_X3.4-1968")) return Ansi.GetString(text);
        return Utf8.IsValid(text) ? Encoding.UTF8.GetString(text) : Ansi.GetString(text);
    }

    // What R calls latin1 holds the quotes and dashes of Windows.
    private static readonly Encoding Ansi = CodePagesEncodingProvider.Instance.GetEncoding(1252)!;
}
