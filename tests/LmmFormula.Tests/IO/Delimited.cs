using System;
using System.Collections.Generic;
using System.IO;
using System.Text;
using LmmFormula.Data;
using LmmFormula.IO;
using LmmFormula.Language;
using Xunit;

namespace LmmFormula.Tests.IO;

/// <summary>Delimited text as the tests read it.</summary>
internal static class Delimited
{
    public static IEnumerable<string?> Texts(DataFrame data, string name) => Assert.IsType<Column.Text>(data.Find(name)).Values.ToArray();

    public static (DataFrame Frame, EquatableArray<ModelError> Notes) Read(string text, DelimitedOptions? options = null) => Read(Encoding.UTF8.GetBytes(text), options);

    public static (DataFrame Frame, EquatableArray<ModelError> Notes) Read(byte[] bytes, DelimitedOptions? options = null) =>
        DataFile.ReadStream(new MemoryStream(bytes), options) switch
        {
            Result<DataFrame>.Ok ok => (ok.Value, ok.Warnings),
            Result<DataFrame>.Bad bad => throw new ModelException(bad.Errors),
            _ => throw new InvalidOperationException(),
        };

    public static ModelError Bad(string text, DelimitedOptions? options = null) => Bad(Encoding.UTF8.GetBytes(text), options);

    public static ModelError Bad(byte[] bytes, DelimitedOptions? options = null) =>
        Assert.Single(Assert.IsType<Result<DataFrame>.Bad>(DataFile.ReadStream(new MemoryStream(bytes), options)).Errors);
}
