import { cannotRead } from './errno.ts';
import type { Context } from './context.ts';
import { OrccError } from './errors.ts';
import { type JsonFault, jsonFault } from '../text/json-fault.ts';

/** The result of parsing one of orcc's own files: the value, or where it is broken. */
type JsonRead = { readonly ok: true; readonly value: unknown } | ({ readonly ok: false } & JsonFault);

/** Parses strict JSON; on failure returns the first fault. */
export function parseJson(text: string): JsonRead {
  try {
    const value: unknown = JSON.parse(text);
    return { ok: true, value };
  } catch {
    return { ok: false, ...jsonFault(text) };
  }
}

/** The text of one of orcc's own files; undefined if there is none. Throws exit 6 if it is not a file or can't be read. */
export function readOwnText(fs: Context['fs'], path: string): string | undefined {
  const stat = fs.stat(path);
  if (stat === undefined) return undefined;
  if (stat.kind !== 'file') {
    throw new OrccError('refused', `\`${path}\` is not a file`, { hint: 'Move it away; orcc keeps its own file there' });
  }
  try {
    return Buffer.from(fs.readFile(path)).toString('utf8');
  } catch (error) {
    throw cannotRead(path, error);
  }
}
