module Program

open System
open LmmFormula
open LmmFormula.Language

type Arm = Placebo | Active

type Sample = { Id: Guid; Arm: Arm; Week: int; Dose: float option; Y: float }

let rows =
    [ for i in 0 .. 59 ->
        { Id = Guid(i % 10 + 1, 0s, 0s, Array.zeroCreate 8)
          Arm = (if i % 2 = 0 then Placebo else Active)
          Week = i / 10
          Dose = (if i % 7 = 0 then None else Some(float (i % 3)))
          Y = float (i % 10) * 2.0 + float (i / 10) + sin (float (i * 7)) } ]

// A union without fields is a factor, its cases the levels; None is a missing value.
let fit = Lmm.Fit("y ~ arm + week + (1 | id)", rows)
printfn "%.4f" fit.LogLikelihood

for name, value in Seq.zip fit.Design.Fixed.Names (fit.Coefficients.ToArray()) do
    printfn "%s %.4f" name value

printfn "%d of %d rows" (Lmm.Fit("y ~ week + dose + (1 | id)", rows).Observations) rows.Length

// Anonymous records are rows as well.
let weeks = rows |> List.map (fun row -> {| Id = row.Id; Week = row.Week; Y = row.Y |})
printfn "%.4f" (Lmm.Fit("y ~ week + (1 | id)", weeks).LogLikelihood)

// Mistakes as values: what is wrong, where, and what to do.
match Lmm.TryFit("y ~ weak + (1 | id)", Data.RowReader.ReadFor(rows, [ "y ~ weak + (1 | id)" ])) with
| :? Result<Fits.LmmFit>.Ok as ok -> printfn "%.4f" ok.Value.LogLikelihood
| :? Result<Fits.LmmFit>.Bad as bad -> printfn "%s" bad.Errors[0].Message
| _ -> ()
