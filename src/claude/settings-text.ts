import { type JsonFault, jsonFault } from '../text/json-fault.ts';
import { memberFinder } from '../text/json-scan.ts';
import { isBlankJson, positionOf } from '../text/json.ts';

/** A position in a text. Line and column are counted from 1, the column in UTF-16 units. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

type SettingsText =
  | { readonly ok: true; readonly value: unknown; readonly at: (path: readonly string[]) => Position | undefined }
  | ({ readonly ok: false } & Omit<JsonFault, 'kind'>);

/**
 * Reads a settings.json as strictly as Claude Code does: JSON without comments or trailing commas,
 * where one error invalidates the whole file; a byte order mark is fine, and so is a file of nothing but what JavaScript trims (measured
 * on 2.1.332). UTF-16 is read if it has a byte order mark, other bytes that are not UTF-8 become U+FFFD, and
 * the last of two equal names counts. `at` returns the position of a member, undefined if there is none.
 */
export function readSettingsText(bytes: Uint8Array): SettingsText {
  const utf16 = bytes[0] === 0xff && bytes[1] === 0xfe;
  const text = new TextDecoder(utf16 ? 'utf-16le' : 'utf-8').decode(bytes);
  if (isBlankJson(text)) return { ok: true, value: {}, at: () => undefined };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    const { kind: _, ...fault } = jsonFault(text);
    return { ok: false, ...fault };
  }
  const find = memberFinder(text);
  return {
    ok: true,
    value,
    at: (path) => {
      const offset = find(path);
      return offset === undefined ? undefined : positionOf(text, offset);
    },
  };
}
