import { DEFAULT_BASE_URL } from '../core/hosts.ts';
import { defined } from '../text/defined.ts';
import { readClaudeState } from '../claude/claude-state.ts';
import { readSavedLogins } from '../claude/claude-keychain.ts';
import { listSessions } from '../claude/sessions.ts';
import { readClaudeVersion } from '../claude/version.ts';
import { missingProgram } from '../config/status-line.ts';
import { wayBack } from '../config/state.ts';
import { recordedVariables } from '../config/config.ts';
import type { Context } from '../core/context.ts';
import { OrccError } from '../core/errors.ts';
import { type Layers, readLayers, effectiveMapping } from '../claude/layers.ts';
import type { Machine } from '../change/machine.ts';
import { furtherFiles } from '../change/further-files.ts';
import { findOutdated } from '../change/outdated.ts';
import { readCachedCatalog, type Catalog } from '../openrouter/catalog.ts';
import { findKeychain } from '../config/keychain.ts';
import { findExposures } from '../keys/leaks/find-exposures.ts';
import { findLeftSessions } from '../change/session-file.ts';
import { loadKey } from '../change/read-key.ts';
import { askKeyCommand, type CommandContext } from '../config/key-command.ts';
import { filedKeys, namedKeyFile, namesOf } from '../config/named-keys.ts';
import { holdsLiterally, usesHelper } from '../config/storage.ts';
import { readGit } from '../targets/git.ts';
import { targetOf } from '../targets/index.ts';
import { isMany, isShellTarget } from '../targets/types.ts';
import { settingsWithKey } from './checks/files.ts';
import type { GitState, KeyFile, ModelRecord, Observed, Configured } from './observed.ts';
import { observeAround } from './observe-around.ts';
import { judgeStartup } from './judge-startup.ts';
import { readBlocks } from './read-blocks.ts';
import { attempt } from '../text/attempt.ts';

/**
 * Reads everything that doctor looks at, once. Starts Claude Code (`--version`), the user's shell, git and, except on Linux, a
 * program that lists processes, each with a time limit; makes no network call and changes nothing.
 *
 * @param live the catalog, if it is being fetched
 * @param written a setup was just written: this terminal counts as if it had loaded the start-up files again, and what has nothing
 *   to do with it (sessions, leaks, what is around the terminal) is not looked for
 */
export async function observe(
  ctx: Context,
  machine: Machine,
  { live, written = false }: { readonly live?: Promise<Catalog> | undefined; readonly written?: boolean } = {},
): Promise<Observed> {
  const { config, state } = machine;
  const claudeState = readClaudeState(ctx);
  const [claude, sessions, startup, forbiddenBy, exposures, around, saved] = await Promise.all([
    readClaudeVersion(ctx),
    written ? [] : listSessions(ctx),
    judgeStartup(ctx, machine),
    executionPolicy(ctx, machine),
    written ? [] : findExposures(ctx, machine),
    written ? undefined : observeAround(ctx),
    readSavedLogins(ctx, claudeState),
  ]);
  const now = readLayers(ctx, { shellAssignments: startup.assignments });
  const layers = written ? reloaded(now) : now;
  const catalog = (await live) ?? cachedCatalog(ctx, machine);
  const configured = configuredOf(machine);
  const missingKey = configured === undefined ? undefined : await findMissingKey(ctx, machine);
  const changedAt = lastChange(ctx, machine);
  const blocks = readBlocks(machine);
  const keyFiles = findKeyFiles(ctx, machine);
  return {
    platform: ctx.platform,
    home: ctx.home,
    now: ctx.clock.now(),
    layers,
    views: [
      { from: 'startup', name: 'in new terminals', mapping: effectiveMapping(layers, 'startup', claude.version) },
      { from: 'process', name: 'in this terminal', mapping: effectiveMapping(layers, 'process', claude.version) },
    ],
    claude,
    state: claudeState,
    saved,
    sessions,
    ...defined({ changedAt, configured, missingKey, shell: startup.shell, around, forbiddenBy }),
    ...{ outdated: findOutdated(machine), further: furtherFiles(machine) },
    own: state.targets.filter(({ carries }) => carries === 'setup').map(({ id, path }) => ({ id, path })),
    // If a shell's block is broken, a value of unknown origin (its `file` is the shell's name) does not count as hand-written.
    handWritten: startup.handWritten.filter(({ file }) => blocks.every(({ target }) => target !== file)),
    blocks: [...blocks, ...startup.unreached.filter((each) => blocks.every(({ path }) => path !== each.path))],
    leftSessions: findLeftSessions(ctx),
    deadStatusLine: missingProgram(ctx, config?.native === true ? undefined : config?.statusLine),
    keyFiles,
    exposures,
    git: await readGitStates(ctx, [...settingsWithKey({ layers }), ...keyFiles]),
    models: (id) => recordOf(catalog, id),
    ...(catalog.source === 'builtin' ? {} : { catalog }),
    ...{ native: config?.native ?? false, wayBack: wayBack(state.targets) },
    claudeNames: startup.claudeNames,
  };
}

function recordOf(catalog: Catalog, id: string): ModelRecord | undefined {
  const row = catalog.find(id);
  return row && { window: row.context, maxOutput: row.maxOutput, ...(row.expires === undefined ? {} : { expires: row.expires }) };
}

/** The layers once this terminal has loaded its start-up files. */
function reloaded(layers: Layers): Layers {
  const process = new Map(layers.process);
  for (const { name, value } of layers.startup) {
    if (value === null) process.delete(name);
    else process.set(name, value);
  }
  return { ...layers, process };
}

function cachedCatalog(ctx: Context, { own, config }: Machine): Catalog {
  const endpoint = { baseUrl: config?.baseUrl ?? DEFAULT_BASE_URL };
  return readCachedCatalog(ctx, { folder: own.folder, endpoint, bases: config?.limits.bases });
}

function configuredOf({ config }: Machine): Configured | undefined {
  if (config === undefined || config.native) return undefined;
  return {
    baseUrl: config.baseUrl,
    variables: recordedVariables(config),
    autoMode: config.autoMode,
    helper: usesHelper(config.keyStorage),
  };
}

async function findMissingKey(
  ctx: Pick<Context, 'fs' | 'env' | 'exec' | 'platform' | 'signal'>,
  machine: Machine,
): Promise<Observed['missingKey']> {
  if ((await loadKey(ctx, machine)) !== undefined) return undefined;
  const storage = machine.config?.keyStorage;
  if (storage?.kind === 'env') return { place: `the variable ${storage.ref ?? ''}` };
  if (storage?.kind === 'command') return { place: `what \`${storage.ref ?? ''}\` prints`, why: await whyNoKey(ctx, storage.ref ?? '') };
  if (storage?.kind === 'profile') return { place: 'any file that orcc wrote' };
  if (storage?.kind === 'keychain') return { place: `${findKeychain(ctx.platform)?.name ?? 'the keychain'}, or it is locked` };
  return { place: machine.own.key, file: machine.own.key };
}

/** The key command's own error message. */
async function whyNoKey(ctx: CommandContext, command: string): Promise<string> {
  try {
    await askKeyCommand(ctx, command);
    return 'it gave one just now';
  } catch (error) {
    if (error instanceof OrccError) return error.message;
    throw error;
  }
}

/** orcc's own files with keys, and start-up and further settings files that hold the key itself. */
function findKeyFiles(ctx: Pick<Context, 'fs'>, { own, config, state, platform }: Machine): readonly KeyFile[] {
  const storage = config?.keyStorage;
  const profiles = state.targets.filter(({ id, carries, modeless }) => {
    if (storage === undefined || carries !== 'setup' || modeless === true) return false;
    return isShellTarget(id) ? storage.kind === 'profile' : isMany(id) && holdsLiterally({ id }, storage);
  });
  const named = filedKeys(namesOf({ config, state })).map((name) => namedKeyFile(own, name, platform));
  const paths = [own.key, ...named, own.replaced, ...profiles.map(({ path }) => path)];
  const stat = (path: string): KeyFile[] => {
    const found = attempt(() => ctx.fs.stat(path));
    return found?.kind === 'file' ? [{ path, mode: found.mode }] : [];
  };
  return paths.flatMap(stat);
}

/** When orcc last wrote its records, which it does with every change, in milliseconds since 1970. */
function lastChange(ctx: Pick<Context, 'fs'>, { own }: Machine): number | undefined {
  const times = [own.config, own.state].flatMap((path) => attempt(() => ctx.fs.stat(path)?.mtimeMs) ?? []);
  return times.length === 0 ? undefined : Math.max(...times);
}

/** What git says about each file that holds a key. Starts nothing if no folder above it has a `.git`. */
async function readGitStates(
  ctx: Pick<Context, 'exec' | 'env' | 'platform' | 'fs'>,
  files: readonly KeyFile[],
): Promise<ReadonlyMap<string, GitState>> {
  const states = new Map<string, GitState>();
  for (const { path } of files) states.set(path, (await readGit(ctx, path)).kind);
  return states;
}

/** The policy that forbids the profile; else undefined. It counts only on Windows, and asking for it starts PowerShell. */
async function executionPolicy(ctx: Context, { state }: Machine): Promise<string | undefined> {
  const isUsed = state.targets.some(({ id, carries }) => id === 'powershell' && carries === 'setup');
  if (ctx.platform !== 'win32' || !isUsed) return undefined;
  const { refusal } = await targetOf('powershell').locate(ctx);
  return /\b(?:Restricted|AllSigned)\b/.exec(refusal?.reason ?? '')?.[0];
}
