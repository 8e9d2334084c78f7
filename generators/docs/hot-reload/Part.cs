public partial record Sample
{
    public static string Text => "one";
}
