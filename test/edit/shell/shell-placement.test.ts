import { describe, expect, it } from 'vitest';
import { firstExit, placeBlock, placeInSh } from '../../../src/edit/shell/shell-placement.ts';
import { edit, textAfter } from '../../support/start-files.ts';

const HEAD = '# ~/.bashrc\n\nalias a=b\n\n# If not running interactively, leave\n';
const TAIL = 'export EDITOR=vi\n';

describe('in .bashrc the block goes before the interactivity guard', () => {
  it.each([
    'case $- in\n    *i*) ;;\n      *) return;;\nesac\n',
    'case "$-" in *i*) ;; *) return 0;; esac\n',
    '[[ $- != *i* ]] && return\n',
    '[[ $- == *i* ]] || return\n',
    '[[ $- = *i* ]] ||\n  return\n',
    '[ -z "$PS1" ] && return\n',
    '[[ -z $PS1 ]] && return\n',
    '[ -z "${PS1:-}" ] && { return; }\n',
    'if [[ $- != *i* ]] ; then\n\t# Shell is non-interactive.\n\treturn\nfi\n',
    'tty -s || return\n',
    '[ -t 0 ] || return\n',
  ])('%j', (guard) => {
    const text = HEAD + guard + TAIL;
    expect(text.slice(0, placeInSh(text, true).offset)).toBe('# ~/.bashrc\n\nalias a=b\n\n');
    expect(placeInSh(text, false).offset).toBe(text.length);
  });

  it('and the comment above the guard stays with it, another tool’s marker does not', () => {
    const text = '# >>> conda >>>\nx=1\n# <<< conda <<<\n[[ $- != *i* ]] && return\n';
    expect(text.slice(placeInSh(text, true).offset)).toBe('[[ $- != *i* ]] && return\n');
    expect(placeInSh('#!/bin/bash\n# why\n[[ $- != *i* ]] && return\n', true).offset).toBe('#!/bin/bash\n'.length);
  });
});

describe('nothing is taken for a guard that is none', () => {
  it.each([
    'prompt() {\n  [ -z "$PS1" ] && return\n}\n',
    'function prompt {\n  [[ $- != *i* ]] && return 1\n}\n',
    'cat <<EOF\n[[ $- != *i* ]] && return\nEOF\n',
    'cat <<\'A B\'\n[ -z "$PS1" ] && return\nA B\n',
    '# [[ $- != *i* ]] && return\n',
    'x="\n[[ $- != *i* ]] && return\n"\n',
    'echo return $-\n',
    'if [[ $- == *i* ]]; then\n  alias x=y\nfi\n',
    'exec 2>/dev/null\n',
    '[[ $- == *i* ]] && exec fish\n',
    'exec {fd}>&1\n',
  ])('%j', (text) => {
    expect(placeInSh(HEAD + text + TAIL, true).offset).toBe((HEAD + text + TAIL).length);
  });
});

describe('a block never goes where it can’t run', () => {
  it.each(['return\n', 'exit 0\n', 'exec fish\n', 'exec zsh -l\n'])('but before an unconditional %j', (last) => {
    const text = `alias a=b\n${last}alias c=d\n`;
    for (const beforeGuard of [true, false]) expect(text.slice(placeInSh(text, beforeGuard).offset)).toBe(`${last}alias c=d\n`);
  });

  it('and one that stands there already is said to be out of reach, with both lines', () => {
    const text = `exec fish\n${textAfter('sh', '')}`;
    expect(edit('sh', text)).toMatchObject({
      ok: true,
      notes: [{ kind: 'unreachable', line: 1, text: expect.stringContaining('line 2') }],
    });
  });
});

describe('in PowerShell a block goes above the first line that always leaves the profile', () => {
  it.each<readonly [text: string, wanted: string | undefined]>([
    ['$x = 1\nreturn\n$y = 1\n', 'return\n$y = 1\n'],
    ['return\n', 'return\n'],
    ['$x = 1\r\n  exit 0\r\n', '  exit 0\r\n'],
    ['if ($x) { return }\n$y = 1\nexit', 'exit'],
    ['if ($x) { return }\n', undefined],
    ['$x = 1; return\n', undefined],
    ['$x = 1\n', undefined],
  ])('%j', (text, wanted) => {
    const exit = firstExit(text, 'powershell');
    expect(exit === undefined ? undefined : text.slice(exit)).toBe(wanted);
    expect(text.slice(placeBlock(text, 'powershell', undefined, undefined))).toBe(wanted ?? '');
    expect(placeBlock('return\n', 'fish', undefined, undefined)).toBe('return\n'.length);
    expect(firstExit('return\n', 'fish')).toBeUndefined();
  });
});

describe('the place before a line', () => {
  it.each<readonly [text: string, kind: string | undefined, rest: string]>([
    ['\n\nreturn\n', 'exit', 'return\n'],
    ['a=1\n[ -z "$PS1" ] && return\n', 'guard', '[ -z "$PS1" ] && return\n'],
    ['a=1\n  [ -z "$PS1" ] && return\n', 'guard', '  [ -z "$PS1" ] && return\n'],
    ['a=1; return\n', undefined, ''],
    ['# why\nreturn\ncat <<"# why"\n# why\n', 'exit', '# why\nreturn\ncat <<"# why"\n# why\n'],
    ['<<"#E" cat\n#E\nreturn\n', 'exit', 'return\n'],
    ['a=1\n  # why\nreturn\n', 'exit', '  # why\nreturn\n'],
    ['a=$PS1\nx && return\n', undefined, ''],
    ['# why\n\n [ -t 0 ] || {\n  return\n}\n', 'guard', ' [ -t 0 ] || {\n  return\n}\n'],
  ])('%j', (text, kind, rest) => {
    const { offset, before } = placeInSh(text, true);
    expect([before?.kind, text.slice(offset)]).toEqual([kind, rest]);
  });
});

it.each<readonly [text: string, rest: string | undefined]>([
  ['[[ $- != *i* ]] && return\nreturn\n', 'return\n'],
  ['f() {\n  return\n}\n', undefined],
  ['[[ $- != *i* ]] &&\n  return\n', undefined],
  ['a=1\n', undefined],
])('the first line that always leaves %j is found', (text, rest) => {
  const exit = firstExit(text, 'sh');
  expect(exit === undefined ? undefined : text.slice(exit)).toBe(rest);
});

describe('a key from a variable of the user’s', () => {
  const desired = { baseUrl: 'https://openrouter.ai/api', key: { kind: 'env', name: 'OPENROUTER_API_KEY' }, variables: [] } as const;
  const guard = '[[ $- != *i* ]] && return\n';

  it('has the block after the line that sets it, where that is in the same file', () => {
    const text = `${guard}export OPENROUTER_API_KEY=sk-or-v1-x\n`;
    expect(textAfter('sh', text, { desired }).startsWith(`${text}# >>> orcc`)).toBe(true);
    expect(textAfter('sh', `export OPENROUTER_API_KEY=x\n${guard}`, { desired })).toMatch(/^export [^\n]*\n# >>> orcc/);
  });

  it('is said to come too late where a block stands before it', () => {
    const text = `${textAfter('sh', '', { desired })}export OPENROUTER_API_KEY=sk-or-v1-x\n`;
    expect(edit('sh', text, { desired })).toMatchObject({ notes: [{ kind: 'key-later' }] });
  });
});
