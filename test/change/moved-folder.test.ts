import { describe, expect, it } from 'vitest';
import { observeMachine } from '../../src/change/machine.ts';
import { followMovedFolder } from '../../src/change/moved-folder.ts';
import { EMPTY_REPLACED, encodeState, type State } from '../../src/config/state.ts';
import { desire, done, HOME, machineWith, place, setup, textAt } from '../support/machine.ts';
import { memoryFiles } from '../support/memory-files.ts';
import { fakeExec } from '../support/shell-context.ts';

const ignore = { needed: true, path: `${HOME}/code/.gitignore` };
const there = done(machineWith(), desire(setup('local', 'user'), { ignore }));
const text = textAt(there, place('local')) ?? '';
const MOVED = `${HOME}/renamed/.claude/settings.local.json`;
const replaced = { ...EMPTY_REPLACED, values: [], files: { [place('local')]: {}, [`${HOME}/codes/x`]: {} } };
const contextOf = (files: Readonly<Record<string, string>>, cwd = `${HOME}/renamed`) => ({
  ...{ fs: memoryFiles(files), cwd, platform: 'linux' as const, home: HOME, env: { HOME }, exec: fakeExec({}).exec },
});
const follow = (files: Readonly<Record<string, string>>, state = there.state, cwd?: string) =>
  followMovedFolder(contextOf(files, cwd), { state, replaced });

describe('the records of a folder that was renamed', () => {
  it('follow it, and no other record does', () => {
    const moved = follow({ [MOVED]: text });
    expect(moved.state.targets.map(({ path }) => path).toSorted()).toEqual([place('user'), MOVED].toSorted());
    expect(moved.state.ignores.map(({ path }) => path)).toEqual([`${HOME}/renamed/.gitignore`]);
    expect(Object.keys(moved.replaced.files)).toEqual([MOVED, `${HOME}/codes/x`]);
  });

  it.each<readonly [string, Readonly<Record<string, string>>, { readonly state?: State; readonly cwd?: string }]>([
    ['the file is where it was', { [MOVED]: text, [place('local')]: text }, {}],
    ['the file here holds something else', { [MOVED]: text.replace('opus', 'haiku') }, {}],
    ['the file here is no JSON', { [MOVED]: '{' }, {}],
    ['there is no file here', {}, {}],
    ['the command runs elsewhere', { [MOVED]: text }, { cwd: HOME }],
    ['it is no folder’s file', { [MOVED.replace('.local', '')]: textAt(there, place('user')) ?? '', [place('local')]: text }, {}],
    [
      'the file here has a record already',
      { [MOVED]: text },
      { state: { ...there.state, targets: there.state.targets.flatMap((each) => [each, { ...each, path: MOVED }]) } },
    ],
    [
      'orcc wrote nothing to it',
      { [MOVED]: text },
      { state: { ...there.state, targets: there.state.targets.map((each) => ({ ...each, members: [] })) } },
    ],
  ])('stay where %s', (_what, files, { state = there.state, cwd }) => {
    const kept = follow(files, state, cwd);
    expect([kept.state, kept.replaced]).toEqual([state, replaced]);
  });

  it('are what a machine has that is looked at from it', async () => {
    const own = { [there.own.state]: Buffer.from(encodeState(there.state, HOME)).toString() };
    const look = async (files: Readonly<Record<string, string>>) =>
      (await observeMachine(contextOf({ ...own, ...files }))).state.targets.find(({ id }) => id === 'local')?.path;
    expect([await look({ [MOVED]: text }), await look({ [MOVED]: text, [place('local')]: text })]).toEqual([MOVED, place('local')]);
  });
});
