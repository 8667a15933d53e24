import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Ran, Settings } from '../support/box.ts';
import { isCheckAnswer } from '../../src/probe/auto-check.ts';
import { initIn, useSetUps, useSimulator } from '../support/use.ts';

const simulator = await useSimulator();

const PROFILE = '# mine\n';
const SETTINGS = '{\n\t"theme": "dark",\n\t"modelPicker": {"options": [{"model": "opus"}]}\n}';
const BODY = 'CLAUDE_CODE_EXTRA_BODY';

const [box, setUp] = useSetUps(async (box, ...targets: string[]) => {
  box.write('.bashrc', PROFILE);
  box.write('.profile', '. "$HOME/.bashrc"\n');
  box.write('.claude/settings.json', SETTINGS, 0o644);
  expect(
    await initIn(
      box,
      simulator,
      targets.flatMap((target) => ['--target', target]),
    ),
  ).toMatchObject({ code: 0 });
});

/** Some providers with long names. */
const long = (letter: string, count: number): string =>
  Array.from({ length: count }, (_, at) => `${letter}${String(at)}`.padEnd(60, 'x')).join(',');
/** The refusal of a price, with both ways to write one. */
const NO_PRICE = /^error: `--max-price`.*\n.*`--max-price 0\.5\/2`.*`0\.5`, `\/2`$/m;
/** Each of these is exit 2 and says this, and the home is as it was. */
async function refuses(cases: readonly (readonly [words: readonly string[], says: RegExp])[]): Promise<void> {
  const before = box.tree();
  for (const [words, says] of cases) {
    const { code, stderr } = await yes(...words);
    expect({ words, code, stderr }).toEqual({ words, code: 2, stderr: expect.stringMatching(says) });
  }
  expect(box.tree()).toEqual(before);
}

const orcc = (...words: string[]): Promise<Ran> => box.orcc(words);
const yes = (...words: string[]): Promise<Ran> => box.orcc([...words, '--yes']);
const local = (): Settings => JSON.parse(fs.readFileSync(path.join(box.cwd, '.claude/settings.local.json'), 'utf8')) as Settings;
const exported = (name: string): string | undefined => new RegExp(`export ${name}='(.*)'`).exec(box.read('.bashrc') ?? '')?.[1];
const provider = (text: string | undefined): unknown => (JSON.parse(text ?? '{}') as { provider?: unknown }).provider;

describe('orcc route', () => {
  it('writes rules as one variable to every place, adds to them, and takes them out', async () => {
    await setUp('bash', 'user');
    const ran = await yes('route', '--zdr', '--no-training', '--max-price', '5/20');
    expect(ran).toMatchObject({ code: 0, stderr: expect.stringContaining('`source ~/.bashrc`') });
    const rules = { zdr: true, data_collection: 'deny', max_price: { prompt: '5', completion: '20' } };
    expect(provider(exported(BODY))).toEqual(rules);
    expect(box.settings().env[BODY]).toBe(exported(BODY));
    expect(exported(BODY)).not.toMatch(/ /);
    expect(await yes('route', '--sort', 'throughput', '--drop', 'max-price')).toMatchObject({ code: 0 });
    expect(provider(exported(BODY))).toEqual({ zdr: true, data_collection: 'deny', sort: 'throughput' });
    // They survive a switch.
    expect(await yes('switch', 'haiku=z-ai/glm-5.3')).toMatchObject({ code: 0 });
    expect(provider(box.settings().env[BODY])).toEqual({ zdr: true, data_collection: 'deny', sort: 'throughput' });
    expect(await yes('route', '--reset')).toMatchObject({ code: 0 });
    expect(exported(BODY)).toBeUndefined();
    expect(box.settings().env[BODY]).toBeUndefined();
    await yes('remove');
    expect([box.read('.bashrc'), box.read('.claude/settings.json')]).toEqual([PROFILE, SETTINGS]);
  });

  it('says which providers remain, and why the others do not', async () => {
    await setUp('user');
    await yes('route', '--zdr');
    const ran = await orcc('route', '--check', '--json');
    expect(ran).toMatchObject({ code: 0 });
    const { models } = ran.json().data as {
      models: { model: string; providers: { provider: string; remains: boolean; barredBy: string[] }[] }[];
    };
    expect(models.find(({ model }) => model === 'z-ai/glm-4.7')?.providers).toMatchObject([
      { provider: 'Z.AI', remains: false, barredBy: ['zdr'] },
      { provider: 'DeepInfra', remains: false, barredBy: ['tools', 'zdr'], quantization: 'fp8' },
      { provider: 'Together', remains: true, barredBy: [], zdr: true, dataCollection: 'not known from outside' },
    ]);
    // A server that is not there is exit 5, as for `test`.
    const config = box.read('.config/orcc/config.json') ?? '';
    box.write('.config/orcc/config.json', config.replaceAll(simulator.baseUrl, 'http://127.0.0.1:9/api'));
    expect(await orcc('route', '--check')).toMatchObject({ code: 5 });
  });

  const REFUSED = [
    [['--only', 'deepinfra'], /ROUTING_EMPTY/],
    [['--quantizations', 'int4'], /ROUTING_EMPTY/],
    [['--max-price', '0.001/0.001'], /: max-price\b.*ROUTING_EMPTY/],
    [['--only', 'togethr'], /`togethr`[^]*`together`/],
    [['--quantizations', 'fp9'], /`fp9`[^]*`fp4`/],
    [['--sort', 'speed'], /`speed`\n.*\bprice, throughput, latency$/m],
    [['--max-price', 'cheap'], NO_PRICE],
    [['--max-price', '1/2/3'], NO_PRICE],
    [['--max-price', '-1'], NO_PRICE],
    [['--only', 'together', '--ignore', 'Together'], /^error: `--only`.*`--ignore`.*`Together`$/m],
    [['--order', 'deepinfra', '--only', 'together'], /^error: `--order`.*`deepinfra`.*`--only`/m],
    [['--order', 'together', '--sort', 'price'], /^error: `--sort`.*`--order`/m],
    [['--only', ','], /^error: `--only`.*\bdeepinfra\b/m],
    [['--drop', 'zdrr'], /`zdrr`[^]*`zdr`/],
    [['--target', 'local'], /^error: `--target`.*`--here`$/m],
    [['--max-price', '1e9'], NO_PRICE],
    [['--max-price', '/'], NO_PRICE],
    [['--only', Array.from({ length: 51 }, (_, at) => `p${String(at)}`).join(',')], /^error: `--only`.*\b50\b/m],
    [['--only', long('a', 45), '--ignore', long('b', 45), '--force'], /^error: .*`CLAUDE_CODE_EXTRA_BODY`.*\b4000\b/m],
  ] as const;
  it('refuses what excludes itself, leaves nothing, or is no rule, before anything is written', async () => {
    await setUp('user');
    await refuses(REFUSED.map(([flags, says]) => [['route', ...flags], says]));
  });

  it('lets rules that leave nothing pass with --force, and the simulator refuses then', async () => {
    await setUp('user');
    expect(await yes('route', '--only', 'deepinfra', '--force')).toMatchObject({ code: 0 });
    expect(await orcc('route', '--check')).toMatchObject({ code: 1 });
  });

  it.each([
    ['--only deepinfra', 'PROVIDER_ALLOWLIST', '--drop only'],
    ['--zdr --only z-ai', 'DATA_POLICY', '--drop zdr'],
    ['--max-price 0.001/0.001', 'MAX_PRICE', '--drop max-price'],
  ])('goes along with the test, whose findings name the rule: %s', async (rules, code, fix) => {
    await setUp('user');
    await yes('route', ...rules.split(' '), '--force');
    const { findings } = (await orcc('test', 'opus', '--quick', '--json')).json();
    expect(findings).toMatchObject([{ code, fix: expect.stringContaining(fix) }]);
    await yes('route', '--reset');
    expect((await orcc('test', 'opus', '--quick', '--json')).json().findings).toEqual([]);
  });

  it("holds the machine's rules in a folder's value, and reads them back", async () => {
    await setUp('user');
    await yes('route', '--zdr');
    const here = (...flags: string[]): Promise<Ran> => box.orcc(['route', '--here', '--target', 'local', ...flags, '--yes']);
    expect(await here('--sort', 'latency')).toMatchObject({ code: 0 });
    expect(provider(local().env[BODY])).toEqual({ zdr: true, sort: 'latency' });
    expect(provider(box.settings().env[BODY])).toEqual({ zdr: true });
    expect(await here('--reset')).toMatchObject({ code: 0 });
    expect(provider(local().env[BODY])).toEqual({ zdr: true });
  });

  it.each(['{"provider":{"zdr":false}}', 'no json'])("leaves someone else's %s alone (exit 6), unless --replace", async (theirs) => {
    await setUp('user');
    const text = JSON.stringify({ ...box.settings(), env: { ...box.settings().env, [BODY]: theirs } });
    box.write('.claude/settings.json', text);
    expect(await yes('route', '--zdr')).toMatchObject({ code: 6 });
    expect(box.read('.claude/settings.json')).toBe(text);
    expect(await yes('route', '--zdr', '--replace')).toMatchObject({ code: 0 });
    expect(provider(box.settings().env[BODY])).toEqual({ zdr: true });
    await yes('route', '--reset');
    expect(box.settings().env[BODY]).toBe(theirs);
  });
});

describe('orcc init', () => {
  const init = (...flags: string[]): Promise<Ran> => initIn(box, simulator, ['--target', 'user', ...flags]);

  it('takes everything beside the mapping by flag, says it, and leaves no byte behind', async () => {
    box.write('.claude/settings.json', SETTINGS, 0o644);
    const flags = ['--zdr', '--max-price', '5/20', '--fallback', 'haiku', '--pin', 'z-ai/glm-5.3', '--effort', 'opus=high'];
    const ran = await init(...flags, '--auto-mode-model', 'z-ai/glm-5.3');
    expect(ran).toMatchObject({ code: 0 });
    for (const line of [
      'Routing: ',
      'Fallback: haiku',
      'Pinned in /model: z-ai/glm-5.3',
      'Effort: opus high',
      "Auto mode's check: z-ai/glm-5.3",
    ])
      expect(ran.stderr).toContain(line);
    expect(provider(box.settings().env[BODY])).toEqual({ zdr: true, max_price: { prompt: '5', completion: '20' } });
    expect(box.settings()).toMatchObject({
      fallbackModel: ['haiku'],
      modelSettings: { 'z-ai/glm-4.7': { effortLevel: 'high' } },
      modelPicker: { options: [{ model: 'opus' }, { model: 'z-ai/glm-5.3' }] },
      env: { CLAUDE_CODE_AUTO_MODE_MODEL: 'z-ai/glm-5.3' },
    });
    const first = box.read('.claude/settings.json');
    // A second one adds to them.
    expect(await init('--no-training')).toMatchObject({ code: 0 });
    expect(provider(box.settings().env[BODY])).toMatchObject({ zdr: true, data_collection: 'deny' });
    expect(box.settings().fallbackModel).toEqual(['haiku']);
    expect(await yes('undo')).toMatchObject({ code: 0 });
    expect(box.read('.claude/settings.json')).toBe(first);
    await yes('remove');
    expect(box.read('.claude/settings.json')).toBe(SETTINGS);
  });

  it('takes what a preset of orcc.json, and orcc.json itself, bring along', async () => {
    const mapping = { opus: 'z-ai/glm-5.3', sonnet: 'z-ai/glm-4.7', haiku: 'z-ai/glm-4.7-flash' };
    const presets = { ours: { mapping, extras: { routing: { zdr: true } } } };
    box.writeHere('orcc.json', JSON.stringify({ schemaVersion: 1, mapping, extras: { fallback: ['haiku'] }, presets }));
    const plain = ['init', '--yes', '--key-stdin', '--base-url', simulator.baseUrl, '--no-test', '--target', 'user'];
    expect(await box.orcc(plain, { input: simulator.key })).toMatchObject({ code: 0 });
    expect(box.settings().fallbackModel).toEqual(['haiku']);
    expect(await init('--preset', 'ours')).toMatchObject({ code: 0 });
    expect(box.settings().fallbackModel).toBeUndefined();
    expect(provider(box.settings().env[BODY])).toEqual({ zdr: true });
  });

  it.each([
    [['--only', 'togethr'], /`togethr`[^]*`together`/],
    [['--only', 'deepinfra'], /ROUTING_EMPTY/],
    [['--sort', 'price', '--order', 'together'], /^error: `--sort`.*`--order`/m],
    [['--max-price', 'cheap'], NO_PRICE],
    [['--fallback', 'sonnet'], /^error: .*`sonnet`.*\(sonnet\)$/m],
    [['--fallback', 'z-ai/glm-9'], /`z-ai\/glm-9` \(fallback\) \[MODEL_UNKNOWN\]$/m],
    [['--pin', 'z-ai/glm-9'], /`z-ai\/glm-9` \(pin\) \[MODEL_UNKNOWN\]$/m],
    // No id is quoted, since none was given.
    [['--pin', ','], /^error: [^`]*\[MODEL_UNKNOWN\]$/m],
    [['--effort', 'huge'], /^error: .*`huge`\n.*\blow, medium, high, xhigh, default, unset$/m],
    [['--auto-mode-model', 'z-ai/glm-9'], /`z-ai\/glm-9` \(.*\) \[MODEL_UNKNOWN\]$/m],
    [['--auto-mode-model', 'z-ai/glm-5.3', '--no-auto-mode'], /^error: `--no-auto-mode`.*`--auto-mode-model`/m],
  ])('refuses %j before anything is written', async (flags, says) => {
    const ran = await init(...flags);
    expect(ran).toMatchObject({ code: 2 });
    expect(ran.stderr).toMatch(says);
    expect(box.read('.claude/settings.json')).toBeNull();
    expect(fs.existsSync(path.join(box.home, '.config/orcc/config.json'))).toBe(false);
  });
});

describe('what a repository shares', () => {
  const team = (): { extras?: unknown } => JSON.parse(fs.readFileSync(path.join(box.cwd, 'orcc.json'), 'utf8')) as { extras?: unknown };

  it('is exported with all that stands beside the mapping, and checked by it', async () => {
    await setUp('user');
    await yes('route', '--zdr', '--ignore', 'deepinfra');
    await yes('switch', '--fallback', 'haiku', '--effort', 'opus=high', '--auto-mode-model', 'z-ai/glm-5.3');
    // Rules that stay over a mapping that stays are no news.
    expect((await yes('models', 'pin', 'z-ai/glm-5.3', '--offline')).stderr).not.toMatch(/^(?:warning|error):/m);
    box.writeHere('orcc.json', (await orcc('export', '--team')).stdout);
    const extras = {
      routing: { zdr: true, ignore: ['deepinfra'] },
      fallback: ['haiku'],
      pins: ['z-ai/glm-5.3'],
      effort: { opus: 'high' },
      autoModeModel: 'z-ai/glm-5.3',
    };
    expect(team().extras).toEqual(extras);
    expect(await orcc('check', '--offline')).toMatchObject({ code: 0 });
    const managed = JSON.parse((await orcc('export', '--managed')).stdout) as Settings;
    expect(provider(managed.env[BODY])).toEqual(extras.routing);
    expect(managed).toMatchObject({ fallbackModel: ['haiku'], modelSettings: { 'z-ai/glm-4.7': { effortLevel: 'high' } } });
    expect((await orcc('export', '--vscode')).stdout).toContain(BODY);
    // More of one's own is no difference; less is.
    await yes('route', '--no-training', '--ignore', 'deepinfra,novita');
    expect(await orcc('check', '--offline')).toMatchObject({ code: 0 });
    await yes('route', '--drop', 'zdr');
    await yes('switch', '--fallback', 'none', '--effort', 'opus=low', '--auto-mode-model', 'none');
    await yes('models', 'unpin', 'all');
    const differs = await orcc('check', '--offline', '--json');
    expect(differs).toMatchObject({ code: 1 });
    const { differences } = differs.json().data as { differences: { what: string; found: string | null }[] };
    expect(differences.map(({ what, found }) => `${what}: ${String(found)}`)).toEqual([
      'routing: null',
      'fallback: null',
      'pins: opus',
      'effort of opus: low',
      "auto mode's check: null",
    ]);
    // What its fix names brings all of it back.
    expect(await yes('switch')).toMatchObject({ code: 0 });
    expect(await orcc('check', '--offline')).toMatchObject({ code: 0 });
  });

  it('counts where it asks for rules alone', async () => {
    await setUp('user');
    box.writeHere('orcc.json', JSON.stringify({ schemaVersion: 1, extras: { routing: { zdr: true } } }));
    expect(await orcc('check', '--offline')).toMatchObject({ code: 1 });
    expect(await yes('switch')).toMatchObject({ code: 0 });
    expect(await orcc('check', '--offline')).toMatchObject({ code: 0 });
  });
});

describe('orcc models show', () => {
  it('says which providers remain under the rules, and what keeps out the others', async () => {
    await setUp('user');
    const providers = async (): Promise<unknown> =>
      ((await orcc('models', 'show', 'z-ai/glm-4.7', '--json')).json().data as { providers: unknown }).providers;
    expect(await providers()).toMatchObject([{ barredBy: [] }, { barredBy: ['tools'] }, { barredBy: [], zdr: true }]);
    expect((await orcc('models', 'show', 'z-ai/glm-4.7')).stdout).not.toMatch(/\bno tools\b/);
    await yes('route', '--zdr');
    expect(await providers()).toMatchObject([
      { name: 'Z.AI', barredBy: ['zdr'] },
      { barredBy: ['tools', 'zdr'] },
      { name: 'Together', barredBy: [] },
    ]);
    const { stdout } = await orcc('models', 'show', 'z-ai/glm-4.7');
    expect(stdout).toMatch(/\b1 of 3\b[^]*DeepInfra.*\btools, zdr$/m);
  });
});

describe('orcc test --fallback', () => {
  it('tests the models that stand in, aliases among them, and names the way to others', async () => {
    await setUp('bash');
    const ran = await yes('switch', '--fallback', 'haiku,perplexity/sonar-pro');
    expect(ran.stderr).toMatch(/429/);
    expect(ran.stderr).toMatch(/user settings/);
    const tested = await orcc('test', '--fallback', '--quick', '--json');
    expect(tested).toMatchObject({ code: 1 });
    const { aliases } = tested.json().data as { aliases: unknown };
    expect(aliases).toMatchObject([
      { alias: 'fallback', model: 'z-ai/glm-4.7-flash', verdict: 'ok' },
      { alias: 'fallback 2', model: 'perplexity/sonar-pro', verdict: 'failed' },
    ]);
    expect(tested.json().findings).toMatchObject([{ subject: 'fallback 2', fix: expect.stringContaining('orcc switch --fallback') }]);
  });

  it.each([
    [['test', '--fallback'], 3],
    [['test', 'opus', '--fallback'], 2],
  ])('%j ends with %d where there is none to test', async (words, code) => {
    await setUp('user');
    expect(await orcc(...words)).toMatchObject({ code });
  });
});

describe("auto mode's model", () => {
  const off = (): unknown => (box.settings() as { permissions?: unknown }).permissions;
  const name = (...flags: string[]): Promise<Ran> => yes('switch', '--auto-mode-model', 'z-ai/glm-5.3', ...flags);

  it('is tried in the form of the check, its cost is said, and auto mode is on as long as it is named', async () => {
    expect(await initIn(box, simulator, ['--target', 'user', '--no-auto-mode'])).toMatchObject({ code: 0 });
    expect(off()).toEqual({ disableAutoMode: 'disable' });
    const ran = await name();
    expect(ran).toMatchObject({ code: 0 });
    expect(ran.stderr).toMatch(/\b144 KB\b.*\b36 000\b.*\$0\.03/);
    expect(off()).toBeUndefined();
    expect((await orcc('doctor', '--offline', '--json')).codes()).not.toContain('AUTO_MODE_BLOCKED');
    expect(box.settings().env).toMatchObject({ CLAUDE_CODE_AUTO_MODE_SERVER: '0', CLAUDE_CODE_AUTO_MODE_MODEL: 'z-ai/glm-5.3' });
    expect(await yes('switch', '--auto-mode-model', 'none')).toMatchObject({ code: 0 });
    expect(off()).toEqual({ disableAutoMode: 'disable' });
    // For one folder it stays off, which is said.
    const here = await name('--here', '--target', 'local');
    expect(here.stderr).toMatch(/^warning: .*~\/\.claude\/settings\.json.*z-ai\/glm-5\.3/m);
    expect((await orcc('status')).stdout).toMatch(/Auto mode +off\b.*z-ai\/glm-5\.3/);
  });

  it('is refused where it answers otherwise, and nothing is written', async () => {
    await setUp('user');
    const before = box.read('.claude/settings.json');
    simulator.setFaults([{ code: 'out-of-tokens', model: 'z-ai/glm-5.3' }]);
    const ran = await name();
    expect(ran).toMatchObject({ code: 2 });
    expect(ran.stderr).toMatch(/`Let me`.*`<block>no`/);
    expect(await initIn(box, simulator, ['--target', 'user', '--auto-mode-model', 'z-ai/glm-5.3'])).toMatchObject({ code: 2 });
    expect(box.read('.claude/settings.json')).toBe(before);
    expect(await name('--force')).toMatchObject({ code: 0 });
  });

  it.each([
    ['<block>no', true],
    ['I think <block>no', true],
    ['<block>YES</block><reason>x</reason>', true],
    ['<block> no', false],
    ['no', false],
    ['<block>nothing', false],
  ])('answers %j: usable %j', (text, isUsable) => {
    expect(isCheckAnswer(text)).toBe(isUsable);
  });
});

describe('an effort that is refused', () => {
  it('is left out as its finding says, and the test passes then', async () => {
    await setUp('user');
    const sent = async (): Promise<string> => {
      await orcc('test', 'opus', '--quick');
      return JSON.stringify(simulator.requests.findLast(({ path: asked }) => asked.includes('/messages'))?.body);
    };
    expect((await orcc('explain', 'EFFORT_UNSUPPORTED')).stdout).toContain('orcc switch --effort unset');
    expect(await sent()).toMatch(/effort.{1,6}high/);
    expect((await yes('switch', '--effort', 'opus=low')).stderr).toContain('effort: none -> opus low');
    expect(await sent()).toMatch(/effort.{1,6}low/);
    expect(await yes('switch', '--effort', 'unset')).toMatchObject({ code: 0 });
    expect(await sent()).not.toMatch(/output_config/);
  });
});

describe('efforts of single models beside one for all', () => {
  it('are those that the test after a switch asks with', async () => {
    await setUp('user');
    const before = simulator.requests.length;
    expect(await yes('switch', '--effort', 'high,opus=low', '--test')).toMatchObject({ code: 0 });
    const asked = simulator.requests.slice(before).flatMap(({ path: where, body }) => {
      const { model, output_config: output } = (where.includes('/messages') ? body : {}) as {
        model?: string;
        output_config?: { effort: string };
      };
      return model === undefined ? [] : [`${model} ${output?.effort ?? 'none'}`];
    });
    expect(new Set(asked)).toEqual(new Set(['z-ai/glm-4.7 low', 'qwen/qwen3-coder-next high', 'z-ai/glm-4.7-flash high']));
  });

  it('can be changed again in a folder, where they win over the machine’s for all, but not over its `unset`', async () => {
    await setUp('user');
    await yes('switch', '--effort', 'unset');
    expect(await yes('switch', '--here', '--effort', 'opus=low')).toMatchObject({ code: 2 });
    await yes('switch', '--effort', 'high');
    for (const level of ['low', 'xhigh']) {
      expect(await yes('switch', '--here', '--effort', `opus=${level}`)).toMatchObject({ code: 0 });
      const { env, modelSettings } = JSON.parse(fs.readFileSync(path.join(box.cwd, '.claude', 'settings.json'), 'utf8')) as Record<
        string,
        unknown
      >;
      expect(env).toMatchObject({ CLAUDE_CODE_EFFORT_LEVEL: '' });
      expect(modelSettings).toMatchObject({ 'z-ai/glm-4.7': { effortLevel: level }, 'qwen/qwen3-coder-next': { effortLevel: 'high' } });
    }
  });
});

describe('doctor', () => {
  it('finds nothing wrong with rules that were set one after the other, in whatever order', async () => {
    await setUp('bash', 'user');
    for (const rule of ['--no-fallbacks', '--max-price 9/20', '--quantizations fp8,unknown', '--sort price', '--no-training', '--zdr'])
      await yes('route', ...rule.split(' '), '--force');
    expect((await orcc('doctor', '--offline', '--json')).codes()).not.toContain('SETTINGS_OVERRIDE');
    await yes('profile', 'save', 'work');
    await yes('switch', 'work');
    expect((await orcc('route')).stdout.split('\n').filter(Boolean)).toHaveLength(6);
  });

  const codes = async (): Promise<readonly string[]> => (await orcc('doctor', '--offline', '--json')).codes();

  it("finds a folder's value that hides the machine's rules, and not one that holds them", async () => {
    await setUp('user');
    await yes('route', '--zdr', '--ignore', 'z-ai');
    expect(await codes()).not.toContain('ROUTING_HIDDEN');
    const body = (provider: unknown): string => JSON.stringify({ env: { [BODY]: JSON.stringify({ provider }) } });
    box.writeHere('.claude/settings.json', body({ sort: 'price' }));
    expect(await codes()).toContain('ROUTING_HIDDEN');
    box.writeHere('.claude/settings.json', body({ zdr: true, ignore: ['z-ai', 'deepinfra'], sort: 'price' }));
    expect(await codes()).not.toContain('ROUTING_HIDDEN');
  });

  it("takes what is somebody's own beside the rules for nothing wrong, but a model there", async () => {
    const withBody = (theirs: string): void => {
      const { env, ...rest } = box.settings();
      box.write('.claude/settings.json', JSON.stringify({ ...rest, env: { ...env, [BODY]: theirs } }));
    };
    await setUp('user', 'bash');
    withBody('{ "temperature": 0 }');
    const ran = await yes('route', '--zdr');
    expect(ran.stderr).toMatch(/`env\.CLAUDE_CODE_EXTRA_BODY` \w/);
    expect(await codes()).not.toEqual(expect.arrayContaining([expect.stringMatching(/SETTINGS_OVERRIDE|ROUTING_HIDDEN|REQUEST_CHANGED/)]));
    await yes('route', '--reset');
    withBody('{"model":"x/y"}');
    expect((await yes('route', '--zdr')).stderr).toMatch(/EXTRA_BODY .*`x\/y`/);
    expect(await codes()).toContain('REQUEST_CHANGED');
    expect(box.settings().env[BODY]).toBe('{"model":"x/y","provider":{"zdr":true}}');
  });

  it('takes out a value that hides the rules, and the folder has its former text again with undo', async () => {
    await setUp('user');
    await yes('route', '--zdr');
    const text = JSON.stringify({ env: { [BODY]: 'no json', OTHER: '1' } });
    const file = box.writeHere('.claude/settings.local.json', text);
    expect(await yes('doctor', '--offline', '--fix', 'ROUTING_HIDDEN')).toMatchObject({ code: 0 });
    expect(JSON.parse(fs.readFileSync(file, 'utf8'))).toEqual({ env: { OTHER: '1' } });
    expect(await codes()).not.toContain('ROUTING_HIDDEN');
    await yes('undo');
    expect(fs.readFileSync(file, 'utf8')).toBe(text);
  });

  it.each([
    ['perplexity/sonar-pro', true],
    ['z-ai/glm-5.3', false],
    ['qwen/qwen3-coder-next', true],
    ['haiku', false],
  ])('looks at the fallback %s', async (id, isUnfit) => {
    await setUp('user');
    box.write('.claude/settings.json', JSON.stringify({ ...box.settings(), fallbackModel: [id] }));
    expect((await codes()).includes('FALLBACK_UNFIT')).toBe(isUnfit);
  });
});

describe('what else stands beside the mapping', () => {
  it('goes to user settings where a shell carries the set-up, is shown by status, and leaves no byte behind', async () => {
    await setUp('bash');
    expect(await yes('switch', '--fallback', 'haiku,z-ai/glm-5.3', '--effort', 'opus=high,haiku=low')).toMatchObject({ code: 0 });
    expect(await yes('models', 'pin', 'z-ai/glm-5.3', 'deepseek/deepseek-v4-flash')).toMatchObject({ code: 0 });
    expect(box.settings()).toMatchObject({
      fallbackModel: ['haiku', 'z-ai/glm-5.3'],
      modelSettings: { 'z-ai/glm-4.7': { effortLevel: 'high' }, 'z-ai/glm-4.7-flash': { effortLevel: 'low' } },
    });
    expect(box.settings().modelPicker?.options).toMatchObject([
      { model: 'opus' },
      { model: 'z-ai/glm-5.3', label: 'GLM 5.3' },
      { model: 'deepseek/deepseek-v4-flash' },
    ]);
    const { extras } = (await orcc('status', '--json')).json().data as { extras: { id: string; value: string }[] };
    expect(extras.map(({ id, value }) => `${id}: ${value}`)).toEqual([
      'fallback: haiku, then z-ai/glm-5.3',
      'pins: opus, z-ai/glm-5.3, deepseek/deepseek-v4-flash',
      'effort: high for z-ai/glm-4.7',
      'effort: low for z-ai/glm-4.7-flash',
    ]);
    await yes('switch', '--native');
    expect(box.read('.claude/settings.json')).toBe(SETTINGS);
    await yes('switch', '--back');
    expect(box.settings().fallbackModel).toEqual(['haiku', 'z-ai/glm-5.3']);
    await yes('models', 'unpin', 'z-ai/glm-5.3');
    expect(box.settings().modelPicker?.options).toHaveLength(2);
    await yes('switch', '--fallback', 'none', '--effort', 'opus=default,haiku=default');
    await yes('models', 'unpin', 'all');
    expect(box.read('.claude/settings.json')).toBe(SETTINGS);
    await yes('undo');
    expect(box.settings().modelPicker?.options).toHaveLength(2);
    await yes('remove');
    expect([box.read('.bashrc'), box.read('.claude/settings.json')]).toEqual([PROFILE, SETTINGS]);
  });

  it('comes with a profile and goes with the next one, but for what the machine has', async () => {
    await setUp('user');
    await yes('route', '--zdr');
    await yes('switch', '--fallback', 'haiku');
    await orcc('profile', 'save', 'work');
    await yes('switch', '--fallback', 'none');
    await yes('route', '--reset');
    expect(box.settings().env[BODY]).toBeUndefined();
    expect(await yes('switch', 'work')).toMatchObject({ code: 0 });
    expect(provider(box.settings().env[BODY])).toEqual({ zdr: true });
    expect(box.settings().fallbackModel).toEqual(['haiku']);
    await yes('switch', 'guide');
    expect(box.settings().fallbackModel).toBeUndefined();
    expect(box.settings().env[BODY]).toBeUndefined();
    const shown = await orcc('profile', 'show', 'work', '--json');
    expect(shown.json().data).toMatchObject({ extras: { routing: { zdr: true }, fallback: ['haiku'] } });
  });

  it('is read from an orcc.json', async () => {
    await setUp('user');
    const team = {
      schemaVersion: 1,
      mapping: { opus: 'z-ai/glm-5.3', sonnet: 'z-ai/glm-4.7', haiku: 'z-ai/glm-4.7-flash' },
      extras: { fallback: ['haiku'], routing: { zdr: true } },
    };
    box.writeHere('orcc.json', JSON.stringify(team));
    expect(await yes('switch')).toMatchObject({ code: 0 });
    expect(box.settings().fallbackModel).toEqual(['haiku']);
    expect(provider(box.settings().env[BODY])).toEqual({ zdr: true });
  });

  const REFUSED = [
    // An alias's model, or the model itself, in the place of the same one.
    [['switch', '--fallback', 'sonnet'], /^error: .*`sonnet`.*\(sonnet\)$/m],
    [['switch', '--fallback', 'qwen/qwen3-coder-next'], /^error: .*`qwen\/qwen3-coder-next`.*\(sonnet\)$/m],
    [['switch', '--fallback', 'haiku,haiku'], /^error: `--fallback`.*`haiku`/m],
    [['switch', '--fallback', 'haiku,opus,z-ai/glm-5.3,deepseek/deepseek-v4-flash'], /^error: .*\b3\b.*`--fallback`.*\b4$/m],
    [['switch', '--fallback', 'z-ai/glm-9'], /`z-ai\/glm-9` \(fallback\) \[MODEL_UNKNOWN\]$/m],
    [['switch', '--fallback', 'no id'], /^error: `no id`.*\[MODEL_UNKNOWN\]$/m],
    [['switch', '--effort', 'huge'], /^error: .*`huge`\n.*\blow, medium, high, xhigh, default, unset$/m],
    [['switch', '--effort', 'opus=unset'], /^error: .*\bopus `unset`\n.*\blow, medium, high, xhigh, default$/m],
    [['switch', '--effort', 'opsu=high'], /`opsu`[^]*`opus`/],
    [['switch', '--effort', 'opus=high,fable=low'], /^error: `opus`.*`fable`.*\n.*`z-ai\/glm-4\.7`/m],
    [['switch', '--auto-mode-model', 'nothing'], /`nothing` \(.*\) \[MODEL_UNKNOWN\]$/m],
    [['models', 'pin', 'z-ai/glm-9'], /`z-ai\/glm-9` \(pin\) \[MODEL_UNKNOWN\]$/m],
    [['models', 'unpin', 'z-ai/glm-5.3'], /^error: .*`z-ai\/glm-5\.3`\nhint: .*\ball$/m],
    [['switch', '--fallback', 'haiku,z-ai/glm-4.7-flash'], /^error: .*`z-ai\/glm-4\.7-flash`.*`z-ai\/glm-4\.7-flash`/m],
    [['switch', '--fallback', 'subagent'], /^error: `subagent`.*\[MODEL_UNKNOWN\]$/m],
    [['switch', '--effort', 'subagent=high'], /^error: `subagent`.*\n.*`subagent=ID`/m],
    [['switch', '--effort', 'opus=high,opus=low'], /^error: `--effort`.*`opus`/m],
    [['models', 'pin', ...Array.from({ length: 51 }, (_, at) => `x/y${String(at)}`), '--force'], /^error: .*\b50\b/m],
  ] as const;
  it('refuses what can not be meant, and leaves every file as it was', async () => {
    await setUp('user');
    await refuses(REFUSED);
  });
});
