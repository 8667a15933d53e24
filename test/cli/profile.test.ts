import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Http } from '../../src/core/context.ts';
import type { Ran } from '../support/box.ts';
import { initIn, useSetUp, useSimulator } from '../support/use.ts';

const simulator = await useSimulator();
const box = useSetUp(async (box) => {
  expect(await initIn(box, simulator, ['--target', 'user'])).toMatchObject({ code: 0 });
});

const data = (ran: Ran) => (JSON.parse(ran.stdout) as { data: Record<string, unknown> }).data;
const config = () =>
  JSON.parse(box.read('.config/orcc/config.json') ?? '') as { profiles: Record<string, unknown>; activeProfile?: string };
const MAPPING = { opus: 'z-ai/glm-5.3', sonnet: 'minimax/minimax-m3', haiku: 'z-ai/glm-4.7-flash' };
const FILE = { schemaVersion: 1, profiles: { big: { mapping: MAPPING, defaultAlias: 'opus' } } };
const put = (name: string, value: unknown): string => {
  writeFileSync(path.join(box.cwd, name), typeof value === 'string' ? value : JSON.stringify(value));
  return name;
};

describe('orcc profile', () => {
  it('saves the mapping, comes back to it with switch, and says in status when it has changed', async () => {
    expect(await box.orcc(['profile', 'save', 'work'])).toMatchObject({ code: 0 });
    expect(config()).toMatchObject({ activeProfile: 'work', profiles: { work: { defaultAlias: 'sonnet' } } });
    await box.orcc(['switch', 'haiku=deepseek/deepseek-v4-flash', '--yes']);
    expect(data(await box.orcc(['status', '--json']))).toMatchObject({ profile: 'work', profileChanged: true });
    expect((await box.orcc(['status'])).stdout).toContain('work (changed)');
    await box.orcc(['switch', 'work', '--yes']);
    expect(data(await box.orcc(['status', '--json']))).toMatchObject({ profile: 'work', profileChanged: false });
    expect(box.read('.claude/settings.json')).toContain('z-ai/glm-4.7-flash');
  });

  it('changes no file but its own configuration, and undo takes that back', async () => {
    const before = box.tree();
    const settings = box.traces()['home/.claude/settings.json'];
    const first = config();
    await box.orcc(['profile', 'save', 'work']);
    expect(box.traces()['home/.claude/settings.json']).toBe(settings);
    expect(await box.orcc(['undo', '--yes'])).toMatchObject({ code: 0 });
    expect(config()).toEqual(first);
    expect(box.tree()['home/.claude/settings.json']).toBe(before['home/.claude/settings.json']);
  });

  it('replaces a profile only with consent', async () => {
    await box.orcc(['profile', 'save', 'work']);
    await box.orcc(['switch', 'value', '--yes']);
    const before = config();
    expect(await box.orcc(['profile', 'save', 'work'])).toMatchObject({ code: 2 });
    expect(await box.orcc(['profile', 'save', 'work'], { answers: [{ to: /profile work/, give: false }] })).toMatchObject({ code: 7 });
    expect(config()).toEqual(before);
    expect(await box.orcc(['profile', 'save', 'work', '--yes'])).toMatchObject({ code: 0 });
    expect(config().profiles['work']).not.toEqual(before.profiles['work']);
  });

  it('lists, shows, renames and deletes', async () => {
    await box.orcc(['profile', 'save', 'work']);
    const listed = data(await box.orcc(['profile', '--json']))['profiles'] as { name: string; active: boolean; source: string }[];
    expect(listed.map(({ name, source, active }) => [name, source, active])).toEqual([
      ['work', 'profile', true],
      ['guide', 'preset', false],
      ['value', 'preset', false],
      ['anthropic', 'preset', false],
      ['free', 'preset', false],
    ]);
    expect(data(await box.orcc(['profile', 'show', 'work', '--json']))).toMatchObject({
      name: 'work',
      mapping: { opus: 'z-ai/glm-4.7' },
      defaultAlias: 'sonnet',
    });
    expect(await box.orcc(['profile', 'rename', 'work', 'home'])).toMatchObject({ code: 0 });
    expect(config()).toMatchObject({ activeProfile: 'home', profiles: { home: {} } });
    expect(await box.orcc(['profile', 'delete', 'home'])).toMatchObject({ code: 2 });
    expect(await box.orcc(['profile', 'delete', 'home', '--yes'])).toMatchObject({ code: 0 });
    expect(config().profiles).toEqual({});
    expect(config().activeProfile).toBeUndefined();
  });

  it('says on --dry-run what it would do, and writes nothing', async () => {
    const name = put('p.json', FILE);
    const before = box.traces();
    const saved = await box.orcc(['profile', 'save', 'work', '--dry-run']);
    expect(saved).toMatchObject({ code: 0 });
    expect(saved.stdout).toContain('z-ai/glm-4.7');
    const imported = await box.orcc(['profile', 'import', name, '--dry-run']);
    expect(imported.stdout).toContain('z-ai/glm-5.3');
    expect(box.traces()).toEqual(before);
  });

  it('names the nearest for a name that is not there, and the presets as such', async () => {
    await box.orcc(['profile', 'save', 'work']);
    expect((await box.orcc(['profile', 'show', 'wrok'])).stderr).toContain('work');
    expect(await box.orcc(['profile', 'delete', 'value', '--yes'])).toMatchObject({ code: 2 });
    expect(await box.orcc(['profile', 'foo'])).toMatchObject({ code: 2 });
    expect(await box.orcc(['profile', 'rename', 'work', 'value'])).toMatchObject({ code: 2 });
  });
});

describe('orcc profile export and import', () => {
  it('carries profiles from one machine to another, without any key', async () => {
    await box.orcc(['profile', 'save', 'work']);
    const exported = await box.orcc(['profile', 'export']);
    expect(exported.stdout).not.toContain('sk-or');
    expect(await box.orcc(['profile', 'export', 'work', '--to', 'out.json'])).toMatchObject({ code: 0 });
    expect(await box.orcc(['profile', 'export', 'work', '--to', 'out.json'])).toMatchObject({ code: 6 });
    await box.orcc(['profile', 'delete', 'work', '--yes']);
    expect(await box.orcc(['profile', 'import', '-', '--yes'], { input: exported.stdout })).toMatchObject({ code: 0 });
    expect(config().profiles).toEqual(JSON.parse(exported.stdout).profiles);
    expect(data(await box.orcc(['profile', 'import', 'out.json', '--json', '--yes']))).toMatchObject({
      kind: 'unchanged',
      profiles: [{ name: 'work', change: 'same' }],
    });
  });

  it('asks before it takes anything over', async () => {
    const name = put('p.json', FILE);
    expect(await box.orcc(['profile', 'import', name])).toMatchObject({ code: 2 });
    expect(config().profiles).toEqual({});
    const asked = await box.orcc(['profile', 'import', name], { answers: [{ to: /profiles/, give: true }] });
    expect(asked).toMatchObject({ code: 0 });
    expect(Object.keys(config().profiles)).toEqual(['big']);
  });
});

describe('what orcc profile refuses', () => {
  it.each([
    'a/b',
    '..',
    'a..b',
    'a\nb',
    'a\u001b[31m',
    'opus',
    'Sonnet',
    'value',
    '',
    '-x',
    '__proto__',
    'x'.repeat(65),
    'sk-or-v1-0123456789abcdef',
    'naïve',
  ])('refuses the name %j and writes nothing', async (name) => {
    const before = box.traces();
    const args = ['profile', 'save', '--yes', '--', name];
    const ran = await box.orcc(args);
    expect(ran.code).toBe(2);
    expect(ran.stderr).not.toContain('\u001b');
    expect(box.traces()).toEqual(before);
  });

  const bad: readonly (readonly [what: string, file: unknown, place: string | RegExp])[] = [
    ['an unknown member', { ...FILE, extra: 1 }, '`extra`'],
    ['an unknown alias', { schemaVersion: 1, profiles: { big: { mapping: { ...MAPPING, opos: 'a/b' } } } }, '`profiles.big.mapping.opos`'],
    [
      'a missing alias',
      { schemaVersion: 1, profiles: { big: { mapping: { opus: 'a/b', sonnet: 'a/b' } } } },
      '`profiles.big.mapping.haiku`',
    ],
    [
      'not a model id',
      { schemaVersion: 1, profiles: { big: { mapping: { ...MAPPING, opus: 'no model' } } } },
      '`profiles.big.mapping.opus`',
    ],
    ['a bad name', { schemaVersion: 1, profiles: { 'a/b': { mapping: MAPPING } } }, '`profiles.a/b`'],
    ['an alias as a name', { schemaVersion: 1, profiles: { opus: { mapping: MAPPING } } }, '`profiles.opus`'],
    [
      'a key inside',
      { schemaVersion: 1, profiles: { big: { mapping: { ...MAPPING, haiku: 'sk-or-v1-00112233445566778899' } } } },
      '`profiles.big.mapping.haiku`',
    ],
    ['a key as a member', { ...FILE, key: 'sk-or-v1-00112233445566778899' }, '`key`'],
    ['no JSON', '{"schemaVersion": 1,\n  oops', ':2:3'],
    ['a web page', '<!doctype html><html></html>', 'web page'],
    ['an array', [], 'top level'],
    ['no profile', { schemaVersion: 1, profiles: {} }, 'no profile'],
    ['5 MB', `{"x":"${'x'.repeat(5_000_000)}"}`, '1 MiB'],
  ];
  it.each(bad)('refuses a file with %s, with the place of it, and writes nothing', async (_what, file, place) => {
    const name = put('bad.json', file);
    const before = box.traces();
    for (const ran of [
      await box.orcc(['profile', 'import', name, '--yes']),
      await box.orcc(['profile', 'import', '-', '--yes'], { input: typeof file === 'string' ? file : JSON.stringify(file) }),
    ]) {
      expect(ran.code).toBe(2);
      expect(ran.stderr).toMatch(place instanceof RegExp ? place : new RegExp(place.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')));
      expect(ran.stderr).not.toContain('00112233445566778899');
    }
    expect(box.traces()).toEqual(before);
  });

  it('refuses a newer schema with exit 6, and what is not there with exit 2', async () => {
    expect(await box.orcc(['profile', 'import', put('new.json', { ...FILE, schemaVersion: 2, more: 1 }), '--yes'])).toMatchObject({
      code: 6,
    });
    expect(await box.orcc(['profile', 'import', 'none.json', '--yes'])).toMatchObject({ code: 2 });
    expect(await box.orcc(['profile', 'import', '.', '--yes'])).toMatchObject({ code: 2 });
  });

  const answering =
    (status: number, headers: Record<string, string>, body: string): ((real: Http) => Http) =>
    () => ({
      proxyFor: () => undefined,
      request: () =>
        Promise.resolve({
          status,
          headers,
          body: (async function* () {
            yield Buffer.from(body);
          })(),
          cancel: () => Promise.resolve(),
        }),
    });

  it.each([
    ['plain http', 'http://example.com/p.json', answering(200, {}, JSON.stringify(FILE))],
    ['another protocol', 'ftp://example.com/p.json', answering(200, {}, JSON.stringify(FILE))],
    ['credentials', 'https://user:pass@example.com/p.json', answering(200, {}, JSON.stringify(FILE))],
    ['a redirect', 'https://example.com/p.json', answering(302, { location: 'https://evil.example/p.json' }, '')],
    ['a web page', 'https://example.com/p.json', answering(200, { 'content-type': 'text/html; charset=utf-8' }, '<html></html>')],
    ['a web page under another type', 'https://example.com/p.json', answering(200, { 'content-type': 'text/plain' }, '  <!DOCTYPE html>')],
    ['a 404', 'https://example.com/p.json', answering(404, {}, '')],
    ['an endless answer', 'https://example.com/p.json', answering(200, {}, 'x'.repeat(2_000_000))],
  ])('refuses %s as a source', async (_what, url, http) => {
    const before = box.traces();
    const ran = await box.orcc(['profile', 'import', url, '--yes'], { http });
    expect(ran.code).toBe(2);
    expect(ran.stderr).not.toContain('pass@');
    expect(box.traces()).toEqual(before);
  });

  it('takes a file from an https address', async () => {
    const http = answering(200, { 'content-type': 'application/json' }, JSON.stringify(FILE));
    expect(await box.orcc(['profile', 'import', 'https://example.com/p.json', '--yes'], { http })).toMatchObject({ code: 0 });
    expect(Object.keys(config().profiles)).toEqual(['big']);
  });
});
