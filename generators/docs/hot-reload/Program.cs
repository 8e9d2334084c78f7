using System.ComponentModel;

for (var i = 0; ; i++)
{
    Console.WriteLine($"{i} {Sample.Text}");
    Thread.Sleep(1000);
}

[Description("one")]
public partial record Sample(int Id);
