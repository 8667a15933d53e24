import { describe, expect, it } from 'vitest';
import type { Desired, DesiredTarget, Setup } from '../../src/change/desired.ts';
import type { FileNow, Machine } from '../../src/change/machine.ts';
import { planChange as planWith } from '../../src/change/plan.ts';
import type { Planned } from '../../src/change/types.ts';
import type { ExtraMember, ExtraPlace } from '../../src/config/extras-table.ts';
import { sumOf } from '../../src/edit/json/json-verify.ts';
import type { TargetId } from '../../src/targets/types.ts';
import { carriedOut, desire, done, HOME, KEY, machineWith, nothing, place, planChange, setup, textAt } from '../support/machine.ts';

const read = (machine: Machine, path = place('user')): Record<string, Record<string, unknown>> =>
  JSON.parse(Buffer.from(machine.files.get(path)?.bytes ?? Buffer.from('{}')).toString()) as Record<string, Record<string, unknown>>;
const withFile = (machine: Machine, value: unknown, path = place('user'), more: Partial<FileNow> = {}): Machine => {
  const file: FileNow = { bytes: Buffer.from(JSON.stringify(value)), mode: 0o600, missingParents: [], ...more };
  return { ...machine, files: new Map(machine.files).set(path, file) };
};
const problems = ({ problems: all }: Planned) => all.map(({ target, code, consent }) => [target, code, consent]);
const modeOf = ({ plan }: Planned): number | null | undefined => plan.edits.find(({ owner }) => owner === 'user')?.mode;
const withSetup = (wish: Desired, more: Partial<Setup>): Desired => ({ ...wish, setup: wish.setup && { ...wish.setup, ...more } });
const haiku = (wish: Desired): Desired => withSetup(wish, { variables: [{ name: 'ANTHROPIC_MODEL', value: 'haiku' }] });
const HELPER = { settingsKey: { kind: 'helper', command: 'print-it' } } as const;
const USER = desire(setup('user'));
const there = done(machineWith(), USER);

describe('a settings file of Windows', () => {
  const path = '/mnt/c/Users/u/.claude/settings.json';
  const target: DesiredTarget = { id: 'settings-file', carries: 'setup', remember: false, path, isNamed: true };

  it('gets no command of Linux that prints the key, and a key itself', () => {
    expect(problems(planChange(withSetup(desire([target]), HELPER), machineWith()))).toEqual([
      ['settings-file', 'FILE_REFUSED', undefined],
    ]);
    const written = done(machineWith(), desire([target]));
    expect(read(written, path)['env']).toMatchObject({ ANTHROPIC_AUTH_TOKEN: KEY });
    expect(problems(planChange(withSetup(desire([{ ...target, carries: 'nothing' }]), HELPER), written))).toEqual([]);
    expect(problems(planChange(withSetup(USER, HELPER), machineWith()))).toEqual([]);
  });
});

describe('what stands beside the set-up', () => {
  it.each<[TargetId, ExtraPlace]>([
    ['user', 'user'],
    ['settings-file', 'settings-file'],
    ['project', 'project'],
    ['local', 'local'],
  ])('is written where it has its place: %s', (id, where) => {
    const extra: ExtraMember = { path: ['mine'], value: 1, places: [where], native: 'out' };
    const path = place(id);
    const left = done(
      machineWith(),
      desire([{ id, carries: 'setup', remember: false, ...(id === 'settings-file' ? { path, isNamed: true } : {}) }], { extras: [extra] }),
    );
    expect(read(left, path)['mine']).toBe(1);
  });

  it('is taken out with what was given to orcc in the same file alone', () => {
    const both = done(machineWith(), desire(setup('user', 'local')));
    const paths = [place('user'), place('local')];
    const machine = paths.reduce((now, path) => withFile(now, { ...read(both, path), mine: 1 }, path), both);
    const strays = [{ target: 'user' as const, path: place('user'), members: [['mine']] }];
    const left = done(machine, desire(nothing('user', 'local'), { setup: undefined, strays }));
    expect(paths.map((path) => read(left, path))).toEqual([{}, { mine: 1 }]);
  });
});

describe('a settings file that was edited by hand', () => {
  it('is told as such, with what may be agreed to', () => {
    const env = { ...read(there)['env'], ANTHROPIC_MODEL: 'sonnet' };
    expect(problems(planChange(haiku(USER), withFile(there, { env })))).toEqual([['user', 'EDITED', 'replace']]);
  });

  it('does not get a base URL back that somebody wrote over orcc’s without a token of theirs', () => {
    const replace: Partial<Desired> = { replace: true };
    const theirs = { ANTHROPIC_BASE_URL: 'https://x.example', ANTHROPIC_AUTH_TOKEN: 'theirs' };
    const [url, both] = [
      { ...read(there)['env'], ANTHROPIC_BASE_URL: theirs.ANTHROPIC_BASE_URL },
      { ...read(there)['env'], ...theirs },
    ].map((env) => {
      const planned = planChange(desire(setup('user'), replace), withFile(there, { env }));
      const back = done(carriedOut(withFile(there, { env }), planned), desire(nothing('user'), { setup: undefined }));
      return [planned.notes.length, read(back)['env']];
    });
    expect([url, both]).toEqual([
      [0, undefined],
      [2, theirs],
    ]);
  });

  it('tells of every other value that was replaced, however many', () => {
    const env = { ...read(there)['env'], ANTHROPIC_BASE_URL: 'https://x.example', ANTHROPIC_MODEL: 'theirs' };
    expect(planChange(desire(setup('user'), { replace: true }), withFile(there, { env })).notes).toHaveLength(1);
    const four = ['ANTHROPIC_BASE_URL', 'ANTHROPIC_AUTH_TOKEN', 'ANTHROPIC_MODEL', 'ANTHROPIC_DEFAULT_OPUS_MODEL'];
    const theirs = withFile(machineWith(), { env: Object.fromEntries(four.map((name) => [name, 'https://x.example'])) });
    expect(planChange(desire(setup('user'), { replace: true }), theirs).notes).toHaveLength(4);
  });

  it.each<[string, number, number]>([
    ['each of a few members', 3, 3],
    ['many members in one', 4, 1],
  ])('tells of %s that are gone', (_what, count, notes) => {
    const env = Object.fromEntries(Object.entries(read(there)['env'] ?? {}).slice(count));
    expect(planChange(desire(nothing('user'), { setup: undefined }), withFile(there, { env })).notes).toHaveLength(notes);
  });

  it('tells of each of a few members that are gone beside one that was changed', () => {
    const left = Object.entries(read(there)['env'] ?? {}).slice(3);
    const env = Object.fromEntries(left.map(([name, value], index) => [name, index === 0 ? 'another' : value]));
    expect(planChange(desire(nothing('user'), { setup: undefined }), withFile(there, { env })).notes).toHaveLength(4);
  });

  it.each([
    [3, 3],
    [4, 1],
  ])('tells of %i members that had orcc’s values already in %i lines', (count, lines) => {
    const env = Object.fromEntries(Object.entries(read(there)['env'] ?? {}).slice(0, count));
    const { notes, problems: none } = planChange(desire(setup('user')), withFile(machineWith(), { env }));
    expect([none, notes.length]).toEqual([[], lines]);
  });

  it('tells of all in one where the file itself is gone, and beside many of what else is to be said', () => {
    expect(planChange(USER, withFile(there, null, place('user'), { bytes: null, mode: null })).notes).toHaveLength(1);
    const two = ['one', 'two'].map((name): ExtraMember => ({ path: [name], value: 1, places: ['user'], native: 'out' }));
    const few = done(machineWith(), desire([{ id: 'user', carries: 'extras', remember: false }], { extras: two }));
    expect(
      planChange(desire(nothing('user'), { setup: undefined }), withFile(few, null, place('user'), { bytes: null, mode: null })).notes,
    ).toHaveLength(1);
    const machine = withFile(there, { env: { ANTHROPIC_MODEL: 'theirs' } });
    expect(planChange(desire(setup('user'), { replace: true }), machine).notes).toHaveLength(2);
  });
});

describe('what a fix made of the file', () => {
  /** The user settings with a member that is recorded as a fix's. */
  const fixed = (path: readonly string[], value: unknown, machine = there): Machine => ({
    ...machine,
    state: {
      ...machine.state,
      targets: machine.state.targets.map((target) => ({
        ...target,
        members: [
          ...target.members.filter((member) => member.path.join() !== path.join()),
          { path: [...path], sum: sumOf(value), createdParents: [], isFix: true as const },
        ],
      })),
    },
  });
  const mine = fixed(['mine'], 1, withFile(there, { ...read(there), mine: 1 }));
  const isRecorded = (machine: Machine): boolean =>
    machine.state.targets.some(({ members }) => members.some(({ path, isFix }) => path.join() === 'mine' && isFix === true));

  it('stays with every change, and goes with the set-up', () => {
    const changed = done(mine, haiku(USER));
    expect([read(changed)['mine'], isRecorded(changed)]).toEqual([1, true]);
    expect(read(done(changed, desire(nothing('user'), { setup: undefined })))).toEqual({});
  });

  it('goes with a folder that CLAUDE_CONFIG_DIR no longer names', () => {
    const path = `${HOME}/elsewhere/settings.json`;
    const files = [{ path, startup: 'claude' as const }];
    const moved = { ...mine, located: new Map(mine.located).set('user', { files, notes: [], offered: true }) };
    expect(done(moved, USER).files.get(place('user'))?.bytes).toBeNull();
  });

  it('is forgotten where somebody took it out', () => {
    const left = done(fixed(['mine'], 1), haiku(USER));
    expect([read(left)['mine'], isRecorded(left)]).toEqual([undefined, false]);
  });

  it('is the set-up’s where that says otherwise', () => {
    expect(read(done(fixed(['env', 'ANTHROPIC_MODEL'], 'opus'), haiku(USER)))['env']).toMatchObject({ ANTHROPIC_MODEL: 'haiku' });
  });

  it('stays put aside where it was put aside, and comes back with the removal', () => {
    const aside: ExtraMember = { path: ['forced'], value: undefined, places: ['user'], native: 'out' };
    const first = done(withFile(machineWith(), { forced: 'x', mine: 1 }), desire(setup('user'), { extras: [aside], replace: true }));
    const targets = first.state.targets.map((target) => ({
      ...target,
      members: target.members.map((each) => (each.path.join() === 'forced' ? { ...each, isFix: true as const } : each)),
    }));
    const changed = done({ ...first, state: { ...first.state, targets } }, haiku(USER));
    expect(read(changed)).toEqual({ mine: 1, env: expect.any(Object) as object });
    expect(read(done(changed, desire(nothing('user'), { setup: undefined })))).toEqual({ forced: 'x', mine: 1 });
  });
});

describe('what is recorded of a settings file', () => {
  it('that is lost costs the user no value that was put aside', () => {
    const first = done(withFile(machineWith(), { env: { ANTHROPIC_MODEL: 'mine' } }), desire(setup('user'), { replace: true }));
    const again = done({ ...first, state: { ...first.state, targets: [] } }, haiku(USER));
    expect(read(again)['env']).toMatchObject({ ANTHROPIC_MODEL: 'haiku' });
    expect(read(done(again, desire(nothing('user'), { setup: undefined })))['env']).toMatchObject({ ANTHROPIC_MODEL: 'mine' });
  });

  const beside = (remember: boolean): DesiredTarget[] => [{ id: 'user', carries: 'extras', remember }];
  const extras: readonly ExtraMember[] = [{ path: ['mine'], value: 1, places: ['user'], native: 'out' }];
  const carried = (machine: Machine) => machine.state.targets.map(({ carries, returns }) => [carries, returns]);

  it('is nothing where nothing stands in it any more, but for what is to come back', () => {
    const first = done(machineWith(), desire(beside(false), { extras }));
    expect(carried(first)).toEqual([['extras', undefined]]);
    expect(carried(done(first, desire(beside(false))))).toEqual([]);
    const away = done(first, desire(beside(true)));
    expect(carried(away)).toEqual([['nothing', 'extras']]);
    expect(carried(done(away, desire(beside(true))))).toEqual([['nothing', 'extras']]);
  });
});

describe('the mode of a settings file', () => {
  const extra = (value: number): Partial<Desired> => ({ extras: [{ path: ['mine'], value, places: ['user'], native: 'out' }] });
  const beside: readonly DesiredTarget[] = [{ id: 'user', carries: 'extras', remember: false }];

  it('is private with the next change where somebody’s key is in it, and stays where orcc leaves', () => {
    const open = withFile(machineWith(), { env: { ANTHROPIC_API_KEY: 'theirs' } }, place('user'), { mode: 0o644 });
    const first = planChange(desire(beside, extra(1)), open);
    const written = carriedOut(open, first);
    expect([modeOf(first), modeOf(planChange(desire(beside, extra(2)), written))]).toEqual([null, 0o600]);
    expect(modeOf(planChange(desire(nothing('user'), { setup: undefined }), written))).toBeNull();
  });

  it('stays where it holds no key', () => {
    const open = withFile(machineWith(), {}, place('user'), { mode: 0o644 });
    const first = planChange(withSetup(USER, HELPER), open);
    const second = planChange(haiku(withSetup(USER, HELPER)), carriedOut(open, first));
    expect([modeOf(first), modeOf(second)]).toEqual([null, null]);
    const extras = planChange(desire(beside, extra(1)), open);
    expect(modeOf(planChange(desire(beside, extra(2)), carriedOut(open, extras)))).toBeNull();
  });

  it('stays where files have none and the user agreed to that, with each further change', () => {
    const open = withFile(machineWith(), {}, place('user'), { mode: 0o777 });
    const first = planChange(desire([{ id: 'user', carries: 'setup', remember: false, modeless: true }]), open);
    const written = carriedOut(open, first);
    expect([modeOf(first), modeOf(planChange(haiku(USER), written))]).toEqual([null, null]);
    expect(written.state.targets[0]?.modeless).toBe(true);
  });
});

describe('a change while the key is not in its storage', () => {
  const KEEP = { key: { action: 'keep' } } as const;
  const keyless = (wish: Desired, machine: Machine): Planned => planWith({ ...wish, ...KEEP }, machine, {});
  const inProfile = withSetup(desire(setup('bash')), { shellKey: { kind: 'literal' } });

  it('keeps the token that orcc wrote next to the same base URL, and the file private', () => {
    const planned = keyless(haiku(USER), there);
    expect([planned.problems, modeOf(planned)]).toEqual([[], null]);
    expect(read(carriedOut(there, planned))['env']).toMatchObject({ ANTHROPIC_AUTH_TOKEN: KEY, ANTHROPIC_MODEL: 'haiku' });
    const written = done(machineWith(), inProfile);
    const next = carriedOut(written, keyless(haiku(inProfile), written));
    expect(textAt(next, place('bash'))).toContain(KEY);
  });

  it.each<[string, () => Planned]>([
    ['a new file', () => keyless(USER, machineWith())],
    ['a new block', () => keyless(inProfile, machineWith())],
    [
      'a file whose token is gone',
      () => keyless(haiku(USER), withFile(there, { env: { ANTHROPIC_BASE_URL: 'https://openrouter.ai/api' } })),
    ],
    ['another base URL', () => keyless(withSetup(USER, { baseUrl: 'https://llm.example' }), there)],
  ])('never writes a base URL without the key: %s', (_what, plan) => {
    const { plan: planned, problems: found } = plan();
    expect(found.map(({ code }) => code)).toEqual(['KEY_MISSING']);
    expect(planned.edits.filter(({ owner }) => owner === 'user' || owner === 'bash')).toEqual([]);
  });
});
