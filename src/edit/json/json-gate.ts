import { isBlankJson, isObject, positionOf } from '../../text/json.ts';
import { isAscii, isUtf8 } from 'node:buffer';
import { type JsonFault, jsonFault, NO_OBJECT } from '../../text/json-fault.ts';
import { memberFinder } from '../../text/json-scan.ts';

/** Members that orcc writes into, and what Claude Code does with a file in which one is not an object (measured on 2.1.332). */
const CONTAINERS: readonly (readonly [name: string, tell: (what: string) => string])[] = [
  ['env', dropped],
  ['permissions', dropped],
  ['modelSettings', (what) => `${what} before orcc can write to it; Claude Code ignores only that member`],
];

type GateFault = JsonFault['kind'] | 'encoding' | 'not-object' | 'member-not-object';

export interface GatePassed {
  readonly ok: true;
  /** Without the byte order mark; '' or blanks for an empty file. */
  readonly text: string;
  readonly bom: boolean;
  /** Nothing but blanks: Claude Code takes it as `{}`. */
  readonly blank: boolean;
  readonly root: Readonly<Record<string, unknown>>;
}

interface GateFailed {
  readonly ok: false;
  readonly kind: GateFault;
  /** One sentence without the path, ending with what Claude Code does with such a file. */
  readonly reason: string;
  /** Line and column count from 1. */
  readonly line: number;
  readonly column: number;
  readonly root?: undefined;
}

/**
 * The strict check before a settings.json is edited or trusted: UTF-8, JSON.parse, objects where objects
 * must be. Claude Code ignores the whole of a file that fails it, unless `reason` says otherwise (measured on 2.1.332).
 * Duplicate members pass, as they do in Claude Code: see `findDuplicate`. Throws nothing.
 */
export function gateSettings(bytes: Uint8Array): GatePassed | GateFailed {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const ascii = isAscii(buffer);
  if (!ascii && !isUtf8(buffer)) return { ok: false, kind: 'encoding', ...whereNotUtf8(buffer), reason: dropped(encodingFault(buffer)) };
  // Decoding as Latin-1 is several times as fast, and most files are pure ASCII.
  const whole = buffer.toString(ascii ? 'latin1' : 'utf8');
  const bom = whole.startsWith('\ufeff');
  const text = bom ? whole.slice(1) : whole;
  if (isBlankJson(text)) return { ok: true, text, bom, blank: true, root: {} };
  let root: unknown;
  try {
    root = JSON.parse(text);
  } catch {
    const fault = jsonFault(text);
    return { ok: false, ...fault, reason: dropped(fault.reason) };
  }
  if (!isObject(root)) return { ok: false, kind: 'not-object', ...NO_OBJECT, reason: dropped(NO_OBJECT.reason) };
  for (const [name, tell] of CONTAINERS) {
    if (Object.hasOwn(root, name) && !isObject(root[name])) {
      return {
        ok: false,
        kind: 'member-not-object',
        reason: tell(`\`${name}\` must be an object`),
        ...positionOf(text, memberFinder(text)([name]) ?? 0),
      };
    }
  }
  return { ok: true, text, bom, blank: false, root };
}

/** The parsed content of a settings.json; `{}` if there is no file, undefined if it does not pass the gate. */
export function settingsRoot(bytes: Uint8Array | null): GatePassed['root'] | undefined {
  return gateSettings(bytes ?? new Uint8Array()).root;
}

function dropped(what: string): string {
  return `${what}; Claude Code ignores the whole file`;
}

function encodingFault(buffer: Buffer): string {
  return ['fffe', 'feff'].includes(buffer.toString('hex', 0, 2)) ? 'it is UTF-16, not UTF-8' : 'it is not UTF-8';
}

/** Position of the first bytes that are not UTF-8. */
function whereNotUtf8(buffer: Buffer): { line: number; column: number } {
  const lossy = Buffer.from(buffer.toString());
  const same = lossy.findIndex((byte, index) => byte !== buffer[index]);
  // Faulty bytes may begin like U+FFFD, which replaces them in `lossy`; a streaming decoder keeps such an incomplete character back.
  const valid = new TextDecoder().decode(buffer.subarray(0, same), { stream: true });
  return positionOf(valid, valid.length);
}
