using System;
using System.Collections;
using System.Linq;
using Analysis = Microsoft.Data.Analysis;

namespace LmmFormula.Data;

/// <summary>Data frames of Microsoft.Data.Analysis as data of models.</summary>
public static class DataAnalysisFrame
{
    /// <summary>The columns of a data frame; nulls are missing.</summary>
    /// <param name="frame">The data frame, which is copied.</param>
    /// <returns>The data. What no column can be made of is left out with a note in <see cref="DataFrame.Reading"/>.</returns>
    /// <exception cref="Language.ModelException">The columns differ in length.</exception>
    /// <example><code>
    /// var frame = Microsoft.Data.Analysis.DataFrame.LoadCsv("tlc.csv");
    /// var fit = Lmm.Fit("lead ~ week + (1 | id)", frame.ToLmmFrame());
    /// </code></example>
    public static DataFrame ToLmmFrame(this Analysis.DataFrame frame)
    {
        ArgumentNullException.ThrowIfNull(frame);
        return DataFrame.FromColumns(frame.Columns.Select(c => (c.Name, c.DataType, (IEnumerable)c)), "Microsoft.Data.Analysis data frame");
    }
}
