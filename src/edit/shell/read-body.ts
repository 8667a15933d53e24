import { OUR_VARIABLES, BASE_URL, AUTH_TOKEN, API_KEY } from '../../claude/variables.ts';
import { shellOf } from './list.ts';
import type { BlockContent, BodyLine, KeySource, ShellId, ShellPlace } from './types.ts';

/** What one line of a block assigns to a variable: a value, or the key from its source. */
export type BlockAssignment = { readonly name: string; readonly index: number } & (
  { readonly value: string } | { readonly keyRef: KeySource }
);

/**
 * Reads a block's body back, without running it. `index` is the line within the
 * body, from 0. Lines that `body` never writes are left out.
 */
export function readBody(body: readonly string[], shell: ShellId, place: ShellPlace): BlockAssignment[] {
  const assignments: BlockAssignment[] = [];
  let source: KeySource | undefined;
  body.forEach((text, index) => {
    const line = shellOf(shell).readLine(text, place);
    if (line?.kind === 'key') source = line.source;
    if (line?.kind === 'set') assignments.push({ name: line.name, index, value: line.value });
    if (line?.kind === 'set-key' && source !== undefined) assignments.push({ name: line.name, index, keyRef: source });
  });
  return assignments;
}

/** Whether orcc can have written the line that was read: a frame, the key, or a variable that it knows. */
export function isOwnLine(line: BodyLine | undefined): boolean {
  return line !== undefined && (line.kind === 'frame' || line.kind === 'key' || OUR_VARIABLES.includes(line.name));
}

/**
 * The lines of an edited body that are someone else's, in order: all that the
 * generator would not have written, except changed values of orcc's own variables.
 */
export function foreignLines(body: readonly string[], shell: ShellId, place: ShellPlace): string[] {
  const { readLine } = shellOf(shell);
  return leftOver(body, generatedLike(body, shell, place)).filter((line) => {
    const read = readLine(line, place);
    // A surplus `fi` or `}` belongs to an `if` of theirs.
    return read?.kind === 'frame' || !isOwnLine(read);
  });
}

/** The lines that the generator writes for the values in a body. */
export function generatedLike(body: readonly string[], shell: ShellId, place: ShellPlace): readonly string[] {
  const values = new Map<string, string>();
  let key: KeySource = { kind: 'literal', value: '-' };
  for (const found of readBody(body, shell, place)) {
    if (!OUR_VARIABLES.includes(found.name)) continue;
    if ('value' in found) values.set(found.name, found.value);
    else key = found.keyRef;
  }
  const token = values.get(AUTH_TOKEN);
  if (token !== undefined && token !== '') key = { kind: 'literal', value: token };
  const baseUrl = values.get(BASE_URL) ?? '';
  const variables = [...values].filter(([name]) => !FIXED.has(name)).map(([name, value]) => ({ name, value }));
  return shellOf(shell).body({ baseUrl, key, variables } satisfies BlockContent, place);
}

const FIXED = new Set([BASE_URL, AUTH_TOKEN, API_KEY]);

/** The lines of `actual` that are not in its longest common subsequence with `expected`. */
function leftOver(actual: readonly string[], expected: readonly string[]): string[] {
  const lengths = actual.map((): number[] => []);
  const at = (row: number, column: number): number => lengths[row]?.[column] ?? 0;
  for (const [row, cells] of [...lengths.entries()].toReversed()) {
    for (let column = expected.length - 1; column >= 0; column -= 1)
      cells[column] = actual[row] === expected[column] ? at(row + 1, column + 1) + 1 : Math.max(at(row + 1, column), at(row, column + 1));
  }
  const left: string[] = [];
  let column = 0;
  actual.forEach((line, row) => {
    while (column < expected.length && expected[column] !== line && at(row, column + 1) === at(row, column)) column += 1;
    if (expected[column] === line && at(row, column) === at(row + 1, column + 1) + 1) column += 1;
    else left.push(line);
  });
  return left;
}
