import { describe, expect, it } from 'vitest';
import type { Edit } from '../../src/apply/types.ts';
import { AS_IT_IS, type Desired } from '../../src/change/desired.ts';
import { draw, sameEdits, wantOf } from '../../src/change/draw.ts';
import { type FileNow, type Machine, NO_FILE } from '../../src/change/machine.ts';
import type { Context } from '../../src/core/context.ts';
import { CONFIG, desire, done, HOME, machineWith, place, setup, textAt, withFile } from '../support/machine.ts';
import { ownedBy } from '../support/shell-context.ts';

const bytes = (text: string): Uint8Array => Buffer.from(text);
/** Where only these paths can't be written to; nothing else is asked of the system. */
const contextOf = (...closed: string[]): Context => {
  const fs = {
    stat: () => ownedBy(1000),
    lstat: () => undefined,
    realpath: (path: string) => path,
    access: (path: string) => !closed.includes(path),
  };
  return { fs, uid: 1000, platform: 'linux', home: HOME } as unknown as Context;
};
const NONE = { replace: false, force: false };
const plan = (observed: Machine, desired: Desired, prepare?: (machine: Machine) => Machine) =>
  draw(contextOf(), { desire: () => desired, key: 'a-key', ...(prepare === undefined ? {} : { prepare }) }, undefined, observed, NONE);

describe('the plan for files that are put right first', () => {
  it.each<[Edit['owner'], string, Partial<FileNow>?]>([
    ['key', `${HOME}/.config/orcc/key`],
    ['config', `${HOME}/.config/orcc/config.json`],
    ['state', `${HOME}/.config/orcc/replaced.json`],
    ['gitignore', `${HOME}/code/.gitignore`],
    ['fish', `${HOME}/recorded`],
    ['local', `${HOME}/code/.claude/settings.local.json`],
    ['user', `${HOME}/.claude/settings.json`],
    ['project', '/srv/code/.claude/settings.json'],
    ['fish', `${HOME}/.config/fish/config.fish`],
    ['powershell', `${HOME}/profile.ps1`],
    ['zsh', `${HOME}/.zshenv`],
    ['zsh', `${HOME}/.zprofile`],
    ['zsh', `${HOME}/.config/zsh/exports.sh`],
    ['bash', `${HOME}/lib/.zz/exports.sh`],
    ['bash', `${HOME}/.profile`],
    ['key', `${HOME}/.bash_history`, { holdsKey: true }],
  ])('has, as %s, what the plan leaves alone otherwise: %s', (owner, path, more) => {
    const record = {
      id: 'fish' as const,
      path: `${HOME}/recorded`,
      created: false,
      modeBefore: null,
      carries: 'nothing' as const,
      members: [],
    };
    const observed = withFile(machineWith({ state: { targets: [record] } }), path, { bytes: bytes('old'), mode: 0o644 });
    const right = { bytes: bytes('new'), mode: 0o600, missingParents: [], ...more };
    // Of orcc's own files, whatever the plan itself makes of them.
    const { planned } = plan(observed, { ...AS_IT_IS, config: undefined }, (machine) => withFile(machine, path, right));
    const [first] = planned.plan.edits;
    expect(first).toMatchObject({ path, owner, before: bytes('old'), modeBefore: 0o644 });
    if (!/(?:config|replaced)\.json/.test(path)) expect(first).toMatchObject({ after: bytes('new'), mode: 0o600, summary: 'fixed' });
  });

  it('does not take the name of the home folder for that of a shell', () => {
    const path = '/home/zsh/.profile';
    const now = { bytes: bytes('old'), mode: 0o644, missingParents: [] };
    const observed = withFile({ ...machineWith(), home: '/home/zsh' }, path, now);
    const { planned } = plan(observed, { ...AS_IT_IS, config: undefined }, (machine) =>
      withFile(machine, path, { ...now, bytes: bytes('new') }),
    );
    expect(planned.plan.edits[0]).toMatchObject({ path, owner: 'bash' });
  });

  it.each(['key', 'config', 'state'] as const)('has orcc’s own where its mode alone is put right: %s', (name) => {
    const settled = done(machineWith(), desire(setup('user')));
    const path = settled.own[name];
    const file = settled.files.get(path) ?? NO_FILE;
    const observed = withFile(settled, path, { ...file, mode: 0o644 });
    const { planned } = plan(observed, { ...AS_IT_IS, config: CONFIG }, (machine) => withFile(machine, path, { ...file, mode: 0o600 }));
    expect(planned.plan.edits).toMatchObject([{ path, owner: name, after: file.bytes, mode: 0o600, summary: 'fixed' }]);
  });

  it('starts from the bytes and modes that are there', () => {
    const observed = machineWith({
      files: { [place('user')]: '{ broken', [place('bash')]: 'a\n', [place('zsh')]: 'same\n', [place('local')]: '{' },
    });
    const prepare = (machine: Machine): Machine =>
      [place('bash'), place('zsh')].reduce(
        (all, path) => withFile(all, path, { bytes: bytes(textAt(observed, path) ?? ''), mode: path === place('bash') ? 0o600 : 0o644 }),
        withFile(withFile(machine, place('local'), { bytes: bytes('{}'), mode: 0o644 }), place('user'), {
          bytes: bytes('{"mine": true}'),
          mode: 0o640,
        }),
      );
    const { planned, machine } = plan(observed, desire(setup('user')), prepare);
    const edits = new Map(planned.plan.edits.map((edit) => [edit.path, edit]));
    expect([planned.problems, machine]).toEqual([[], observed]);
    expect(edits.get(place('user'))).toMatchObject({ before: bytes('{ broken'), modeBefore: 0o644, mode: 0o600 });
    expect(Buffer.from(edits.get(place('user'))?.after ?? []).toString()).toContain('"mine": true');
    expect(edits.get(place('bash'))).toMatchObject({ before: bytes('a\n'), after: bytes('a\n'), modeBefore: 0o644, mode: 0o600 });
    expect(edits.get(place('local'))).toMatchObject({ before: bytes('{'), after: bytes('{}'), mode: null });
    expect(edits.has(place('zsh'))).toBe(false);
  });

  it('gives a file the mode that is right, where the plan itself gives it none', () => {
    const observed = withFile(machineWith(), place('project'), { bytes: bytes('{ broken'), mode: 0o600 });
    const { planned } = plan(observed, desire(setup('project')), (machine) =>
      withFile(machine, place('project'), { bytes: bytes('{}'), mode: 0o644 }),
    );
    expect(planned.plan.edits.find(({ owner }) => owner === 'project')).toMatchObject({ modeBefore: 0o600, mode: 0o644 });
  });
});

describe('what was allowed', () => {
  const theirs = machineWith({ files: { [place('user')]: '{"env": {"ANTHROPIC_MODEL": "theirs"}}' } });
  const drawn = (wish: Partial<Desired>, allowed: Partial<typeof NONE>) =>
    draw(contextOf(), { desire: () => desire(setup('user'), wish), key: 'a-key' }, undefined, theirs, { ...NONE, ...allowed });

  it.each([
    [{}, {}, 1, false],
    [{ replace: true }, {}, 0, false],
    [{}, { replace: true }, 0, false],
    [{ force: true }, {}, 1, true],
    [{}, { force: true }, 1, true],
  ])('by flags %o or an answer %o counts', (wish, allowed, problems, force) => {
    const found = drawn(wish, allowed);
    expect([found.planned.problems.length, found.force]).toEqual([problems, force]);
  });
});

describe('files that can not be written', () => {
  const path = `${HOME}/code/.gitignore`;
  const wish = desire(setup('user', 'local'), { ignore: { needed: true, path } });
  const closed = contextOf(`${HOME}/.claude`, `${HOME}/code`, `${HOME}/.config/orcc`);
  const { own } = machineWith();
  const paths = (goOnPastProblems: boolean) => {
    const asked = { desire: () => wish, key: 'a-key', goOnPastProblems };
    const found = draw(closed, asked, undefined, machineWith({ files: { [own.config]: 'old' } }), NONE);
    expect(found.planned.plan.edits.find(({ owner }) => owner === 'config')?.before).toEqual(bytes('old'));
    return [found.planned.problems.map((each) => each.path), found.planned.plan.edits.map((edit) => edit.owner)];
  };

  it('are left out where the change goes on past problems, but for orcc’s own', () => {
    expect(paths(true)).toEqual([
      [place('user'), path],
      ['key', 'local', 'config', 'state'],
    ]);
    expect(paths(false)).toEqual([[], ['key', 'user', 'local', 'gitignore', 'config', 'state']]);
  });
});

describe('two lists of edits', () => {
  const edit: Edit = { path: '/a', owner: 'bash', before: bytes('1'), after: bytes('2'), mode: null, modeBefore: null, summary: '' };

  it.each<[boolean, readonly Edit[]]>([
    [true, [{ ...edit, summary: 'other', before: bytes('1') }]],
    [false, []],
    [false, [edit, edit]],
    [false, [{ ...edit, path: '/b' }]],
    [false, [{ ...edit, mode: 0o600 }]],
    [false, [{ ...edit, before: null }]],
    [false, [{ ...edit, after: bytes('3') }]],
  ])('do the same: %s (%#)', (isSame, other) => {
    expect([sameEdits([edit], other), sameEdits(other, [edit])]).toEqual([isSame, isSame]);
  });

  it('write, delete, or change a mode alone', () => {
    expect([edit, { ...edit, after: null }, { ...edit, after: bytes('1') }].map(wantOf)).toEqual(['write', 'delete', 'mode']);
  });
});
