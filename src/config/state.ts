import { posix, win32 } from 'node:path';
import * as z from 'zod/mini';
import type { Context } from '../core/context.ts';
import { MACHINE_TARGETS, TARGET_IDS, type TargetId } from '../targets/types.ts';
import { formerHome, pathFromStored, storedPath, type HomePlace } from '../core/home-path.ts';
import { encodeOwn, OWN_SCHEMA, ownSchemaVersion, parseOwn } from './own-json.ts';
import { readOwnText } from '../core/json-file.ts';

// One of each: making a schema takes as long as checking many values.
const text = z.string();
const texts = z.array(text);
const maybeText = z.exactOptional(text);
const whether = z.exactOptional(z.literal(true));
const target = z.enum(TARGET_IDS);

const ownedMember = z.object({
  path: texts,
  sum: text,
  /** One element of the array at that path. */
  element: whether,
  createdParents: z.array(texts),
  filled: z.exactOptional(z.array(z.object({ path: texts, text }))),
  blank: maybeText,
  /** Where it stood, if it was put aside whole. */
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
  /** By a fix, and no part of the set-up: it stays as long as orcc is there. `mend` is what the homes of earlier versions say. */
  mend: whether,
});

const targetState = z.object({
  id: target,
  /** Of the file: absolute for the program, in the record `~/…` where it lies below the home. */
  path: text,
  /** orcc made this file. */
  created: z.boolean(),
  modeBefore: z.nullable(z.number()),
  /** Its file system has no modes, and the user agreed to keep a key in it anyway. */
  modeless: whether,
  /** The whole setup, only a setting beside it (auto mode), or nothing for now (`switch --native`). */
  carries: z.enum(['setup', 'extras', 'nothing']),
  /** What `switch --back` brings back, where `carries` is nothing for now. */
  returns: z.exactOptional(z.enum(['setup', 'extras'])),
  /** What orcc wrote in a settings.json; the writer of members adds fields of its own. */
  members: z.array(ownedMember),
});

const stateSchema = z.object({
  schemaVersion: ownSchemaVersion,
  targets: z.array(targetState),
  /** Folders that orcc made, outermost first. */
  folders: texts,
  /** Start-up files beside the targets' own in which hand-written lines are commented out. */
  adopted: z._default(z.array(z.object({ target, path: text })), []),
  /** .gitignore files that got the line for settings.local.json. */
  ignores: z.array(z.object({ path: text, created: z.boolean(), added: text })),
  /** The base URL that the key in orcc's key file was stored for: it outlives the configuration, as the key does (design D23). */
  keyUrl: z.exactOptional(text.check(z.maxLength(2048))),
});

/** What orcc wrote and where (design D19). Never holds a key. */
export type State = Omit<z.infer<typeof stateSchema>, 'schemaVersion'>;
export type TargetState = z.infer<typeof targetState>;

/** The command that restores the mapping after `switch --native`: where orcc no longer has a target of the machine, only `init` can. */
export function wayBack(targets: readonly { readonly id: TargetId }[]): 'orcc switch --back' | 'orcc init' {
  return targets.some(({ id }) => MACHINE_TARGETS.includes(id)) ? 'orcc switch --back' : 'orcc init';
}

/** The same as a clause, with what has to come first where the key is gone (`lacksKey`). */
export function describeWayBack(targets: readonly { readonly id: TargetId }[], isKeyGone: boolean): string {
  return `${isKeyGone ? '`orcc key set`, then ' : ''}\`${wayBack(targets)}\` restores the mapping`;
}

export const EMPTY_STATE: State = { targets: [], folders: [], adopted: [], ignores: [] };

/** Reads orcc's state; empty where there is none. Throws exit 6 where it does not parse. */
export function readState(fs: Context['fs'], path: string, home: string): State {
  const text = readOwnText(fs, path);
  return text === undefined ? EMPTY_STATE : parseState(text, path, home);
}

/** The same from its text; `path` is where it lies. */
export function parseState(text: string, path: string, home: string): State {
  const { schemaVersion: _version, ...stored } = parseStored(text, path);
  return mapState(stored, (each) => pathFromStored(each, { home, former: homeThen(stored, path, home) }));
}

/** The place that the paths in orcc's records count from: where the state tells, the home may have moved since. */
export function homePlace(fs: Context['fs'], path: string, home: string): HomePlace {
  const text = readOwnText(fs, path);
  return { home, former: text === undefined ? undefined : homeThen(parseStored(text, path), path, home) };
}

/** The state's bytes as they are kept. */
export function encodeState(state: State, home: string): Uint8Array {
  return encodeOwn({ schemaVersion: OWN_SCHEMA, ...mapState(state, (each) => storedPath(each, home)) });
}

function parseStored(text: string, path: string): z.infer<typeof stateSchema> {
  return parseOwn(
    text,
    path,
    stateSchema,
    'It records what orcc wrote and where; restore it from a copy, or move it away and run `orcc init`',
  );
}

/** The same with every path in it as `map` gives it. */
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
 * The home that absolute paths (schema 1) were written in, where it was another one: orcc's own folder is among those that it made, and bash
 * has its files in the home alone.
 */
function homeThen({ folders, targets }: Pick<State, 'folders' | 'targets'>, path: string, home: string): string | undefined {
  const { dirname } = path.includes('\\') ? win32 : posix;
  const own = dirname(path);
  if (folders.some((each) => pathFromStored(each, { home }) === own)) return undefined;
  const [bash] = targets.filter(({ id, path: file }) => id === 'bash' && !file.startsWith('~'));
  const inBash = bash === undefined || dirname(bash.path) === home ? undefined : dirname(bash.path);
  return folders.map((each) => formerHome(each, own, home)).find((each) => each !== undefined) ?? inBash;
}

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
export function readReplaced(fs: Context['fs'], path: string, place: () => HomePlace): Replaced {
  const text = readOwnText(fs, path);
  return text === undefined ? EMPTY_REPLACED : parseReplaced(text, path, place());
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
