import { posix, win32 } from 'node:path';
import * as z from 'zod/mini';
import type { Context } from '../core/context.ts';
import { MACHINE_TARGETS, TARGET_IDS, type TargetId } from '../targets/types.ts';
import { formerHome, pathFromStored, storedPath, type HomePlace } from '../core/home-path.ts';
import { encodeOwn, OWN_SCHEMA, ownSchemaVersion, parseOwn } from './own-json.ts';
import { readOwnText } from '../core/json-file.ts';
import { namedKeyMembers } from './config.ts';

// Shared schemas: building one takes as long as checking many values.
const text = z.string();
const texts = z.array(text);
const maybeText = z.exactOptional(text);
const whether = z.exactOptional(z.literal(true));
const target = z.enum(TARGET_IDS);

const ownedMember = z.object({
  path: texts,
  sum: text,
  /** It is one element of the array at `path`. */
  element: whether,
  createdParents: z.array(texts),
  filled: z.exactOptional(z.array(z.object({ path: texts, text }))),
  blank: maybeText,
  /** The original position and spelling of a member that orcc set aside. */
  stood: z.exactOptional(
    z.object({
      after: maybeText,
      lead: text,
      rawKey: text,
      colon: text,
      nextLead: maybeText,
      tail: text,
    }),
  ),
  /** `isFix` under the name that earlier versions gave it. */
  mend: whether,
});

const targetState = z.object({
  id: target,
  /** The target's file: absolute in the program, `~/…` in the stored record if it is below the home. */
  path: text,
  /** orcc made this file. */
  created: z.boolean(),
  modeBefore: z.nullable(z.number()),
  /** The file system has no modes, and the user agreed to keep a key in the file anyway. */
  modeless: whether,
  /** The whole setup, only extras (such as auto mode), or nothing for now (`switch --native`). */
  carries: z.enum(['setup', 'extras', 'nothing']),
  /** What `switch --back` restores, if `carries` is `nothing`. */
  returns: z.exactOptional(z.enum(['setup', 'extras'])),
  /** The members that orcc wrote to a settings.json; `settings-edit.ts` adds its own fields. */
  members: z.array(ownedMember),
});

const stateSchema = z.object({
  schemaVersion: ownSchemaVersion,
  targets: z.array(targetState),
  /** Folders that orcc created, outermost first. */
  folders: texts,
  /** Other start-up files than the targets' own in which orcc commented out hand-written lines. */
  adopted: z._default(z.array(z.object({ target, path: text })), []),
  /** .gitignore files to which orcc added the line for settings.local.json. */
  ignores: z.array(z.object({ path: text, created: z.boolean(), added: text })),
  /** The base URL that the key in orcc's key file was stored for. Kept here since, like the key, it outlives the config (design D23). */
  keyUrl: z.exactOptional(text.check(z.maxLength(2048))),
  /** The names of keys, which outlive the config likewise (`namesBeyond`). */
  ...namedKeyMembers,
});

type StoredState = z.infer<typeof stateSchema>;
type StoredTarget = z.infer<typeof targetState>;
type StoredMember = z.infer<typeof ownedMember>;

/** A member that orcc wrote to a settings.json. */
export interface MemberState extends Omit<StoredMember, 'mend'> {
  /** Written by a fix of `doctor`, not part of the setup: it stays until orcc is removed. */
  isFix?: true;
}
export interface TargetState extends Omit<StoredTarget, 'members'> {
  members: MemberState[];
}
/** What orcc wrote and where (design D19). Never contains a key. */
export interface State extends Omit<StoredState, 'schemaVersion' | 'targets'> {
  targets: TargetState[];
}

/** The command that restores the mapping after `switch --native`. Only `init` can if orcc has no machine-wide target left. */
export function wayBack(targets: readonly { readonly id: TargetId }[]): 'orcc switch --back' | 'orcc init' {
  return targets.some(({ id }) => MACHINE_TARGETS.includes(id)) ? 'orcc switch --back' : 'orcc init';
}

/** A clause that names the command of `wayBack`, preceded by `orcc key set` if the key is gone (`lacksKey`). */
export function describeWayBack(targets: readonly { readonly id: TargetId }[], isKeyGone: boolean): string {
  return `${isKeyGone ? '`orcc key set`, then ' : ''}\`${wayBack(targets)}\` restores the mapping`;
}

export const EMPTY_STATE: State = { targets: [], folders: [], adopted: [], ignores: [] };

/** Reads orcc's state; empty if there is none. Throws exit 6 if it can't be read or does not parse. */
export function readState(fs: Context['fs'], path: string, home: string): State {
  const text = readOwnText(fs, path);
  return text === undefined ? EMPTY_STATE : parseState(text, path, home);
}

/** `readState` for a text already read from `path`. */
export function parseState(text: string, path: string, home: string): State {
  const { schemaVersion: _version, ...stored } = parseStored(text, path);
  const state = { ...stored, targets: stored.targets.map((each) => ({ ...each, members: each.members.map(fromStored) })) };
  return mapState(state, (each) => pathFromStored(each, { home, former: homeThen(stored, path, home) }));
}

/** The home that the paths in orcc's records are relative to, and the former home if the state shows that it has moved. */
export function homePlace(fs: Context['fs'], path: string, home: string): HomePlace {
  const text = readOwnText(fs, path);
  return { home, former: text === undefined ? undefined : homeThen(parseStored(text, path), path, home) };
}

/** The bytes of the state file. */
export function encodeState(state: State, home: string): Uint8Array {
  const stored = mapState(state, (each) => storedPath(each, home));
  const targets = stored.targets.map((each): StoredTarget => ({ ...each, members: each.members.map(toStored) }));
  return encodeOwn({ schemaVersion: OWN_SCHEMA, ...stored, targets });
}

function fromStored({ mend, ...member }: StoredMember): MemberState {
  return mend === undefined ? member : { ...member, isFix: mend };
}

function toStored({ isFix, ...member }: MemberState): StoredMember {
  return isFix === undefined ? member : { ...member, mend: isFix };
}

function parseStored(text: string, path: string): z.infer<typeof stateSchema> {
  return parseOwn(
    text,
    path,
    stateSchema,
    'It records what orcc wrote and where; restore it from a copy, or move it away and run `orcc init`',
  );
}

/** The state with `map` applied to every path. */
export function mapState(state: State, map: (path: string) => string): State {
  return {
    ...state,
    targets: state.targets.map((target) => ({ ...target, path: map(target.path) })),
    folders: state.folders.map(map),
    adopted: state.adopted.map((each) => ({ ...each, path: map(each.path) })),
    ignores: state.ignores.map((each) => ({ ...each, path: map(each.path) })),
  };
}

/**
 * The former home that absolute paths (schema 1) refer to; undefined if it is still the same. Found by two clues: orcc's own folder is
 * among the folders that it created, and bash's files are always directly in the home.
 */
function homeThen({ folders, targets }: Pick<StoredState, 'folders' | 'targets'>, path: string, home: string): string | undefined {
  const { dirname } = path.includes('\\') ? win32 : posix;
  const own = dirname(path);
  if (folders.some((each) => pathFromStored(each, { home }) === own)) return undefined;
  const [bash] = targets.filter(({ id, path: file }) => id === 'bash' && !file.startsWith('~'));
  const inBash = bash === undefined || dirname(bash.path) === home ? undefined : dirname(bash.path);
  return folders.map((each) => formerHome(each, own, home)).find((each) => each !== undefined) ?? inBash;
}

const schema = z.object({
  schemaVersion: ownSchemaVersion,
  /** File path (stored as `~/…` below the home) -> member path (as JSON) -> the raw JSON text to restore. */
  files: z.record(z.string(), z.record(z.string(), z.string())),
});

/**
 * The values in settings files that orcc replaced, as raw JSON text. Kept apart from
 * the state, since they may contain someone's token: this file is 0600 and never printed.
 */
export type Replaced = Pick<z.infer<typeof schema>, 'files'>;

export const EMPTY_REPLACED: Replaced = { files: {} };

/** Reads the replaced values; empty if there are none. Throws exit 6 if the file can't be read or does not parse. */
export function readReplaced(fs: Context['fs'], path: string, place: () => HomePlace): Replaced {
  const text = readOwnText(fs, path);
  return text === undefined ? EMPTY_REPLACED : parseReplaced(text, path, place());
}

/** `readReplaced` for a text already read; `path` is only for the message. */
export function parseReplaced(text: string, path: string, place: HomePlace): Replaced {
  const { files } = parseOwn(text, path, schema, 'It contains values that orcc replaced; restore it from a copy before you continue');
  return { files: renamed(files, (each) => pathFromStored(each, place)) };
}

/** The bytes of the file of replaced values. */
export function encodeReplaced({ files }: Replaced, home: string): Uint8Array {
  return encodeOwn({ schemaVersion: OWN_SCHEMA, files: renamed(files, (each) => storedPath(each, home)) });
}

/** The replaced values with `map` applied to the path of every file. */
export function mapReplaced({ files }: Replaced, map: (path: string) => string): Replaced {
  return { files: renamed(files, map) };
}

function renamed<T>(files: Readonly<Record<string, T>>, map: (path: string) => string): Record<string, T> {
  return Object.fromEntries(Object.entries(files).map(([path, value]) => [map(path), value]));
}
