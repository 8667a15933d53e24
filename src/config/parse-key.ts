import { PAGES } from '../core/hosts.ts';
import { OrccError } from '../core/errors.ts';
import { rememberSecret } from '../text/text.ts';
import { requireSendable } from '../openrouter/endpoint.ts';

/** The shape of OpenRouter's inference keys that its own tools check for. A key that differs causes a warning, never a refusal. */
const USUAL_SHAPE = /^sk-or-v1-[0-9a-f]{64}$/;

interface ParsedKey {
  readonly key: string;
  /** For the user, if the key has an unusual shape. */
  readonly warning: string | undefined;
}

/** What people copy along with a key: a shell's assignment, a header, a line of JSON. Only unmistakable forms are stripped. */
const WRAPPINGS: readonly RegExp[] = [
  /^export\s+\w+=(.+?);?$/s,
  /^[A-Z][A-Z0-9_]*=(.+?);?$/s,
  /^[a-z]\w*=(["'`]?sk-.+?);?$/is,
  /^\$env:[A-Za-z0-9_]+\s*=\s*(.+?);?$/s,
  /^set\s+(?:-\S+\s+)*[A-Z][A-Z0-9_]*\s+(.+)$/s,
  /^\{?\s*"[^"]+"\s*:\s*("[^"]+")\s*[},]*$/s,
  /^(?:authorization:\s*)?bearer\s+(.+)$/is,
];

/**
 * Extracts the key from pasted text: strips blanks, quotes, a trailing CR, `export NAME=`, `Bearer` or a line of JSON. Throws exit 2
 * if the rest is empty, is longer than 512 characters, or contains blanks, control or non-ASCII characters, a quote, a backslash or a
 * dollar sign; exit 4 for another vendor's key. The message never quotes the key.
 */
export function parseKey(text: string): ParsedKey {
  const key = extractKey(text.replace(/^\ufeff/, '').trim());
  if (key === '') return fail('is empty');
  rememberSecret(key);
  if (/\s/.test(key)) return fail('contains spaces');
  if (!/^[\x21-\x7e]+$/.test(key)) return fail('contains control or non-ASCII characters');
  if (/["'`\\$]/.test(key)) return fail('contains a quote, a backslash or a dollar sign');
  if (key.length > 512) return fail('is longer than 512 characters');
  return {
    key: requireSendable(key),
    warning: USUAL_SHAPE.test(key)
      ? undefined
      : 'This does not look like an OpenRouter key (`sk-or-v1-` and 64 hex digits); continuing, since a gateway may have its own',
  };
}

/**
 * Checks that the value of a variable is exactly the key, since nothing strips quotes where it is used. Throws exit 2 if it contains
 * anything else, and what `parseKey` throws.
 */
export function requireExact(value: string, name: string): string {
  const { key } = parseKey(value);
  if (key === value) return key;
  throw new OrccError('usage', `The variable ${name} contains spaces, quotes or other text besides the key`, {
    code: 'KEY_MISSING',
    hint: 'Export only the key',
  });
}

function extractKey(text: string): string {
  const bare = WRAPPINGS.reduce((rest, wrapping) => wrapping.exec(rest)?.[1] ?? rest, text);
  return unquote(bare.trim()).trim();
}

function fail(why: string): never {
  throw new OrccError('usage', `The key ${why}`, { code: 'KEY_MISSING', hint: `Copy it again from ${PAGES.keys}` });
}

function unquote(text: string): string {
  const first = text[0];
  const isQuoted = text.length >= 2 && (first === '"' || first === "'" || first === '`') && text.endsWith(first);
  return isQuoted ? text.slice(1, -1) : text;
}

/** Whether a found key may be offered for reuse: only OpenRouter's own, since another vendor's token must never be sent there. */
export function isReusable(value: string): boolean {
  return value.startsWith('sk-or-') && /^[\x21-\x7e]+$/.test(value);
}
