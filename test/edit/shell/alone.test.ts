import { describe, expect, it } from 'vitest';
import { planShellFile } from '../../../src/edit/shell/shell-edit.ts';
import type { ShellEditInput } from '../../../src/edit/shell/types.ts';

const CONTENT = { baseUrl: 'https://openrouter.ai/api', key: { kind: 'file' as const, path: '/h/key' }, variables: [] };

/** A file's text without orcc's block, which is put between two parts first, and the kinds of what is said of it. */
function takenOut(above: string, below: string, shell: ShellEditInput['shell'] = 'sh'): { text: string; notes: readonly string[] } {
  const input = {
    path: '/h/rc',
    shell,
    holds: 'block',
    placement: 'append',
    home: '/h',
    platform: 'linux',
    force: false,
    adopt: false,
  } as const;
  const put = planShellFile({ ...input, before: null, desired: CONTENT, created: true });
  const block = put.ok ? Buffer.from(put.after ?? []).toString() : '';
  const result = planShellFile({ ...input, before: Buffer.from(above + block + below), desired: null, created: false });
  if (!result.ok) throw new Error(result.message);
  return { text: Buffer.from(result.after ?? []).toString(), notes: result.notes.map(({ kind }) => kind) };
}

describe('a block that is all that stands between two words of the shell', () => {
  it.each([
    ['if true; then\n', 'fi\n'],
    ['if true\nthen # mine\n\n  # a comment\n', '\n# another\nfi\n'],
    ['if true; then\n  x=1\nelse\n', 'fi\n'],
    ['if true; then\n', 'elif false; then\n  x=1\nfi\n'],
    ['for i in 1; do\n', 'done\n'],
    ['foo() {\n', '}\n'],
    ['foo() {\r\n', '}\r\n'],
  ])('leaves a command that does nothing: %j %j', (above, below) => {
    expect(takenOut(above, below)).toEqual({ text: `${above}:\n${below}`, notes: ['alone'] });
  });

  it.each([
    ['if true; then\n  x=1\n', 'fi\n'],
    ['if true; then\n', '  x=1\nfi\n'],
    ['', '}\n'],
    ['\n', '}\n'],
    ['\n\n# x\n', 'fi\n'],
    ['echo then what\n', 'fi\n'],
    ['if true; then x=1; fi\n', 'done-something\n'],
    ['case x in\nx)\n', ';;\nesac\n'],
  ])('goes without a trace where something else stands there: %j %j', (above, below) => {
    expect(takenOut(above, below)).toEqual({ text: above + below, notes: [] });
  });

  it('goes without a trace in PowerShell, which takes an empty body', () => {
    expect(takenOut('if ($true) {\n', '}\n', 'powershell')).toEqual({ text: 'if ($true) {\n}\n', notes: [] });
  });
});
