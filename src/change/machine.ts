import { largerThan, LARGEST_FILE } from '../core/look.ts';
import type { Edit } from '../apply/types.ts';
import { errnoOf, meaningOf } from '../core/errno.ts';
import type { Problem } from './types.ts';
import { dirname } from 'node:path';
import { readConfigOrWhy, type Config } from '../config/config.ts';
import { ownFiles, type OwnFiles } from '../core/folder.ts';
import { homePlace, readState, type State, readReplaced, type Replaced } from '../config/state.ts';
import type { Context, FileStat } from '../core/context.ts';
import { OrccError, nothingConfigured } from '../core/errors.ts';
import { TARGETS } from '../targets/index.ts';
import { isFolderTarget, isShellTarget, type Located, type TargetFile, type TargetId } from '../targets/types.ts';
import { filedKeys, namedKeyFile, namesOf } from '../config/named-keys.ts';
import { sameBytes } from '../text/same-bytes.ts';
import { rememberSecret } from '../text/text.ts';

/** A file as it is now. */
export interface FileNow {
  /** null: there is no such file. */
  readonly bytes: Uint8Array | null;
  readonly mode: number | null;
  /** Folders above it that do not exist, outermost first. */
  readonly missingParents: readonly string[];
  /** Set if the file can't be read or written: nothing may be planned for it. */
  readonly problem?: OrccError;
  /** The current content holds a key that is leaving, so no backup of it may be kept. */
  readonly holdsKey?: true;
}

export const NO_FILE: FileNow = { bytes: null, mode: null, missingParents: [] };

/** The edit of a file, given how it is now. `mode`: the permission bits that it is to end with; null keeps them. */
export function editOf(
  { path, owner, summary }: Pick<Edit, 'path' | 'owner' | 'summary'>,
  { bytes, mode: modeBefore }: FileNow,
  after: Uint8Array | null,
  mode: number | null = null,
): Edit {
  return { path, owner, before: bytes, after, mode, modeBefore, summary };
}

/** Why nothing can be planned for one file of a target: its own problem, or a refusal to edit it. */
export function problemOf(
  target: TargetId,
  path: string,
  {
    code = 'FILE_REFUSED',
    message,
    hint = 'Fix the file, then run orcc again',
  }: Pick<OrccError, 'message'> & Partial<Pick<OrccError, 'code' | 'hint'>>,
  consent?: Problem['consent'],
): Problem {
  return { target, path, code, message, hint, consent };
}

/**
 * What the planner needs to know of this machine: plain data, read once. `files`
 * has an entry for every path that a plan may change.
 */
export interface Machine {
  readonly own: OwnFiles;
  readonly config: Config | undefined;
  /** Set if config.json exists but does not parse; `config` is then undefined. */
  readonly configBroken: OrccError | undefined;
  readonly state: State;
  readonly replaced: Replaced;
  readonly located: ReadonlyMap<TargetId, Located>;
  readonly files: ReadonlyMap<string, FileNow>;
  readonly home: string;
  readonly platform: NodeJS.Platform;
}

type Slice = Pick<Context, 'fs' | 'env' | 'home' | 'platform' | 'cwd' | 'exec'>;

/**
 * Reads orcc's own files, the files of the given targets (which may follow from the state) and of all recorded ones, and
 * `extra` paths. Changes nothing. Throws exit 6 if one of orcc's own files can't be read; any other
 * gets a `problem`. With `recorded` the targets' files are those that orcc wrote before, and no shell is asked
 * where its files are.
 */
export async function observeMachine(
  ctx: Slice,
  targets: readonly TargetId[] | ((state: State) => readonly TargetId[]) = [],
  extra: readonly string[] = [],
  places: 'found' | 'recorded' = 'recorded',
): Promise<Machine> {
  const own = ownFiles(ctx);
  // Their bytes before what they say: if another orcc writes in between, a later look finds that they have changed.
  const files = new Map<string, FileNow>(ownPaths(own).map((file) => [file, readFileNow(ctx.fs, file)]));
  const { state, replaced } = await readRecords(ctx, own);
  const { config, configBroken } = readConfigOrWhy(ctx.fs, own.config);
  const located = await locate(ctx, typeof targets === 'function' ? targets(state) : targets, state, places);
  const named = filedKeys(namesOf({ config, state })).map((name) => namedKeyFile(own, name, ctx.platform));
  addFiles(ctx, files, named);
  for (const file of named) rememberSecret(keyIn(files.get(file)));
  addFiles(ctx, files, [
    ...filesOf(located),
    ...state.targets.map((target) => target.path),
    ...state.ignores.map((ignore) => ignore.path),
    ...state.adopted.map((each) => each.path),
    ...extra,
  ]);
  return { own, config, configBroken, state, replaced, located, files, home: ctx.home, platform: ctx.platform };
}

/** What orcc wrote where, and what it replaced. If the current folder was renamed, its records follow it. */
async function readRecords(
  ctx: Pick<Slice, 'fs' | 'cwd' | 'home' | 'platform'>,
  own: OwnFiles,
): Promise<Pick<Machine, 'state' | 'replaced'>> {
  const state = readState(ctx.fs, own.state, ctx.home);
  const replaced = readReplaced(ctx.fs, own.replaced, () => homePlace(ctx.fs, own.state, ctx.home));
  const isGone = state.targets.some(({ id, path }) => isFolderTarget(id) && ctx.fs.lstat(path) === undefined);
  return isGone ? (await import('./moved-folder.ts')).followMovedFolder(ctx, { state, replaced }) : { state, replaced };
}

/** The key in a file of orcc's; '' if there is none. */
export function keyIn(file: Pick<FileNow, 'bytes'> | undefined): string {
  return Buffer.from(file?.bytes ?? [])
    .toString('utf8')
    .trim();
}

/** The machine for these targets and paths: reads only what it does not have yet. */
export async function completeMachine(
  ctx: Slice,
  machine: Machine,
  targets: readonly TargetId[] = [],
  extra: readonly string[] = [],
  places: 'found' | 'recorded' = 'recorded',
): Promise<Machine> {
  const open = targets.filter((id) => !machine.located.has(id));
  const added = await locate(ctx, open, machine.state, places);
  const located = new Map([...machine.located, ...added].filter(([id]) => targets.includes(id)));
  const files = new Map(machine.files);
  addFiles(ctx, files, [...filesOf(located), ...extra]);
  return { ...machine, located, files };
}

/** The configuration. Throws exit 3 if nothing is configured, 6 if it does not parse. */
export function requireConfig({ config, configBroken }: Pick<Machine, 'config' | 'configBroken'>): Config {
  if (configBroken !== undefined) throw configBroken;
  if (config === undefined) throw nothingConfigured();
  return config;
}

/** The machine with all its files read again; `made` are folders that the lock has made, which still count as missing. Starts nothing. */
export function readAgain(ctx: Pick<Context, 'fs'>, machine: Machine, made: readonly string[] = []): Machine {
  const files = [...machine.files.keys()].map((file): [string, FileNow] => {
    const now = tryFileNow(ctx.fs, file);
    const above = made.filter((folder) => isBelow(file, folder));
    return [file, above.length === 0 ? now : { ...now, missingParents: [...new Set([...above, ...now.missingParents])] }];
  });
  return { ...machine, files: new Map(files) };
}

/** Files that differ now: in bytes, mode, missing folders above them, or what is wrong with them. orcc's own come first. */
export function changedFiles(before: Machine, now: Machine): readonly string[] {
  const changed = [...before.files].flatMap(([file, old]) => (sameFile(old, now.files.get(file) ?? NO_FILE) ? [] : [file]));
  return [...changed.filter((file) => isOwnFile(before, file)), ...changed.filter((file) => !isOwnFile(before, file))];
}

/** Whether it is one of orcc's own files: key, configuration, state, what was replaced. */
export function isOwnFile({ own }: Machine, file: string): boolean {
  return ownPaths(own).includes(file);
}

function sameFile(a: FileNow, b: FileNow): boolean {
  return (
    sameBytes(a.bytes, b.bytes) &&
    a.mode === b.mode &&
    a.problem?.message === b.problem?.message &&
    a.missingParents.join('\n') === b.missingParents.join('\n')
  );
}

function isBelow(file: string, folder: string): boolean {
  return file.startsWith(folder) && /^[/\\]/.test(file.slice(folder.length));
}

function ownPaths(own: OwnFiles): readonly string[] {
  return [own.key, own.config, own.configBroken, own.state, own.replaced];
}

function filesOf(located: ReadonlyMap<TargetId, Located>): readonly string[] {
  return [...located.values()].flatMap((each) => each.files.map((file) => file.path));
}

function addFiles(ctx: Pick<Context, 'fs'>, files: Map<string, FileNow>, paths: readonly string[]): void {
  for (const file of paths) {
    if (!files.has(file)) files.set(file, tryFileNow(ctx.fs, file));
  }
}

async function locate(
  ctx: Slice,
  targets: readonly TargetId[],
  state: State,
  places: 'found' | 'recorded',
): Promise<ReadonlyMap<TargetId, Located>> {
  const located = new Map<TargetId, Located>();
  for (const target of TARGETS) {
    if (!targets.includes(target.id)) continue;
    const isKnown = places === 'found' || !isShellTarget(target.id) || state.targets.some(({ id }) => id === target.id);
    const found = isKnown ? await target.locate(ctx, { ask: places === 'found' }) : NOT_RECORDED;
    located.set(target.id, places === 'found' ? found : { ...found, files: recordedFiles(target.id, found, state) });
  }
  return located;
}

const NOT_RECORDED: Located = { files: [], notes: [], offered: false };

/** The files of a machine target that orcc has written. A folder's targets, and user settings that it never wrote, are as found. */
function recordedFiles(id: TargetId, found: Located, state: State): Located['files'] {
  if (isFolderTarget(id)) return found.files;
  const recorded = state.targets.filter((target) => target.id === id);
  if (recorded.length === 0 && !isShellTarget(id)) return found.files;
  return recorded.map(({ path: file }): TargetFile => {
    const same = found.files.find((each) => each.path === file);
    if (same !== undefined) return same;
    return { path: file, startup: 'interactive' };
  });
}

/** A file's bytes and mode. Throws exit 6 for a folder, a device, an unreadable or a huge file. */
export function readFileNow(fs: Context['fs'], file: string): FileNow {
  let stat: FileStat | undefined;
  try {
    stat = fs.stat(file);
    if (stat === undefined) return { bytes: null, mode: null, missingParents: missingParents(fs, file) };
  } catch (error) {
    throw unreadable(file, error);
  }
  if (stat.kind !== 'file') {
    throw new OrccError('refused', `\`${file}\` is ${stat.kind === 'directory' ? 'a folder' : 'not an ordinary file'}`, {
      hint: 'orcc only writes ordinary files: move it away, or choose another target',
    });
  }
  if (stat.size > LARGEST_FILE) {
    throw new OrccError('refused', `\`${file}\` ${largerThan(LARGEST_FILE)}`, { hint: 'Choose another target' });
  }
  try {
    return { bytes: fs.readFile(file), mode: stat.mode, missingParents: [] };
  } catch (error) {
    throw unreadable(file, error);
  }
}

/** `readFileNow`, with what it would throw as the file's `problem`. */
export function tryFileNow(fs: Context['fs'], file: string): FileNow {
  try {
    return readFileNow(fs, file);
  } catch (error) {
    if (!(error instanceof OrccError)) throw error;
    return { ...NO_FILE, problem: error };
  }
}

function missingParents(fs: Context['fs'], file: string): readonly string[] {
  const missing: string[] = [];
  let folder = dirname(file);
  while (fs.stat(folder) === undefined && dirname(folder) !== folder) {
    missing.unshift(folder);
    folder = dirname(folder);
  }
  return missing;
}

function unreadable(file: string, error: unknown): OrccError {
  const code = errnoOf(error) ?? 'unknown';
  const circle = code === 'ELOOP' ? meaningOf(code) : undefined;
  const { reason, hint } = circle ?? { reason: `it can't be read (${code})`, hint: 'Check its owner and mode' };
  return new OrccError('refused', `\`${file}\`: ${reason}`, { hint: `${hint}; nothing was written`, cause: error });
}
