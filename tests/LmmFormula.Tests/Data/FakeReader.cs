using System;
using System.Collections;
using System.Data.Common;

namespace LmmFormula.Tests.Data;

/// <summary>A reader of a database without fixed types: a field's type is that of the value in the current row.</summary>
internal sealed class FakeReader(string[] names, object[][] rows) : DbDataReader
{
    private int row = -1;

    public override int FieldCount => names.Length;

    public override bool HasRows => rows.Length > 0;

    public override int Depth => 0;

    public override bool IsClosed => false;

    public override int RecordsAffected => -1;

    public override object this[int ordinal] => GetValue(ordinal);

    public override object this[string name] => GetValue(GetOrdinal(name));

    public override bool Read() => ++row < rows.Length;

    public override bool NextResult() => false;

    public override string GetName(int ordinal) => names[ordinal];

    public override int GetOrdinal(string name) => Array.IndexOf(names, name);

    public override Type GetFieldType(int ordinal) => row < 0 || IsDBNull(ordinal) ? typeof(byte[]) : rows[row][ordinal].GetType();

    public override string GetDataTypeName(int ordinal) => GetFieldType(ordinal).Name;

    public override object GetValue(int ordinal) => rows[row][ordinal];

    public override bool IsDBNull(int ordinal) => rows[row][ordinal] is DBNull;

    public override int GetValues(object[] values) => throw new NotSupportedException();

    public override bool GetBoolean(int ordinal) => (bool)rows[row][ordinal];

    public override byte GetByte(int ordinal) => (byte)rows[row][ordinal];

    public override long GetBytes(int ordinal, long dataOffset, byte[]? buffer, int bufferOffset, int length) => throw new NotSupportedException();

    public override char GetChar(int ordinal) => (char)rows[row][ordinal];

    public override long GetChars(int ordinal, long dataOffset, char[]? buffer, int bufferOffset, int length) => throw new NotSupportedException();

    public override DateTime GetDateTime(int ordinal) => (DateTime)rows[row][ordinal];

    public override decimal GetDecimal(int ordinal) => (decimal)rows[row][ordinal];

    // Converts what is there, as such databases do: 2.5 would be 2.
    public override double GetDouble(int ordinal) => Convert.ToDouble(rows[row][ordinal], null);

    public override float GetFloat(int ordinal) => (float)rows[row][ordinal];

    public override Guid GetGuid(int ordinal) => (Guid)rows[row][ordinal];

    public override short GetInt16(int ordinal) => (short)GetInt64(ordinal);

    public override int GetInt32(int ordinal) => (int)GetInt64(ordinal);

    public override long GetInt64(int ordinal) => (long)Convert.ToDouble(rows[row][ordinal], null);

    public override string GetString(int ordinal) => (string)rows[row][ordinal];

    public override IEnumerator GetEnumerator() => throw new NotSupportedException();
}
