import { describe, expect, it } from 'vitest';
import { scanSh } from '../../../src/edit/shell/shell-assignments-sh.ts';
import { asRead } from '../../support/as-read.ts';
import { BRANCHES, ZSH } from '../../support/sh-branches.ts';
import { QUOTED, STATEMENTS, type Sample } from '../../support/sh-samples.ts';

const NAMES = new Set(['A', 'B']);

describe('reading a POSIX shell’s start-up file finds what bash does (as-bash.prove.ts asks it)', () => {
  it.each<Sample>([...STATEMENTS, ...BRANCHES])('%j: %s', (text, state) => {
    expect(asRead(scanSh(text, NAMES))).toBe(state);
  });

  it.each(ZSH)('%j, as zsh has it: %s', (text, state) => {
    expect(asRead(scanSh(text, NAMES))).toBe(state);
  });

  it.each(QUOTED)('on the line after %j', (quoted) => {
    expect(asRead(scanSh(`${quoted}\nA=1`, NAMES))).toBe('A=1;B;');
  });
});
