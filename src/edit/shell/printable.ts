import { OrccError } from '../../core/errors.ts';

/** Control characters (C0, DEL, C1), line and paragraph separators, and halves of surrogate pairs. */
const UNPRINTABLE = /[\0-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]/u;

/**
 * Returns `value`, or throws OrccError('usage') where it holds a character that
 * no shell file may get. The message never holds the value: it may be a key.
 */
export function requirePrintable(value: string, what: string): string {
  const found = UNPRINTABLE.exec(value);
  if (found === null) return value;
  const code = (found[0].codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  throw new OrccError('usage', `${what} contains a control character (U+${code})`, {
    hint: 'remove it; line breaks and control characters are never written to a profile',
  });
}

/** Returns `name`, or throws OrccError('usage') where it is no name that orcc writes. */
export function requireName(name: string): string {
  if (/^[A-Z_][A-Z0-9_]*$/.test(name)) return name;
  throw new OrccError('usage', `Not a variable name that can be written: ${JSON.stringify(name.slice(0, 40))}`, {
    hint: 'capital letters, digits and underscores only',
  });
}

/** Like `requireName` for a variable of the user's own, which may have small letters. */
export function requireSourceName(name: string): string {
  if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) return name;
  throw new OrccError('usage', `Not a variable name: ${JSON.stringify(name.slice(0, 40))}`, {
    hint: 'letters, digits and underscores only',
  });
}

/** Whether every character is printable ASCII. */
export function isPlainAscii(value: string): boolean {
  return /^[ -~]*$/.test(value);
}
