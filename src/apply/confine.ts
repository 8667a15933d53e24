import { DISABLED_MARK } from '../edit/shell/shell-adopt.ts';
import { BEGIN } from '../edit/shell/block.ts';
import { OWN_NAMES, KEY_NAME, NAMED_KEY_PREFIX } from '../core/folder.ts';
import { pathsOf } from '../core/paths-of.ts';
import * as z from 'zod/mini';
import { later } from '../core/later.ts';
import { claudePaths } from '../claude/paths.ts';
import { pathFromStored } from '../core/home-path.ts';
import { OrccError } from '../core/errors.ts';
import { attempt } from '../text/attempt.ts';
import { escapeInvisible, stripControls } from '../text/text.ts';
import type { ApplyContext } from './apply-context.ts';
import { readNow, sumOfBytes } from './bytes.ts';
import { isShellTarget } from '../targets/types.ts';
import { isTargetOwner } from './types.ts';
import { backupPath } from './history.ts';
import type { Entry, Receipt, ReceiptEdit } from './journal.ts';
import { resolvePlace } from './place.ts';

/** Files in orcc's own folder that a change may name. */
const OWN = new Set<string>(Object.values(OWN_NAMES));
/** Start-up files of the shells, by the names that their targets look for. */
const STARTUP =
  /^(?:\.(?:bashrc|bash_profile|bash_login|profile|zshrc|zshenv|zprofile|zlogin)|config\.fish|orcc\.fish|(?:Microsoft\.PowerShell_)?profile\.ps1)$/i;
/** The settings.json of VS Code or one of its forks, which has the same name as Claude Code's. */
export const EDITORS_FOLDER = /[/\\](?:\.vscode|User)[/\\][^/\\]+$/;
/** File names that a settings file named by the user may have. */
const NAMED_SETTINGS = /^settings(?:\.local)?\.json$/;
const SETTINGS = /[/\\]\.claude[/\\]settings(?:\.local)?\.json$/;
/** Every block, and every line that orcc disables, holds one of these. */
const MARKS = [BEGIN, DISABLED_MARK];

const stateSchema = later(() => {
  const named = z._default(z.array(z.looseObject({ path: z.string() })), []);
  return z.looseObject({ targets: named, adopted: named, ignores: named });
});

/**
 * Limits a receipt to files that orcc can have written: its own files, a file that the state names, a place that a target resolves to, a
 * `.claude/settings*.json` or `.gitignore` of this user, or another settings.json that is not an editor's. Any other file is dropped if it
 * is still as it was before the change; otherwise orcc did not write the receipt, and it is refused (exit 6, RECEIPT_FOREIGN). So is one
 * whose temporary files are not beside their target, under the names that orcc gives them. Folders that are neither above a file of the
 * change nor in the home are dropped.
 *
 * @param follow whether bytes go where the paths lead now (undo) rather than where they led then (a run that was killed)
 */
export function confineReceipt(
  ctx: ApplyContext,
  ownFolder: string,
  entry: Pick<Entry, 'id' | 'folder'>,
  receipt: Receipt,
  { follow = false } = {},
): Receipt {
  const p = pathsOf(ctx.platform);
  const known = readKnown(ctx, ownFolder);
  if (receipt.id !== entry.id) throw foreign(entry.folder, receipt.id);
  const edits = receipt.edits.filter((edit) => {
    const { path, realPath, temp } = edit;
    const isTempOurs = temp === undefined || (p.dirname(temp) === p.dirname(realPath) && /^\.orcc-[0-9a-f]+\.tmp$/.test(p.basename(temp)));
    if (!isTempOurs || !p.isAbsolute(path) || !p.isAbsolute(realPath)) throw foreign(entry.folder, temp ?? path);
    const leadsTo = attempt(() => resolvePlace(ctx, path).real);
    const real = follow ? (leadsTo ?? realPath) : realPath;
    if (isOurPlace(ctx, { ownFolder, known, entryFolder: entry.folder, real, isWhereItLed: real === leadsTo }, edit)) return true;
    if (sumOfBytes(readNow(ctx.fs, real).bytes) !== edit.sumBefore) throw foreign(entry.folder, real);
    return false;
  });
  return confineFolders(ctx, ownFolder, { ...receipt, edits });
}

/** Drops a receipt's folders that are neither above one of its files nor in the home. Only empty folders are ever removed. */
export function confineFolders(ctx: ApplyContext, ownFolder: string, receipt: Receipt): Receipt {
  const p = pathsOf(ctx.platform);
  const files = [ownFolder, ...receipt.edits.flatMap(({ path, realPath }) => [path, realPath])];
  const isOurs = (folder: string): boolean =>
    p.isAbsolute(folder) && (files.some((file) => isBelow(ctx, folder, file)) || folder === ownFolder || isBelow(ctx, ctx.home, folder));
  const { emptied } = receipt;
  return {
    ...receipt,
    createdFolders: receipt.createdFolders.filter(isOurs),
    ...(emptied === undefined ? {} : { emptied: emptied.filter(isOurs) }),
  };
}

interface Judged {
  readonly ownFolder: string;
  /** Paths that the state names. */
  readonly known: ReadonlySet<string>;
  readonly entryFolder: string;
  /** Where the bytes would go. */
  readonly real: string;
  /** True if the path of the edit still leads there. */
  readonly isWhereItLed: boolean;
}

function isOurPlace(ctx: ApplyContext, { ownFolder, known, entryFolder, real, isWhereItLed }: Judged, edit: ReceiptEdit): boolean {
  const p = pathsOf(ctx.platform);
  const { path, owner } = edit;
  const isShell = isTargetOwner(owner) && isShellTarget(owner);
  if (!isWhereItLed) return isShell && isOfThisUser(ctx, real) && hasMark(readNow(ctx.fs, real).bytes);
  if (owner === 'key' && p.dirname(path) === ownFolder && isNamedKey(p.basename(path))) return true;
  if (owner === 'key' || owner === 'config' || owner === 'state') return p.dirname(path) === ownFolder && OWN.has(p.basename(path));
  if (known.has(path)) return true;
  if (!isOfThisUser(ctx, real)) return false;
  const isInHome = isBelow(ctx, ctx.home, path);
  if (owner === 'gitignore') return p.basename(path) === '.gitignore';
  if (!isShell) {
    const isUsers = path === claudePaths({ ...ctx, cwd: ctx.home }).user || (isInHome && p.basename(path) === 'settings.json');
    return (
      SETTINGS.test(path) ||
      (owner === 'user' && isUsers) ||
      (owner === 'settings-file' && NAMED_SETTINGS.test(p.basename(path)) && !EDITORS_FOLDER.test(path))
    );
  }
  const homes = [ctx.env['ZDOTDIR'], ctx.env['XDG_CONFIG_HOME']].flatMap((each) =>
    each !== undefined && p.isAbsolute(each) ? [each] : [],
  );
  if (STARTUP.test(p.basename(path)) && (isInHome || homes.some((each) => isBelow(ctx, each, path)))) return true;
  // A file that the user's start-up files source, in which hand-written lines were disabled.
  const backup = readNow(ctx.fs, backupPath(ctx, entryFolder, edit)).bytes;
  return hasMark(readNow(ctx.fs, real).bytes) || (isInHome && hasMark(backup));
}

/** Whether the file, or else the nearest folder above it, belongs to this user. Always true where there are no user ids. */
function isOfThisUser(ctx: ApplyContext, file: string): boolean {
  if (ctx.uid === undefined) return true;
  const { dirname } = pathsOf(ctx.platform);
  for (let at = file; ; at = dirname(at)) {
    const stat = ctx.fs.lstat(at);
    if (stat !== undefined) return stat.uid === ctx.uid;
    if (dirname(at) === at) return false;
  }
}

function hasMark(bytes: Uint8Array | null): boolean {
  if (bytes === null) return false;
  const text = Buffer.from(bytes);
  return MARKS.some((mark) => text.includes(mark) || text.includes(Buffer.from(mark, 'utf16le')));
}

/** Whether a file is called like that of a key with a name. */
function isNamedKey(name: string): boolean {
  return name.startsWith(NAMED_KEY_PREFIX) && KEY_NAME.test(name.slice(NAMED_KEY_PREFIX.length));
}

function isBelow(ctx: ApplyContext, folder: string, path: string): boolean {
  const p = pathsOf(ctx.platform);
  const below = p.relative(folder, path);
  return below !== '' && below !== '..' && !/^\.\.[/\\]/.test(below) && !p.isAbsolute(below);
}

/** Paths that the state names; none if it can't be read, which is reported elsewhere. */
function readKnown(ctx: ApplyContext, ownFolder: string): ReadonlySet<string> {
  return attempt(() => {
    const text = Buffer.from(ctx.fs.readFile(pathsOf(ctx.platform).join(ownFolder, OWN_NAMES.state))).toString('utf8');
    const { targets, adopted, ignores } = stateSchema.parse(JSON.parse(text));
    return new Set([...targets, ...adopted, ...ignores].map(({ path }) => pathFromStored(path, ctx)));
  }, new Set());
}

function foreign(entryFolder: string, name: string): OrccError {
  return new OrccError(
    'refused',
    `A record of an earlier change names \`${stripControls(name)}\`, which orcc can't have written; nothing was written`,
    {
      code: 'RECEIPT_FOREIGN',
      hint: `Check \`${escapeInvisible(entryFolder)}\`: if orcc did not create it, move it away`,
      data: { path: entryFolder },
    },
  );
}
