import { describe, expect, it } from 'vitest';
import type { Desired } from '../../src/change/desired.ts';
import type { Machine } from '../../src/change/machine.ts';
import { planChange } from '../../src/change/plan.ts';
import { OrccError } from '../../src/core/errors.ts';
import { carriedOut, desire, done, HOME, KEY, machineWith, nothing, place, setup, textAt, withFile } from '../support/machine.ts';

const PATH = `${HOME}/code/.gitignore`;
const LINE = '.claude/settings.local.json\n';
const wish = desire(setup('local'), { ignore: { needed: true, path: PATH } });
const gone = desire(nothing('local'), { setup: undefined });
/** The machine with the line. */
const there = (): Machine => done(machineWith(), wish);
const owners = (desired: Desired, machine = machineWith()): string[] =>
  planChange(desired, machine, { key: KEY }).plan.edits.map(({ owner }) => owner);

describe('the line in .gitignore', () => {
  it.each([
    ['it is not needed', desire(setup('local'), { ignore: { needed: false, path: PATH } })],
    ['no file of the folder is written', desire(setup('local'))],
    ['other targets alone hold the set-up', desire([...setup('user'), ...nothing('local')], { ignore: wish.ignore })],
  ])('is not added where %s', (_why, desired) => {
    expect(owners(desired)).not.toContain('gitignore');
  });

  it.each([
    ['a new file', undefined],
    ['an empty file', ''],
    ['a file without a final newline', 'dist'],
  ])('comes with local to %s and goes with it without a trace', (_what, text) => {
    const before = machineWith({ files: text === undefined ? {} : { [PATH]: text } });
    expect(owners(wish, before)).toContain('gitignore');
    const left = done(before, wish);
    expect(textAt(left, PATH)).toBe(`${text === undefined || text === '' ? '' : `${text}\n`}${LINE}`);
    expect(owners(desire(setup('local')), left)).not.toContain('gitignore');
    expect(owners(gone, left)).toContain('gitignore');
    const back = done(left, gone);
    expect([textAt(back, PATH), back.state.ignores]).toEqual([text ?? null, []]);
  });

  it('that is added once more, since somebody took it out, goes with the file that orcc made, and is recorded once', () => {
    const again = done(withFile(there(), PATH, { bytes: Buffer.from(''), mode: 0o644 }), wish);
    expect([textAt(again, PATH), again.state.ignores]).toEqual([LINE, there().state.ignores]);
    expect(textAt(done(again, gone), PATH)).toBeNull();
  });

  it.each([
    ['the file', null],
    ['the line', Buffer.from('dist\n')],
  ])('is forgotten where %s is gone already', (_what, bytes) => {
    const left = withFile(there(), PATH, { bytes, mode: null });
    expect(owners(gone, left)).not.toContain('gitignore');
    expect(done(left, gone).state.ignores).toEqual([]);
  });

  it('without a settings.local.json beside it stays until something is said of local', () => {
    const left = { ...there(), state: { ...there().state, targets: [] } };
    expect(done(left, desire(setup('user'))).state.ignores).toEqual(left.state.ignores);
    expect(done(left, gone).state.ignores).toEqual([]);
  });

  it('stays where somebody wrote more into the file that orcc made', () => {
    const left = done(withFile(there(), PATH, { bytes: Buffer.from(`${LINE}dist\n`), mode: 0o644 }), gone);
    expect(textAt(left, PATH)).toBe('dist\n');
  });

  it('goes where a project’s own settings are left beside it alone', () => {
    const left = done(done(machineWith(), desire(setup('project', 'local'), { ignore: wish.ignore })), gone);
    expect([left.state.targets.map(({ id }) => id), textAt(left, PATH), left.state.ignores]).toEqual([['project'], null, []]);
  });

  it('of another folder on Windows stays likewise, however its path is written', () => {
    const at = (name: string): string => `C:\\other\\${name}`;
    const ignore = { path: at('.gitignore'), created: true, added: LINE };
    const other = there().state.targets.map((target) => ({ ...target, path: at('.claude\\settings.local.json') }));
    const targets = [...there().state.targets, ...other];
    for (const path of [ignore.path, 'C:/other/.gitignore']) {
      const machine = { ...there(), state: { ...there().state, targets, ignores: [{ ...ignore, path }] } };
      expect(done(machine, gone).state.ignores).toEqual([{ ...ignore, path }]);
    }
  });

  it('of another folder stays, as long as settings.local.json is left beside it', () => {
    const [ignore] = there().state.ignores;
    const [target] = there().state.targets;
    if (ignore === undefined || target === undefined) throw new Error('nothing was recorded');
    const other = { ...ignore, path: `${HOME}/other/.gitignore` };
    const files = {
      [other.path]: LINE,
      [`${HOME}/other/.claude/settings.local.json`]: textAt(there(), place('local')) ?? '',
      [PATH]: LINE,
      [place('local')]: textAt(there(), place('local')) ?? '',
    };
    const targets = [target, { ...target, path: `${HOME}/other/.claude/settings.local.json` }];
    const machine = machineWith({ files, state: { targets, ignores: [ignore, other] } });
    const left = done(machine, gone);
    expect([textAt(left, PATH), textAt(left, other.path), left.state.ignores]).toEqual([null, LINE, [other]]);
  });

  it.each([
    ['coming', () => machineWith(), wish],
    ['going', there, gone],
  ])('is a problem of local where the file can not be read, and its record stays: %s', (_what, before, desired) => {
    const machine = before();
    const blocked = withFile(machine, PATH, { problem: new OrccError('refused', 'no') });
    const planned = planChange(desired, blocked, { key: KEY });
    expect(planned.problems).toMatchObject([{ target: 'local', path: PATH }]);
    expect(carriedOut(blocked, planned).state.ignores).toEqual(machine.state.ignores);
  });
});
