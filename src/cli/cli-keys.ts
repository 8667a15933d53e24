import { Option, type Command } from 'commander';
import { shared, type Register } from './command-kit.ts';

/** The key alone: login, set, rotate, show, forget, and where it lives. */
export function addKeyCommands(program: Command, on: Register): void {
  const { json, yes, dryRun } = shared;
  const replace = (): Option => new Option('--replace', "replace someone else's values in settings files");
  const force = (): Option => new Option('--force', 'also where a block was edited by hand');
  const noCheck = (): Option => new Option('--no-check', 'do not ask OpenRouter whether the key works');
  on(
    program
      .command('login')
      .summary('fetch a key in the browser')
      .description("Opens OpenRouter's login page, waits for your consent there, and stores the key that comes back.")
      .option('--no-browser', 'print the address, and ask for the code that the page shows (for servers)')
      .option('--base-url <url>', 'API address, where orcc is not set up yet')
      .option('--timeout <seconds>', 'how long to wait for the browser (default 300)')
      .addOption(replace())
      .addOption(force())
      .addOption(yes())
      .addOption(dryRun())
      .addOption(json())
      .addHelpText('after', '\nExamples:\n  orcc login\n  orcc login --no-browser'),
    async () => (await import('../commands/login/login.ts')).runLogin,
  );
  const key = program
    .command('key')
    .summary('the key alone: show, set, rotate, forget, storage')
    .description('Where the key lives, what it may spend, and how it is changed. Without a word: `show`.')
    .option('--offline', 'do not ask OpenRouter')
    .addOption(json())
    .addHelpText('after', '\nExamples:\n  orcc key\n  orcc key rotate --login\n  orcc key storage keychain');
  on(key, async () => (await import('../commands/key/key-show.ts')).runKeyShow);
  on(
    key
      .command('show')
      .summary('which key, where it lives, what is left of it; never the key itself')
      .option('--offline', 'do not ask OpenRouter')
      .addOption(json())
      .addHelpText('after', '\nExamples:\n  orcc key show\n  orcc key show --offline --json'),
    async () => (await import('../commands/key/key-show.ts')).runKeyShow,
  );
  for (const [name, summary] of [
    ['set', 'store a key, in its storage and wherever orcc wrote it'],
    ['rotate', 'put a new key in place of the old one, once OpenRouter has accepted it'],
  ] as const) {
    on(
      key
        .command(name)
        .summary(summary)
        .option('--key-stdin', 'read the key from standard input')
        .option('--key-env <name>', 'read the key once from this variable')
        .option('--login', 'fetch the key in the browser')
        .addOption(noCheck())
        .addOption(replace())
        .addOption(force())
        .addOption(yes())
        .addOption(dryRun())
        .addOption(json())
        .addHelpText('after', `\nExamples:\n  orcc key ${name}\n  orcc key ${name} --key-stdin --yes < keyfile`),
      async () => {
        const module = await import('../commands/key/key-set.ts');
        return name === 'set' ? module.runKeySet : module.runKeyRotate;
      },
    );
  }
  on(
    key
      .command('forget')
      .summary('take base URL and key out of every file, then delete the key')
      .addOption(force())
      .addOption(yes())
      .addOption(dryRun())
      .addOption(json())
      .addHelpText('after', '\nExamples:\n  orcc key forget --dry-run\n  orcc key forget --yes'),
    async () => (await import('../commands/key/key-forget.ts')).runKeyForget,
  );
  on(
    key
      .command('storage')
      .summary('where the key lives; with a kind, move it there and leave no copy')
      .argument('[kind]', 'file, profile, env:NAME, helper or keychain')
      .addOption(noCheck())
      .addOption(replace())
      .addOption(force())
      .addOption(yes())
      .addOption(dryRun())
      .addOption(json())
      .addHelpText('after', '\nExamples:\n  orcc key storage\n  orcc key storage keychain\n  orcc key storage env:OPENROUTER_API_KEY'),
    async () => (await import('../commands/key/key-storage.ts')).runKeyStorage,
    ['kind'],
  );
}
