import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FileSystem } from '../../src/context.ts';
import { effectiveMapping } from '../../src/observe/effective.ts';
import { readLayers } from '../../src/observe/layers.ts';
import type { StatusData } from '../../src/report/status-view.ts';
import { createFileSystem } from '../../src/system/files.ts';
import { canMount, claudeNeeds, openRealm, QUIET, type Realm, type RealmHome } from '../support/realm.ts';
import type { TestEnv } from '../support/sandbox.ts';
import { startSimulation, type Simulation } from '../support/simulate.ts';

const missing = claudeNeeds();
const noManaged = claudeNeeds({ fact: canMount(), factName: 'private mounts (unshare -rnm), for the managed settings in /etc' });

/** `HERE` and `THERE` are two base URLs, `KEY` the key that works at both. */
interface Arrangement {
  readonly name: string;
  readonly shell?: TestEnv;
  readonly user?: Settings;
  readonly project?: Settings;
  readonly local?: Settings;
  readonly managed?: Readonly<Record<string, Settings>>;
  /** Where CLAUDE_CONFIG_DIR leads, below the home; `user` is written there. */
  readonly configDir?: string;
  /** Which folder it is started in, below the work folder or as `home`. */
  readonly from?: string;
  /** The model of a start without `--model`, and who is asked; what the real client does, written down. */
  readonly wanted: readonly [model: string, asks: 'here' | 'there' | 'nobody'];
}

/** The whole text of a file, or its JSON. */
type Settings = string | Record<string, unknown>;

const SHELL: TestEnv = {
  ANTHROPIC_BASE_URL: 'HERE',
  ANTHROPIC_AUTH_TOKEN: 'KEY',
  ANTHROPIC_API_KEY: '',
  ANTHROPIC_DEFAULT_OPUS_MODEL: 'z-ai/glm-4.7',
  ANTHROPIC_DEFAULT_SONNET_MODEL: 'qwen/qwen3-coder-next',
  ANTHROPIC_DEFAULT_HAIKU_MODEL: 'z-ai/glm-4.7-flash',
  ANTHROPIC_DEFAULT_FABLE_MODEL: 'z-ai/glm-5.3',
};
const SONNET = { ...SHELL, ANTHROPIC_MODEL: 'sonnet' };
const env = (variables: Record<string, unknown>): Settings => ({ env: variables });
const MINIMAX = 'minimax/minimax-m3';

const ARRANGEMENTS: readonly Arrangement[] = [
  { name: 'the shell alone', shell: SONNET, wanted: ['qwen/qwen3-coder-next', 'here'] },
  { name: 'the shell alone, no default: opus with its million', shell: SHELL, wanted: ['z-ai/glm-4.7', 'here'] },
  { name: 'nothing at all', wanted: ['claude-opus-5-5', 'nobody'] },
  {
    name: 'user settings beat the shell, variable by variable',
    shell: SONNET,
    user: env({ ANTHROPIC_DEFAULT_SONNET_MODEL: MINIMAX }),
    wanted: [MINIMAX, 'here'],
  },
  { name: 'user settings alone', user: env({ ...SONNET, ANTHROPIC_MODEL: 'haiku' }), wanted: ['z-ai/glm-4.7-flash', 'here'] },
  {
    name: 'the project beats the user, the local file the project',
    user: env(SONNET),
    project: env({ ANTHROPIC_DEFAULT_SONNET_MODEL: MINIMAX, ANTHROPIC_DEFAULT_HAIKU_MODEL: MINIMAX, ANTHROPIC_BASE_URL: 'THERE' }),
    local: env({ ANTHROPIC_DEFAULT_SONNET_MODEL: 'moonshotai/kimi-k3' }),
    wanted: ['moonshotai/kimi-k3', 'there'],
  },
  {
    name: 'managed settings beat them all',
    shell: SONNET,
    local: env({ ANTHROPIC_DEFAULT_SONNET_MODEL: MINIMAX, ANTHROPIC_BASE_URL: 'THERE' }),
    managed: { 'managed-settings.json': env({ ANTHROPIC_DEFAULT_SONNET_MODEL: 'z-ai/glm-5.2', ANTHROPIC_BASE_URL: 'HERE' }) },
    wanted: ['z-ai/glm-5.2', 'here'],
  },
  {
    name: 'of the managed drop-in files the last name wins, and each beats the base file',
    shell: SONNET,
    managed: {
      'managed-settings.json': env({ ANTHROPIC_DEFAULT_SONNET_MODEL: 'z-ai/glm-5.2', ANTHROPIC_DEFAULT_HAIKU_MODEL: 'z-ai/glm-5.2' }),
      'managed-settings.d/10-one.json': env({ ANTHROPIC_DEFAULT_SONNET_MODEL: 'z-ai/glm-5.3' }),
      'managed-settings.d/20-two.json': env({ ANTHROPIC_DEFAULT_SONNET_MODEL: MINIMAX }),
      'managed-settings.d/30-not-read.txt': env({ ANTHROPIC_DEFAULT_SONNET_MODEL: 'moonshotai/kimi-k3' }),
    },
    wanted: [MINIMAX, 'here'],
  },
  {
    name: 'an empty string in the project blanks URL and token',
    user: env(SONNET),
    project: env({ ANTHROPIC_BASE_URL: '', ANTHROPIC_AUTH_TOKEN: '' }),
    wanted: ['qwen/qwen3-coder-next', 'nobody'],
  },
  {
    name: 'an empty string in user settings blanks a model',
    shell: SONNET,
    user: env({ ANTHROPIC_DEFAULT_SONNET_MODEL: '', ANTHROPIC_DEFAULT_OPUS_MODEL: '' }),
    wanted: ['claude-sonnet-5-5', 'here'],
  },
  {
    name: 'a trailing comma drops the whole file',
    shell: SONNET,
    user: `{"env": {"ANTHROPIC_DEFAULT_SONNET_MODEL": "${MINIMAX}",}}`,
    wanted: ['qwen/qwen3-coder-next', 'here'],
  },
  {
    name: 'a comment drops the whole file',
    shell: SONNET,
    user: `// mine\n{"env": {"ANTHROPIC_DEFAULT_SONNET_MODEL": "${MINIMAX}"}}`,
    wanted: ['qwen/qwen3-coder-next', 'here'],
  },
  {
    name: 'a known member of the wrong type drops the whole file',
    shell: SONNET,
    user: { model: 7, ...(env({ ANTHROPIC_DEFAULT_SONNET_MODEL: MINIMAX }) as object) },
    wanted: ['qwen/qwen3-coder-next', 'here'],
  },
  {
    name: 'a byte order mark does no harm',
    shell: SONNET,
    user: `\ufeff{"env": {"ANTHROPIC_DEFAULT_SONNET_MODEL": "${MINIMAX}"}}`,
    wanted: [MINIMAX, 'here'],
  },
  {
    name: 'CLAUDE_CONFIG_DIR moves the user settings',
    shell: SONNET,
    configDir: 'elsewhere',
    user: env({ ANTHROPIC_DEFAULT_SONNET_MODEL: MINIMAX }),
    wanted: [MINIMAX, 'here'],
  },
  {
    name: 'a subfolder does not see the project',
    shell: SONNET,
    project: env({ ANTHROPIC_DEFAULT_SONNET_MODEL: MINIMAX }),
    from: 'sub',
    wanted: ['qwen/qwen3-coder-next', 'here'],
  },
  {
    name: 'in the home folder the local file counts, and the project is the user',
    shell: SONNET,
    from: 'home',
    user: env({ ANTHROPIC_DEFAULT_HAIKU_MODEL: MINIMAX }),
    wanted: ['qwen/qwen3-coder-next', 'here'],
  },
  { name: 'ANTHROPIC_MODEL beats the setting `model`', shell: SONNET, user: { model: 'haiku' }, wanted: ['qwen/qwen3-coder-next', 'here'] },
  {
    name: 'the setting `model` beats ANTHROPIC_DEFAULT_MODEL',
    shell: { ...SHELL, ANTHROPIC_DEFAULT_MODEL: MINIMAX },
    user: { model: 'haiku' },
    wanted: ['z-ai/glm-4.7-flash', 'here'],
  },
  { name: 'the setting `model`: opus gets its million', shell: SHELL, user: { model: 'opus' }, wanted: ['z-ai/glm-4.7', 'here'] },
  {
    name: 'the project’s `model` beats the user’s',
    shell: SHELL,
    user: { model: 'opus' },
    project: { model: 'sonnet' },
    wanted: ['qwen/qwen3-coder-next', 'here'],
  },
  {
    name: "Anthropic's own ids through the gateway",
    shell: {
      ...SHELL,
      ANTHROPIC_DEFAULT_OPUS_MODEL: 'anthropic/claude-opus-5.5',
      ANTHROPIC_DEFAULT_SONNET_MODEL: 'anthropic/claude-sonnet-4.6',
      ANTHROPIC_MODEL: 'sonnet',
    },
    wanted: ['anthropic/claude-sonnet-4.6', 'here'],
  },
  { name: 'ANTHROPIC_DEFAULT_MODEL takes an id', shell: { ...SHELL, ANTHROPIC_DEFAULT_MODEL: MINIMAX }, wanted: [MINIMAX, 'here'] },
  {
    name: 'ANTHROPIC_DEFAULT_MODEL=haiku is passed over',
    shell: { ...SHELL, ANTHROPIC_DEFAULT_MODEL: 'haiku' },
    wanted: ['z-ai/glm-4.7', 'here'],
  },
  {
    name: 'the million is switched off in user settings',
    shell: SHELL,
    user: env({ CLAUDE_CODE_DISABLE_1M_CONTEXT: '1' }),
    wanted: ['z-ai/glm-4.7', 'here'],
  },
  {
    name: 'a [1m] tag in a mapped id',
    shell: { ...SHELL, ANTHROPIC_DEFAULT_SONNET_MODEL: 'qwen/qwen3-coder-next[1m]', ANTHROPIC_MODEL: 'sonnet' },
    wanted: ['qwen/qwen3-coder-next', 'here'],
  },
  {
    name: 'blanks around names and values',
    shell: { ...SHELL, ANTHROPIC_MODEL: ' sonnet ', ANTHROPIC_AUTH_TOKEN: ' KEY ' },
    wanted: ['qwen/qwen3-coder-next', 'here'],
  },
  { name: 'ANTHROPIC_MODEL=opusplan', shell: { ...SHELL, ANTHROPIC_MODEL: 'opusplan' }, wanted: ['qwen/qwen3-coder-next', 'here'] },
  { name: 'ANTHROPIC_MODEL=best', shell: { ...SHELL, ANTHROPIC_MODEL: 'best' }, wanted: ['z-ai/glm-4.7', 'here'] },
  { name: 'ANTHROPIC_MODEL in capitals', shell: { ...SHELL, ANTHROPIC_MODEL: 'HAIKU' }, wanted: ['z-ai/glm-4.7-flash', 'here'] },
  {
    name: 'the legacy `anthropic` block counts for nothing',
    user: { anthropic: { baseURL: 'HERE', apiKey: 'KEY' } },
    wanted: ['claude-opus-5-5', 'nobody'],
  },
  {
    name: 'a number as a value',
    shell: SONNET,
    user: env({ CLAUDE_CODE_DISABLE_1M_CONTEXT: 1, ANTHROPIC_DEFAULT_HAIKU_MODEL: 7 }),
    wanted: ['qwen/qwen3-coder-next', 'here'],
  },
  {
    name: 'a reference in a value is not expanded',
    shell: SONNET,
    user: env({ ANTHROPIC_DEFAULT_SONNET_MODEL: '${ANTHROPIC_DEFAULT_HAIKU_MODEL}' }),
    wanted: ['${ANTHROPIC_DEFAULT_HAIKU_MODEL}', 'here'],
  },
  {
    name: 'apiKeyHelper in place of a token',
    shell: { ...SONNET, ANTHROPIC_AUTH_TOKEN: '' },
    user: { apiKeyHelper: 'printf %s KEY' },
    wanted: ['qwen/qwen3-coder-next', 'here'],
  },
  {
    name: 'a token and no base URL in the project’s scope',
    user: env({ ANTHROPIC_BASE_URL: 'HERE', ANTHROPIC_MODEL: MINIMAX }),
    local: env({ ANTHROPIC_AUTH_TOKEN: 'KEY' }),
    wanted: [MINIMAX, 'here'],
  },
];

describe.skipIf(missing)('the layer model against the real Claude Code', () => {
  let realm: Realm;
  let here: Simulation;
  let there: Simulation;
  beforeAll(async () => {
    realm = await openRealm({ managed: noManaged === undefined });
    here = await startSimulation(realm);
    there = await startSimulation(realm);
  });
  afterAll(async () => {
    here?.stop();
    there?.stop();
    await realm?.close();
  });

  /** The words that stand for the two servers and the key. */
  const fill = (value: string): string => {
    const words: Record<string, string> = { HERE: here.baseUrl, THERE: there.baseUrl, KEY: here.key };
    return value.replace(/\b(?:HERE|THERE|KEY)\b/g, (word) => words[word] ?? word);
  };

  function put(file: string, settings: Settings | undefined): void {
    if (settings === undefined) return;
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, fill(typeof settings === 'string' ? settings : JSON.stringify(settings)));
  }

  const managedFolder = (): string => path.join(realm.folder, 'etc', 'claude-code');

  /** Writes the files of an arrangement and gives the environment and folder to start in. */
  function arrange(each: Arrangement): { readonly box: RealmHome; readonly env: TestEnv; readonly cwd: string } {
    const box = realm.makeHome();
    const config = path.join(box.home, each.configDir ?? '.claude');
    put(path.join(config, 'settings.json'), each.user);
    put(path.join(box.cwd, '.claude', 'settings.json'), each.project);
    put(path.join(box.cwd, '.claude', 'settings.local.json'), each.local);
    if (noManaged === undefined) {
      rmSync(managedFolder(), { recursive: true, force: true });
      mkdirSync(managedFolder());
      for (const [name, settings] of Object.entries(each.managed ?? {})) put(path.join(managedFolder(), name), settings);
    }
    const cwd = each.from === undefined ? box.cwd : each.from === 'home' ? box.home : path.join(box.cwd, each.from);
    mkdirSync(cwd, { recursive: true });
    const shell = {
      ...Object.fromEntries(Object.entries(each.shell ?? {}).map(([name, value]) => [name, fill(value)])),
      ...(each.configDir === undefined ? {} : { CLAUDE_CONFIG_DIR: config }),
    };
    return { box, env: { ...box.env, ...QUIET, ...shell }, cwd };
  }

  /** What orcc works out from the files and this environment. */
  function predict(home: string, variables: TestEnv, cwd: string) {
    const layers = readLayers({ fs: withManaged(createFileSystem(), managedFolder()), env: variables, home, platform: 'linux', cwd });
    const mapping = effectiveMapping(layers, 'process');
    const hasKey = mapping.token !== undefined || mapping.apiKeyHelper !== undefined || mapping.apiKey !== undefined;
    const asked = hasKey ? mapping.baseUrl?.value : undefined;
    const { model, million } = mapping.default;
    return {
      first: `${bare(model)}${million && !mapping.default.builtIn ? '[1m]' : ''}`,
      aliases: Object.fromEntries(
        mapping.aliases.flatMap((each) => (each.alias === 'subagent' ? [] : [[each.alias, bare(each.model ?? '')]])),
      ),
      asks: asked === undefined ? 'nobody' : asked === here.baseUrl ? 'here' : asked === there.baseUrl ? 'there' : asked,
    };
  }

  /** What the client itself says and does. */
  async function observe(variables: TestEnv, cwd: string) {
    const shown = async (...more: readonly string[]): Promise<string> => {
      const { stdout, stderr } = await realm.run('claude', ['-p', '/model', ...more], { env: variables, cwd });
      return idOf(/Current model: `([^`]+?)(?: \(default\))?`/.exec(stdout)?.[1] ?? stdout + stderr);
    };
    const [first = '', ...others] = await Promise.all([shown(), ...ASKED.map(async (alias) => await shown('--model', alias))]);
    const aliases = Object.fromEntries(ASKED.map((alias, index) => [alias, others[index]?.replace(/\[1m\]$/, '')]));
    here.takeCalls();
    there.takeCalls();
    const { stdout, stderr } = await realm.run('claude', ['-p', 'hi'], { env: variables, cwd });
    const calls = [
      ...here.takeCalls().map(({ model }) => ['here', model] as const),
      ...there.takeCalls().map(({ model }) => ['there', model] as const),
    ];
    const asks = calls[0]?.[0] ?? 'nobody';
    if (asks === 'nobody') expect(stdout + stderr).toContain('Not logged in');
    // Only what it asks for tells which of the two models it is.
    if (first === PLAN) return { said: { first: calls[0]?.[1] ?? first, aliases, asks }, sent: calls[0]?.[1] };
    return { said: { first, aliases, asks }, sent: calls[0]?.[1] };
  }

  const named = (managed: boolean) =>
    ARRANGEMENTS.filter((each) => (each.managed !== undefined) === managed).map((each) => [each.name, each] as const);
  it.each(named(false))('%s', async (_name, each) => await check(each));
  it.skipIf(noManaged).each(named(true))('%s', async (_name, each) => await check(each));

  async function check(each: Arrangement): Promise<void> {
    const { box, env: variables, cwd } = arrange(each);
    const predicted = predict(box.home, variables, cwd);
    const { said, sent } = await observe(variables, cwd);
    expect(predicted).toEqual(said);
    expect([said.first.replace(/\[1m\]$/, ''), said.asks]).toEqual([bare(each.wanted[0]), each.wanted[1]]);
    // The tag is never sent.
    if (sent !== undefined) expect(sent).toBe(each.wanted[0]);

    // The built program says the same.
    const status = await realm.run('orcc', ['status', '--json'], { env: variables, cwd });
    const { data } = JSON.parse(status.stdout) as { data: Pick<StatusData, 'aliases' | 'connected' | 'default'> };
    expect({ model: data.default.model, connected: data.connected, opus: bare(data.aliases[0]?.model ?? '') }).toEqual({
      model: each.wanted[0],
      connected: each.wanted[1] !== 'nobody',
      opus: said.aliases['opus'],
    });
  }
});

const ASKED = ['opus', 'sonnet', 'haiku', 'fable'];

const PLAN = 'Opus in plan mode, else Sonnet';

/** An id as far as `/model` tells it: of a model that the client knows it gives the name alone. */
const bare = (id: string): string => (id.startsWith('anthropic/claude-') ? id.slice('anthropic/'.length).replace('.', '-') : id);

/** Its own models go by their names there: `Opus 5.5` is claude-opus-5-5, whose window needs no tag. */
function idOf(shown: string): string {
  const own = /^(Opus|Sonnet|Haiku|Fable) (\d+)\.(\d+)$/.exec(shown);
  return own === null ? shown : `claude-${(own[1] ?? '').toLowerCase()}-${own[2] ?? ''}-${own[3] ?? ''}`;
}

/** The file port as the client sees the files: /etc/claude-code is a folder of ours. */
function withManaged(fs: FileSystem, folder: string): FileSystem {
  const real = (file: string): string => (file.startsWith('/etc/claude-code') ? folder + file.slice('/etc/claude-code'.length) : file);
  return {
    ...fs,
    stat: (file) => fs.stat(real(file)),
    lstat: (file) => fs.lstat(real(file)),
    readFile: (file) => fs.readFile(real(file)),
    readdir: (file) => fs.readdir(real(file)),
  };
}
