namespace LmmFormula.Cli;

/// <summary>What the program's exit status says.</summary>
internal static class ExitCode
{
    /// <summary>Done.</summary>
    public const int Success = 0;

    /// <summary>The model could not be fitted or the data are unfit.</summary>
    public const int Unfit = 1;

    /// <summary>The command line or the formula is wrong.</summary>
    public const int Misuse = 2;
}
