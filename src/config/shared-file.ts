import type * as z from 'zod/mini';
import { parseJson } from '../core/json-file.ts';
import { largerThan } from '../core/look.ts';
import { describeIssue, firstFault, memberPath } from '../core/schema-issue.ts';
import { OrccError } from '../core/errors.ts';
import { clip, redact, stripControls } from '../text/text.ts';
import { findKeyShape } from './key-shape.ts';
import { schemaVersionOf, UPDATE_ORCC } from './own-json.ts';

/** In bytes. A real file of mappings has a few kilobytes. */
export const LARGEST_SHARED = 1024 * 1024;

/** A kind of shared file: its name in messages and its schema. */
export interface SharedKind<T> {
  /** Its name with the article: `a profile file`. */
  readonly what: string;
  readonly makeSchema: () => z.ZodMiniType<T>;
  /** Throws to refuse a file before its members are checked: one for a newer orcc may have members unknown to this one. */
  readonly refuse?: (value: unknown, shown: string) => void;
}

/**
 * Parses a file that people share. Throws exit 2 with the place of the first fault (too big, a web page, not JSON, a key in it,
 * an unknown member, a wrong value), and exit 6 for a newer schema. `source` is the file's name or address in messages.
 */
export function parseShared<T>(text: string, source: string, kind: SharedKind<T>): T {
  const shown = clip(stripControls(source), 120);
  const fail = (why: string, hint: string, code?: string): never => {
    throw new OrccError('usage', `\`${shown}\` ${redact(why)}`, { hint, code });
  };
  if (Buffer.byteLength(text) > LARGEST_SHARED) fail(largerThan(LARGEST_SHARED), `That is not ${kind.what}`);
  const body = text.replace(/^\ufeff/, '');
  if (/^\s*</.test(body)) fail(`is a web page, not ${kind.what}`, 'Use the address of the JSON file itself (on GitHub: "Raw")');
  const json = parseJson(body);
  if (!json.ok)
    throw new OrccError('usage', `\`${shown}:${json.line}:${json.column}\` is not valid JSON: ${json.reason}`, {
      hint: `It must be ${kind.what}`,
    });
  const keyAt = findKeyShape(json.value);
  if (keyAt !== undefined)
    fail(
      `contains something that looks like a key at ${memberPath(keyAt)}`,
      'Remove it, and revoke it if it is a key: such files get shared',
      'KEY_EXPOSED',
    );
  const version = schemaVersionOf(json.value);
  if (version !== undefined && version > 1) {
    throw new OrccError('refused', `\`${shown}\` was written for a newer orcc (\`schemaVersion\` ${version})`, {
      hint: UPDATE_ORCC,
    });
  }
  kind.refuse?.(json.value, shown);
  const parsed = kind.makeSchema().safeParse(json.value, { error: describeIssue });
  if (parsed.success) return parsed.data;
  return fail(`is not ${kind.what}: ${firstFault(parsed.error)}`, 'The JSON Schema of such files comes with orcc, in `schemas/`');
}
