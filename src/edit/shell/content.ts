import { BASE_URL, AUTH_TOKEN, API_KEY } from '../../claude/variables.ts';
import { OrccError } from '../../core/errors.ts';
import type { BlockContent } from './types.ts';

/** Control characters (C0, DEL, C1), line and paragraph separators, and halves of surrogate pairs. */
const UNPRINTABLE = /[\0-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]/u;

/**
 * Returns `value`, or throws OrccError('usage') if it holds a character that is
 * never written to a shell file. The message never holds the value: it may be a key.
 */
export function requirePrintable(value: string, what: string): string {
  const found = UNPRINTABLE.exec(value);
  if (found === null) return value;
  const code = (found[0].codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  throw new OrccError('usage', `${what} contains a control character (U+${code})`, {
    hint: 'remove it; line breaks and control characters are never written to a profile',
  });
}

/** Returns `name`, or throws OrccError('usage') if it is not a name that orcc writes. */
export function requireName(name: string): string {
  if (/^[A-Z_][A-Z0-9_]*$/.test(name)) return name;
  throw new OrccError('usage', `Not a variable name that can be written: ${JSON.stringify(name.slice(0, 40))}`, {
    hint: 'capital letters, digits and underscores only',
  });
}

/** Like `requireName`, for a variable of the user's own, which may have lower-case letters. */
function requireSourceName(name: string): string {
  if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) return name;
  throw new OrccError('usage', `Not a variable name: ${JSON.stringify(name.slice(0, 40))}`, {
    hint: 'letters, digits and underscores only',
  });
}

/** Whether every character is printable ASCII. */
export function isPlainAscii(value: string): boolean {
  return /^[ -~]*$/.test(value);
}

/** A variable and its value; `key` if its value is the key. */
export type Setting = { readonly name: string; readonly value: string } | { readonly name: string; readonly key: true };

/**
 * The variables of a block in the order in which every syntax writes them, checked: names and
 * values printable, the key not empty. Throws OrccError('usage'), or a bug error for a variable that is set twice.
 */
export function settingsOf(content: BlockContent): readonly Setting[] {
  const { key } = content;
  if (key.kind === 'literal' && key.value === '') throw new OrccError('usage', 'The key is empty', { code: 'KEY_MISSING' });
  if (key.kind === 'env') requireSourceName(key.name);
  if (key.kind === 'file') requirePrintable(key.path, "The key file's path");
  if (key.kind === 'command') requirePrintable(key.command, 'The command');
  const token: Setting =
    key.kind === 'literal' ? { name: AUTH_TOKEN, value: requirePrintable(key.value, 'The key') } : { name: AUTH_TOKEN, key: true };
  const settings: Setting[] = [
    { name: BASE_URL, value: requirePrintable(content.baseUrl, 'The base URL') },
    token,
    { name: API_KEY, value: '' },
  ];
  for (const { name, value } of content.variables) {
    if (settings.some((setting) => setting.name === name)) throw new OrccError('bug', `${name} is set twice in one block`);
    settings.push({ name: requireName(name), value: requirePrintable(value, name) });
  }
  return settings;
}
