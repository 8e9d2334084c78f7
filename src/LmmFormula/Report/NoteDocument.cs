using LmmFormula.Language;

namespace LmmFormula.Report;

/// <summary>A warning or note of a fit as JSON has it, so that programs go by its code.</summary>
internal sealed record NoteDocument(string Code, string Severity, string Message, string? Hint, string? Term, string? Column, int? Row)
{
    public static NoteDocument Of(ModelError said) =>
        new(said.Code, IsNote(said.Code) ? "note" : "warning", said.Message, said.Hint, said.Term, said.Column, said.Row);

    // What leaves the fit that of the model and the data as given, so that nothing must be done about it.
    private static bool IsNote(string code) =>
        code is ModelCodes.NotUtf8 or ModelCodes.NoHeader or ModelCodes.StrayQuotes or ModelCodes.CommentLines or ModelCodes.TrailingSeparators
            or ModelCodes.PaddedLabels or ModelCodes.NotAvailable or ModelCodes.UnicodeMinus or ModelCodes.ReferenceLevel or ModelCodes.RowsLeftOut or ModelCodes.DateAsNumber or ModelCodes.ZeroWeights or ModelCodes.ColumnSkipped or ModelCodes.DeletedRows
            or ModelCodes.DependentEffects or ModelCodes.ZeroEffect or ModelCodes.RedundantTerm or ModelCodes.NoNugget;
}
