import { attempt } from './attempt.ts';

/** The value of a JSON text; undefined if it is not valid JSON. */
export function tryJson(text: string): unknown {
  return attempt((): unknown => JSON.parse(text));
}

/** The object in a JSON text; undefined for anything else, an array or null included. */
export function tryJsonObject(text: string): Readonly<Record<string, unknown>> | undefined {
  const value = tryJson(text);
  return isObject(value) ? value : undefined;
}

/** Whether Claude Code takes a settings.json for empty: nothing but what JavaScript trims, not only JSON's blanks (measured on 2.1.332). */
export function isBlankJson(text: string): boolean {
  return text.trim() === '';
}

/** Whether a JSON value is an object, not an array or null. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A string that is not empty; undefined for any other value. */
export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** A number that may be a count: finite and not negative; undefined for any other value. */
export function countOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : undefined;
}

/** The JSON text of a value, empty for undefined; undefined if it is nested too deeply for `JSON.stringify`. */
export function tryJsonText(value: unknown): string | undefined {
  try {
    return JSON.stringify(value) ?? '';
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** The JSON text of a value from outside, to be shown; a note in its place if it is nested too deeply. */
export function jsonText(value: unknown): string {
  return tryJsonText(value) ?? '(nested too deeply)';
}

/** Line and column of an offset, both counted from 1; columns in UTF-16 units. */
export function positionOf(text: string, offset: number): { readonly line: number; readonly column: number } {
  const before = text.slice(0, offset);
  return { line: before.split('\n').length, column: offset - before.lastIndexOf('\n') };
}

/** Compact JSON in printable ASCII, so that it survives unchanged in any shell and file. */
export function asciiJson(value: unknown): string {
  return escapeJson(JSON.stringify(value));
}

/** JSON text with all characters but printable ASCII as \u escapes. */
export function escapeJson(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
