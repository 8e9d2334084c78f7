// Writes the Parquet files of ParquetSharp and DuckDB: a console program with the packages ParquetSharp 25.0.1.2, Apache.Arrow 23.0.0
// and DuckDB.NET.Data.Full 1.5.6.1.
using System;
using System.Linq;
using DuckDB.NET.Data;
using ParquetSharp;

const int N = 7;
var start = new DateTime(2021, 3, 29, 8, 15, 0, DateTimeKind.Utc);

Write("plain-none.parquet", Compression.Uncompressed, false, false);
Write("dictionary-snappy.parquet", Compression.Snappy, false, true, groups: 3);
Write("v2-delta-zstd.parquet", Compression.Zstd, true, false, Encoding.DeltaBinaryPacked, Encoding.DeltaByteArray, Encoding.ByteStreamSplit, Encoding.ByteStreamSplit, groups: 2);
Write("v2-lengths-gzip.parquet", Compression.Gzip, true, false, Encoding.ByteStreamSplit, Encoding.DeltaLengthByteArray, null, Encoding.DeltaByteArray, checksums: true);
Write("plain-brotli.parquet", Compression.Brotli, false, true);
Write("plain-lz4.parquet", Compression.Lz4, false, false);
Write("plain-lz4hadoop.parquet", Compression.Lz4Hadoop, false, false);

void Write(string name, Compression compression, bool v2, bool dictionary, Encoding? whole = null, Encoding? text = null, Encoding? real = null, Encoding? fixedSize = null, int groups = 1, bool checksums = false)
{
    Column[] columns =
    [
        new Column<int>("i32"), new Column<int?>("i32n"), new Column<long>("i64"), new Column<ulong>("u64"), new Column<uint>("u32"), new Column<short>("i16"), new Column<byte>("u8"),
        new Column<float>("f32"), new Column<double?>("f64"), new Column<bool?>("truth"), new Column<string>("text"), new Column<decimal>("dec", LogicalType.Decimal(28, 3)), new Column<Date>("day"),
        new Column<DateTime>("ms", LogicalType.Timestamp(true, TimeUnit.Millis)), new Column<DateTime?>("us", LogicalType.Timestamp(false, TimeUnit.Micros)),
        new Column<DateTimeNanos>("ns", LogicalType.Timestamp(true, TimeUnit.Nanos)), new Column<TimeSpan>("clock", LogicalType.Time(true, TimeUnit.Micros)),
        new Column<Guid>("id"), new Column<Half>("half"), new Column<int[]>("list"),
    ];
    using var builder = new WriterPropertiesBuilder().Compression(compression).Version(ParquetVersion.PARQUET_2_6).DataPageVersion(v2 ? ParquetDataPageVersion.V2 : ParquetDataPageVersion.V1);
    if (!dictionary) builder.DisableDictionary();
    if (checksums) builder.EnablePageChecksum();
    foreach (var column in new[] { "i32", "i32n", "i64", "u64", "u32", "i16", "u8", "day", "ms", "us", "ns", "clock" }) Encode(column, whole);
    Encode("text", text);
    foreach (var column in new[] { "f32", "f64" }) Encode(column, real);
    foreach (var column in new[] { "dec", "half", "id" }) Encode(column, fixedSize);
    using var properties = builder.Build();
    using var file = new ParquetFileWriter(name, columns, properties);
    for (var g = 0; g < groups; g++)
    {
        using var group = file.AppendRowGroup();
        void Next<T>(Func<int, T> value)
        {
            using var writer = group.NextColumn().LogicalWriter<T>();
            writer.WriteBatch(Enumerable.Range(g * N, N).Select(value).ToArray());
        }
        Next(i => (i * i) - 20);
        Next<int?>(i => i % 3 == 2 ? null : int.MinValue + i);
        Next(i => 9007199254740993L + i);
        Next(i => ulong.MaxValue - (ulong)i);
        Next(i => uint.MaxValue - (uint)i);
        Next(i => (short)(-300 * i));
        Next(i => (byte)(250 + (i % 6)));
        Next(i => i / 4f);
        Next<double?>(i => i % 3 == 2 ? null : i / 10.0);
        Next<bool?>(i => i % 3 == 2 ? null : i % 2 == 0);
        Next<string>(i => i % 3 == 2 ? null! : "naïve " + (i % 4));
        Next(i => i - 1.125m - 1234567890123m);
        Next(i => new Date(2021, 3, 29).AddDays((i * 40) - 30000));
        Next(i => start.AddMilliseconds(i));
        Next<DateTime?>(i => i % 3 == 2 ? null : DateTime.SpecifyKind(start.AddTicks(i * 10), DateTimeKind.Unspecified));
        Next(i => new DateTimeNanos(start.AddTicks(i)));
        Next(i => TimeSpan.FromSeconds((3600 * i) + 0.5));
        Next(i => new Guid(i, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11));
        Next(i => (Half)(i / 2f));
        Next(i => new[] { i, i + 1 });
    }
    file.Close();

    void Encode(string column, Encoding? encoding)
    {
        if (encoding is { } given) builder.Encoding(column, given);
    }
}

// Two factors through Arrow, as R and pandas write them.
{
    var ordered = new Apache.Arrow.Types.DictionaryType(Apache.Arrow.Types.Int32Type.Default, Apache.Arrow.Types.StringType.Default, true);
    var plain = new Apache.Arrow.Types.DictionaryType(Apache.Arrow.Types.Int8Type.Default, Apache.Arrow.Types.StringType.Default, false);
    var schema = new Apache.Arrow.Schema.Builder().Field(new Apache.Arrow.Field("dose", ordered, true)).Field(new Apache.Arrow.Field("arm", plain, true)).Field(new Apache.Arrow.Field("y", Apache.Arrow.Types.DoubleType.Default, true)).Build();
    var doses = new Apache.Arrow.StringArray.Builder().AppendRange(["none", "low", "mid", "high"]).Build();
    var arms = new Apache.Arrow.StringArray.Builder().AppendRange(["treated", "control"]).Build();
    var dose = new Apache.Arrow.Int32Array.Builder().Append(3).Append(1).AppendNull().Append(0).Append(1).Append(3).Build();
    var arm = new Apache.Arrow.Int8Array.Builder().Append(1).Append(0).Append(1).AppendNull().Append(0).Append(0).Build();
    var y = new Apache.Arrow.DoubleArray.Builder().AppendRange([1.5, 2, 3, 4, 5, 6]).Build();
    using var properties = new ParquetSharp.Arrow.ArrowWriterPropertiesBuilder().StoreSchema().Build();
    using var writer = new ParquetSharp.Arrow.FileWriter("factors-arrow.parquet", schema, null, properties);
    writer.WriteRecordBatch(new Apache.Arrow.RecordBatch(schema, [new Apache.Arrow.DictionaryArray(ordered, dose, doses), new Apache.Arrow.DictionaryArray(plain, arm, arms), y], 6));
    writer.Close();
}

using (var file = new ParquetFileWriter("no-rows.parquet", [new Column<int>("y"), new Column<string>("g")])) file.Close();

{
    using var keys = new FileEncryptionPropertiesBuilder(new byte[16]);
    using var encryption = keys.Build();
    using var builder = new WriterPropertiesBuilder().Encryption(encryption);
    using var properties = builder.Build();
    using var file = new ParquetFileWriter("encrypted.parquet", [new Column<int>("y")], properties);
    using (var group = file.AppendRowGroup())
    {
        using var writer = group.NextColumn().LogicalWriter<int>();
        writer.WriteBatch([1, 2, 3]);
    }
    file.Close();
}

{
    using var connection = new DuckDBConnection("DataSource=:memory:");
    connection.Open();
    using var command = connection.CreateCommand();
    command.CommandText = """
        COPY (SELECT i::INTEGER AS i, (i*1.5)::DECIMAL(10,2) AS d, (i::HUGEINT*1000000000000000000)::DECIMAL(38,2) AS wide, CASE WHEN i%3=2 THEN NULL ELSE 'S'||(i//4) END AS g, (['low','mid','top'])[i%3+1]::ENUM('low','mid','top') AS e, DATE '2021-03-29'+i::INTEGER AS day, TIMESTAMP '2021-03-29 08:15:00.25' + INTERVAL (i) HOUR AS t, TIMESTAMPTZ '2021-03-29 08:15:00+00' AS tz, TIME '08:15:00.5' AS clock, i%2=0 AS b, {'a': i} AS s, [i,i] AS l, i::UBIGINT AS ub, blob '\xAA' AS raw, NULL::INTEGER AS none, i::FLOAT AS f, uuid() AS id FROM range(9) t(i)) TO 'duckdb.parquet' (FORMAT parquet, COMPRESSION zstd, PARQUET_VERSION 'V2');
        COPY (SELECT i::BIGINT AS id, (i*37)%1000/7.0 AS y, 'G'||(i%5) AS g FROM range(3000) t(i)) TO 'duckdb-groups.parquet' (FORMAT parquet, ROW_GROUP_SIZE 2048);
        COPY (SELECT i::INTEGER AS y, 12345678901234567890123456789012.34::DECIMAL(38,2) AS wide FROM range(3) t(i)) TO 'duckdb-wide.parquet' (FORMAT parquet);
        """;
    command.ExecuteNonQuery();
}
