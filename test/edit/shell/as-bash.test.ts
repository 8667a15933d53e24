import { describe, expect, it } from 'vitest';
import { asRead } from '../../support/as-read.ts';
import { BRANCHES } from '../../support/sh-branches.ts';
import { QUOTED, STATEMENTS, type Sample } from '../../support/sh-samples.ts';

describe('reading a POSIX shell’s start-up file finds what bash does (as-bash.prove.ts asks it)', () => {
  it.each<Sample>([...STATEMENTS, ...BRANCHES])('%j: %s', (text, state) => {
    expect(asRead(text)).toBe(state);
  });

  it.each(QUOTED)('on the line after %j', (quoted) => {
    expect(asRead(`${quoted}\nA=1`)).toBe('A=1;B;');
  });
});
