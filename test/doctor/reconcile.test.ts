import { describe, expect, it } from 'vitest';
import { reconcile } from '../../src/doctor/judge-startup.ts';
import { BASHRC, block, ENV } from './support.ts';

const asked = (changes: Record<string, string | undefined> = {}) =>
  new Map(Object.entries({ ...ENV, ...changes }).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const])));

describe('what the real shell answers, laid over what the block says', () => {
  it('keeps the places of the block where both agree', () => {
    const found = reconcile('bash', block(), asked(), []);
    expect([found.overruled, found.unreached]).toEqual([[], []]);
  });

  it('names the line that overrules the block, where the text shows one', () => {
    const hand = [{ name: 'ANTHROPIC_MODEL', file: BASHRC, line: 90, wins: true, adoptable: true }];
    const found = reconcile('bash', block(), asked({ ANTHROPIC_MODEL: 'opus' }), hand);
    // The text's own finding says it already.
    expect(found.overruled).toEqual([]);
  });

  it('says that something overrules the block where the text shows nothing', () => {
    const found = reconcile('bash', block(), asked({ ANTHROPIC_MODEL: 'opus' }), []);
    expect(found.overruled).toEqual([{ name: 'ANTHROPIC_MODEL', file: 'bash', wins: true, adoptable: false }]);
    const known = reconcile('bash', block(), asked({ ANTHROPIC_MODEL: 'opus' }), [], () => ({ file: '/h/.env', line: 2 }));
    expect(known.overruled).toMatchObject([{ file: '/h/.env', line: 2, wins: true }]);
    // A line before the block can't be what overrules it.
    const before = [{ name: 'ANTHROPIC_MODEL', file: BASHRC, line: 1, wins: false, adoptable: true }];
    expect(reconcile('bash', block(), asked({ ANTHROPIC_MODEL: 'opus' }), before).overruled).toHaveLength(1);
  });

  it('says that the block is not reached where the shell has none of it', () => {
    const found = reconcile('bash', block(), new Map(), []);
    expect(found.unreached).toMatchObject([{ target: 'bash', path: BASHRC, fix: 'none' }]);
  });

  it('does not miss an empty variable, which PowerShell up to 7.4 deletes', () => {
    expect(reconcile('powershell', block(), asked({ ANTHROPIC_API_KEY: undefined }), []).unreached).toEqual([]);
  });

  it('takes what a shell has by itself, without any block', () => {
    expect(reconcile('zsh', [], new Map([['ANTHROPIC_MODEL', 'opus']]), [])).toMatchObject({
      overruled: [],
      unreached: [],
    });
  });
});
