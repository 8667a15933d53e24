import { KEYS_PAGE } from '../core/hosts.ts';
import { OrccError } from '../core/errors.ts';
import { rememberSecret } from '../text/text.ts';
import { requireSendable } from '../openrouter/endpoint.ts';

/** OpenRouter's inference keys, as its own tools check them: a warning where one differs, never a refusal. */
const USUAL_SHAPE = /^sk-or-v1-[0-9a-f]{64}$/;

interface ParsedKey {
  readonly key: string;
  /** Said to the user where the key has an unusual shape. */
  readonly warning: string | undefined;
}

/** What people copy along with a key: a variable of some shell, a header, a line of JSON. Only what can be nothing else is taken off. */
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
 * Takes the key out of what was pasted: blanks, quotes, a trailing CR, `export NAME=`, `Bearer`, a line of JSON go. Throws exit 2
 * where nothing is left, or it holds blanks or control characters, is not ASCII, or is longer than 512 characters; exit 4 for another
 * vendor's key. The message never quotes the key.
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
 * The value of a variable that is to be the key as it stands, since nothing takes quotes off where it is used. Throws exit 2 where
 * something stands beside the key.
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
  throw new OrccError('usage', `The key ${why}`, { code: 'KEY_MISSING', hint: `Copy it again from ${KEYS_PAGE}` });
}

function unquote(text: string): string {
  const first = text[0];
  const isQuoted = text.length >= 2 && (first === '"' || first === "'" || first === '`') && text.endsWith(first);
  return isQuoted ? text.slice(1, -1) : text;
}

/** Only OpenRouter's own keys are ever offered for reuse: another vendor's token must never be sent there. */
export function isReusable(value: string): boolean {
  return value.startsWith('sk-or-') && /^[\x21-\x7e]+$/.test(value);
}
