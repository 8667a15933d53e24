import { Option, type Command } from 'commander';
import { shared, type Register } from './command-kit.ts';

const SHELLS = ['bash', 'zsh', 'fish', 'powershell'];

/** Profiles, sessions on another mapping, and what teams and editors take: the part of the surface that names mappings. */
export function addProfileCommands(program: Command, on: Register): void {
  const { json, yes, dryRun } = shared;
  const profile = program
    .command('profile')
    .summary('named mappings: list, save, show, delete, rename, export, import')
    .description('Mappings that orcc remembers under a name; `orcc switch NAME` takes one.')
    .addOption(json())
    .addHelpText(
      'after',
      '\nExamples:\n  orcc profile save work\n  orcc profile export work --to work.json\n  orcc profile import https://example.com/team.json',
    );
  on(profile, async () => (await import('../commands/profile/profile.ts')).runProfileList);
  on(
    profile.command('list').summary('all profiles, and the presets that ship with orcc').addOption(json()),
    async () => (await import('../commands/profile/profile.ts')).runProfileList,
  );
  on(
    profile
      .command('save')
      .summary('remember the present mapping under a name')
      .argument('<name>', 'name of the profile')
      .addOption(yes())
      .addOption(dryRun())
      .addOption(json())
      .addHelpText('after', '\nExamples:\n  orcc profile save work'),
    async () => (await import('../commands/profile/profile.ts')).runProfileSave,
    ['name'],
  );
  on(
    profile.command('show').summary('the mapping of a profile or preset').argument('<name>', 'profile or preset').addOption(json()),
    async () => (await import('../commands/profile/profile.ts')).runProfileShow,
    ['name'],
  );
  on(
    profile
      .command('delete')
      .summary('forget a profile')
      .argument('<name>', 'name of the profile')
      .addOption(yes())
      .addOption(dryRun())
      .addOption(json()),
    async () => (await import('../commands/profile/profile.ts')).runProfileDelete,
    ['name'],
  );
  on(
    profile
      .command('rename')
      .summary('give a profile another name')
      .argument('<name>', 'its present name')
      .argument('<new>', 'its new name')
      .addOption(yes())
      .addOption(dryRun())
      .addOption(json()),
    async () => (await import('../commands/profile/profile.ts')).runProfileRename,
    ['name', 'newName'],
  );
  on(
    profile
      .command('export')
      .summary('print profiles as JSON, without any key')
      .argument('[name...]', 'profiles (default: all)')
      .option('--to <file>', 'write to this file instead')
      .option('--force', 'overwrite that file')
      .addOption(json())
      .addHelpText('after', '\nExamples:\n  orcc profile export\n  orcc profile export work --to work.json'),
    async () => (await import('../commands/profile/profile-files.ts')).runProfileExport,
    ['names'],
  );
  on(
    profile
      .command('import')
      .summary('take profiles from a file, an https URL or standard input')
      .argument('<source>', 'file, https URL, or `-`')
      .addOption(yes())
      .addOption(dryRun())
      .addOption(json())
      .addHelpText('after', '\nExamples:\n  orcc profile import work.json --dry-run\n  orcc profile import - --yes < work.json'),
    async () => (await import('../commands/profile/profile-files.ts')).runProfileImport,
    ['source'],
  );
  on(
    program
      .command('run')
      .summary('one Claude Code session on a mapping; nothing is written')
      .usage('[options] [alias=model...] -- [claude arguments...]')
      .argument('[change...]', 'alias=model, over the present mapping')
      .option('--profile <name>', 'start from this profile or preset')
      .option('--default <alias>', 'alias that Claude Code starts with')
      .option('--offline', 'check against the cached catalog only')
      .option('--force', 'accept a model that is not in the catalog')
      .addHelpText(
        'after',
        "\nEverything after `--` goes to Claude Code as it is; its exit code is orcc's.\n\nExamples:\n  orcc run opus=z-ai/glm-5.3 -- --continue\n  orcc run --profile value -- -p 'say hello'",
      ),
    async () => (await import('../commands/run/run.ts')).runSession,
    ['changes'],
  );
  on(
    program
      .command('check')
      .summary('compare this machine and folder with the committed orcc.json')
      .description(
        'Exit 0 where Claude Code, started here, would use the mapping that the `orcc.json` of this repository asks for, 1 where it would not.',
      )
      .addOption(json())
      .addHelpText('after', '\nExamples:\n  orcc check\n  orcc check --json'),
    async () => (await import('../commands/check/check.ts')).runCheck,
  );
  on(
    program
      .command('export')
      .summary('print the mapping for administrators, a team or an editor')
      .option('--managed', 'as managed-settings.json of Claude Code')
      .option('--team', 'as orcc.json, to be committed')
      .option('--vscode', "as claudeCode.environmentVariables of VS Code's settings.json")
      .option('--profile <name>', 'of this profile or preset instead of the present mapping')
      .option('--api-key-helper <command>', 'with --managed: the command that prints the key on each machine')
      .addOption(json())
      .addHelpText(
        'after',
        "\nExamples:\n  orcc export --team > orcc.json\n  orcc export --managed --api-key-helper '/opt/company/openrouter-key'",
      ),
    async () => (await import('../commands/export/export.ts')).runExport,
  );
  on(
    program
      .command('completion')
      .summary('print the completion script of a shell')
      .addArgument(program.createArgument('<shell>', 'bash, zsh, fish or powershell').choices(SHELLS))
      .addHelpText(
        'after',
        '\nExamples:\n  source <(orcc completion bash)                        # in ~/.bashrc\n  source <(orcc completion zsh)                         # in ~/.zshrc, after compinit\n  orcc completion fish > ~/.config/fish/completions/orcc.fish\n  orcc completion powershell | Out-String | Invoke-Expression   # in $PROFILE',
      ),
    async () => (await import('./completion.ts')).runCompletion,
    ['shell'],
  );
  // Called by the scripts of `orcc completion` at each TAB.
  on(
    program
      .command('__complete', { hidden: true })
      .addOption(new Option('--shell <shell>').choices(SHELLS))
      .option('--next', 'the word at the cursor is still empty')
      .helpOption(false),
    async () => (await import('./completion.ts')).runComplete,
  );
}
