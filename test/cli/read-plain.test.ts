import { describe, expect, it } from 'vitest';
import { loadProgram } from '../../src/cli/commands.ts';
import { defineProgram } from '../../src/cli/program.ts';
import { readPlain } from '../../src/cli/read-plain.ts';
import { longOf, takesValue, type CommandRow } from '../../src/core/command.ts';

const PROGRAM = await loadProgram();

const quiet = { version: '0', stdout: { write: () => undefined, isTty: false, columns: 80, colorLevel: 0 } } as const;

/** What commander makes of the same words: the input, or that it refuses them. */
async function readByCommander(row: CommandRow, words: readonly string[]): Promise<unknown> {
  let input: Record<string, unknown> | undefined;
  const program = defineProgram(PROGRAM, quiet, (command, { arguments: named = [] }) => {
    command.exitOverride().action((...given: unknown[]) => {
      input = { ...command.opts(), ...Object.fromEntries(named.map(({ name }, index) => [name, given[index]])) };
    });
  });
  try {
    await program.parseAsync([row.name, ...words], { from: 'user' });
  } catch {
    return 'refused';
  }
  // A flag that turns something off is on unless it is given: the schemas of the commands say the same.
  const off = row.flags.map(longOf).filter((long) => long.startsWith('--no-'));
  const on = off.map((long) => long.slice(5).replace(/-[a-z]/g, (pair) => pair.charAt(1).toUpperCase()));
  return Object.fromEntries(Object.entries(input ?? {}).filter(([name, value]) => !(on.includes(name) && value === true)));
}

/** Each flag alone, all at once, twice, with `=`, and wrong; with and without words. */
function linesOf(row: CommandRow): readonly (readonly string[])[] {
  const each = row.flags.map((flag) => [longOf(flag), ...(takesValue(flag) ? [flag.choices?.[0] ?? 'value'] : [])]);
  const needed = (row.arguments ?? []).filter(({ shape }) => shape.startsWith('<')).map(({ choices }) => choices?.[0] ?? 'word');
  const wrong = [
    ['--nothing'],
    ['--json=1'],
    ['-y'],
    ['-x'],
    ['--shell', 'nosuch'],
    ['--target'],
    ['--default', '-1'],
    ['one', 'two', 'three'],
  ];
  const flags = [
    [],
    ...each,
    each.flat(),
    [...each.flat(), ...each.flat()],
    ...each.map(([name, value]) => [`${name}=${value ?? ''}`]),
    ...wrong,
  ];
  return flags.flatMap((given) => [given, [...needed, ...given], [...given, '--', ...needed]]);
}

const rows = (PROGRAM.commands ?? []).filter((row) => row.commands === undefined);

describe('the usual command lines', () => {
  it.each(rows.map((row) => [row.name, row] as const))('of %s are read as commander reads them, or left to it', async (_name, row) => {
    let plain = 0;
    for (const words of linesOf(row)) {
      const input = readPlain(row, words);
      if (input === undefined) continue;
      plain += 1;
      expect([words, input]).toEqual([words, await readByCommander(row, words)]);
    }
    expect(plain).toBeGreaterThan(0);
  });

  it.each([
    ['status', ['--al']],
    ['status', ['--help']],
    ['status', ['x']],
    ['env', ['--shell', 'tcsh']],
    ['init', ['--no-check']],
    ['doctor', ['--fix']],
    ['completion', []],
    ['models', ['--json', 'show']],
    ['key', ['show']],
    ['switch', ['--default', '--json']],
  ])('of %s leave %j to commander', (name, words) => {
    const row = PROGRAM.commands?.find((each) => each.name === name);
    expect(row).toBeDefined();
    expect(row && readPlain(row, words)).toBeUndefined();
  });
});
