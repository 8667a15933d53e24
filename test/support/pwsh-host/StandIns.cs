using System.Collections;
using System.Management.Automation;
using System.Reflection;
using System.Text;
using System.Text.Json;

// Stand-ins for cmdlets of Microsoft.PowerShell.Management, .Utility and .Security, which no package that can be had holds:
// as little of each as orcc and its tests use, over the engine's own providers and session state. Files, the Env: drive,
// variables, errors and -ErrorAction are the engine's; what a cmdlet does beyond them is not proven.

/// <summary>-Path with wildcards or -LiteralPath, as all item cmdlets have them; an error of the provider doesn't end the command.</summary>
public abstract class ItemCommand : PSCmdlet
{
    [Parameter(Position = 0, ValueFromPipeline = true, ParameterSetName = "Path")] public string[]? Path { get; set; }
    [Parameter(Mandatory = true, ParameterSetName = "Literal")] [Alias("PSPath")] public string[]? LiteralPath { get; set; }
    [Parameter] public SwitchParameter Force { get; set; }
    protected bool IsLiteral => LiteralPath is not null;
    protected string[] Paths => LiteralPath ?? Path ?? ["."];

    protected abstract void Each(string path);
    protected override void ProcessRecord()
    {
        foreach (string path in Paths)
        {
            try { Each(path); }
            catch (RuntimeException error) when (error is not (PipelineStoppedException or ActionPreferenceStopException)) { WriteError(new ErrorRecord(error.ErrorRecord, error)); }
        }
    }
}

[Cmdlet(VerbsCommon.Get, "Content")]
public sealed class GetContent : ItemCommand
{
    [Parameter] [Alias("First", "Head")] public long TotalCount { get; set; } = -1;
    [Parameter] public SwitchParameter Raw { get; set; }
    protected override void Each(string path)
    {
        foreach (var reader in InvokeProvider.Content.GetReader([path], Force, IsLiteral))
        {
            try
            {
                // As the real one: with -Raw all at once, else line by line, and no more lines than asked for.
                var lines = new List<object>();
                while (TotalCount < 0 || lines.Count < TotalCount)
                {
                    IList some = reader.Read(1);
                    if (some.Count == 0) break;
                    foreach (object line in some) lines.Add(line);
                }
                if (Raw) WriteObject(string.Join('\n', lines));
                else WriteObject(lines, true);
            }
            finally { reader.Close(); }
        }
    }
}

[Cmdlet(VerbsCommon.Set, "Content")]
public sealed class SetContent : ItemCommand
{
    [Parameter(Mandatory = true, Position = 1)] [AllowNull] [AllowEmptyString] public object[]? Value { get; set; }
    protected override void Each(string path)
    {
        try { InvokeProvider.Content.Clear([path], Force, IsLiteral); }
        catch (Exception error) when (error is ItemNotFoundException or PSNotSupportedException || error.InnerException is PSNotSupportedException) { }
        foreach (var writer in InvokeProvider.Content.GetWriter([path], Force, IsLiteral))
        {
            writer.Write(Value ?? []);
            writer.Close();
        }
    }
}

[Cmdlet(VerbsCommon.Get, "Item")]
public sealed class GetItem : ItemCommand
{
    protected override void Each(string path) => WriteObject(InvokeProvider.Item.Get([path], Force, IsLiteral), true);
}

[Cmdlet(VerbsCommon.Get, "ChildItem")]
public sealed class GetChildItem : ItemCommand
{
    protected override void Each(string path) => WriteObject(InvokeProvider.ChildItem.Get([path], false, Force, IsLiteral), true);
}

[Cmdlet(VerbsCommon.Set, "Item")]
public sealed class SetItem : ItemCommand
{
    [Parameter(Position = 1)] public object? Value { get; set; }
    protected override void Each(string path) => InvokeProvider.Item.Set([path], Value, Force, IsLiteral);
}

[Cmdlet(VerbsCommon.New, "Item")]
public sealed class NewItem : PSCmdlet
{
    [Parameter(Mandatory = true, Position = 0)] public string[] Path { get; set; } = [];
    [Parameter] public string? Name { get; set; }
    [Parameter] [Alias("Type")] public string? ItemType { get; set; }
    [Parameter] [Alias("Target")] public object? Value { get; set; }
    [Parameter] public SwitchParameter Force { get; set; }
    protected override void ProcessRecord()
    {
        try { WriteObject(InvokeProvider.Item.New(Path, Name, ItemType, Value, Force), true); }
        catch (RuntimeException error) { WriteError(new ErrorRecord(error.ErrorRecord, error)); }
    }
}

[Cmdlet(VerbsCommon.Remove, "Item")]
public sealed class RemoveItem : ItemCommand
{
    [Parameter] public SwitchParameter Recurse { get; set; }
    protected override void Each(string path) => InvokeProvider.Item.Remove([path], Recurse, Force, IsLiteral);
}

[Cmdlet(VerbsCommon.Clear, "Item")]
public sealed class ClearItem : ItemCommand
{
    protected override void Each(string path) => InvokeProvider.Item.Clear([path], Force, IsLiteral);
}

[Cmdlet(VerbsDiagnostic.Test, "Path")]
public sealed class TestPath : ItemCommand
{
    protected override void Each(string path) => WriteObject(InvokeProvider.Item.Exists(path, Force, IsLiteral));
}

[Cmdlet(VerbsCommon.Join, "Path")]
public sealed class JoinPath : PSCmdlet
{
    [Parameter(Mandatory = true, Position = 0)] public string Path { get; set; } = "";
    [Parameter(Mandatory = true, Position = 1)] public string ChildPath { get; set; } = "";
    protected override void ProcessRecord() => WriteObject(SessionState.Path.Combine(Path, ChildPath));
}

[Cmdlet(VerbsCommon.Set, "Variable")]
public sealed class SetVariable : PSCmdlet
{
    [Parameter(Mandatory = true, Position = 0)] public string Name { get; set; } = "";
    [Parameter(Position = 1)] public object? Value { get; set; }
    protected override void ProcessRecord() => SessionState.PSVariable.Set(Name, Value);
}

[Cmdlet(VerbsCommon.Remove, "Variable")]
public sealed class RemoveVariable : PSCmdlet
{
    [Parameter(Mandatory = true, Position = 0)] public string[] Name { get; set; } = [];
    protected override void ProcessRecord()
    {
        foreach (string name in Name)
        {
            if (SessionState.PSVariable.Get(name) is { } found) SessionState.PSVariable.Remove(found);
            else WriteError(new ErrorRecord(new ItemNotFoundException($"Cannot find a variable with the name '{name}'."), "VariableNotFound", ErrorCategory.ObjectNotFound, name));
        }
    }
}

[Cmdlet(VerbsCommunications.Write, "Output")]
public sealed class WriteOutput : PSCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromRemainingArguments = true)] [AllowNull] [AllowEmptyCollection] public PSObject? InputObject { get; set; }
    protected override void ProcessRecord() => WriteObject(InputObject, true);
}

[Cmdlet(VerbsCommunications.Write, "Host")]
public sealed class WriteHost : PSCmdlet
{
    [Parameter(Position = 0, ValueFromRemainingArguments = true)] public object[] Object { get; set; } = [];
    protected override void ProcessRecord() => Host.UI.WriteLine(string.Join(' ', Object));
}

[Cmdlet(VerbsCommon.Select, "Object")]
public sealed class SelectObject : PSCmdlet
{
    private int seen;
    [Parameter(ValueFromPipeline = true)] public PSObject? InputObject { get; set; }
    [Parameter] public int First { get; set; } = int.MaxValue;
    [Parameter] public int Skip { get; set; }
    protected override void ProcessRecord()
    {
        seen++;
        if (seen > Skip && seen - Skip <= First) WriteObject(InputObject);
    }
}

[Cmdlet(VerbsData.Out, "String")]
public sealed class OutString : PSCmdlet
{
    private readonly StringBuilder text = new();
    [Parameter(ValueFromPipeline = true)] public PSObject? InputObject { get; set; }
    protected override void ProcessRecord() => text.Append(InputObject).Append(Environment.NewLine);
    protected override void EndProcessing() => WriteObject(text.ToString());
}

[Cmdlet(VerbsLifecycle.Invoke, "Expression")]
public sealed class InvokeExpression : PSCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)] public string Command { get; set; } = "";
    protected override void ProcessRecord() => WriteObject(InvokeCommand.InvokeScript(false, InvokeCommand.NewScriptBlock(Command), null), true);
}

/// <summary>Of tables, lists, texts, numbers and truth values.</summary>
[Cmdlet(VerbsData.ConvertTo, "Json")]
public sealed class ConvertToJson : PSCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)] public object? InputObject { get; set; }
    [Parameter] public SwitchParameter Compress { get; set; }
    protected override void ProcessRecord() => WriteObject(JsonSerializer.Serialize(Plain(InputObject)));
    private static object? Plain(object? value) => (value is PSObject wrapped ? wrapped.BaseObject : value) switch
    {
        IDictionary table => table.Keys.Cast<object>().ToDictionary(key => key.ToString()!, key => Plain(table[key])),
        string text => text,
        IEnumerable list => list.Cast<object>().Select(Plain).ToArray(),
        var other => other,
    };
}

/// <summary>What the engine itself goes by.</summary>
[Cmdlet(VerbsCommon.Get, "ExecutionPolicy")]
public sealed class GetExecutionPolicy : PSCmdlet
{
    [Parameter(Position = 0)] public string? Scope { get; set; }
    protected override void ProcessRecord()
    {
        Assembly engine = typeof(PSObject).Assembly;
        Type support = engine.GetType("System.Management.Automation.Internal.SecuritySupport", true)!;
        const BindingFlags Hidden = BindingFlags.Static | BindingFlags.NonPublic;
        if (Scope is null) WriteObject(support.GetMethod("GetExecutionPolicy", Hidden, [typeof(string)])!.Invoke(null, ["Microsoft.PowerShell"]));
        else
        {
            Type scopes = engine.GetType("Microsoft.PowerShell.ExecutionPolicyScope", true)!;
            WriteObject(support.GetMethod("GetExecutionPolicy", Hidden, [typeof(string), scopes])!.Invoke(null, ["Microsoft.PowerShell", Enum.Parse(scopes, Scope)]));
        }
    }
}

[Cmdlet(VerbsCommon.Get, "Date")]
public sealed class GetDate : PSCmdlet
{
    protected override void ProcessRecord() => WriteObject(DateTime.Now);
}
