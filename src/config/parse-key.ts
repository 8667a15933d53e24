import { OrccError } from '../core/errors.ts';

/** OpenRouter's inference keys, as its own tools check them: a warning where one differs, never a refusal. */
const USUAL_SHAPE = /^sk-or-v1-[0-9a-f]{64}$/;

export interface ParsedKey {
  readonly key: string;
  /** Said to the user where the key has an unusual shape. */
  readonly warning: string | undefined;
}

/**
 * Cleans a pasted key: blanks, quotes around it and a trailing CR go. Throws exit 2 where it is
 * empty, holds blanks or control characters, is not ASCII, or is longer than 512 characters. The message
 * never quotes the key.
 */
export function parseKey(text: string): ParsedKey {
  const key = unquote(text.replace(/^\ufeff/, '').trim()).trim();
  const fail = (why: string): never => {
    throw new OrccError('usage', `The key ${why}`, { code: 'KEY_MISSING', hint: 'Copy it again from https://openrouter.ai/settings/keys' });
  };
  if (key === '') return fail('is empty');
  if (/\s/.test(key)) return fail('has blanks inside');
  if (!/^[\x21-\x7e]+$/.test(key)) return fail('holds control or non-ASCII characters');
  if (/["'`\\$]/.test(key)) return fail('holds a quote, a backslash or a dollar sign');
  if (key.length > 512) return fail('is longer than 512 characters');
  return {
    key,
    warning: USUAL_SHAPE.test(key)
      ? undefined
      : 'This does not look like an OpenRouter key (`sk-or-v1-` and 64 hex digits); going on, since a gateway may have its own',
  };
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
