import { describe, expect, it } from 'vitest';
import { disableAssignments, handWritten, stillHidden } from '../../../src/edit/shell/shell-adopt.ts';
import { isWholeBody } from '../../../src/edit/shell/block-edit.ts';

const NAMES = ['ANTHROPIC_MODEL', 'ANTHROPIC_BASE_URL'];

describe('assignments by hand', () => {
  it.each<[string, readonly (readonly [string, string])[]]>([
    ['export ANTHROPIC_MODEL=a/b\n', [['ANTHROPIC_MODEL', 'set']]],
    ['unset ANTHROPIC_MODEL\n', [['ANTHROPIC_MODEL', 'unset']]],
    ['export ANTHROPIC_MODEL\n', []],
    ['OTHER=1\n', []],
  ])('in %j', (text, found) => {
    expect(handWritten(text, 'sh', NAMES).map(({ name, kind }) => [name, kind])).toEqual(found);
  });
});

it('only lines that are still there, disabled, count as hidden', () => {
  const lines = ['export ANTHROPIC_MODEL=a/b', 'export ANTHROPIC_BASE_URL=https://x.example'];
  const disabled = disableAssignments(`${lines.join('\n')}\n`, 'sh', NAMES);
  expect(Object.values(stillHidden(disabled.text, disabled.hidden))).toEqual(lines);
  const [first = ''] = disabled.text.split('\n');
  expect(Object.values(stillHidden(`${first}\n`, disabled.hidden))).toEqual([lines[0]]);
  expect(stillHidden('x\n', disabled.hidden)).toEqual({});
});

it('a block is the whole body between keywords also at the very top of a file', () => {
  expect(isWholeBody('{\nBLOCK\n}\n', { start: 2, end: 7 })).toBe(true);
  expect(isWholeBody('{\necho\nBLOCK\n}\n', { start: 7, end: 12 })).toBe(false);
});
