using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Apache.Arrow;
using Apache.Arrow.Ipc;
using LmmFormula.Data;
using LmmFormula.Language;
using Column = LmmFormula.Data.Column;

namespace LmmFormula.IO;

/// <summary>
/// Data that are in memory as Arrow has them. Every value is copied, so that a frame outlives the batches that it was made of, which may
/// be disposed afterwards; dictionaries become factors with the levels in their order.
/// </summary>
public static class ArrowData
{
    private const long BytesPerValue = 8;

    /// <summary>The data of a batch of rows.</summary>
    /// <param name="batch">The batch.</param>
    public static Result<DataFrame> Read(RecordBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        return Read(batch.Schema, [batch]);
    }

    /// <summary>The data of batches of rows, one after the other.</summary>
    /// <param name="schema">The schema that they have.</param>
    /// <param name="batches">The batches.</param>
    public static Result<DataFrame> Read(Schema schema, IReadOnlyList<RecordBatch> batches)
    {
        ArgumentNullException.ThrowIfNull(schema);
        ArgumentNullException.ThrowIfNull(batches);
        return Frame(schema, batches, "Arrow record batches", Allowance.Unlimited);
    }

    /// <summary>The data of a stream of batches, read to its end.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="cancellation">Cancels the reading.</param>
    public static async Task<Result<DataFrame>> ReadAsync(IArrowArrayStream stream, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(stream);
        var batches = new List<RecordBatch>();
        while (await stream.ReadNextRecordBatchAsync(cancellation).ConfigureAwait(false) is { } batch) batches.Add(batch);
        return Read(stream.Schema, batches);
    }

    internal static Result<DataFrame> Frame(Schema schema, IReadOnlyList<RecordBatch> batches, string format, Allowance allowance)
    {
        var notes = new List<ModelError>();
        var names = ColumnNames.Of([.. schema.FieldsList.Select(f => f.Name ?? "")], notes);
        var read = new List<(ColumnReading Reading, Column Column)>();
        var errors = new List<ModelError>();
        var rows = batches.Sum(b => (long)b.Length);
        for (var j = 0; j < names.Count; j++)
        {
            if (ArrowColumns.Of(schema.FieldsList[j]) is not { } plan)
            {
                notes.Add(new(ErrorStage.Data, ModelCodes.ColumnSkipped, $"column '{names[j]}' holds {schema.FieldsList[j].DataType.Name} values, of which no column is made, and was left out") { Column = names[j] });
                continue;
            }
            try
            {
                var arrays = batches.Select(b => b.Column(j)).ToList();
                allowance.Take((BytesPerValue * rows) + ArrowColumns.TextBytes(arrays));
                read.Add((new(names[j], plan.Type, plan.Why), plan.Make(arrays)));
            }
            catch (NotSupportedException e)
            {
                errors.Add(new(ErrorStage.Data, ModelCodes.UnreadStorage, $"column '{names[j]}' has {e.Message}, which is not read") { Column = names[j], Hint = "make the column a double, or leave it out" });
            }
            // Arrays are checked by nobody before they are read: what they throw says that they are not what they should be.
            catch (Exception e) when (e is InvalidDataException or FormatException or ArgumentException or IndexOutOfRangeException or InvalidCastException or OverflowException or InvalidOperationException or NullReferenceException)
            {
                errors.Add(new(ErrorStage.Data, ModelCodes.DamagedData, $"column '{names[j]}' is damaged: {e.Message.TrimEnd('.')}") { Column = names[j], Hint = "write it again" });
            }
        }
        if (errors.Count > 0) return Result.Bad<DataFrame>(errors);
        return Result.Ok(
            new DataFrame(read.Select(r => r.Reading.Name).ToEquatableArray(), read.Select(r => r.Column).ToEquatableArray())
            {
                Reading = new DataReading { Format = format, Columns = read.Select(r => r.Reading).ToEquatableArray(), Notes = notes.ToEquatableArray() },
            },
            notes);
    }
}
