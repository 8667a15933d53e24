import { describe, expect, it } from 'vitest';
import { reverseOwnPart } from '../../src/change/reverse.ts';
import type { Desired, DesiredTarget } from '../../src/change/desired.ts';
import type { Machine } from '../../src/change/machine.ts';
import type { EditOwner } from '../../src/apply/types.ts';
import type { ExtraMember } from '../../src/config/extras-table.ts';
import { desire, done, HOME, machineWith, nothing, place, setup } from '../support/machine.ts';

const text = (machine: Machine, path: string): string => Buffer.from(machine.files.get(path)?.bytes ?? []).toString();
const otherModel = (wish: Desired): Desired => ({
  ...wish,
  setup: wish.setup && { ...wish.setup, variables: [{ name: 'ANTHROPIC_MODEL', value: 'haiku' }] },
});

interface Taken {
  readonly path?: string;
  readonly owner?: EditOwner;
  /** What someone made of the file after the change; as the change left it unless given. */
  readonly now?: (left: string) => string | null;
  /** What the file was before, where no look at the machine tells. */
  readonly before?: Uint8Array | null;
}

/** The bash file, or another, after the last of these looks, with the change between the last two taken back: its text. */
function takeBack([before, after]: readonly [Machine, Machine], { path = place('bash'), owner = 'bash', now, before: former }: Taken = {}) {
  const bytesOf = (machine: Machine, file: string): Uint8Array | null => machine.files.get(file)?.bytes ?? null;
  const left = text(after, path);
  const changed = now === undefined ? left : now(left);
  const back = reverseOwnPart(
    {
      edit: {
        ...{ path, realPath: path, owner, existed: bytesOf(before, path) !== null },
        ...{ modeBefore: null, modeAfter: null, sumBefore: null, sumAfter: null },
      },
      now: changed === null ? null : Buffer.from(changed),
      before: former === undefined ? bytesOf(before, path) : former,
      other: (file) => {
        const [was, is] = [bytesOf(before, file), bytesOf(after, file)];
        return was === is ? undefined : { before: was, after: is };
      },
    },
    after,
  );
  return back === undefined || back === null ? back : Buffer.from(back).toString();
}

const more = (left: string): string => `${left}# more\n`;
const LINES = '# mine\nexport ANTHROPIC_MODEL=mine\n';

describe('a start-up file that someone changed since', () => {
  const before = machineWith({ files: { [place('bash')]: LINES } });
  const adopted = done(before, desire(setup('bash'), { adopt: true }));
  const switched = done(adopted, otherModel(desire(setup('bash'))));
  const removed = done(switched, desire(nothing('bash'), { setup: undefined }));

  it('loses the block and gets its switched off lines back, what was added stays', () => {
    expect(text(adopted, place('bash'))).toContain('# orcc: disabled');
    expect(takeBack([before, adopted], { now: more })).toBe(`${LINES}# more\n`);
  });

  it('gets the block from before the change', () => {
    expect(takeBack([adopted, switched], { now: more })).toBe(more(text(adopted, place('bash'))));
  });

  it('is deleted where orcc made it and nothing else is in it, and kept otherwise', () => {
    const empty = machineWith();
    const made = done(empty, desire(setup('bash')));
    expect(takeBack([empty, made])).toBeNull();
    expect(takeBack([empty, made], { now: more })).toBe('# more\n');
    const file = { bytes: Buffer.from(more(text(made, place('bash')))), mode: 0o644, missingParents: [] };
    const native = desire([{ id: 'bash', carries: 'nothing', remember: true }], { setup: undefined });
    const away = done({ ...made, files: new Map(made.files).set(place('bash'), file) }, native);
    expect(takeBack([away, done(away, desire(setup('bash')))], { now: (left) => left.replace('# more\n', '') })).toBeNull();
    const blank = machineWith({ files: { [place('bash')]: '' } });
    expect(takeBack([blank, done(blank, desire(setup('bash')))])).toBe('');
  });

  it.each<[string, readonly [Machine, Machine], Taken]>([
    ['is gone', [before, adopted], { now: () => null }],
    ['has no block any more', [before, adopted], { now: () => '# mine\n' }],
    ['has its block edited', [before, adopted], { now: (left) => left.replace('opus', 'sonnet') }],
    ['has its block twice', [before, adopted], { now: (left) => left + left }],
    ['has half a block', [before, adopted], { now: (left) => left.replace('# <<< orcc', '#') }],
    ['had its block removed by the change', [switched, removed], { now: more }],
    ['had an edited block before', [adopted, switched], { before: Buffer.from(text(adopted, place('bash')).replace('opus', 'sonnet')) }],
    ['had its block twice before', [adopted, switched], { before: Buffer.from(text(adopted, place('bash')).repeat(2)) }],
    ['had half a block before', [adopted, switched], { before: Buffer.from(text(adopted, place('bash')).replace('# <<< orcc', '#')) }],
    ['has bytes of no encoding', [before, adopted], { now: (left) => `${left}\0` }],
    ['had bytes of no encoding', [before, adopted], { before: Buffer.from([0xff, 0xfe, 0x00]) }],
    ['is no target’s', [before, adopted], { owner: 'config' }],
  ])('is left alone where it %s', (_why, looks, taken) => {
    expect(takeBack(looks, taken)).toBeUndefined();
  });

  it('beside the targets’ own gets the lines back that the change switched off, and is left alone where none is', () => {
    const path = `${HOME}/.bash_aliases`;
    const there = machineWith({ files: { [path]: LINES } });
    const off = done(there, desire(setup('bash'), { adoptFiles: [{ target: 'bash', path }] }));
    expect(text(off, path)).toContain('# orcc: disabled');
    expect(takeBack([there, off], { path, now: more })).toBe(`${LINES}# more\n`);
    expect(takeBack([there, off], { path, now: () => `${LINES}# more\n` })).toBeUndefined();
  });

  it('of orcc’s own goes as a whole, unless somebody added to it', () => {
    const empty = machineWith();
    const made = done(empty, desire(setup('fish')));
    const fish = { path: place('fish'), owner: 'fish' } as const;
    expect(takeBack([empty, made], fish)).toBeNull();
    const older = otherModel(desire(setup('fish')));
    const first = done(empty, older);
    const second = done(first, desire(setup('fish')));
    expect(takeBack([first, second], { ...fish, now: more })).toBe(more(text(first, place('fish'))));
  });
});

const AUTO_MODE: ExtraMember = { path: ['permissions', 'disableAutoMode'], value: 'disable', places: ['user'], native: 'out' };
const DENIED: ExtraMember = { path: ['permissions', 'deny'], value: 'Read(*.png)', element: true, places: ['user'], native: 'out' };

describe('a settings file that someone changed since', () => {
  const user = { path: place('user'), owner: 'user' } as const;
  const theirs = { env: { ANTHROPIC_MODEL: 'theirs', MINE: '1' }, permissions: { deny: ['Bash(rm)'] } };
  const before = machineWith({ files: { [place('user')]: JSON.stringify(theirs) } });
  const wish = desire(setup('user'), { replace: true, extras: [DENIED] });
  const written = done(before, wish);
  const switched = done(written, { ...otherModel(wish), extras: [AUTO_MODE] });
  const native = done(switched, desire([{ id: 'user', carries: 'nothing', remember: true }], { setup: undefined }));
  const beside: readonly DesiredTarget[] = [{ id: 'user', carries: 'extras', remember: false }];
  const one = done(machineWith(), desire(beside, { extras: [AUTO_MODE] }));
  const also = (left: string): string => left.replace('"MINE"', '"ADDED":"2","MINE"');
  const read = (json: string | null | undefined): unknown => JSON.parse(json ?? 'null');

  it('gets back what orcc replaced, and what was added stays', () => {
    expect(read(takeBack([before, written], { ...user, now: also }))).toEqual({ ...theirs, env: { ...theirs.env, ADDED: '2' } });
  });

  it('gets the members that it had before the change, single elements of a list too', () => {
    const back = read(takeBack([written, switched], { ...user, now: also }));
    const was = JSON.parse(text(written, place('user'))) as typeof theirs;
    expect(back).toEqual({ ...was, env: { ...was.env, ADDED: '2' } });
    expect(was.permissions.deny).toEqual(['Bash(rm)', 'Read(*.png)']);
  });

  it('gets no member of orcc’s that was not there before the change', () => {
    const all = read(text(written, place('user'))) as typeof theirs;
    const was = Buffer.from(JSON.stringify({ ...all, env: { ...all.env, ANTHROPIC_MODEL: undefined } }));
    expect(read(takeBack([written, switched], { ...user, now: also, before: was }))).toMatchObject({
      env: { ANTHROPIC_MODEL: 'theirs', ADDED: '2' },
    });
  });

  it('still lacks what orcc put aside before the change, and is left alone where somebody has set that since', () => {
    const there = machineWith({ files: { [place('user')]: '{"env": {"MINE": "1"}, "forceLoginMethod": "claudeai"}' } });
    const aside: ExtraMember = { path: ['forceLoginMethod'], value: undefined, places: ['user'], native: 'out' };
    const wanted = desire(setup('user'), { extras: [aside], replace: true });
    const first = done(there, wanted);
    const second = done(first, otherModel(wanted));
    expect(text(second, place('user'))).not.toContain('forceLoginMethod');
    expect(read(takeBack([first, second], { ...user, now: also }))).toEqual({
      env: { ...(read(text(first, place('user'))) as typeof theirs).env, ADDED: '2' },
    });
    const again = (left: string): string => left.replace('{', '{"forceLoginMethod": "console",');
    expect(takeBack([first, second], { ...user, now: again })).toBeUndefined();
  });

  it('is deleted where orcc made it and nothing else is in it, and kept otherwise', () => {
    const empty = machineWith();
    const made = done(empty, desire(setup('user')));
    expect(takeBack([empty, made], user)).toBeNull();
    expect(read(takeBack([empty, made], { ...user, now: (left) => left.replace('{', '{"mine": 1,') }))).toEqual({ mine: 1 });
    const blank = machineWith({ files: { [place('user')]: '{}' } });
    expect(takeBack([blank, done(blank, desire(setup('user')))], user)).toBe('{}');
  });

  it.each<[string, readonly [Machine, Machine], Taken]>([
    ['is gone', [before, written], { now: () => null }],
    ['has a member of orcc’s edited', [before, written], { now: (left) => left.replace('"opus"', '"sonnet"') }],
    ['lost a member that it had before', [written, switched], { now: (left) => left.replace('"haiku"', 'null') }],
    ['lost all members that it had before', [written, switched], { now: () => '{}' }],
    ['has somebody’s value in the place of one of orcc’s', [written, native], { now: also }],
    [
      'lost the one member that it had before',
      [one, done(one, desire(beside, { extras: [{ ...AUTO_MODE, value: 'x' }] }))],
      { now: () => '{}' },
    ],
    ['is broken', [before, written], { now: () => '{' }],
    ['was broken before', [before, written], { before: Buffer.from('{') }],
    ['is not recorded', [before, { ...written, state: before.state, files: new Map(before.files) }], { now: () => '{"a":1}' }],
  ])('is left alone where it %s', (_why, looks, taken) => {
    expect(takeBack(looks, { ...user, ...taken })).toBeUndefined();
  });

  it('that lost all that orcc wrote is as before it, where orcc had nothing there before', () => {
    expect(takeBack([before, written], { ...user, now: () => '{"mine": 1}' })).toBe('{"mine": 1}');
  });
});

describe('a .gitignore that someone changed since', () => {
  const path = `${HOME}/code/.gitignore`;
  const ignored = { path, owner: 'gitignore' } as const;
  const wish = desire(setup('local'), { ignore: { needed: true, path } });
  const LINE = '.claude/settings.local.json\n';

  it.each<[string, string | undefined, Taken['now'], string | null]>([
    ['of orcc’s alone', undefined, undefined, null],
    ['of orcc’s, with another line', undefined, (left) => `dist\n${left}`, 'dist\n'],
    ['of somebody’s', 'dist\n', (left) => `${left}build\n`, 'dist\nbuild\n'],
    ['of somebody’s that was empty', '', undefined, ''],
  ])('loses the line that orcc added: %s', (_what, was, now, left) => {
    const before = machineWith({ files: was === undefined ? {} : { [path]: was } });
    expect(takeBack([before, done(before, wish)], { ...ignored, ...(now === undefined ? {} : { now }) })).toBe(left);
  });

  it('is left alone where the line is gone, was there before, or was taken out by the change', () => {
    const before = machineWith({ files: { [path]: 'dist\n' } });
    const there = done(before, wish);
    expect(takeBack([before, there], { ...ignored, now: () => 'dist\n' })).toBeUndefined();
    expect(takeBack([before, there], { ...ignored, before: Buffer.from(LINE) })).toBeUndefined();
    const gone = done(there, desire(nothing('local'), { setup: undefined }));
    expect(takeBack([there, gone], { ...ignored, now: more })).toBeUndefined();
  });
});
