import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compareVersions } from '../../src/claude/version.ts';
import type { FileSystem } from '../../src/core/context.ts';
import { gateSettings } from '../../src/edit/json/json-gate.ts';
import { readLayers, effectiveMapping } from '../../src/claude/layers.ts';
import { readSettingsText } from '../../src/claude/settings-text.ts';
import type { StatusData } from '../../src/commands/status/data.ts';
import { createFileSystem } from '../../src/system/files.ts';
import { partOf } from '../support/part.ts';
import { canMount, claudeNeeds, olderClaude, olderClaudeNeeds, QUIET, type RealmHome } from '../support/realm.ts';
import { ARRANGEMENTS, type Arrangement, type Settings } from '../support/arrangements.ts';
import type { TestEnv } from '../support/sandbox.ts';
import { useRealm, useSimulation } from '../support/stage.ts';

/** The one of ORCC_PROVE_CLAUDE, and older ones. */
const VERSIONS = ['newest', '2.1.300', '2.1.260', '2.1.212'] as const;
const needsOf = (version: (typeof VERSIONS)[number]): string | undefined =>
  version === 'newest' ? claudeNeeds() : olderClaudeNeeds(version);
const noManaged = claudeNeeds({ fact: canMount(), factName: 'private mounts (unshare -rnm), for the managed settings in /etc' });

describe.each(VERSIONS.map((each) => [each, needsOf(each)] as const))('the layer model against Claude Code, %s', (wanted, missing) => {
  const realm = useRealm({ managed: noManaged === undefined, ...(wanted === 'newest' ? {} : { claude: olderClaude(wanted) }) });
  const here = useSimulation(realm);
  const there = useSimulation(realm);
  let version: string;
  let held = 0;
  beforeAll(async () => {
    // First of all, and nothing else: older ones take any other question for a prompt (design D22).
    const { stdout } = await realm.run('claude', ['--version'], { env: { ...realm.makeHome().env, ...QUIET } });
    version = /^\d+\.\d+\.\d+/.exec(stdout)?.[0] ?? stdout;
    if (wanted !== 'newest') expect(version).toBe(wanted);
  });
  afterAll(() => {
    console.log(`the layer model holds on Claude Code ${version} in ${held} arrangements`);
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
  function predict(home: string, variables: TestEnv, cwd: string, asked: readonly string[]) {
    const layers = readLayers({ fs: withManaged(createFileSystem(), managedFolder()), env: variables, home, platform: 'linux', cwd });
    const mapping = effectiveMapping(layers, 'process', version);
    const hasKey = mapping.token !== undefined || mapping.apiKeyHelper !== undefined || mapping.apiKey !== undefined;
    const url = hasKey ? mapping.baseUrl?.value : undefined;
    const { model, million } = mapping.default;
    return {
      first: `${bare(model)}${million && !mapping.default.builtIn ? '[1m]' : ''}`,
      aliases: Object.fromEntries(
        mapping.aliases.flatMap((each) => (!asked.includes(each.alias) ? [] : [[each.alias, bare(each.model ?? '')]])),
      ),
      asks: url === undefined ? 'nobody' : url === here.baseUrl ? 'here' : url === there.baseUrl ? 'there' : url,
    };
  }

  /** What the client itself says and does. */
  async function observe(variables: TestEnv, cwd: string, asked: readonly string[]) {
    const shown = async (...more: readonly string[]): Promise<string> => {
      const { stdout, stderr } = await realm.run('claude', ['-p', '/model', ...more], { env: variables, cwd });
      return bare(idOf(/^Current model: `?(.+?)(?: \(default\))?`?$/m.exec(stdout)?.[1] ?? stdout + stderr));
    };
    here.takeCalls();
    there.takeCalls();
    const [first, { stdout, stderr }, ...others] = await Promise.all([
      shown(),
      realm.run('claude', ['-p', 'hi'], { env: variables, cwd }),
      ...asked.map(async (alias) => [alias, (await shown('--model', alias)).replace(/\[1m\]$/, '')] as const),
    ]);
    const aliases = Object.fromEntries(others);
    const calls = [
      ...here.takeCalls().map(({ model }) => ['here', model] as const),
      ...there.takeCalls().map(({ model }) => ['there', model] as const),
    ];
    const asks = calls[0]?.[0] ?? 'nobody';
    if (asks === 'nobody') expect(stdout + stderr).toContain('Not logged in');
    const sent = calls[0]?.[1];
    // Only what it asks for tells which of two models it is, and older ones name some of Claude's own wrongly.
    const isTold = first !== PLAN && (wanted === 'newest' || sent?.startsWith('anthropic/') !== true);
    return { said: { first: isTold ? first : bare(sent ?? first), aliases, asks }, sent };
  }

  // Between them the older ones have each of theirs once, those that tell how versions differ in each.
  const older = ARRANGEMENTS.filter(({ core }) => core !== undefined);
  const shared = partOf(older, VERSIONS.length - 1, VERSIONS.indexOf(wanted));
  const tried = wanted === 'newest' ? ARRANGEMENTS : older.filter((each) => each.before !== undefined || shared.includes(each));
  const named = (managed: boolean) =>
    tried.filter((each) => (each.managed !== undefined) === managed).map((each) => [each.name, each] as const);
  it.skipIf(missing).each(named(false))('%s', async (_name, each) => await check(each));
  it.skipIf(missing ?? noManaged).each(named(true))('%s', async (_name, each) => await check(each));

  async function check(each: Arrangement): Promise<void> {
    const { box, env: variables, cwd } = arrange(each);
    const asked = wanted === 'newest' || each.core === 'aliases' ? ASKED : [];
    const predicted = predict(box.home, variables, cwd, asked);
    const { said, sent } = await observe(variables, cwd, asked);
    expect(predicted).toEqual(said);
    const model = each.before?.find(([first]) => compareVersions(version, first) < 0)?.[1] ?? each.wanted[0];
    expect([said.first.replace(/\[1m\]$/, ''), said.asks]).toEqual([bare(model), each.wanted[1]]);
    // The tag is never sent.
    if (sent !== undefined) expect(sent).toBe(model);
    held += 1;

    // The built program says the same; it speaks of the newest, since it starts nothing to learn the version.
    const status = await realm.run('orcc', ['status', '--json'], { env: variables, cwd });
    const { data } = JSON.parse(status.stdout) as { data: Pick<StatusData, 'aliases' | 'connected' | 'default'> };
    expect({ model: data.default.model, connected: data.connected, opus: bare(data.aliases[0]?.model ?? '') }).toEqual({
      model: each.wanted[0],
      connected: each.wanted[1] !== 'nobody',
      opus: wanted === 'newest' ? said.aliases['opus'] : expect.anything(),
    });
  }
});

describe.skipIf(claudeNeeds())('Claude Code', () => {
  const realm = useRealm();

  // It names no file as one that did not load if it takes it for empty.
  it.each<[text: string, isFine: boolean]>([
    ['', true],
    [' \t\r\n', true],
    ['\ufeff', true],
    ['\ufeff\ufeff', true],
    ['\u00a0', true],
    ['\ufeff\u00a0', true],
    ['\u2028\u3000', true],
    ['\f\v', true],
    ['\0', false],
    ['\u0085', false],
    ['\u200b', false],
    ['\u00a0{}', false],
    ['\ufeff{}', true],
    ['\ufeff\ufeff{}', false],
  ])('and orcc, for reading and for writing, agree on a settings.json of %j: %j', async (text, isFine) => {
    const { home, env, cwd } = realm.makeHome();
    mkdirSync(path.join(home, '.claude'));
    writeFileSync(path.join(home, '.claude', 'settings.json'), text);
    const { stdout, stderr } = await realm.run('claude', ['-p', 'hi'], { env: { ...env, ...QUIET }, cwd });
    const bytes = Buffer.from(text);
    expect([!(stdout + stderr).includes('did not load'), readSettingsText(bytes).ok, gateSettings(bytes).ok]).toEqual([
      isFine,
      isFine,
      isFine,
    ]);
  });
});

const ASKED = ['opus', 'sonnet', 'haiku', 'fable'];

const PLAN = 'Opus in plan mode, else Sonnet';

/** An id as far as `/model` tells it: of a model that the client knows it gives the name alone. */
const bare = (id: string): string => (id.startsWith('anthropic/claude-') ? id.slice('anthropic/'.length).replace('.', '-') : id);

/** Its own models go by their names there: `Opus 5.5` is claude-opus-5-5, whose window needs no tag. */
function idOf(shown: string): string {
  const own = /^(Opus|Sonnet|Haiku|Fable) ([\d.]+)(?: \(1M context\))?$/.exec(shown);
  return own === null ? shown : `claude-${(own[1] ?? '').toLowerCase()}-${(own[2] ?? '').replace('.', '-')}`;
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
