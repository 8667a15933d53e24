import { EDITORS_FOLDER } from '../../apply/confine.ts';
import { describeOpen, keepsModes, openKeyError } from '../../apply/keeps-modes.ts';
import { resolvePlace } from '../../apply/place.ts';
import { claudePaths, SETTINGS_NAMES } from '../../claude/paths.ts';
import { tryFileNow, type Machine } from '../../change/machine.ts';
import type { Context } from '../../core/context.ts';
import { OrccError } from '../../core/errors.ts';
import { pathsOf } from '../../core/paths-of.ts';
import { holdsLiterally } from '../../config/storage.ts';
import { isWindowsHome, windowsSettings } from '../../targets/settings-file.ts';
import { stripControls, shortPath } from '../../text/text.ts';
import type { Ground, Answers, SettingsFile, Agree, Deciding } from './types.ts';

const NAMES: readonly string[] = Object.values(SETTINGS_NAMES);

/** The path of `--settings-file`, absolute; `~` is the home folder. Throws exit 2 for any other, with the one that may be meant. */
export function settingsPath({ home, cwd, platform }: Pick<Context, 'home' | 'cwd' | 'platform'>, word: string): string {
  const { isAbsolute, join, resolve } = pathsOf(platform);
  const path = /^~[/\\]/.test(word) ? join(home, word.slice(2)) : word;
  const drive = platform === 'linux' ? /^([A-Za-z]):[\\/](.*)$/.exec(word) : null;
  const meant = drive === null ? resolve(cwd, path) : `/mnt/${(drive[1] ?? '').toLowerCase()}/${(drive[2] ?? '').replaceAll('\\', '/')}`;
  if (word === '' || path.includes('\0') || !isAbsolute(path))
    throw bad(word, 'is not an absolute path', word === '' ? 'Give the path of a settings.json' : `Give \`${stripControls(meant)}\``);
  return resolve(path);
}

/**
 * The files that `--settings-file` names, each once. Throws exit 2 for a path that can't be a further settings file, and exit 6 for
 * one that this user can't have written: a folder, a device, another user's file.
 */
export function namedSettingsFiles(
  ctx: Pick<Context, 'fs' | 'env' | 'home' | 'platform' | 'cwd' | 'uid'>,
  words: readonly string[],
): readonly string[] {
  const seen = new Set<string>();
  return words.flatMap((word) => {
    const path = settingsPath(ctx, word);
    refusePlace(ctx, path);
    const { real } = resolvePlace(ctx, path);
    return seen.has(real) ? [] : [seen.add(real) && path];
  });
}

function refusePlace(ctx: Pick<Context, 'fs' | 'env' | 'home' | 'platform' | 'cwd' | 'uid'>, path: string): void {
  const { basename, join } = pathsOf(ctx.platform);
  const { real, stat, missing } = resolvePlace(ctx, path);
  const refuse = (reason: string, hint: string, code?: string): OrccError =>
    new OrccError('refused', `\`${shortPath(path, ctx.home)}\` ${reason}`, { code, hint: `${hint}; nothing was written`, data: { path } });
  if (stat?.kind === 'directory') throw refuse('is a folder', `Name a file in it: \`${shortPath(join(path, 'settings.json'), ctx.home)}\``);
  if (!NAMES.includes(basename(path)))
    throw bad(shortPath(path, ctx.home), 'is not a settings file of Claude Code', 'Its name is settings.json (or settings.local.json)');
  if (stat !== undefined && stat.kind !== 'file')
    throw refuse('is a pipe, a socket or a device, not an ordinary file', 'Give the settings.json of another Claude Code');
  if (EDITORS_FOLDER.test(path))
    throw bad(shortPath(path, ctx.home), 'belongs to an editor', '`orcc export --vscode` prints what to put in its settings');
  const { user, project, local, managed } = claudePaths(ctx);
  const taken = Object.entries({ user, project, local, managed }).find(
    ([, each]) => each === path || resolvePlace(ctx, each).real === real,
  );
  if (taken !== undefined)
    throw bad(
      shortPath(path, ctx.home),
      `is ${taken[0] === 'managed' ? "the administrator's file" : `the target \`${taken[0]}\` already`}`,
      taken[0] === 'managed' ? '`orcc export --managed` prints one' : `Use \`--target ${taken[0]}\``,
    );
  if (stat !== undefined && ctx.uid !== undefined && stat.uid !== ctx.uid)
    throw refuse(`belongs to another user (uid ${stat.uid}, this is uid ${ctx.uid})`, 'Run orcc as that user', 'FOREIGN_OWNER');
  if (missing.length > 1)
    throw refuse(
      `is in a folder that does not exist: \`${shortPath(missing[0] ?? '', ctx.home)}\``,
      'Check that its drive is mounted, or create the folder',
    );
}

/** The further settings files that hold the setup according to orcc's records. */
export function recordedSettingsFiles({ state }: Pick<Machine, 'state'>): readonly string[] {
  return state.targets.flatMap(({ id, path, carries, returns }) =>
    id === 'settings-file' && (carries === 'setup' || returns === 'setup') ? [path] : [],
  );
}

/** Throws exit 6 if CLAUDE_CONFIG_DIR turns a file that is recorded as a further one into the user settings of this run. */
export function refuseTwoPlaces(ctx: Pick<Context, 'env' | 'home' | 'platform' | 'cwd'>, machine: Pick<Machine, 'state'>): void {
  const { user } = claudePaths(ctx);
  if (machine.state.targets.every(({ id, path }) => id !== 'settings-file' || path !== user)) return;
  throw new OrccError(
    'refused',
    `CLAUDE_CONFIG_DIR makes \`${shortPath(user, ctx.home)}\` the user settings, and orcc has written it as a further file`,
    {
      hint: 'Run orcc without CLAUDE_CONFIG_DIR to write both',
      data: { path: user },
    },
  );
}

/** The files that can be ticked: the named and recorded ones, and those of Windows under WSL. */
export function offeredSettingsFiles(
  ctx: Pick<Context, 'fs' | 'env' | 'platform'>,
  { machine, named }: Pick<Ground, 'machine' | 'named'>,
): readonly string[] {
  const windows = windowsSettings(ctx).filter((path) => tryFileNow(ctx.fs, path).problem === undefined);
  return [...new Set([...named, ...recordedSettingsFiles(machine), ...windows])];
}

/**
 * The chosen further files, with what the planner has to know about them. On a file system without modes everyone on this machine
 * could read the key: asks whether that is fine, and throws exit 6 if nobody can be asked, exit 7 for a no. Modes are tried with a
 * temporary file, so not in a dry run.
 */
export async function admitSettingsFiles(
  ctx: Context,
  { intent, ground, agree }: Deciding,
  { settingsFiles, storage, targets }: Answers,
): Promise<readonly SettingsFile[]> {
  const { yes, dryRun } = intent;
  const { machine, named } = ground;
  const files: SettingsFile[] = [];
  for (const path of targets.includes('settings-file') ? settingsFiles : []) {
    const old = machine.state.targets.find((each) => each.id === 'settings-file' && each.path === path);
    const isKnown = old?.modeless === true;
    const modeless = isKnown || (!dryRun && holdsLiterally({ id: 'settings-file' }, storage) && !keepsModes(ctx, path));
    if (modeless && !isKnown) await agreeToOpenKey(ctx, path, yes, agree);
    files.push({ path, isNamed: old === undefined || named.includes(path), modeless });
  }
  return files;
}

async function agreeToOpenKey(
  ctx: Pick<Context, 'interactive' | 'home' | 'platform'>,
  path: string,
  yes: boolean,
  agree: Agree,
): Promise<void> {
  if (yes || !ctx.interactive) {
    const other = isWindowsHome(path, ctx.platform)
      ? ''
      : ', or choose a key storage that keeps it out of the file: `--key-storage helper`';
    throw openKeyError(path, ctx, `Run it in a terminal without \`--yes\` to be asked${other}`);
  }
  if (await agree([describeOpen(path, ctx)], 'Keep the key there anyway?', false)) return;
  throw new OrccError('declined', 'Nothing was written', { hint: 'Run `orcc init` again without that file' });
}

function bad(word: string, reason: string, hint: string): OrccError {
  return new OrccError('usage', `\`--settings-file\`: \`${stripControls(word).slice(0, 200)}\` ${reason}`, { hint });
}
