import { describe, expect, it } from 'vitest';
import { IMAGE_RULES } from '../../src/claude/image-rules.ts';
import { USUAL_OUTPUT } from '../../src/claude/compaction.ts';
import { extrasInEffect, membersOf } from '../../src/change/extras-in-effect.ts';
import { readInEffect, type InEffect } from '../../src/change/in-effect.ts';
import type { Config } from '../../src/config/config.ts';
import { renderBlock } from '../../src/edit/shell/block.ts';
import { shellOf } from '../../src/edit/shell/list.ts';
import { CONFIG, HOME, KEY, machineWith, place } from '../support/machine.ts';
import { shellContext } from '../support/shell-context.ts';

const URL_LINE = 'export ANTHROPIC_BASE_URL=https://openrouter.ai/api\n';
const OPUS = 'export ANTHROPIC_DEFAULT_OPUS_MODEL=v/o\n';
const MAYBE = `if [ -n "$MAYBE" ]; then\n${URL_LINE}fi\n`;
const LOCAL = `${HOME}/project/.claude/settings.local.json`;
const MANAGED = '/etc/claude-code/managed-settings.json';
const PROJECT = `${HOME}/project/.claude/settings.json`;

interface Given {
  readonly bashrc?: string;
  readonly user?: unknown;
  readonly project?: unknown;
  readonly local?: unknown;
  readonly managed?: unknown;
  readonly env?: Readonly<Record<string, string>>;
  readonly native?: boolean;
  /** The key file's text. */
  readonly key?: string;
  /** The shell that the terminal runs; bash unless given. */
  readonly shell?: string;
}

async function read({
  bashrc,
  user,
  project,
  local,
  managed,
  env = {},
  native = false,
  key,
  shell = '/bin/bash',
}: Given): Promise<InEffect> {
  const json = (path: string, value: unknown) => (value === undefined ? {} : { [path]: JSON.stringify(value) });
  const config: Config = { ...CONFIG, native };
  const machine = machineWith({ config });
  const files = {
    [`${HOME}/.profile`]: '',
    ...(bashrc === undefined ? {} : { [place('bash')]: bashrc }),
    ...{ ...json(place('user'), user), ...json(PROJECT, project), ...json(LOCAL, local), ...json(MANAGED, managed) },
    ...(key === undefined ? {} : { [machine.own.key]: key }),
  };
  const ctx = shellContext({ files, env: { SHELL: shell, HOME, ...env }, programs: { bash: () => ({}) } });
  const now = await readInEffect({ ...ctx, pid: 1, random: (bytes) => new Uint8Array(bytes) }, machine);
  expect(ctx.calls).toEqual([]);
  return now;
}

describe('what counts', () => {
  it.each<[string, Given, InEffect['view']]>([
    ['nothing anywhere', {}, 'process'],
    ['a start-up file with the base URL', { bashrc: URL_LINE }, 'startup'],
    ['a start-up file that takes the base URL away', { bashrc: 'unset ANTHROPIC_BASE_URL\n' }, 'process'],
    ['a start-up file with a model alone', { bashrc: OPUS }, 'process'],
    [
      'a start-up file with what is not orcc’s alone',
      { bashrc: 'export EDITOR=vi\n', user: { env: { ANTHROPIC_BASE_URL: 'u' } } },
      'process',
    ],
    ['a model in one, and the base URL in a settings file', { bashrc: OPUS, user: { env: { ANTHROPIC_BASE_URL: 'u' } } }, 'startup'],
    ['the base URL in a settings file alone', { bashrc: '', user: { env: { ANTHROPIC_BASE_URL: 'u' } } }, 'process'],
    ['the base URL in this terminal alone', { bashrc: OPUS, env: { ANTHROPIC_BASE_URL: 'u' } }, 'process'],
    ['a model, and a base URL that may be set', { bashrc: OPUS + MAYBE }, 'startup'],
    ['a base URL that may be set, alone', { bashrc: MAYBE }, 'process'],
    ['a model, and a line that sets what nobody knows', { bashrc: `${OPUS}eval "$THING"\n` }, 'process'],
    ['Anthropic, since the set-up was put aside', { bashrc: '', native: true }, 'startup'],
    ['the same in a shell that orcc does not know', { native: true, shell: '/bin/tcsh' }, 'process'],
  ])('is new terminals or this one: %s', async (_what, given, view) => {
    expect((await read(given)).view).toBe(view);
  });

  it.each([
    ['8000', 8000],
    ['1', 1],
    ['0', USUAL_OUTPUT],
    ['-5', USUAL_OUTPUT],
    ['1.5', USUAL_OUTPUT],
    ['many', USUAL_OUTPUT],
    [undefined, USUAL_OUTPUT],
  ])('is the output that is asked for: %s', async (value, expected) => {
    const env: Record<string, string> = value === undefined ? {} : { CLAUDE_CODE_MAX_OUTPUT_TOKENS: value };
    expect((await read({ env })).maxTokens).toBe(expected);
  });

  it.each([
    ['false', false],
    [' NO ', false],
    ['0', false],
    ['off', false],
    ['true', true],
    ['none', true],
    [undefined, true],
  ])('is whether tools are deferred: %s', async (value, expected) => {
    const env: Record<string, string> = value === undefined ? {} : { ENABLE_TOOL_SEARCH: value };
    expect((await read({ env })).toolSearch).toBe(expected);
  });

  it.each<[string, Given, string | undefined]>([
    ['its own', { env: { ANTHROPIC_AUTH_TOKEN: 'a-token' }, key: KEY }, 'a-token'],
    ['the key file’s, where orcc’s helper prints it', { user: { apiKeyHelper: `cat '${HOME}/.config/orcc/key'` }, key: KEY }, KEY],
    ['nobody’s, where the helper is somebody else’s', { user: { apiKeyHelper: 'cat mine' }, key: KEY }, undefined],
    ['nobody’s, where there is no helper', { key: KEY }, undefined],
  ])('is the token: %s', async (_what, given, token) => {
    expect((await read(given)).token).toBe(token);
  });
});

describe('this terminal beside new ones', () => {
  const has = { ANTHROPIC_BASE_URL: 'https://openrouter.ai/api', ANTHROPIC_DEFAULT_OPUS_MODEL: 'v/o' };
  it.each<[string, Given, readonly string[], readonly string[]]>([
    ['has all of it', { bashrc: URL_LINE + OPUS, env: has }, [], []],
    ['has nothing yet', { bashrc: URL_LINE + OPUS }, ['ANTHROPIC_BASE_URL', 'ANTHROPIC_DEFAULT_OPUS_MODEL'], []],
    ['has another value', { bashrc: OPUS, env: { ANTHROPIC_DEFAULT_OPUS_MODEL: 'v/old' } }, ['ANTHROPIC_DEFAULT_OPUS_MODEL'], []],
    ['has what a new one takes away', { bashrc: 'unset ANTHROPIC_BASE_URL\n', env: has }, ['ANTHROPIC_BASE_URL'], Object.keys(has)],
    ['has what nothing sets any more', { bashrc: OPUS, env: has }, [], ['ANTHROPIC_BASE_URL']],
    ['has something empty', { bashrc: '', env: { ANTHROPIC_BASE_URL: '' } }, [], []],
    ['has what may be set', { bashrc: MAYBE + OPUS, env: has }, [], []],
    ['has what may be set, before an unknown line', { bashrc: `${MAYBE}eval "$THING"\n`, env: has }, [], []],
    ['has what an unknown line may set', { bashrc: 'eval "$THING"\n', env: has }, [], []],
    ['runs a shell that orcc does not know', { env: has, shell: '/bin/tcsh' }, [], []],
    ['lacks what is not orcc’s', { bashrc: 'export ANTHROPIC_CUSTOM_HEADERS=a:b\n' }, [], []],
  ])('%s', async (_what, given, notLoaded, stale) => {
    const now = await read(given);
    expect([now.notLoaded.toSorted(), now.stale.toSorted()]).toEqual([notLoaded.toSorted(), stale.toSorted()]);
  });

  it.each([
    ['something', { ANTHROPIC_AUTH_TOKEN: 'any' }, []],
    ['nothing', {}, ['ANTHROPIC_AUTH_TOKEN']],
    ['an empty one', { ANTHROPIC_AUTH_TOKEN: '' }, ['ANTHROPIC_AUTH_TOKEN']],
  ])('has the token of a command where it has %s', async (_what, env, notLoaded) => {
    const key = { kind: 'command', command: 'pass show key' } as const;
    const body = shellOf('sh').body({ baseUrl: has.ANTHROPIC_BASE_URL, key, variables: [] }, machineWith());
    const bashrc = renderBlock(body, '\n', false);
    expect((await read({ bashrc, env: { ...has, ANTHROPIC_API_KEY: '', ...env } })).notLoaded).toEqual(notLoaded);
  });

  it('is in doubt about what no settings file decides, and of orcc’s variables alone', async () => {
    const bashrc = `${MAYBE}if true-or-not; then\nexport ANTHROPIC_CUSTOM_HEADERS=a:b\nfi\neval "$THING"\n`;
    const open = await read({ bashrc });
    expect(open.doubts.may.map(({ name }) => name)).toEqual(['ANTHROPIC_BASE_URL']);
    expect(open.doubts.unknown).toHaveLength(1);
    const sure = await read({ bashrc: URL_LINE + MAYBE.replace('openrouter.ai', 'gateway.example') });
    expect(sure.doubts.may.map(({ name }) => name)).toEqual(['ANTHROPIC_BASE_URL']);
    const decided = await read({ bashrc, user: { env: { ANTHROPIC_BASE_URL: 'u' } } });
    expect(decided.doubts.may).toEqual([]);
    const one = 'export ANTHROPIC_BASE_URL=$(x)\n';
    const isOpen = async (given: Given): Promise<number> => (await read(given)).doubts.unknown.length;
    expect([await isOpen({ bashrc: one }), await isOpen({ bashrc: one + URL_LINE })]).toEqual([1, 0]);
    expect(await isOpen({ bashrc: one, user: { env: { ANTHROPIC_BASE_URL: 'u' } } })).toBe(0);
  });
});

describe('what stands beside the mapping here', () => {
  const shown = async (given: Given) =>
    extrasInEffect(await read(given)).map(({ id, value, placed }) => [id, value, placed.layer, placed.file]);
  const env = { ANTHROPIC_DEFAULT_OPUS_MODEL: 'v/o', ANTHROPIC_BASE_URL: 'https://openrouter.ai/api' };
  const pins = (...models: string[]) => ({ modelPicker: { options: models.map((model) => ({ model })) } });

  it.each<[string, Given, readonly unknown[]]>([
    ['nothing', { env }, []],
    ['fallbacks, in their order', { user: { fallbackModel: ['v/a', 'v/b'] } }, [['fallback', 'v/a, then v/b', 'user', place('user')]]],
    [
      'a folder’s fallbacks',
      { user: { fallbackModel: ['v/a'] }, project: { fallbackModel: ['v/b'] } },
      [['fallback', 'v/b', 'project', PROJECT]],
    ],
    ['no fallbacks, since the nearest file has none of them', { user: { fallbackModel: ['v/a'] }, local: { fallbackModel: [] } }, []],
    ['pinned rows', { user: pins('v/a', 'v/b') }, [['pins', 'v/a, v/b', 'user', place('user')]]],
    ['pinned rows of a folder, which are none', { project: pins('v/a'), local: pins('v/b') }, []],
    ['managed rows, past the user’s', { managed: pins('v/a'), user: pins('v/b') }, [['pins', 'v/a', 'managed', MANAGED]]],
    ['the user’s rows, past a folder’s', { user: pins('v/a'), project: pins('v/b') }, [['pins', 'v/a', 'user', place('user')]]],
    [
      'an effort for all',
      { user: { env: { CLAUDE_CODE_EFFORT_LEVEL: 'high' } } },
      [['effort', 'high, for all models', 'user', place('user')]],
    ],
    [
      'efforts of mapped models',
      { env, user: { modelSettings: { 'v/o': { effortLevel: 'low' }, 'v/other': { effortLevel: 'high' } } } },
      [['effort', 'low for v/o', 'user', place('user')]],
    ],
    [
      'the effort of a folder, past the user’s for the same model',
      {
        env,
        user: { modelSettings: { 'v/o': { effortLevel: 'low' } } },
        local: { modelSettings: { 'v/o': { effortLevel: 'max' } } },
      },
      [['effort', 'max for v/o', 'local', LOCAL]],
    ],
    [
      'an effort for all, past that of a model',
      { env, user: { env: { CLAUDE_CODE_EFFORT_LEVEL: 'high' }, modelSettings: { 'v/o': { effortLevel: 'low' } } } },
      [['effort', 'high, for all models', 'user', place('user')]],
    ],
    [
      'a model for auto mode’s check',
      { user: { env: { CLAUDE_CODE_AUTO_MODE_MODEL: 'v/c' } } },
      [['autoModeModel', 'checked by v/c', 'user', place('user')]],
    ],
    [
      'one that checks nothing',
      { user: { env: { CLAUDE_CODE_AUTO_MODE_MODEL: 'v/c' }, permissions: { disableAutoMode: 'disable' } } },
      [['autoModeModel', 'off, so v/c checks nothing', 'user', place('user')]],
    ],
    [
      'all rules against images',
      { user: { permissions: { deny: [...IMAGE_RULES] } } },
      [['images', expect.any(String), 'user', place('user')]],
    ],
    ['a few of them', { user: { permissions: { deny: IMAGE_RULES.slice(1) } } }, []],
  ])('is shown with its place: %s', async (_what, given, expected) => {
    expect(await shown(given)).toEqual(expected);
  });

  it.each([
    ['{"provider": {"ignore": ["a"]}}', /^(?!.*every request).*a/],
    ['{"provider": {"ignore": ["a"]}, "top_k": 1}', /; every request holds top_k$/],
    ['{"provider": 5}', /^every request holds provider$/],
    ['{"top_k": 1, "seed": 2}', /^every request holds top_k, seed$/],
    ['{}', /no JSON object/],
    ['[]', /no JSON object/],
    ['{', /no JSON object/],
  ])('is the JSON for every request: %s', async (body, expected) => {
    const found = await shown({ user: { env: { CLAUDE_CODE_EXTRA_BODY: body } } });
    expect(found).toEqual([['routing', expect.stringMatching(expected), 'user', place('user')]]);
    expect(membersOf(body).length > 0).toBe(/:/.test(body));
  });
});
