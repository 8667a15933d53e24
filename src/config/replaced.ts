import * as z from 'zod/mini';
import type { Context } from '../core/context.ts';
import { pathFromStored, storedPath, type HomePlace } from '../core/home-path.ts';
import { readOwnText } from '../core/json-file.ts';
import { encodeOwn, OWN_SCHEMA, ownSchemaVersion, parseOwn } from './own-json.ts';

const schema = z.object({
  schemaVersion: ownSchemaVersion,
  /** File path (in the record `~/…` below the home) -> member path (as JSON) -> what orcc needs to put it back exactly. */
  files: z.record(z.string(), z.record(z.string(), z.string())),
});

/**
 * What stood in a settings file before orcc replaced it, as raw JSON text. Apart
 * from the state, since it may hold someone's token: this file is 0600 and never printed.
 */
export type Replaced = Pick<z.infer<typeof schema>, 'files'>;

export const EMPTY_REPLACED: Replaced = { files: {} };

/** Reads what was replaced; empty where there is nothing. Throws exit 6 where it does not parse. */
export function readReplaced(fs: Context['fs'], path: string, place: HomePlace): Replaced {
  const text = readOwnText(fs, path);
  return text === undefined ? EMPTY_REPLACED : parseReplaced(text, path, place);
}

/** The same from its text; `path` is for the message. */
export function parseReplaced(text: string, path: string, place: HomePlace): Replaced {
  const { files } = parseOwn(text, path, schema, 'It contains values that orcc replaced; restore it from a copy before you continue');
  return { files: renamed(files, (each) => pathFromStored(each, place)) };
}

/** Its bytes as they are kept. */
export function encodeReplaced({ files }: Replaced, home: string): Uint8Array {
  return encodeOwn({ schemaVersion: OWN_SCHEMA, files: renamed(files, (each) => storedPath(each, home)) });
}

/** The same with the paths of its files as `map` gives them. */
export function mapReplaced({ files }: Replaced, map: (path: string) => string): Replaced {
  return { files: renamed(files, map) };
}

function renamed<T>(files: Readonly<Record<string, T>>, map: (path: string) => string): Record<string, T> {
  return Object.fromEntries(Object.entries(files).map(([path, value]) => [map(path), value]));
}
