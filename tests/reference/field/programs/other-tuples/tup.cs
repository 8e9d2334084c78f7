using LmmFormula;
var rows = Enumerable.Range(0, 60).Select(i => (Id: i % 10, Week: i / 10, Y: i % 10 * 2.0 + i / 10 + Math.Sin(i * 7))).ToList();
Console.WriteLine(Lmm.Fit("Item3 ~ Item2 + (1 | Item1)", rows).LogLikelihood);
var formula = "Item3 ~ Item2 + " + (rows.Count > 0 ? "(1 | Item1)" : "");
Console.WriteLine(Lmm.Fit(formula, rows).LogLikelihood);
Console.WriteLine(string.Join(",", Lmm.Fit("y ~ . + (1 | id)", rows.Select(r => new S { Y = r.Y, Id = r.Id, Week = r.Week, A = r.Week % 4 })).Design.Fixed.Names));
Console.WriteLine(string.Join(",", Lmm.Fit("y ~ . + (1 | id)" + (rows.Count > 0 ? "" : " "), rows.Select(r => new S { Y = r.Y, Id = r.Id, Week = r.Week, A = r.Week % 4})).Design.Fixed.Names));
try { Lmm.Fit(formula.Replace("Item3", "y"), rows); } catch (Exception e) { Console.WriteLine(e.Message); }
try { Lmm.Fit(formula.Replace("Item3", "y"), rows.Select(r => (S?)null)); } catch (Exception e) { Console.WriteLine(e.Message); }
try { Lmm.Fit(formula.Replace("Item3", "y"), rows.Select(r => (S?)new S())); } catch (Exception e) { Console.WriteLine(e.Message); }
public struct S { public int Week; public double Y { get; set; } public int Id; public double A { get; set; } internal double Hid { get; set; } }
