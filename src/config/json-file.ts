import type { Context } from '../context.ts';
import { OrccError } from '../errors.ts';

/** A parse of one of orcc's own files: the value, or where it breaks. */
export type JsonRead = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly line: number; readonly column: number; readonly reason: string };

/** Strict JSON; on failure the line and column (from 1) of the first fault. */
export function parseJson(text: string): JsonRead {
  try {
    const value: unknown = JSON.parse(text);
    return { ok: true, value };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const offset = faultOffset(message, text);
    const before = text.slice(0, offset).split('\n');
    return { ok: false, line: before.length, column: (before.at(-1)?.length ?? 0) + 1, reason: 'not valid JSON' };
  }
}

/** V8 says "at position N" or, for a cut file, "Unexpected end of JSON input". */
function faultOffset(message: string, text: string): number {
  const position = /position (\d+)/.exec(message)?.[1];
  if (position !== undefined) return Number(position);
  if (message.includes('end of JSON')) return text.length;
  const token = /^Unexpected token '?(.)'?,/su.exec(message)?.[1];
  const at = token === undefined ? -1 : text.indexOf(token);
  return at < 0 ? 0 : at;
}

/** Text of one of orcc's own files, or undefined where there is none. */
export function readOwnText(fs: Context['fs'], path: string): string | undefined {
  const stat = fs.stat(path);
  if (stat === undefined) return undefined;
  if (stat.kind !== 'file') {
    throw new OrccError('refused', `\`${path}\` is not a file`, { hint: 'Move it away; orcc keeps its own file there' });
  }
  try {
    return Buffer.from(fs.readFile(path)).toString('utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    throw new OrccError('refused', `\`${path}\` can't be read (${code})`, { hint: 'Check its owner and mode', cause: error });
  }
}
