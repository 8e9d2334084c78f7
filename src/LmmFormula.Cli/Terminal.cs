using System;
using System.IO;

namespace LmmFormula.Cli;

/// <summary>Where the command line reads and writes.</summary>
/// <param name="Output">Results.</param>
/// <param name="Error">Messages and progress.</param>
/// <param name="Input">Opens standard input.</param>
/// <param name="ShowsProgress">Whether someone watches the messages.</param>
internal sealed record Terminal(TextWriter Output, TextWriter Error, Func<Stream> Input, bool ShowsProgress);
