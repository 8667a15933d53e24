import { Buffer } from 'node:buffer';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  disableAssignments,
  isRecorded,
  planAdoption,
  recordsOfAll,
  restoreAssignments,
  restoreFrom,
} from '../../../src/edit/shell/shell-adopt.ts';
import { blockSequences, reversals, startFile } from '../../support/block-sequences.ts';
import { CONTENT, OTHER_CONTENT, after, edit, textAfter } from '../../support/start-files.ts';

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
    ['powershell', GUIDE_PS.toLowerCase()],
    ['sh', GUIDE_SH.replace('# Configuration OpenRouter\nexport ', '')],
    ['sh', GUIDE_SH.replace(/export (ANTHROPIC_API_KEY).*/, 'unset $1')],
    ['sh', `[[ $- != *i* ]] && return\n${GUIDE_SH}if x; then\n  export CLAUDE_CODE_SUBAGENT_MODEL=y\nfi\n`],
    ['powershell', Buffer.from(`\ufeff${GUIDE_PS}`, 'utf16le')],
  ] as const)('are commented out with `adopt`, once, and come back byte for byte (%s)', (shell, original) => {
    const bytes = typeof original === 'string' ? Buffer.from(original) : original;
    const first = edit(shell, bytes, { adopt: true });
    const adopted = first.ok ? first.after : null;
    const hidden = first.ok ? first.hidden : {};
    expect(after(shell, adopted, { adopt: true })).toBe(adopted);
    expect(edit(shell, adopted, { hidden })).toMatchObject({ ok: true, after: adopted, notes: [], hidden });
    const changed = after(shell, adopted, { adopt: true, desired: OTHER_CONTENT });
    for (const each of [adopted, changed]) expect(after(shell, each, { desired: null, hidden })).toEqual(bytes);
    expect(edit(shell, adopted, { desired: null, hidden })).toMatchObject({
      notes: [{ kind: 'restored' }, { kind: 'restored' }, { kind: 'restored' }],
    });
    expect(after(shell, adopted, { desired: null, hidden, restore: false })).not.toEqual(bytes);
    expect(edit(shell, adopted, { desired: null })).toMatchObject({ notes: [{ kind: 'lost' }, { kind: 'foreign' }, { kind: 'foreign' }] });
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
    const result = planAdoption('/home/u/.bash_aliases', 'sh', before, ['ANTHROPIC_AUTH_TOKEN'], {});
    expect(result).toMatchObject({ ok: true, notes: [{ kind: 'adopted', line: 4 }] });
    const adopted = result.ok ? result.after : null;
    const hidden = result.ok ? result.hidden : {};
    expect(Buffer.from(adopted ?? []).toString('latin1')).toMatch(/^# caf\xe9\r\n[^]*^# orcc: disabled, .*ANTHROPIC_AUTH_TOKEN/m);
    expect(planAdoption('/home/u/.bash_aliases', 'sh', adopted ?? before, ['ANTHROPIC_AUTH_TOKEN'], hidden)).toMatchObject({
      ok: true,
      after: adopted,
      hidden,
    });
    expect(after('sh', adopted, { desired: null, hidden })).toEqual(before);
  });
});

describe('a commented-out line that held a key', () => {
  const KEY = `sk-or-v1-${'ab12'.repeat(16)}`;
  const names = ['ANTHROPIC_BASE_URL', 'ANTHROPIC_AUTH_TOKEN'];
  const cases = {
    sh: `export ANTHROPIC_AUTH_TOKEN="${KEY}" # mine\r\nexport ANTHROPIC_BASE_URL=https://x\nexport ANTHROPIC_AUTH_TOKEN=a-gateways-own-token`,
    fish: `set -gx ANTHROPIC_AUTH_TOKEN '${KEY}'\n`,
    powershell: `$env:ANTHROPIC_AUTH_TOKEN = '${KEY}'\r\n`,
  } as const;

  it.each(['sh', 'fish', 'powershell'] as const)('shows no key, and comes back exactly from what is kept apart: %s', (shell) => {
    const text = cases[shell];
    const disabled = disableAssignments(text, shell, names);
    expect(disabled.text).not.toMatch(/ab12ab12ab12|gateways-own/);
    expect(Object.values(disabled.hidden).join()).toContain(KEY);
    expect(restoreAssignments(disabled.text, disabled.hidden)).toMatchObject({ text, lost: [] });
    // An editor may have indented it: a base URL must not come back alone.
    expect(restoreAssignments(disabled.text.replace(/^(?=# orcc: disabled, )/gm, '\t'), disabled.hidden).text).toBe(text);
    expect(restoreFrom(`${disabled.text}\nalias new=1`, text)).toBe(`${text}\nalias new=1`);
    expect(disableAssignments(disabled.text, shell, names).text).toBe(disabled.text);
  });

  it('shows no key that is a part of the name either, which PowerShell takes in lower case', () => {
    const disabled = disableAssignments("$env:anthropic_auth_token = 'token'\n", 'powershell', names);
    expect(disabled.text).toMatch(/: \$env:anthropic_auth_token = '\(hidden\)'\n$/);
  });

  it('stays commented out where its key is no longer kept, and so does the base URL that went with it', () => {
    const disabled = disableAssignments(`${cases.sh}\nexport ANTHROPIC_AUTH_TOKEN="$OTHER"\n`, 'sh', names);
    expect(disabled.text).toContain('\n# orcc: disabled: export ANTHROPIC_AUTH_TOKEN="$OTHER"\n');
    const kept = Object.entries(disabled.hidden).filter(([, line]) => !/ab12ab12ab12|gateways-own/.test(line));
    const restored = restoreAssignments(disabled.text, Object.fromEntries(kept));
    expect(restored).toMatchObject({ lines: [4], lost: [1, 2, 3] });
    expect(restored.text).not.toMatch(/^export ANTHROPIC_BASE_URL/m);
  });
});

describe('a line that orcc switched off', () => {
  const [plain, key] = ['export ANTHROPIC_MODEL=a', `export ANTHROPIC_AUTH_TOKEN=${KEY}`];
  const off = disableAssignments(`${plain}\r\n${key}\n`, 'sh', ['ANTHROPIC_MODEL', 'ANTHROPIC_AUTH_TOKEN']);
  const [first = '', second = ''] = off.text.split(/(?<=\n)/);

  it.each([
    ['a key', `export ANTHROPIC_AUTH_TOKEN=${KEY} # mine`, /^: export ANTHROPIC_AUTH_TOKEN=sk-or-v1-\w+\.\.\.cdef # mine$/],
    ['a key that is a part of the name', 'export ANTHROPIC_AUTH_TOKEN=AUTH', /^: export ANTHROPIC_AUTH_TOKEN=\(hidden\)$/],
    ['a key in pieces', `export ANTHROPIC_AUTH_TOKEN='gateway''s-own'`, /^: export ANTHROPIC_AUTH_TOKEN\(hidden\)$/],
  ])('shows what it sets, and of %s no more than may be seen', (_, line, shown) => {
    const { text } = disableAssignments(line, 'sh', ['ANTHROPIC_AUTH_TOKEN']);
    expect(text.replace(/^# orcc: disabled, its key kept apart \(\w+\)/, '')).toMatch(shown);
  });

  it('is known by its record, with a key and without, whatever ends it', () => {
    for (const line of [first, second, first.trimEnd(), second.trimEnd()]) {
      expect(isRecorded(line, off.hidden)).toBe(true);
      expect(isRecorded(line, {})).toBe(false);
    }
    for (const line of [plain, key, '', '# mine']) expect(isRecorded(line, off.hidden)).toBe(false);
  });

  it('is its own record where records were not kept by line', () => {
    expect(restoreAssignments(first, recordsOfAll(Buffer.from(`x\n${first}`), 'sh'))).toMatchObject({ text: `${plain}\r\n`, lines: [1] });
    expect(recordsOfAll(Buffer.from(second), 'sh')).toEqual({});
    expect(recordsOfAll(null, 'sh')).toEqual({});
    expect(recordsOfAll(Buffer.from('\ufeffa', 'utf16le'), 'sh')).toEqual({});
  });

  it('stays off where it was before the change that is taken back', () => {
    const former = `export A=1\n# orcc: disabled: export A=1\n`;
    expect(restoreFrom(former, former)).toBe(former);
    expect(restoreFrom('# orcc: disabled: export A=1\n', former.replaceAll('\n', '\r\n'))).toBe('export A=1\n');
  });
});

describe('a PowerShell block that someone signed', () => {
  it('is left alone, and a signed file without one has nothing to take out', () => {
    const signed = `${textAfter('powershell', '$a = 1\r\n')}# SIG # Begin signature block\r\n`;
    expect(edit('powershell', signed, { desired: null })).toMatchObject({ ok: false, code: 'SIGNED' });
    expect(edit('powershell', '# SIG # Begin signature block\r\n', { desired: null })).toMatchObject({ ok: true, notes: [] });
  });
});

describe('a here-document that is still open', () => {
  it.each([
    ['fi', false],
    ['EOF', true],
  ])('with %s as its end takes a block: %s', (end, ok) => {
    expect(edit('sh', `cat <<${end}\n`)).toMatchObject({ ok, ...(ok ? {} : { code: 'FILE_REFUSED' }) });
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
        return restoreAssignments(disabled.text, disabled.hidden).text === text;
      }),
      { numRuns: 500 },
    );
  });
});
