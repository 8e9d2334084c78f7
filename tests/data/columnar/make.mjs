// Writes hyparquet.parquet and rust.parquet: npm install hyparquet-writer parquet-wasm apache-arrow, then node make.mjs
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
