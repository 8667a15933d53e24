import { Buffer } from 'node:buffer';
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { disableAssignments, restoreAssignments } from '../../src/edit/shell/shell-adopt.ts';
import { scanStartupText } from '../../src/edit/shell/shell-assignments.ts';
import { NOISE, SAMPLES } from '../support/powershell-samples.ts';
import { needs } from '../support/prove.ts';
import { judge, type Judged } from '../support/pwsh-judge.ts';

const WATCHED = ['ANTHROPIC_BASE_URL', 'ANTHROPIC_AUTH_TOKEN'];
const NAMES = [...WATCHED, 'FOREIGN'];

/** What is wrong with orcc's reading of a script that PowerShell has run; empty where it is right. */
function faultsOf(text: string, before: Judged, adopted: Judged): string[] {
  const faults: string[] = [];
  const { assignments, leaves } = scanStartupText(text, 'powershell', WATCHED);
  // What stands behind a `return` that is always reached never runs.
  const end = leaves.find(({ conditions }) => conditions.length === 0)?.offset ?? Infinity;
  // Files in UTF-8 are read as their bytes.
  const ofBytes = scanStartupText(Buffer.from(text, 'utf8').toString('latin1'), 'powershell', WATCHED).assignments;
  const plain = (each: (typeof ofBytes)[number]): unknown[] => [each.name, each.kind, each.line, each.adoptable, each.conditions.length];
  if (!isDeepStrictEqual(ofBytes.map(plain), assignments.map(plain))) faults.push('reads UTF-8 otherwise than UTF-16');
  for (const [index, each] of ofBytes.entries()) {
    const value = each.value === undefined ? undefined : Buffer.from(each.value, 'latin1').toString('utf8');
    if (value !== assignments[index]?.value) faults.push(`reads ${value} from UTF-8`);
  }
  for (const name of WATCHED) {
    const found = assignments.filter((each) => each.name === name);
    const value = before.env[name] ?? null;
    if (value !== 'before' && found.length === 0) faults.push(`does not see that ${name} becomes ${value}`);
    const last = found.filter(({ offset }) => offset < end).at(-1);
    if (last === undefined) continue;
    if (last.conditions.length === 0 && value === 'before') faults.push(`says that ${name} is set`);
    if (last.conditions.length === 0 && last.value !== undefined && last.value !== value) faults.push(`reads ${last.value} for ${value}`);
    if (last.conditions.length === 0 && last.kind === 'unset' && value) faults.push(`takes ${name} for gone`);
    if (found.every((each) => each.adoptable) && adopted.env[name] !== 'before')
      faults.push(`commented out, ${name} is ${adopted.env[name]}`);
  }
  const { text: changed, hidden } = disableAssignments(text, 'powershell', WATCHED);
  if (adopted.errors > 0) faults.push(`no longer parses: ${changed}`);
  if (adopted.env['FOREIGN'] !== before.env['FOREIGN']) faults.push(`FOREIGN is lost: ${changed}`);
  if (adopted.output !== before.output) faults.push(`prints ${adopted.output}: ${changed}`);
  if (restoreAssignments(changed, hidden).text !== text) faults.push('the lines do not come back');
  if (disableAssignments(changed, 'powershell', WATCHED).text !== changed) faults.push('not the same twice');
  return faults;
}

function check(texts: readonly string[]): { readonly text: string; readonly faults: string[] }[] {
  const adopted = texts.map((text) => disableAssignments(text, 'powershell', WATCHED).text);
  const judged = judge([...texts, ...adopted], NAMES);
  return texts.flatMap((text, index) => {
    const [before, after] = [judged[index], judged[texts.length + index]];
    if (before === undefined || after === undefined) throw new Error('no answer');
    if (before.errors > 0) return [{ text, faults: ['is no PowerShell'] }];
    const faults = faultsOf(text, before, after);
    return faults.length === 0 ? [] : [{ text, faults }];
  });
}

describe.skipIf(needs({ program: 'pwsh' }))('hand-written assignments in a PowerShell profile', () => {
  it('are those that PowerShell performs, with its values, and what stays after --adopt runs as before', () => {
    expect(check(SAMPLES)).toEqual([]);
  });

  it('are so in files with Windows line ends', () => {
    expect(check(SAMPLES.map((text) => `$y = 1\r\n${text.replaceAll('\n', '\r\n')}\r\n`))).toEqual([]);
  });

  it('are so among anything else that profiles hold, in any order', () => {
    const samples = SAMPLES.filter((each) => !each.startsWith('return'));
    const line = fc.oneof(
      { weight: 2, arbitrary: fc.constantFrom(...samples) },
      { weight: 3, arbitrary: fc.constantFrom(...NOISE) },
      { weight: 1, arbitrary: fc.constantFrom(...samples.map((each) => `if ($true) {\n${each}\n}`)) },
    );
    const between = fc.constantFrom('\n', '\n', '\n', '\r\n', '; ');
    const part = fc.tuple(line, between).map((both) => both.join(''));
    const texts = fc.sample(
      fc.array(part, { minLength: 1, maxLength: 8 }).map((lines) => `$y = $z = ''\n${lines.join('')}`),
      2000,
    );
    const wrong = check(texts);
    // A here-string that something stands behind is no PowerShell, and what ends early says nothing.
    const isSenseless = ({ faults }: (typeof wrong)[number]): boolean => faults[0] === 'is no PowerShell';
    expect(wrong.filter(isSenseless).length).toBeLessThan(300);
    expect(wrong.filter((each) => !isSenseless(each))).toEqual([]);
  });
});
