import { API_KEY, AUTH_TOKEN, BASE_URL } from '../claude/variables.ts';
import { gateSettings } from '../edit/json/json-gate.ts';
import { parseDocument, printDocument, type JsonDocument } from '../edit/json/json-document.ts';
import { insertMember, memberAt, removeMember } from '../edit/json/json-splice.ts';
import { assertOnlyChanged, valueAt } from '../edit/json/json-verify.ts';
import { readLegacy, readLegacyToken } from './legacy.ts';

const BOM = '\ufeff';

/** Sets one member of a settings file, all other bytes kept; undefined where the file does not parse. */
export function setMember(bytes: Uint8Array | null, path: readonly string[], value: string): Uint8Array | undefined {
  return splice(bytes, [path], (document) => put(document, path, value));
}

/** Takes one member out; the file as it is where it has none, undefined where it does not parse. */
export function dropMember(bytes: Uint8Array | null, path: readonly string[]): Uint8Array | undefined {
  return splice(bytes, [path], (document) => {
    if (memberAt(document, path) !== undefined) removeMember(document, path);
  });
}

/** Moves a key from ANTHROPIC_API_KEY to the token's place; undefined where the file does not parse. */
export function keyToToken(bytes: Uint8Array | null): Uint8Array | undefined {
  const gate = gateSettings(bytes ?? new Uint8Array());
  const [key, token] = [
    ['env', API_KEY],
    ['env', AUTH_TOKEN],
  ] as const;
  const value = gate.ok ? valueAt(gate.root, key) : undefined;
  if (typeof value !== 'string') return undefined;
  return splice(bytes, [key, token], (document) => {
    put(document, token, value.trim());
    put(document, key, '');
  });
}

/** Turns the guide's `"anthropic": {…}` into `env`: URL, key and mapping together; undefined where the file does not parse, or where `env` has a URL or a key already. */
export function legacyToEnv(bytes: Uint8Array | null): Uint8Array | undefined {
  const gate = gateSettings(bytes ?? new Uint8Array());
  if (!gate.ok || [BASE_URL, AUTH_TOKEN].some((name) => valueAt(gate.root, ['env', name]) !== undefined)) return undefined;
  const value = valueAt(gate.root, ['anthropic']);
  const token = readLegacyToken(value);
  const { variables } = readLegacy(value);
  if (token === undefined || !variables.some(({ name }) => name === BASE_URL)) return undefined;
  const all = [...variables, { name: AUTH_TOKEN, value: token }];
  return splice(bytes, [['anthropic'], ...all.map(({ name }) => ['env', name])], (document) => {
    removeMember(document, ['anthropic']);
    for (const { name, value: text } of all) if (memberAt(document, ['env', name]) === undefined) put(document, ['env', name], text);
  });
}

function put(document: JsonDocument, path: readonly string[], value: string): void {
  const member = memberAt(document, path);
  if (member === undefined) insertMember(document, path, JSON.stringify(value));
  else member.value = JSON.stringify(value);
}

function splice(
  bytes: Uint8Array | null,
  paths: readonly (readonly string[])[],
  change: (document: JsonDocument) => void,
): Uint8Array | undefined {
  const gate = gateSettings(bytes ?? new Uint8Array());
  if (!gate.ok) return undefined;
  const document = parseDocument(gate.blank ? '{}\n' : gate.text);
  change(document);
  const text = printDocument(document).join('');
  assertOnlyChanged(gate.root, JSON.parse(text), paths);
  return Buffer.from((gate.bom ? BOM : '') + text, 'utf8');
}
