// Writes hyparquet.parquet, rust*.parquet and *.arrow*: npm install hyparquet-writer parquet-wasm apache-arrow, then node make.mjs
import fs from 'fs';
import { parquetWriteBuffer } from 'hyparquet-writer';
import * as arrow from 'apache-arrow';
import * as rust from 'parquet-wasm/node';

const days = [0, 1, 2, 3, 4, 5].map(i => new Date(Date.UTC(2021, 2, 29 + i)));

fs.writeFileSync('hyparquet.parquet', Buffer.from(parquetWriteBuffer({ columnData: [
  { name: 'y', data: [1.5, 2, null, 4, 5.25, 6], type: 'DOUBLE' },
  { name: 'g', data: ['a', 'b', 'a', null, 'b', 'a'], type: 'STRING' },
  { name: 'n', data: [1, 2, 3, 4, 5, 6], type: 'INT32' },
  { name: 'big', data: [9007199254740993n, 9007199254740992n, 1n, 2n, 3n, 4n], type: 'INT64' },
  { name: 'ok', data: [true, false, true, true, false, null], type: 'BOOLEAN' },
  { name: 'when', data: days, type: 'TIMESTAMP' }] })));

const table = new arrow.Table({
  y: arrow.vectorFromArray([1.5, 2, null, 4, 5.25, 6], new arrow.Float64()),
  dose: arrow.vectorFromArray(['low', 'high', 'low', null, 'mid', 'low'], new arrow.Dictionary(new arrow.Utf8(), new arrow.Int32())),
  n: arrow.vectorFromArray([1, 2, 3, 4, 5, 6], new arrow.Int16()),
  day: arrow.vectorFromArray(days, new arrow.DateDay()),
  ok: arrow.vectorFromArray([true, false, null, true, false, true]) });
fs.writeFileSync('rust.parquet', rust.writeParquet(rust.Table.fromIPCStream(arrow.tableToIPC(table, 'stream')), new rust.WriterPropertiesBuilder().setCompression(rust.Compression.ZSTD).build()));

const large = new arrow.Table({
  y: arrow.vectorFromArray([1.5, 2, null, 4, 5.25, 6], new arrow.Float64()),
  dose: arrow.vectorFromArray(['low', 'high', 'low', null, 'mid', 'low'], new arrow.Dictionary(new arrow.Utf8(), new arrow.Int32())),
  n: arrow.vectorFromArray([1, 2, 3, 4, 5, 6], new arrow.Int16()),
  big: arrow.vectorFromArray([9007199254740993n, 9007199254740992n, null, 2n, 3n, 4n], new arrow.Int64()),
  u: arrow.vectorFromArray([18446744073709551615n, 1n, 2n, 3n, 4n, 5n], new arrow.Uint64()),
  g: arrow.vectorFromArray(['a', 'naïve', null, 'b', '', 'a'], new arrow.Utf8()),
  large: arrow.vectorFromArray(['a', 'b', null, 'b', 'c', 'a'], new arrow.LargeUtf8()),
  day: arrow.vectorFromArray(days, new arrow.DateDay()),
  day64: arrow.vectorFromArray(days, new arrow.DateMillisecond()),
  us: arrow.vectorFromArray([0, 1, 2, 3, 4, 5].map(i => 1617005700000 + i * 1000), new arrow.TimestampMicrosecond('UTC')),
  clock: arrow.vectorFromArray([0, 1, 2, 3, 4, 5].map(i => 3600 * i + 30), new arrow.TimeSecond()),
  ok: arrow.vectorFromArray([true, false, null, true, false, true], new arrow.Bool()),
  none: arrow.vectorFromArray([null, null, null, null, null, null], new arrow.Null()),
  f: arrow.vectorFromArray([0, 0.5, 1, 1.5, 2, 2.5], new arrow.Float32()),
  list: arrow.vectorFromArray([[1], [2], [3], [4], [5], [6]], new arrow.List(new arrow.Field('item', new arrow.Int32()))) });
fs.writeFileSync('javascript.arrow', arrow.tableToIPC(large, 'file'));
fs.writeFileSync('javascript.arrows', arrow.tableToIPC(new arrow.Table([...large.batches, ...large.batches]), 'stream'));
for (const name of ['factors-arrow', 'dictionary-snappy'])
  fs.writeFileSync(`rust-${name.split('-')[0]}.arrows`, rust.readParquet(new Uint8Array(fs.readFileSync(`${name}.parquet`))).intoIPCStream());
