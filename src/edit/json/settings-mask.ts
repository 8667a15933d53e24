import { isSecretName } from '../../text/secret-names.ts';
import { clip, maskKey, redact, stripControls } from '../../text/text.ts';
import { jsonText } from '../../text/json.ts';

/**
 * Someone else's value as it may be shown: keys and tokens hidden, credentials cut out of
 * URLs, control characters dropped, at most 120 characters.
 */
export function maskPresent(path: readonly string[], value: unknown): string {
  const name = String(path.at(-1));
  if (typeof value !== 'string') return clip(redact(stripControls(jsonText(value))), 120);
  if (value === '') return '(empty)';
  if (isSecretName(name)) {
    return /^sk-(?:or|ant)-[\x21-\x7e]{40,}$/.test(value) ? maskKey(value) : `(hidden, ${value.length} characters)`;
  }
  return clip(redact(stripControls(value)), 120);
}

/** A member as messages name it: `env.ANTHROPIC_MODEL` in backticks. */
export function shownMember(path: readonly string[]): string {
  return `\`${stripControls(path.join('.'))}\``;
}
