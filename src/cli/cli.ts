import { Command, Option } from 'commander';
import { shared, type Register } from './command-kit.ts';
import { addKeyCommands } from './cli-keys.ts';
import { addProfileCommands } from './cli-profiles.ts';
import type { Context } from '../core/context.ts';
import { EXIT, OrccError } from '../core/errors.ts';

const EVERY_DAY = 'Every day:';
const WRONG = 'When something is wrong:';
const REST = 'The rest:';

/** The whole surface: every command and flag. Completion and the man page are made from it too. */
export function defineProgram(ctx: Pick<Context, 'version' | 'stdout'>, on: Register): Command {
  const program = new Command('orcc')
    .description("Puts Claude Code on OpenRouter's models: set up once, test each alias, switch, undo.")
    .version(ctx.version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'show help')
    .helpCommand(false)
    .showSuggestionAfterError(true)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => ctx.stdout.write(text),
      writeErr: () => undefined,
      getOutHelpWidth: () => Math.min(100, ctx.stdout.columns),
      getOutHasColors: () => ctx.stdout.colorLevel > 0,
    })
    .addHelpText('after', '\nRun `orcc COMMAND --help` for flags and examples, `orcc help exit-codes` for exit codes.');
  on(program, async () => (await import('../commands/bare/bare.ts')).runBare);

  const { json, yes, dryRun } = shared;
  const list = (value: string, previous: readonly string[] | undefined): string[] => [...(previous ?? []), value];

  program.commandsGroup(EVERY_DAY);
  on(
    program
      .command('init')
      .summary('set up Claude Code for OpenRouter on this machine, then test it')
      .description('Asks for a key and a model for each alias, shows what it will write, writes it, and tests each alias with a live call.')
      .option('--key-stdin', 'read the key from standard input')
      .option('--key-env <name>', 'read the key once from this variable')
      .option('--preset <name>', 'take the mapping from a preset: guide, anthropic, value, free')
      .option('--opus <id>', 'model for opus')
      .option('--sonnet <id>', 'model for sonnet')
      .option('--haiku <id>', 'model for haiku')
      .option('--fable <id>', "model for fable (default: opus's)")
      .option('--subagent <id>', 'model for subagents that name none (default: inherit)')
      .option('--default <alias>', 'alias that Claude Code starts with')
      .option('--target <target>', 'where to write: bash, zsh, fish, powershell, user, project, local (repeatable)', list)
      .option('--base-url <url>', 'API address (a gateway, a region, the simulator)')
      .option('--key-storage <kind>', 'where the key lives: file, profile, env:NAME, helper, keychain')
      .option('--limits <how>', 'derived: set output and context limits from the models; none: leave them out')
      .option('--no-auto-mode', "turn Claude Code's auto mode off in user settings, since its check can't be answered by a gateway")
      .option('--no-test', 'do not call the models afterwards')
      .option('--no-check', 'do not check the key and the models online')
      .option('--quick', 'test with one turn instead of two')
      .option('--timeout <seconds>', 'time limit of each test call')
      .option('--replace', "replace someone else's values (they are put back by remove)")
      .option('--adopt', 'comment out hand-written assignments of the same variables')
      .option('--force', 'go on past a block edited by hand, or a model that is not in the catalog')
      .addOption(yes())
      .addOption(dryRun())
      .addOption(json())
      .addHelpText(
        'after',
        '\nExamples:\n  orcc init\n  orcc init --yes --key-env OPENROUTER_API_KEY --preset guide --target zsh --target user\n  echo "$KEY" | orcc init --yes --key-stdin --preset value --target user --no-auto-mode',
      ),
    async () => (await import('../commands/init/init.ts')).runInit,
  );
  on(
    program
      .command('test')
      .summary('call the model behind each alias, as Claude Code would')
      .description(
        'Sends one real tool call through every alias in effect and says which work, how fast, at what cost, and why the others fail.',
      )
      .argument('[alias...]', 'aliases to test (default: all)')
      .option('--quick', 'one turn instead of two')
      .option('--timeout <seconds>', 'time limit of each call (default 120)')
      .option('--repeat <times>', 'call each model several times; gives median and spread')
      .option('--via <client>', '`claude` runs the installed Claude Code instead')
      .option('--junit <file>', 'write a JUnit report for CI')
      .option('--dry-run', 'show what would be called and what it may cost')
      .addOption(json())
      .addHelpText('after', '\nExamples:\n  orcc test\n  orcc test haiku --quick\n  orcc test --json --timeout 60'),
    async () => (await import('../commands/test/test-command.ts')).runTestCommand,
    ['aliases'],
  );
  on(
    program
      .command('switch')
      .summary('change the model behind an alias')
      .description('Changes the mapping in every place where `orcc init` wrote it, and shows the difference.')
      .argument('[change...]', 'alias=model, a preset, or a profile')
      .option('--default <alias>', 'alias that Claude Code starts with')
      .option('--here', "this folder's settings only")
      .option('--target <target>', 'with --here: project (the mapping alone, default) or local (with the key; repeatable)', list)
      .option('--native', 'take Claude Code back to Anthropic; key and mapping are kept')
      .option('--back', 'undo --native')
      .option('--offline', 'check against the cached catalog only')
      .option('--test', 'test what changed')
      .option('--timeout <seconds>', 'time limit of each test call')
      .option('--replace', "replace someone else's values")
      .option('--adopt', 'comment out hand-written assignments of the same variables')
      .option('--force', 'accept a model that is not in the catalog, or a block edited by hand')
      .addOption(yes())
      .addOption(dryRun())
      .addOption(json())
      .addHelpText(
        'after',
        '\nExamples:\n  orcc switch haiku=deepseek/deepseek-v4-flash\n  orcc switch value --test\n  orcc switch --native',
      ),
    async () => (await import('../commands/switch/switch.ts')).runSwitch,
    ['changes'],
  );
  on(
    program
      .command('status')
      .summary('what Claude Code will use, and where each value comes from')
      .option('--all', 'every variable, with what it beats; every subagent and running session')
      .option('--agents <json>', 'also these subagents: JSON, or a file of it, as `claude --agents` takes them')
      .option('--verify', 'ask Claude Code and the shell themselves; exit 1 where they say otherwise')
      .addOption(json())
      .addHelpText('after', '\nExamples:\n  orcc status\n  orcc status --all --agents agents.json\n  orcc status --verify --json'),
    async () => (await import('../commands/status/status.ts')).runStatus,
  );

  program.commandsGroup(WRONG);
  on(
    program
      .command('doctor')
      .summary('find what is wrong and say how to mend it')
      .option('--offline', 'leave out what needs OpenRouter')
      .option('--all', 'show what is fine, too')
      .option('--fix [code]', 'mend what has a safe mend, or one finding alone; shown first, and `orcc undo` takes it back')
      .addOption(yes())
      .addOption(dryRun())
      .addOption(json())
      .addHelpText('after', '\nExamples:\n  orcc doctor\n  orcc doctor --fix\n  orcc doctor --offline --json'),
    async () => (await import('../commands/doctor/doctor-command.ts')).runDoctorCommand,
  );
  on(
    program
      .command('undo')
      .summary('give back the files of the last change, byte for byte')
      .argument('[steps]', 'how many changes to take back (default 1)')
      .option('--list', 'list the changes that can be undone')
      .option('--force', 'also where a file was changed since; a copy of it is kept')
      .addOption(yes())
      .addOption(dryRun())
      .addOption(json())
      .addHelpText('after', '\nExamples:\n  orcc undo --dry-run\n  orcc undo --yes'),
    async () => (await import('../commands/undo/undo.ts')).runUndo,
    ['steps'],
  );
  on(
    program
      .command('remove')
      .summary('take everything of orcc away')
      .description("Takes orcc's lines out of every file it wrote to, then its own folder with the key. Final.")
      .option('--target <target>', 'only this target; key and configuration stay (repeatable)', list)
      .option('--keep-key', 'keep the key')
      .option('--keep-config', 'keep the configuration (and the key)')
      .option('--force', 'also where a block was edited by hand')
      .addOption(yes())
      .addOption(dryRun())
      .addOption(json())
      .addHelpText('after', '\nExamples:\n  orcc remove\n  orcc remove --target zsh --yes'),
    async () => (await import('../commands/remove/remove.ts')).runRemove,
  );
  on(
    program
      .command('explain')
      .summary('what a finding means and how to mend it')
      .argument('<code>', 'for example NO_TOOLS')
      .addOption(json())
      .addHelpText('after', '\nExamples:\n  orcc explain NO_TOOLS\n  orcc explain KEY_BAD --json'),
    async () => (await import('../commands/explain/explain.ts')).runExplainCommand,
    ['code'],
  );

  program.commandsGroup(REST);
  on(
    program
      .command('models')
      .summary('search the catalog, show or compare models')
      .argument('[words...]', 'words to search for; `show ID`; `compare [ID...]`')
      .option('--tools', 'only models with tool support')
      .option('--free', 'only free models')
      .option('--min-context <tokens>', 'smallest window')
      .option('--max-price <usd>', 'highest price per million tokens, in or out')
      .option('--author <name>', "only this author's models")
      .option('--sort <by>', 'price, context, new or score')
      .option('--tokens-in <tokens>', 'compare: input tokens of a typical day')
      .option('--tokens-out <tokens>', 'compare: output tokens of a typical day')
      .option('--refresh', 'fetch the catalog again')
      .option('--offline', 'use the cached catalog')
      .option('--csv', 'print comma-separated values')
      .addOption(json())
      .addHelpText(
        'after',
        '\nExamples:\n  orcc models coder --tools --max-price 1\n  orcc models show z-ai/glm-4.7\n  orcc models compare',
      ),
    async () => (await import('../commands/models/models-command.ts')).runModelsCommand,
    ['words'],
  );
  on(
    program
      .command('usage')
      .summary('what the key has spent and what is left')
      .addOption(json())
      .addHelpText('after', '\nExamples:\n  orcc usage\n  orcc usage --json'),
    async () => (await import('../commands/usage/usage-command.ts')).runUsageCommand,
  );
  on(
    program
      .command('env')
      .summary('print the variables for `eval`, direnv or a CI file')
      .addOption(new Option('--shell <shell>', 'syntax').choices(['bash', 'zsh', 'fish', 'powershell', 'github', 'dotenv']))
      .option('--with-key', 'print the key itself instead of a reference to its file')
      .addOption(json())
      .addHelpText('after', '\nExamples:\n  eval "$(orcc env)"\n  orcc env --shell fish | source'),
    async () => (await import('../commands/env/env.ts')).runEnv,
  );
  addKeyCommands(program, on);
  addProfileCommands(program, on);
  on(
    program
      .command('demo')
      .summary('see init, test and switch at work without a key or a network')
      .addOption(json())
      .addHelpText('after', '\nExamples:\n  orcc demo\n  npx orcc demo'),
    async () => (await import('../commands/demo/demo.ts')).runDemo,
  );
  on(
    program
      .command('simulate')
      .summary('run a local OpenRouter for trying things out')
      .option('--port <number>', 'port on 127.0.0.1 (default: any free one)')
      .option('--fault <code>', 'answer with this fault: CODE[@model][*times] (repeatable)', list)
      .addHelpText('after', '\nExamples:\n  orcc simulate --port 8787\n  orcc simulate --fault NO_CREDITS@z-ai/glm-4.7'),
    async () => (await import('../commands/simulate/simulate.ts')).runSimulateCommand,
  );
  const help = program.command('help').summary('help for a command, or on a topic: exit-codes').argument('[topic]');
  help.action((topic: string | undefined) => {
    if (topic === 'exit-codes') {
      const rows = Object.values(EXIT).map(({ code, meaning }) => `${String(code).padStart(5)}  ${meaning}`);
      ctx.stdout.write(`Exit codes:\n${rows.join('\n')}\n`);
      return;
    }
    const command = topic === undefined ? program : program.commands.find((each) => each.name() === topic);
    if (command === undefined) throw new OrccError('usage', `There is no help on \`${topic ?? ''}\``, { hint: 'See `orcc --help`' });
    command.outputHelp();
  });
  return program;
}
