namespace LmmFormula.Tests.FSharp

open System
open LmmFormula.Data

/// Arms of a trial: a union without fields.
type Arm =
    | Succimer
    | Placebo

/// More cases than tests of their types tell apart.
type Site =
    | North
    | East
    | South
    | West
    | Centre

[<Struct>]
type Sex =
    | Male
    | Female

/// A strongly typed identifier: the only case of a union.
type SubjectId = SubjectId of int64

[<Struct>]
type ClinicId = ClinicId of code: string

/// Cases with fields are no levels.
type Dose =
    | Fixed of float
    | Tapered of float * float

type Visit =
    { Id: SubjectId
      Clinic: ClinicId
      Arm: Arm
      Site: Site
      Sex: Sex
      Week: int
      Age: int option
      Weight: float voption
      Born: DateOnly option
      Second: Arm option
      Dose: Dose
      Lead: float }

module Rows =
    let visits =
        [ for i in 0..59 ->
              { Id = SubjectId(int64 (i % 10))
                Clinic = ClinicId(if i % 2 = 0 then "a" else "b")
                Arm = if i % 10 < 5 then Placebo else Succimer
                Site = [ North; East; South; West; Centre ][i % 5]
                Sex = if i % 3 = 0 then Female else Male
                Week = i / 10
                Age = if i % 7 = 0 then None else Some(20 + i)
                Weight = if i % 6 = 0 then ValueNone else ValueSome(60.0 + float i)
                Born = if i = 3 then None else Some(DateOnly(1970, 1, 1).AddDays i)
                Second = if i = 0 then None else Some Succimer
                Dose = if i = 0 then Fixed 1.0 else Tapered(1.0, 2.0)
                Lead = float (i % 10) * 2.0 + float (i / 10) + Math.Sin(float (i * 7)) } ]

    /// Records without a name, as F# calls the library with them.
    let anonymous () =
        visits
        |> Seq.map (fun v -> {| Id = v.Id; Week = v.Week; Age = v.Age; Lead = v.Lead |})
        |> DataFrame.FromRows
