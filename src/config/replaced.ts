import * as z from 'zod/mini';
import type { Context } from '../core/context.ts';
import { OrccError } from '../core/errors.ts';
import { parseJson, readOwnText } from '../core/json-file.ts';

const schema = z.object({
  schemaVersion: z.literal(1),
  /** File path -> member path (as JSON) -> what orcc needs to put it back exactly. */
  files: z.record(z.string(), z.record(z.string(), z.string())),
});

/**
 * What stood in a settings file before orcc replaced it, as raw JSON text. Apart
 * from the state, since it may hold someone's token: this file is 0600 and never printed.
 */
export type Replaced = z.infer<typeof schema>;

export const EMPTY_REPLACED: Replaced = { schemaVersion: 1, files: {} };

/** Reads what was replaced; empty where there is nothing. Throws exit 6 where it does not parse. */
export function readReplaced(fs: Context['fs'], path: string): Replaced {
  const text = readOwnText(fs, path);
  return text === undefined ? EMPTY_REPLACED : parseReplaced(text, path);
}

/** The same from its text; `path` is for the message. */
export function parseReplaced(text: string, path: string): Replaced {
  const json = parseJson(text);
  const parsed = json.ok ? schema.safeParse(json.value) : undefined;
  if (parsed?.success !== true) {
    throw new OrccError('refused', `\`${path}\` is broken`, {
      code: 'CONFIG_BROKEN',
      hint: 'It holds values that orcc replaced; restore it from a copy before going on',
    });
  }
  return parsed.data;
}
