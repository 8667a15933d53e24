using System.Collections.ObjectModel;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Management.Automation.Language;
using System.Management.Automation.Runspaces;
using System.Reflection;
using System.Text;

// A small `pwsh` over the real engine, System.Management.Automation: it takes the arguments that pwsh takes and runs the
// profiles that pwsh runs. Its terminal part, Microsoft.PowerShell.ConsoleHost, is in no package that can be had, and neither
// are three modules of cmdlets: StandIns.cs has what the tests need of them.
Console.OutputEncoding = new UTF8Encoding(false);
return new Pwsh(Arguments.Read(args)).Run();

internal sealed record Arguments(bool NoProfile, bool NoExit, string? Command, string? File, string[] Rest, string? Folder)
{
    /// <summary>As CommandLineParameterParser: any unambiguous prefix of a name, `-` or `--` before it; a first word without one is a file.</summary>
    public static Arguments Read(string[] args)
    {
        bool noProfile = false, noExit = false;
        string? folder = null;
        for (int i = 0; i < args.Length; i++)
        {
            string name = args[i].TrimStart('-').ToLowerInvariant();
            string[] rest = args[(i + 1)..];
            bool Is(string full, int least) => args[i].StartsWith('-') && name.Length >= least && full.StartsWith(name);
            if (!args[i].StartsWith('-')) return new(noProfile, noExit, null, args[i], rest, folder);
            if (Is("noprofile", 3)) noProfile = true;
            else if (Is("noexit", 3)) noExit = true;
            else if (Is("command", 1)) return new(noProfile, noExit, string.Join(' ', rest), null, [], folder);
            else if (Is("encodedcommand", 1) || name is "ec" or "enc") return new(noProfile, noExit, Encoding.Unicode.GetString(Convert.FromBase64String(rest[0])), null, [], folder);
            else if (Is("file", 1)) return new(noProfile, noExit, rest[0] == "-" ? "-" : null, rest[0] == "-" ? null : rest[0], rest[1..], folder);
            else if (Is("executionpolicy", 2) || name == "ep" || Is("outputformat", 1) || Is("inputformat", 3)) i++;
            else if (Is("workingdirectory", 1) || name == "wd") folder = args[++i];
            else if (!(Is("nologo", 3) || Is("noninteractive", 3) || Is("interactive", 1) || Is("login", 1) || Is("mta", 1) || Is("sta", 1)))
            {
                Console.Error.WriteLine($"pwsh (test host): the argument '{args[i]}' is not known");
                Environment.Exit(64);
            }
        }
        return new(noProfile, noExit, null, null, [], folder);
    }
}

internal sealed class Pwsh(Arguments arguments)
{
    private const string Shell = "Microsoft.PowerShell";
    private readonly ConsoleLikeHost host = new();
    private Runspace runspace = null!;

    public int Run()
    {
        if (arguments.Folder is { } folder) Environment.CurrentDirectory = folder;
        InitialSessionState state = InitialSessionState.CreateDefault2();
        foreach (Type type in Assembly.GetExecutingAssembly().GetTypes())
            if (type.GetCustomAttribute<CmdletAttribute>() is { } named)
                state.Commands.Add(new SessionStateCmdletEntry($"{named.VerbName}-{named.NounName}", type, null));
        using (runspace = RunspaceFactory.CreateRunspace(host, state))
        {
            runspace.Open();
            Runspace.DefaultRunspace = runspace;
            foreach (string profile in SetProfileVariable())
                if (!arguments.NoProfile && File.Exists(profile)) Execute(new Command($". '{CodeGeneration.EscapeSingleQuotedStringContent(profile)}'", true));
            if (host.ExitCode is { } early) return early;
            int code = 0;
            if (arguments.File is { } file) code = RunFile(file);
            else if (arguments.Command is { } text && text != "-") code = Execute(new Command(text, true)) ? 0 : 1;
            else return ReadLoop();
            return arguments.NoExit && host.ExitCode is null ? ReadLoop() : host.ExitCode ?? code;
        }
    }

    /// <summary>The engine's own rules (HostUtilities, not public) for where the four profiles are; gives them in the order of their run.</summary>
    private string[] SetProfileVariable()
    {
        Type utilities = typeof(PSObject).Assembly.GetType("System.Management.Automation.HostUtilities", true)!;
        object Call(string method, Type[] types, params object?[] values) =>
            utilities.GetMethod(method, BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public, types)!.Invoke(null, values)!;
        Type[] two = [typeof(string), typeof(bool)];
        string[] profiles =
        [
            (string)Call("GetFullProfileFileName", two, null, false),
            (string)Call("GetFullProfileFileName", two, Shell, false),
            (string)Call("GetFullProfileFileName", two, null, true),
            (string)Call("GetFullProfileFileName", two, Shell, true),
        ];
        object variable = Call("GetDollarProfile", [typeof(string), typeof(string), typeof(string), typeof(string)], [.. profiles]);
        runspace.SessionStateProxy.SetVariable("PROFILE", variable);
        return profiles;
    }

    private int RunFile(string file)
    {
        if (!File.Exists(file))
        {
            Console.Error.WriteLine($"The argument '{file}' is not recognized as the name of a script file.");
            return 64;
        }
        // So that `exit 3` of the script is the exit of the process, as ConsoleHost has it.
        object context = typeof(Runspace).GetProperty("ExecutionContext", BindingFlags.Instance | BindingFlags.NonPublic)!.GetValue(runspace)!;
        context.GetType().GetProperty("ScriptCommandProcessorShouldRethrowExit", BindingFlags.Instance | BindingFlags.NonPublic)?.SetValue(context, true);
        Command command = new(Path.GetFullPath(file), false, false);
        foreach (string word in arguments.Rest) command.Parameters.Add(null, word);
        return Execute(command, ownScope: true) ? 0 : 1;
    }

    /// <summary>`-Command -` and a session: line by line, where a statement may take several.</summary>
    private int ReadLoop()
    {
        bool isSession = !Console.IsInputRedirected;
        string text = "";
        bool succeeded = true;
        while (host.ExitCode is null)
        {
            if (isSession) Console.Write(text == "" ? $"PS {runspace.SessionStateProxy.Path.CurrentLocation}> " : ">> ");
            string? line = Console.ReadLine();
            if (line is not null) text += text == "" ? line : "\n" + line;
            Parser.ParseInput(text, out _, out ParseError[] errors);
            bool isOpen = errors.Any(error => error.IncompleteInput);
            if (line is not null && isOpen && line != "") continue;
            if (text.Trim() != "") succeeded = Execute(new Command(text, true));
            text = "";
            if (line is null) break;
        }
        return host.ExitCode ?? (succeeded ? 0 : 1);
    }

    /// <summary>As ConsoleHost's Executor: errors join the output, and Out-Default shows both. False after a terminating error alone: pwsh looks at `$?` too.</summary>
    private bool Execute(Command command, bool ownScope = false)
    {
        try
        {
            using Pipeline pipeline = runspace.CreatePipeline();
            pipeline.Commands.Add(command);
            command.MergeMyResults(PipelineResultTypes.Error, PipelineResultTypes.Output);
            pipeline.Commands.Add(new Command("Out-Default", false, !ownScope));
            pipeline.Invoke();
            return true;
        }
        catch (RuntimeException error)
        {
            using Pipeline pipeline = runspace.CreatePipeline();
            pipeline.Commands.Add("Out-Default");
            PSObject record = PSObject.AsPSObject(error.ErrorRecord);
            record.Properties.Add(new PSNoteProperty("writeErrorStream", true));
            pipeline.Invoke(new object[] { record });
            return false;
        }
    }
}

/// <summary>The host object: plain text to the console's streams, no prompts.</summary>
internal sealed class ConsoleLikeHost : PSHost
{
    private readonly PlainUserInterface ui = new();
    public int? ExitCode { get; private set; }
    public override string Name => "ConsoleHost";
    public override Version Version => typeof(PSObject).Assembly.GetName().Version!;
    public override Guid InstanceId { get; } = Guid.NewGuid();
    public override PSHostUserInterface UI => ui;
    public override System.Globalization.CultureInfo CurrentCulture => System.Globalization.CultureInfo.CurrentCulture;
    public override System.Globalization.CultureInfo CurrentUICulture => System.Globalization.CultureInfo.CurrentUICulture;
    public override void SetShouldExit(int exitCode) => ExitCode = exitCode;
    public override void EnterNestedPrompt() { }
    public override void ExitNestedPrompt() { }
    public override void NotifyBeginApplication() { }
    public override void NotifyEndApplication() { }
}

internal sealed class PlainUserInterface : PSHostUserInterface
{
    public override PSHostRawUserInterface RawUI { get; } = new WideScreen();
    public override void Write(string value) => Console.Out.Write(value);
    public override void Write(ConsoleColor foreground, ConsoleColor background, string value) => Console.Out.Write(value);
    public override void WriteLine(string value) => Console.Out.WriteLine(value);
    public override void WriteErrorLine(string value) => Console.Error.WriteLine(value);
    public override void WriteWarningLine(string message) => Console.Out.WriteLine("WARNING: " + message);
    public override void WriteVerboseLine(string message) => Console.Out.WriteLine("VERBOSE: " + message);
    public override void WriteDebugLine(string message) => Console.Out.WriteLine("DEBUG: " + message);
    public override void WriteProgress(long sourceId, ProgressRecord record) { }
    public override string ReadLine() => Console.ReadLine() ?? "";
    private static T Refuse<T>() => throw new PSInvalidOperationException("PowerShell is in NonInteractive mode. Read and Prompt functionality is not available.");
    public override System.Security.SecureString ReadLineAsSecureString() => Refuse<System.Security.SecureString>();
    public override Dictionary<string, PSObject> Prompt(string caption, string message, Collection<FieldDescription> descriptions) => Refuse<Dictionary<string, PSObject>>();
    public override PSCredential PromptForCredential(string caption, string message, string userName, string targetName) => Refuse<PSCredential>();
    public override PSCredential PromptForCredential(string caption, string message, string userName, string targetName, PSCredentialTypes types, PSCredentialUIOptions options) => Refuse<PSCredential>();
    public override int PromptForChoice(string caption, string message, Collection<ChoiceDescription> choices, int defaultChoice) => Refuse<int>();
}

/// <summary>Wide, so that nothing that is printed gets cut.</summary>
internal sealed class WideScreen : PSHostRawUserInterface
{
    public override Size BufferSize { get; set; } = new(4000, 50);
    public override Size WindowSize { get; set; } = new(4000, 50);
    public override Size MaxWindowSize => WindowSize;
    public override Size MaxPhysicalWindowSize => WindowSize;
    public override Coordinates CursorPosition { get; set; }
    public override Coordinates WindowPosition { get; set; }
    public override ConsoleColor ForegroundColor { get; set; }
    public override ConsoleColor BackgroundColor { get; set; }
    public override int CursorSize { get; set; } = 25;
    public override string WindowTitle { get; set; } = "";
    public override bool KeyAvailable => false;
    public override void FlushInputBuffer() { }
    public override KeyInfo ReadKey(ReadKeyOptions options) => throw new PSNotSupportedException();
    public override BufferCell[,] GetBufferContents(Rectangle rectangle) => throw new PSNotSupportedException();
    public override void ScrollBufferContents(Rectangle source, Coordinates destination, Rectangle clip, BufferCell fill) { }
    public override void SetBufferContents(Rectangle rectangle, BufferCell fill) { }
    public override void SetBufferContents(Coordinates origin, BufferCell[,] contents) { }
}
