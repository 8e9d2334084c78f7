Imports System
Imports System.Linq
Imports LmmFormula

' Models are generated for types of C#: here the attribute does nothing, and LMM020 says so.
<MixedModel("y ~ week + (1 | id)")>
Public Class Sample
    Public Property Id As Integer
    Public Property Week As Integer
    Public Property Y As Double
End Class

Module Program
    Sub Main()
        Dim rows = Enumerable.Range(0, 60).Select(Function(i) New Sample With {.Id = i Mod 10, .Week = i \ 10, .Y = (i Mod 10) * 2.0 + i \ 10 + Math.Sin(i * 7)}).ToList()
        Dim fit = Lmm.Fit("y ~ week + (1 | id)", rows)
        Console.WriteLine(fit.LogLikelihood.ToString("F4"))

        ' Rows of an anonymous type do as well.
        Dim weeks = rows.Select(Function(r) New With {.Id = "s" & r.Id, r.Week, r.Y})
        Console.WriteLine(Lmm.Fit("y ~ week + (1 | id)", weeks).LogLikelihood.ToString("F4"))
    End Sub
End Module
