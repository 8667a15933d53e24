import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readSavedLogins } from '../../src/claude/claude-keychain.ts';
import { readClaudeState } from '../../src/claude/claude-state.ts';
import { apiKeySource, credentialsSent } from '../../src/claude/credentials.ts';
import { readLayers } from '../../src/claude/layers.ts';
import { API_KEY_DESCRIPTOR, OAUTH_DESCRIPTOR } from '../../src/claude/variables.ts';
import { createFileSystem } from '../../src/system/files.ts';
import { partOf } from '../support/part.ts';
import { claudeNeeds, olderClaude, olderClaudeNeeds } from '../support/realm.ts';
import { initWords } from '../support/use.ts';
import { doctor, logIn, LOGIN, openScene, type Scene } from '../support/set-ups/scene.ts';
import { useRealm, useSimulation } from '../support/stage.ts';

/** One way to give the client a credential, with a secret that tells where it came from. */
interface Given {
  readonly name: string;
  readonly secret: string;
  /** Files; gives what goes into the environment. */
  readonly give: (scene: Scene, secret: string) => Readonly<Record<string, string>>;
  /** Of a file that the client's process has open. */
  readonly fd?: number;
  /** Two of the same are one variable, and no pair. */
  readonly slot?: string;
}

const SETTINGS = '.claude/settings.json';
const STATE = '.claude.json';
const secret = (name: string): string => `sk-ant-api03-${name}-0123456789abcdef0123456789`;
const variable = (name: string, value = (each: string) => each): Given['give'] => {
  return (_scene, each) => ({ [name]: value(each) });
};

/** Every source that `credentialsSent` knows, and what must not count. */
const GIVEN: readonly Given[] = [
  { name: 'ANTHROPIC_AUTH_TOKEN', secret: secret('token'), give: variable('ANTHROPIC_AUTH_TOKEN') },
  { name: 'ANTHROPIC_API_KEY', secret: secret('key'), give: variable('ANTHROPIC_API_KEY') },
  { name: 'an API key in a descriptor', slot: 'descriptor', secret: secret('keyfd'), fd: 8, give: variable(API_KEY_DESCRIPTOR, () => '8') },
  {
    name: 'apiKeyHelper',
    secret: secret('helper'),
    give: ({ editJson }, each) => {
      editJson(SETTINGS, (value) => void (value['apiKeyHelper'] = `printf %s ${each}`));
      return {};
    },
  },
  {
    name: 'primaryApiKey',
    secret: secret('primary'),
    give: ({ editJson }, each) => {
      editJson(STATE, (value) => void (value['primaryApiKey'] = each));
      return {};
    },
  },
  { name: 'CLAUDE_CODE_OAUTH_TOKEN', secret: secret('oauth'), give: variable('CLAUDE_CODE_OAUTH_TOKEN') },
  { name: 'a login in a descriptor', secret: secret('oauthfd'), fd: 9, give: variable(OAUTH_DESCRIPTOR, () => '9') },
  {
    name: 'a saved login',
    secret: LOGIN,
    give: (scene) => {
      logIn(scene);
      return {};
    },
  },
  {
    name: 'a header x-api-key',
    slot: 'headers',
    secret: secret('xkey'),
    give: variable('ANTHROPIC_CUSTOM_HEADERS', (each) => ` X-Api-Key : ${each} `),
  },
  {
    name: 'a header Authorization',
    slot: 'headers',
    secret: secret('auth'),
    give: variable('ANTHROPIC_CUSTOM_HEADERS', (each) => `Authorization: Bearer ${each}`),
  },
  {
    name: 'other headers, from settings',
    secret: secret('other'),
    give: ({ editJson }, each) => {
      editJson(
        SETTINGS,
        (value) => void (value.env = { ...value.env, ANTHROPIC_CUSTOM_HEADERS: `X-Title: t\nCookie: a=${each}\nX-Note: ${each}` }),
      );
      return {};
    },
  },
  {
    name: 'a descriptor that settings name',
    slot: 'descriptor',
    secret: secret('keyfd'),
    fd: 8,
    give: ({ editJson }) => {
      editJson(SETTINGS, (value) => void (value.env = { ...value.env, [API_KEY_DESCRIPTOR]: '8' }));
      return {};
    },
  },
];

const PAIRS = GIVEN.flatMap((first, index) => [
  [first],
  ...GIVEN.slice(index + 1)
    .filter(({ slot }) => slot === undefined || slot !== first.slot)
    .map((second) => [first, second]),
]);
/** What orcc's users have: the token, a Console's key and a login. */
const THREE = GIVEN.filter(({ name }) => ['ANTHROPIC_AUTH_TOKEN', 'primaryApiKey', 'a saved login'].includes(name));
const ALL = [...PAIRS, THREE];
const TWO = ALL.filter(({ length }) => length === 2);
const OTHERS = ALL.filter(({ length }) => length !== 2);
/** The older one says what the newest does: between them they have every pair. */
const OLDER = partOf(TWO, 3);
const NEWEST = OLDER === TWO ? TWO : TWO.filter((each) => !OLDER.includes(each));
const VERSIONS = [
  ['newest', claudeNeeds(), {}, [...OTHERS, ...NEWEST]],
  ['2.1.212', olderClaudeNeeds('2.1.212'), { claude: olderClaude('2.1.212') }, [...OTHERS, ...OLDER]],
] as const;

describe.each(VERSIONS)('what the real Claude Code sends as credentials, %s', (_version, missing, about, tried) => {
  const realm = useRealm(about);
  const simulation = useSimulation(realm);
  let held = 0;
  beforeAll(async () => {
    if (missing !== undefined) return;
  });
  afterAll(async () => {
    if (missing === undefined) console.log(`${String(held)} of ${String(tried.length)} sources and pairs of them go out as orcc says`);
  });

  it.skipIf(missing).concurrent.each(tried.map((given) => [given.map(({ name }) => name).join(' and '), given] as const))(
    '%s',
    { timeout: 120_000 },
    async (_name, given) => {
      const scene = await openScene(realm, simulation);
      scene.write(SETTINGS, {});
      const env = Object.assign({ ANTHROPIC_BASE_URL: scene.url }, ...given.map((each) => each.give(scene, each.secret))) as Record<
        string,
        string
      >;
      const open = given.flatMap(({ fd, secret: text, name }, index) => {
        if (fd === undefined) return [];
        const file = path.join(scene.home, `open-${String(index)}`);
        writeFileSync(file, `${text}\n`);
        expect(name).toContain('descriptor');
        return [`${String(fd)}<'${file}'`];
      });
      const shown = `claude -p hi --output-format stream-json --verbose ${open.join(' ')}`;
      const { stdout, stderr } = await scene.type(shown, { env, isOld: true });

      const ctx = { fs: createFileSystem(), env, home: scene.home, platform: 'linux' as const, cwd: scene.cwd };
      const layers = readLayers(ctx);
      const saved = await readSavedLogins(
        { ...ctx, exec: { run: () => Promise.reject(new Error('no Mac')), find: () => undefined } },
        readClaudeState(ctx),
      );
      const said = credentialsSent(layers, 'process', saved);

      const first = scene.witness.takeAsked()[0];
      const sent = Object.entries(first?.headers ?? {}).flatMap(([header, value]) =>
        given.filter((each) => value.includes(each.secret)).map((each) => [header, each.name]),
      );
      // Where nothing gives a token or a key, the client sends nothing at all.
      const mute = first === undefined ? [] : said;
      expect(sent.map(([header]) => header).sort(), stdout + stderr + JSON.stringify(said)).toEqual(
        mute.map(({ header }) => header).sort(),
      );
      for (const [header, name] of sent) {
        const source = said.find((each) => each.header === header)?.source;
        expect(NAMES[String(source)], `${String(header)} of ${String(name)}`).toContain(name);
      }
      if (first === undefined) expect(stdout + stderr).toMatch(/Not logged in/);

      const source = apiKeySource(layers, 'process', saved);
      expect(/"apiKeySource":"([^"]*)"/.exec(stdout)?.[1], stdout).toBe(source);
      // A start of its own, which says the same of each source by itself and of what orcc's users have.
      if (given.length !== 2) {
        const status = await scene.type(`claude auth status ${open.join(' ')}`, { env, isOld: true });
        const { apiKeySource: theirs = 'none' } = JSON.parse(status.stdout) as { apiKeySource?: string };
        expect(theirs, status.stdout).toBe(source);
      }
      held += 1;
    },
  );

  it.skipIf(missing)('and doctor names each that goes along with the token, until it is taken out', { timeout: 120_000 }, async () => {
    const scene = await openScene(realm, simulation);
    const init = `orcc ${initWords(['--key-stdin', '--target', 'user'], scene.url).join(' ')}`;
    expect((await scene.type(init, { input: scene.key })).code).toBe(0);
    const added = async (): Promise<readonly string[]> =>
      (await doctor(scene))
        .filter(({ code }) => code === 'CREDENTIAL_ADDED')
        .map(({ severity, evidence }) => `${severity} ${evidence.join()}`);
    expect(await added()).toEqual([]);
    scene.editJson(STATE, (value) => void (value['primaryApiKey'] = secret('primary')));
    scene.editJson(SETTINGS, ({ env = {} }) => void (env['ANTHROPIC_CUSTOM_HEADERS'] = `X-Title: t\nCookie: ${secret('other')}`));
    expect(await added()).toEqual([
      expect.stringMatching(new RegExp(`^error ${scene.home}/${STATE} .*\\bx-api-key\\b`)),
      expect.stringMatching(/^error .*settings\.json:\d+ .*\bcookie\b/),
    ]);
    expect((await scene.type('orcc doctor --fix CREDENTIAL_ADDED --yes')).code).toBe(1);
    expect(await added()).toEqual([expect.stringContaining(STATE)]);
    expect((await scene.type('claude auth logout')).code).toBe(0);
    expect(await added()).toEqual([]);
    scene.witness.takeAsked();
    await scene.type('claude -p hi');
    const headers = scene.witness.takeAsked()[0]?.headers ?? {};
    expect([headers['authorization'], headers['x-api-key'], headers['cookie'], headers['x-title']]).toEqual([
      `Bearer ${scene.key}`,
      undefined,
      undefined,
      't',
    ]);
  });
});

/** Which of them stand for a source of `credentialsSent`. */
const NAMES: Readonly<Record<string, readonly string[]>> = {
  ANTHROPIC_AUTH_TOKEN: ['ANTHROPIC_AUTH_TOKEN'],
  ANTHROPIC_API_KEY: ['ANTHROPIC_API_KEY'],
  [API_KEY_DESCRIPTOR]: ['an API key in a descriptor', 'a descriptor that settings name'],
  apiKeyHelper: ['apiKeyHelper'],
  primaryApiKey: ['primaryApiKey'],
  CLAUDE_CODE_OAUTH_TOKEN: ['CLAUDE_CODE_OAUTH_TOKEN'],
  [OAUTH_DESCRIPTOR]: ['a login in a descriptor'],
  'claude.ai login': ['a saved login'],
  ANTHROPIC_CUSTOM_HEADERS: ['a header x-api-key', 'a header Authorization', 'other headers, from settings'],
};
