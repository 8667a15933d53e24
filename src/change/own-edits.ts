import { encodeOwn, isPresentSchema } from '../config/own-json.ts';
import { encodeState, parseState, type State, encodeReplaced, parseReplaced, type Replaced } from '../config/state.ts';
import { keyUrlOf } from '../config/config.ts';
import { filedKeys, namedKeyFile, namesBeyond, namesOf, withoutActive, type Names } from '../config/named-keys.ts';
import { editOf, keyIn, NO_FILE, type Machine } from './machine.ts';
import { keyInTargets, urlBesideKey } from './read-key.ts';
import type { Keys } from './types.ts';
import type { Desired } from './desired.ts';
import { defined } from '../text/defined.ts';
import { sameJson } from '../edit/json/json-verify.ts';
import { sameBytes } from '../text/same-bytes.ts';
import type { Edit, EditOwner } from '../apply/types.ts';

interface Records {
  readonly targets: State['targets'];
  readonly adopted: State['adopted'];
  readonly ignores: State['ignores'];
  readonly replaced: Record<string, Record<string, string>>;
}

/**
 * Edits of orcc's own files: the key before every target, the records after them;
 * a key that is deleted goes last, when no base URL is left. Throws a plain Error (a bug) if a key is to be written and none is given.
 */
export function planOwnFiles(
  wished: Desired,
  { key: keyToWrite, named = {} }: Pick<Keys, 'key' | 'named'>,
  machine: Machine,
  edits: readonly Edit[],
  records: Records,
): { readonly first: readonly Edit[]; readonly last: readonly Edit[] } {
  const { own, platform } = machine;
  const desired = wished.key.action === 'save' ? { ...wished, ...saveKey(keyToWrite, machine, records) } : wished;
  const make = (path: string, owner: EditOwner, after: Uint8Array | null, summary: string): Edit[] => {
    const now = machine.files.get(path) ?? NO_FILE;
    const mode = after === null || platform === 'win32' || now.mode === 0o600 ? null : 0o600;
    if (sameBytes(now.bytes, after) && mode === null) return [];
    return [editOf({ path, owner, summary }, now, after, mode)];
  };
  const makeKey = (path: string, key: string | null, what: string): Edit[] =>
    make(path, 'key', key === null ? null : Buffer.from(`${key}\n`), key === null ? what : `${what}, readable only by you`);
  const wanted = desired.key.action === 'write' ? keyToWrite : null;
  if (wanted === undefined) throw new Error('the key file is to be written, and no key was given');
  const key = desired.key.action === 'keep' ? [] : makeKey(own.key, wanted, 'the key');
  const names = planNamedKeys(desired, machine, named, makeKey);
  const isMoving = edits.length > 0 || key.length > 0 || names.written.length > 0;
  const hasReplaced = Object.keys(records.replaced).length > 0;
  const keyUrl = keyUrlAfter(desired, machine, isMoving);
  const state: State = {
    targets: [...records.targets],
    folders: foldersMade(machine, edits),
    adopted: [...records.adopted],
    ignores: [...records.ignores],
    ...defined({ keyUrl }),
    ...namesAfter(desired, machine, isMoving),
  };
  const isBlank = desired.config === undefined && [state.targets, state.ignores, state.adopted].every((each) => each.length === 0);
  // A key that stays keeps its folders: a later removal has to know which of them orcc created.
  const isKept = isBlank && (holdsKeyAfter(desired, machine) || state.keys !== undefined);
  if (isKept) state.folders = foldersOfKey(state, own);
  const setAside = machine.configBroken === undefined || desired.config === undefined ? [] : keepAside(machine, make);
  const rest = [
    ...make(
      own.replaced,
      'state',
      hasReplaced ? replacedBytes({ files: records.replaced }, machine, isMoving) : null,
      'what orcc replaced, for putting it back',
    ),
    ...setAside,
    ...make(own.config, 'config', configBytes(desired, machine, isMoving), "orcc's configuration"),
    ...make(
      own.state,
      'state',
      isBlank && !(isKept && (keyUrl ?? state.keys ?? state.folders[0]) !== undefined) ? null : stateBytes(state, machine, isMoving),
      'what orcc wrote where',
    ),
  ];
  return desired.key.action === 'delete'
    ? { first: names.written, last: [...rest, ...key, ...names.gone] }
    : { first: [...names.written, ...key], last: [...rest, ...names.gone] };
}

/** The key file gets the key if it holds none and no target will. Without a configuration its address is known from where it was. */
function saveKey(key: string | undefined, machine: Machine, { targets }: Records): Pick<Desired, 'key' | 'keyUrl'> {
  const isHeld =
    keyIn(machine.files.get(machine.own.key)) !== '' ||
    keyInTargets({ ...machine, state: { ...machine.state, targets: [...targets] } }) !== undefined;
  if (key === undefined || isHeld) return { key: { action: 'keep' } };
  return { key: { action: 'write' }, ...defined({ keyUrl: machine.config === undefined ? urlBesideKey(machine, key) : undefined }) };
}

function holdsKeyAfter({ key }: Desired, { own, files }: Machine): boolean {
  return key.action === 'write' || (key.action === 'keep' && (files.get(own.key) ?? NO_FILE).bytes !== null);
}

/** The address that the state records for the key file. Adding it is not a change by itself: an older record gets it with the next one. */
function keyUrlAfter(desired: Desired, machine: Machine, isMoving: boolean): string | undefined {
  if (!holdsKeyAfter(desired, machine)) return undefined;
  const { config, state } = machine;
  if (!isMoving && desired.config !== undefined) return state.keyUrl;
  const said = desired.config ?? (desired.keyUrl === undefined ? config : undefined);
  return said === undefined ? (desired.keyUrl ?? state.keyUrl) : keyUrlOf(said);
}

/** The names that the state records. Adding them is not a change by itself either. */
function namesAfter({ config, namedKeys, key }: Desired, machine: Machine, isMoving: boolean): Names {
  const before = machine.config === undefined ? namesIn(machine.state) : namesBeyond(machine.config);
  if (config !== undefined) {
    const after = namesBeyond(config);
    return !isMoving && sameJson(before, after) ? namesIn(machine.state) : after;
  }
  if (namedKeys !== undefined) return {};
  return key.action === 'delete' ? withoutActive(before) : before;
}

function namesIn({ keys, activeKey }: Names): Names {
  return defined({ keys, activeKey });
}

/** The recorded folders that are needed for the key alone: orcc's own and those above it. */
export function foldersOfKey({ folders }: Pick<State, 'folders'>, own: Machine['own']): string[] {
  return folders.filter((each) => own.folder.startsWith(each));
}

/** Edits of named keys' files: those written before every target, and those deleted after them. */
function planNamedKeys(
  { namedKeys }: Desired,
  machine: Machine,
  keys: Readonly<Record<string, string>>,
  makeKey: (path: string, key: string | null, what: string) => Edit[],
): { readonly written: readonly Edit[]; readonly gone: readonly Edit[] } {
  if (namedKeys === undefined) return { written: [], gone: [] };
  const { own, platform } = machine;
  const before = filedKeys(namesOf(machine));
  const file = (name: string): string => namedKeyFile(own, name, platform);
  return {
    written: namedKeys.flatMap((name) => {
      const key = keys[name];
      return key === undefined ? [] : makeKey(file(name), key, `the key ${name}`);
    }),
    gone: before.filter((name) => !namedKeys.includes(name)).flatMap((name) => makeKey(file(name), null, `the key ${name}`)),
  };
}

/** The file stays as it is if it says the same, in whatever order. */
function configBytes({ config }: Desired, machine: Machine, isMoving: boolean): Uint8Array | null {
  if (config === undefined) return null;
  return keptBytes(machine, machine.own.config, () => machine.config, config, isMoving) ?? encodeOwn(config);
}

function stateBytes(state: State, machine: Machine, isMoving: boolean): Uint8Array {
  const { home, own } = machine;
  return keptBytes(machine, own.state, (text) => parseState(text, own.state, home), state, isMoving) ?? encodeState(state, home);
}

function replacedBytes(replaced: Replaced, machine: Machine, isMoving: boolean): Uint8Array {
  const { home, own } = machine;
  const parse = (text: string): Replaced => parseReplaced(text, own.replaced, { home });
  return keptBytes(machine, own.replaced, parse, replaced, isMoving) ?? encodeReplaced(replaced, home);
}

/** A file's own bytes if it already says what it is to say, else undefined. An older schema is rewritten only along with a change. */
function keptBytes<T>(machine: Machine, path: string, parse: (text: string) => T, wanted: T, isMoving: boolean): Uint8Array | undefined {
  const bytes = machine.files.get(path)?.bytes ?? null;
  if (bytes === null || (isMoving && !isPresentSchema(bytes))) return undefined;
  return sameJson(parse(Buffer.from(bytes).toString('utf8')), wanted) ? bytes : undefined;
}

/** Every folder that orcc has made or is about to make, outermost first. */
function foldersMade(machine: Machine, edits: readonly Edit[]): string[] {
  const made = new Set(machine.state.folders);
  const paths = [...edits.map((edit) => edit.path), machine.own.config];
  for (const path of paths) machine.files.get(path)?.missingParents.forEach((folder) => made.add(folder));
  return [...made].sort((a, b) => a.length - b.length);
}

/** A config file that does not parse is never just overwritten: its bytes move to `config.broken.json`. */
function keepAside(machine: Machine, make: (path: string, owner: EditOwner, after: Uint8Array | null, summary: string) => Edit[]): Edit[] {
  const broken = machine.files.get(machine.own.config)?.bytes ?? null;
  if (broken === null) return [];
  return make(machine.own.configBroken, 'config', broken, 'the broken configuration, kept aside');
}
