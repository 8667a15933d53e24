import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import * as fs from 'node:fs';
import { BROWSER, CLAUDE, type Fault, type World } from './world.ts';

/** One run of orcc whose document is held against the contract. */
export interface Scenario {
  readonly name: string;
  /** What stands behind `orcc`; `--json` is added. */
  readonly words: string;
  readonly faults?: readonly Fault[];
  /** Laid over the world's environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Done before it runs. */
  readonly prepare?: (world: World) => void;
  /** A process that runs meanwhile. */
  readonly beside?: (world: World) => ChildProcess;
  /** It takes no `--json`: the exit code is all that scripts have. */
  readonly plain?: true;
}

/** Scenarios that share a world, each going on where the one before has stopped. */
export type Story = readonly Scenario[];

type More = Omit<Scenario, 'name' | 'words'>;
const called = (name: string, words: string, more: More = {}): Scenario => ({ name, words, ...more });
/** Where the name says it all. */
const run = (words: string, more: More = {}): Scenario => called(words, words, more);

const FROM = '--key-env GOOD_KEY --base-url URL --preset guide';
const SET_UP = `init --yes ${FROM} --target bash --target user --no-auto-mode`;
const everywhere = (code: string): More => ({ faults: [{ code, path: '*' }] });
const openTerminal: More = { env: { ANTHROPIC_BASE_URL: 'http://127.0.0.1:1/api' } };

function edit(file: string, change: (text: string) => string): void {
  fs.writeFileSync(file, change(fs.readFileSync(file, 'utf8')));
}

/** What looks like a running session, with the file that it keeps of itself. */
function startSession({ at, here }: World): ChildProcess {
  const session = spawn(process.execPath, ['-e', 'setTimeout(() => undefined, 60_000)'], {
    argv0: 'claude',
    cwd: here(),
    stdio: 'ignore',
  });
  fs.mkdirSync(at('.claude/sessions'));
  const own = { pid: session.pid, cwd: here(), startedAt: Date.now() };
  fs.writeFileSync(at(`.claude/sessions/${session.pid ?? 0}.json`), JSON.stringify(own));
  return session;
}

const NEED_A_SET_UP = [
  'status',
  'doctor --offline',
  'doctor --fix KEY_BAD --offline',
  'test',
  'switch value --yes',
  'usage',
  'env',
  'check',
  'undo --yes',
  'undo --list',
  'remove --yes',
  'key show',
  'key forget --yes',
  'key rotate --key-env GOOD_KEY --yes',
  'key storage',
  'key storage helper --yes',
  'profile list',
  'profile save work',
  'profile export',
  'export --team',
];

const unconfigured: Story = [
  ...NEED_A_SET_UP.map((words) => called(`${words}, unconfigured`, words)),
  called('export --team, of a preset', 'export --team --profile guide'),
  called('models, offline', 'models glm --offline'),
  called('login --dry-run, unconfigured', 'login --dry-run --base-url URL'),
  run('explain'),
  run('explain NO_TOOLS'),
  run('explain NETWORK'),
  run('demo'),
  called('status --verify, without Claude Code', 'status --verify'),
  called('run, unconfigured', 'run', { plain: true }),
  called('a flag that is none, without --json', '--no-such-flag', { plain: true }),
  called('help', '--help', { plain: true }),
  called('version', '--version', { plain: true }),
  called('completion', 'completion bash', { plain: true }),
  called('help of exit codes', 'help exit-codes', { plain: true }),
];

const refused: Story = [
  called('bad word', 'statsu'),
  called('bad flag', 'status --no-such-flag'),
  called('bad value of a flag', 'init --yes --preset nope'),
  called('bad value of a flag that is a choice', 'env --shell tcsh'),
  called('a word too many', 'usage today'),
  called('a word too few', 'profile show'),
  called('--json where there is none', 'completion bash'),
  called('explain, a code that is none', 'explain NO_SUCH_FINDING'),
  called('init without a key', 'init --yes --preset guide --base-url URL --target user'),
  called('init, a key that is refused', 'init --yes --key-env BAD_KEY --base-url URL --preset guide --target user'),
  called('init, no network', 'init --yes --key-env GOOD_KEY --base-url DEAD_URL --preset guide --target user'),
  called('init, no OpenRouter', `${SET_UP} --no-test`, everywhere('html')),
  called('init, a model that is unknown', `${SET_UP} --opus z-ai/glm-4.77`),
  called('init, settings that do not parse', `${SET_UP} --no-test`, {
    prepare: ({ at }) => {
      fs.mkdirSync(at('.claude'));
      fs.writeFileSync(at('.claude/settings.json'), '{ broken');
    },
  }),
  called('status, settings that do not parse', 'status'),
  called("init, someone else's values", `${SET_UP} --no-test`, {
    prepare: ({ at }) => fs.writeFileSync(at('.claude/settings.json'), '{"env":{"ANTHROPIC_BASE_URL":"https://else.example"}}'),
  }),
  called('init, tests that fail', `${SET_UP} --replace`, { faults: [{ code: 'credits-empty' }] }),
  called('test, no credits', 'test', { faults: [{ code: 'credits-empty' }] }),
  called('test, a key that is refused', 'test --quick', { faults: [{ code: 'auth-unknown-key' }] }),
  called('test, no OpenRouter', 'test --quick', { faults: [{ code: 'html-body' }] }),
  called('test, a provider that is busy', 'test haiku --quick', { faults: [{ code: 'rate-upstream' }] }),
  called('test, an alias that is none', 'test gpt'),
  called('test, an alias without a model', 'test subagent'),
  called('test --via claude, without Claude Code', 'test haiku --quick --via claude'),
  called('usage, a key that is refused', 'usage', everywhere('auth-unknown-key')),
  called('usage, no OpenRouter', 'usage', everywhere('html')),
  called('doctor, a key that is refused', 'doctor', everywhere('auth-unknown-key')),
  called('key set, a key that is refused', 'key set --key-env BAD_KEY --yes'),
  called('key set without a key', 'key set --yes'),
  called('key rotate, the same key', 'key rotate --key-env GOOD_KEY --yes'),
  called('key storage, a kind that does not go with a shell', 'key storage helper --yes'),
  called('login without a terminal', 'login --no-browser'),
  called('switch, a model that is unknown', 'switch opus=z-ai/glm-4.77 --yes'),
  called('switch, a word that is none', 'switch nope --yes'),
  called('switch without consent', 'switch value'),
  called('models show, a model that is unknown', 'models show z-ai/glm-4.77'),
  called('profile show, a profile that is none', 'profile show nope'),
  called('profile import, a file that is none', 'profile import nope.json --yes'),
  called('undo without consent', 'undo'),
  called('remove without consent', 'remove'),
  called('remove, a block edited by hand', 'remove --yes', {
    prepare: ({ at }) => edit(at('.bashrc'), (text) => text.replace('z-ai/', 'other/')),
  }),
  called('switch, a block edited by hand', 'switch value --yes'),
];

const setUp: Story = [
  called('init --dry-run', `${SET_UP} --dry-run`, { prepare: ({ addProgram }) => addProgram('claude', CLAUDE) }),
  called('init --yes', SET_UP),
  called('init --yes, nothing to change', `${SET_UP} --no-test`),
  called('init --yes, nothing to change but a test', SET_UP),
  called('status, configured', 'status'),
  run('status --all'),
  called('status, a session that runs', 'status', { beside: startSession }),
  called('status --agents', 'status --agents {"reviewer":{"description":"d","prompt":"p","model":"opus"}}'),
  run('status --verify'),
  called('doctor, nothing wrong', 'doctor'),
  run('doctor --offline'),
  run('doctor --offline --all'),
  called('doctor --fix, nothing to fix', 'doctor --fix --yes'),
  called('doctor, something wrong', 'doctor --offline', {
    prepare: ({ at }) => {
      edit(at('.bashrc'), (text) => text.replace('z-ai/', 'other/'));
      fs.chmodSync(at('.config/orcc/key'), 0o644);
    },
  }),
  run('doctor --fix --dry-run'),
  run('doctor --fix --yes'),
  run('test'),
  run('test haiku --quick'),
  run('test --dry-run'),
  run('test haiku --quick --repeat 3'),
  called('test --via claude', 'test haiku --quick --via claude'),
  run('usage'),
  run('env'),
  run('env --with-key --shell fish'),
  called('run, which ends as Claude Code does', 'run', { plain: true }),
  run('export --managed'),
  run('export --team'),
  run('export --vscode'),
  called('check, as the repository asks', 'check', {
    prepare: ({ here }) => {
      execFileSync('git', ['init', '-q', here()]);
      fs.writeFileSync(here('orcc.json'), JSON.stringify(team('z-ai/glm-4.7', 'qwen/qwen3-coder-next', 'z-ai/glm-4.7-flash')));
    },
  }),
  called('check, something else', 'check', {
    prepare: ({ here }) => fs.writeFileSync(here('orcc.json'), JSON.stringify(team('a/b', 'c/d', 'e/f'))),
  }),
  called('check, an orcc.json that is none', 'check', { prepare: ({ here }) => fs.writeFileSync(here('orcc.json'), '{') }),
];

const team = (opus: string, sonnet: string, haiku: string): object => ({ schemaVersion: 1, mapping: { opus, sonnet, haiku } });

const switching: Story = [
  called('init --yes --no-test', `${SET_UP} --no-test`),
  run('switch value --dry-run'),
  run('switch value --yes'),
  called('switch value --yes, nothing to change', 'switch value --yes'),
  run('switch haiku=deepseek/deepseek-v4-flash --yes --test'),
  run('switch --default haiku --yes'),
  called('status, a profile that was changed', 'status'),
  run('switch --here opus=z-ai/glm-4.7 --yes'),
  run('switch --native --dry-run'),
  run('switch --native --yes', openTerminal),
  called('status, native', 'status'),
  run('switch --back --yes'),
  run('undo --list'),
  run('undo --dry-run'),
  run('undo --yes'),
  run('undo 2 --yes'),
  called('undo, a file that was changed since', 'undo --yes', {
    prepare: ({ at }) => edit(at('.bashrc'), (text) => `${text}alias later=1\n`),
  }),
  called('undo --force', 'undo --yes --force', {
    prepare: ({ at }) => edit(at('.bashrc'), (text) => text.replace('z-ai/', 'other/')),
  }),
  called('init once more', `${SET_UP} --no-test`),
  run('remove --target bash --yes'),
  run('remove --dry-run'),
  run('remove --yes --keep-key'),
  called('remove, a file of the user among its own', 'remove --yes', {
    prepare: ({ at }) => fs.writeFileSync(at('.config/orcc/notes.txt'), ''),
  }),
  called('remove, nothing left but that', 'remove --yes'),
];

const keys: Story = [
  called('login, unconfigured', 'login --base-url URL', { prepare: ({ addProgram }) => addProgram('xdg-open', BROWSER) }),
  called('init with the key of a login', 'init --yes --base-url URL --preset guide --target user --no-test'),
  run('key'),
  run('key show'),
  run('key show --offline'),
  run('login --dry-run'),
  run('login'),
  run('key set --key-env GOOD_KEY --dry-run'),
  run('key set --key-env GOOD_KEY --yes'),
  called('key set, the same key', 'key set --key-env GOOD_KEY --yes'),
  run('key rotate --key-env OTHER_KEY --dry-run'),
  run('key rotate --key-env OTHER_KEY --yes'),
  run('key list'),
  run('key add work --key-env GOOD_KEY --dry-run'),
  run('key add work --key-env GOOD_KEY --yes'),
  called('key add, a name that is taken', 'key add work --key-env GOOD_KEY --yes'),
  run('key use work --dry-run'),
  run('key use work --yes'),
  called('key list, with names', 'key list'),
  called('key remove, the one in use', 'key remove work --yes'),
  run('key use default --yes'),
  run('key remove work --yes'),
  run('key storage'),
  run('key storage helper --dry-run'),
  run('key storage helper --yes'),
  called('key show, of a helper', 'key show'),
  called('key storage, a keychain that is not there', 'key storage keychain --yes'),
  called('usage, of a key without a limit', 'usage'),
  run('key forget --dry-run'),
  called('key forget --yes, a copy elsewhere', 'key forget --yes', {
    ...openTerminal,
    prepare: ({ at }) => fs.writeFileSync(at('.zshrc'), `export MINE=${fs.readFileSync(at('.config/orcc/key'), 'utf8')}`),
  }),
  called('status, without a key', 'status'),
  called('test, without a key', 'test'),
];

const ownKeys: Story = [
  called('init, an account with keys of providers', SET_UP.replace('GOOD_KEY', 'OWN_KEYS')),
  called('usage, of an account with keys of providers', 'usage'),
];

const catalog: Story = [
  called('init --yes, one place', `init --yes ${FROM} --target user --no-test`),
  run('models glm'),
  run('models'),
  called('models, nothing found', 'models no-such-model'),
  run('models --refresh --tools --sort price'),
  run('models show z-ai/glm-4.7'),
  run('models show z-ai/glm-4.7 --offline'),
  called('models show, a name that hides the model', 'models show anthropic/claude-4.5-haiku-20251015'),
  run('models pin z-ai/glm-5.3 --yes'),
  run('models pins'),
  run('models unpin all --yes'),
  run('route'),
  run('route --check'),
  called('route, rules', 'route --zdr --no-training --sort price --max-price 9/9 --yes'),
  called('route, one that leaves nothing', 'route --only deepinfra --yes'),
  called('route, taken out', 'route --reset --yes'),
  run('statusline --install --yes'),
  run('statusline --remove --yes'),
  run('models compare'),
  run('models compare z-ai/glm-4.7 perplexity/sonar-pro no/such-model'),
  run('profile'),
  run('profile list'),
  run('profile save work --dry-run'),
  run('profile save work'),
  called('profile list, with one of the user', 'profile list'),
  run('profile show work'),
  run('profile show value'),
  run('profile rename work home --dry-run'),
  run('profile rename work home'),
  run('profile export'),
  run('profile export home --to home.json'),
  called('profile export, a file that is there', 'profile export home --to home.json'),
  run('profile delete home --dry-run'),
  run('profile delete home --yes'),
  run('profile import home.json --dry-run'),
  run('profile import home.json --yes'),
];

const offline: Story = [
  called(
    'init --no-check',
    'init --yes --key-env GOOD_KEY --base-url DEAD_URL --preset guide --haiku no/such-model --target user --no-check --no-test',
  ),
  called('test, no network', 'test'),
  called('test --dry-run, a model without a price', 'test --dry-run'),
  called('usage, no network', 'usage'),
  called('doctor, no network', 'doctor'),
  called('key show, no network', 'key show'),
  called('key set, no network', 'key set --key-env OTHER_KEY --yes'),
  called('login, no network', 'login'),
  called('switch, no network', 'switch value --yes'),
  called('switch --offline', 'switch guide --yes --offline'),
  called('models, no network', 'models glm --refresh'),
  called('models show, no network', 'models show z-ai/glm-4.7'),
];

/** Every scenario, by what it needs of the ones before it. */
export const STORIES: readonly Story[] = [unconfigured, refused, setUp, switching, keys, ownKeys, catalog, offline];
