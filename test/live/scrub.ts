import { isObject } from '../../src/text/json.ts';
import { clip, stripControls } from '../../src/text/text.ts';

/** Members that hold what belongs to the account. */
const PRIVATE = /(?:^|_)(?:id|label|slug|email|creator|owner|workspace|organization|(?<!provider_)name|description)$|^(?:user|hash)/;

/** Every text of an answer that names the account, its keys or its calls. */
export function privateTexts(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(privateTexts);
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([name, member]) =>
    typeof member === 'string' ? (PRIVATE.test(name) && member.length > 2 ? [member] : []) : privateTexts(member),
  );
}

const PATTERNS: readonly RegExp[] = [
  /sk-[\w.-]+/g,
  /\b(?:user|org|gen|req|key|ws)[_-][\w-]{6,}/g,
  /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi,
  /[\w.+-]+@[\w-]+\.[\w.-]+/g,
  /\b(workspaces|organizations|orgs|users|keys)\/[\w.-]+/g,
  /\b\d{1,3}(?:\.\d{1,3}){3}\b/g,
  /\b(?:[0-9a-f]{1,4}:){2,7}(?::?[0-9a-f]{1,4}){1,6}\b/gi,
  /\+\d[\d ()-]{7,18}\d/g,
];

/** A text of an answer as a stranger may read it: one line, without ids, names of the account and addresses. */
export function scrub(text: string, secrets: readonly string[]): string {
  const bySize = [...new Set(secrets)].filter((secret) => secret.length > 2).sort((one, two) => two.length - one.length);
  const known = bySize.reduce((rest, secret) => rest.replaceAll(secret, '…'), stripControls(text));
  return clip(
    PATTERNS.reduce(
      (rest, pattern) => rest.replaceAll(pattern, (_all, kind: unknown) => (typeof kind === 'string' ? `${kind}/…` : '…')),
      known,
    ),
    200,
  );
}
