import type { Condition, StartupText } from '../../src/edit/shell/shell-scan.ts';
import { HOLDS } from './sh-branches.ts';

/** The variables that the samples set. */
const NAMES: readonly string[] = ['A', 'B'];

/** What a text that was read alone says that bash leaves in A and B after reading it in, as the state of a sample. */
export function asRead({ assignments }: StartupText): string {
  const values = new Map<string, string>();
  const exported = new Set<string>();
  for (const each of assignments) {
    const { kind, name, from } = each;
    const judged = each.conditions.map(holds);
    if (judged.includes(false)) continue;
    if (each.exported) exported.add(name);
    if (kind === 'unset') for (const known of [values, exported]) known.delete(name);
    const value = from === undefined ? each.value : (values.get(from) ?? '');
    if (kind === 'set') values.set(name, judged.includes(undefined) ? '?' : (value ?? '?'));
  }
  return NAMES.map((name) => `${exported.has(name) ? 'export ' : ''}${name}${values.has(name) ? `=${values.get(name) ?? ''}` : ''};`).join(
    '',
  );
}

/** undefined where its words alone don't tell. */
function holds({ kind, text, negated }: Condition): boolean | undefined {
  if (kind === 'call') return true;
  if (kind !== 'test' && kind !== 'case') return undefined;
  const found = HOLDS[text];
  if (found === undefined) throw new Error(`what does \`${text}\` say?`);
  return found !== negated;
}
