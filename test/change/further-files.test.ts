import { describe, expect, it } from 'vitest';
import { furtherFiles } from '../../src/change/further-files.ts';
import { recordedVariables } from '../../src/config/config.ts';
import type { FileNow, Machine } from '../../src/change/machine.ts';
import { CONFIG, desire, done, machineWith, place, setup, textAt, withFile } from '../support/machine.ts';

const PLACE = place('settings-file');
const given = machineWith({ targets: ['user', 'settings-file'] });
const wish = desire(setup('user', 'settings-file'));
const there = done(given, { ...wish, setup: wish.setup && { ...wish.setup, variables: recordedVariables(CONFIG) } });
const text = textAt(there, PLACE) ?? '';
const stateOf = (machine: Machine): string | undefined => furtherFiles(machine)[0]?.state;
const withText = (changed: string, machine = there): Machine => withFile(machine, PLACE, { bytes: Buffer.from(changed), mode: 0o600 });

describe('a further settings file', () => {
  it('is what orcc wrote, with all of its members', () => {
    const [file, ...more] = furtherFiles(there);
    const written = there.state.targets.find(({ path }) => path === PLACE)?.members.length ?? 0;
    expect(written).toBeGreaterThan(3);
    expect([file, more]).toEqual([{ path: PLACE, state: 'written', members: { written, asWritten: written } }, []]);
  });

  it('counts only if the setup is in it, and is none of the files that Claude Code reads here', () => {
    const targets = there.state.targets.map((target) => ({ ...target, carries: 'extras' as const }));
    expect(furtherFiles({ ...there, state: { ...there.state, targets } })).toEqual([]);
    expect(furtherFiles(done(given, desire(setup('user'))))).toEqual([]);
  });

  it.each<[string, Partial<FileNow>]>([
    ["can't be read", { bytes: Buffer.from('{') }],
    ["can't be read", { problem: { kind: 'unreadable', reason: 'EACCES', hint: '' } as never, bytes: Buffer.from(text) }],
    ['the file is gone', {}],
    ["can't be reached", { missingParents: ['/home/u/work'] }],
  ])('%s: %o', (state, file) => {
    expect(stateOf(withFile(there, PLACE, file))).toBe(state);
  });

  it('that nobody has looked at is gone', () => {
    const files = new Map([...there.files].filter(([path]) => path !== PLACE));
    expect(stateOf({ ...there, files })).toBe('the file is gone');
  });

  it('was changed where a member is another, one that orcc did not write apart', () => {
    const changed = withText(text.replace('z-ai/glm-4.7', 'their/model'));
    const [file] = furtherFiles(changed);
    const { written = 0, asWritten = 0 } = file?.members ?? {};
    expect([file?.state, written - asWritten]).toEqual(['changed', 1]);
    expect(stateOf(withText(text.replace('"env": {', '"theirs": 1,\n  "env": {')))).toBe('written');
  });

  it('is of an earlier setup where address, mapping or key are others by now', () => {
    expect(stateOf({ ...there, config: { ...CONFIG, baseUrl: 'https://other.example/api' } })).toBe('of an earlier set-up');
    expect(stateOf({ ...there, config: { ...CONFIG, mapping: { ...CONFIG.mapping, opus: 'their/model' } } })).toBe('of an earlier set-up');
    const otherKey = withFile(there, there.own.key, { bytes: Buffer.from(`sk-or-v1-${'f'.repeat(64)}`), mode: 0o600 });
    expect(stateOf(otherKey)).toBe('of an earlier set-up');
    // A helper, and a variable, hold the key themselves: the file has none to compare.
    for (const keyStorage of [{ kind: 'helper' }, { kind: 'env', ref: 'MY_KEY' }] as const)
      expect(stateOf({ ...otherKey, config: { ...CONFIG, keyStorage } })).toBe('written');
    expect(stateOf({ ...otherKey, config: undefined })).toBe('written');
  });
});
