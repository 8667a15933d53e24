import { Buffer } from 'node:buffer';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { disableAssignments, planAdoption, restoreAssignments } from '../../src/plan/shell-adopt.ts';
import { blockSequences, reversals, startFile } from '../support/block-sequences.ts';
import { CONTENT, OTHER_CONTENT, after, edit, textAfter } from '../support/start-files.ts';

const KEY = 'sk-or-v1-0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef';
const GUIDE_SH = `# Configuration OpenRouter\nexport ANTHROPIC_BASE_URL="https://openrouter.ai/api"\nexport ANTHROPIC_AUTH_TOKEN="${KEY}"\nexport ANTHROPIC_API_KEY=""\n`;
const GUIDE_PS = GUIDE_SH.replaceAll('export ', '$env:').replaceAll('=', ' = ').replaceAll('\n', '\r\n');

describe('assignments of the same names, written by hand', () => {
  it('before the block are harmless and are not mentioned; those after it win and are, keys masked', () => {
    expect(edit('sh', GUIDE_SH)).toMatchObject({ ok: true, notes: [] });
    const result = edit('sh', `${textAfter('sh', '')}${GUIDE_SH}`);
    expect(result).toMatchObject({ ok: true, notes: [{ kind: 'overridden' }, { kind: 'overridden' }, { kind: 'overridden' }] });
    expect(JSON.stringify(result)).not.toContain(KEY);
  });

  it.each([
    ['sh', GUIDE_SH],
    ['sh', GUIDE_SH.replace(/\n$/, '')],
    ['powershell', GUIDE_PS],
    ['sh', `[[ $- != *i* ]] && return\n${GUIDE_SH}if x; then\n  export CLAUDE_CODE_SUBAGENT_MODEL=y\nfi\n`],
    ['powershell', Buffer.from(`\ufeff${GUIDE_PS}`, 'utf16le')],
  ] as const)('are commented out with `adopt`, once, and come back byte for byte (%s)', (shell, original) => {
    const bytes = typeof original === 'string' ? Buffer.from(original) : original;
    const adopted = after(shell, bytes, { adopt: true });
    expect(after(shell, adopted, { adopt: true })).toBe(adopted);
    expect(edit(shell, adopted)).toMatchObject({ ok: true, after: adopted, notes: [] });
    const changed = after(shell, adopted, { adopt: true, desired: OTHER_CONTENT });
    for (const each of [adopted, changed]) expect(after(shell, each, { desired: null })).toEqual(bytes);
    expect(edit(shell, adopted, { desired: null })).toMatchObject({
      notes: [{ kind: 'restored' }, { kind: 'restored' }, { kind: 'restored' }],
    });
    expect(after(shell, adopted, { desired: null, restore: false })).not.toEqual(bytes);
  });

  it('are left where they share a line, run in some cases only, or set something else', () => {
    const text =
      'if x; then\n  export ANTHROPIC_BASE_URL=a\nfi\nexport ANTHROPIC_MODEL=a FOO=b\nexport CLAUDE_CODE_SUBAGENT_MODEL=x\nfoo; export ANTHROPIC_API_KEY=x\n';
    expect(textAfter('sh', text, { adopt: true }).startsWith(text)).toBe(true);
  });
});

describe('a file without a block that runs after it', () => {
  it('has its assignments commented out, and gets them back byte for byte', () => {
    const before = Buffer.from(`# caf\xe9\r\n${GUIDE_SH}`, 'latin1');
    const result = planAdoption('/home/u/.bash_aliases', 'sh', before, ['ANTHROPIC_AUTH_TOKEN']);
    expect(result).toMatchObject({ ok: true, notes: [{ kind: 'adopted', line: 4 }] });
    const adopted = result.ok ? result.after : null;
    expect(planAdoption('/home/u/.bash_aliases', 'sh', adopted ?? before, ['ANTHROPIC_AUTH_TOKEN'])).toMatchObject({
      ok: true,
      after: adopted,
    });
    expect(after('sh', adopted, { desired: null })).toEqual(before);
  });
});

describe('a PowerShell block that someone signed', () => {
  it('is left alone, and a signed file without one has nothing to take out', () => {
    const signed = `${textAfter('powershell', '$a = 1\r\n')}# SIG # Begin signature block\r\n`;
    expect(edit('powershell', signed, { desired: null })).toMatchObject({ ok: false, code: 'SIGNED' });
    expect(edit('powershell', '# SIG # Begin signature block\r\n', { desired: null })).toMatchObject({ ok: true, notes: [] });
  });
});

describe('a shell file with Windows line ends', () => {
  it('is mentioned', () => {
    expect(edit('sh', 'a=1\r\n')).toMatchObject({ ok: true, notes: [{ kind: 'crlf' }] });
  });
});

describe('whatever bytes a file holds', () => {
  it('adding twice is adding once, and taking out after any changes gives the file back', () => {
    fc.assert(blockSequences, { numRuns: 1000 });
  });

  it('taking a change back leaves alone what someone has added since', () => {
    fc.assert(reversals, { numRuns: 500 });
  });

  it('disabling and restoring lines is exact', () => {
    fc.assert(
      fc.property(startFile, fc.constantFrom('sh' as const, 'fish' as const, 'powershell' as const), (bytes, shell) => {
        const text = bytes.toString('latin1');
        const disabled = disableAssignments(text, shell, ['ANTHROPIC_BASE_URL', ...CONTENT.variables.map(({ name }) => name)]);
        return restoreAssignments(disabled.text).text === text;
      }),
      { numRuns: 500 },
    );
  });
});
