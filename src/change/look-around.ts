import { orccFolder, SETUP_FILES } from '../core/folder.ts';
import { listFolder } from '../core/look.ts';
import { pathsOf } from '../core/paths-of.ts';
import type { Context } from '../core/context.ts';
import type { TargetState } from '../config/state.ts';
import { inspectBlock } from '../edit/shell/block.ts';
import { readBody } from '../edit/shell/read-body.ts';
import { TARGETS } from '../targets/index.ts';
import { shellIdOf, type TargetId } from '../targets/types.ts';
import { attempt } from '../text/attempt.ts';
import { findStrayMembers, type StrayPlace } from './strays.ts';
import type { Stray } from './desired.ts';

type Slice = Pick<Context, 'fs' | 'env' | 'home' | 'platform' | 'cwd' | 'exec'>;

/** A file that may hold something of orcc's. */
export interface LookedPlace {
  readonly target: TargetId;
  readonly path: string;
}

/** What the files themselves show of orcc, whatever its records say. */
export interface Seen {
  /** Start-up files that hold a block: its markers and its sum tell whose it is. */
  readonly blocks: readonly LookedPlace[];
  readonly strays: readonly Stray[];
}

/** What an orcc that was set up leaves in its folder; a cache alone needs no removal. */
const RECORDS: readonly string[] = [...SETUP_FILES, 'history'];

/** Variables that move a target's files: without them, the files are in their usual places. */
const MOVING: readonly string[] = ['XDG_CONFIG_HOME', 'ZDOTDIR', 'USER_ZDOTDIR', 'CLAUDE_CONFIG_DIR'];

/**
 * Every file that one of these targets can have on this machine and in this folder: where the shells say, where this environment says,
 * where it usually is, and what these records name. Starts shells; only reads.
 */
export async function placesToLook(
  ctx: Slice,
  ids: readonly TargetId[],
  recorded: readonly TargetState[],
): Promise<readonly LookedPlace[]> {
  const usual = { ...ctx, env: Object.fromEntries(Object.entries(ctx.env).filter(([name]) => !MOVING.includes(name))) };
  const found: LookedPlace[] = recorded.map(({ id, path: file }) => ({ target: id, path: file }));
  for (const target of TARGETS.filter(({ id }) => ids.includes(id))) {
    const located = [await target.locate(ctx), await target.locate(ctx, { ask: false }), await target.locate(usual, { ask: false })];
    for (const { files } of located) found.push(...files.map((file) => ({ target: target.id, path: file.path })));
  }
  // In the home folder, the project's file is also the user's own.
  return found.filter((each, index) => found.findIndex((other) => other.path === each.path) === index);
}

/** What these files hold of orcc's. Pure: `bytesOf` returns what a file holds, or will hold. */
export function lookAt(places: readonly LookedPlace[], bytesOf: (file: string) => Uint8Array | null, where: StrayPlace): Seen {
  const blocks: LookedPlace[] = [];
  const strays: Stray[] = [];
  for (const place of places) {
    const bytes = bytesOf(place.path);
    if (bytes === null) continue;
    const shell = shellIdOf(place.target);
    if (shell === undefined) {
      const members = findStrayMembers(bytes, where);
      if (members.length > 0) strays.push({ ...place, members });
    } else if (!['none', 'unreadable'].includes(inspectBlock(bytes, shell).kind)) blocks.push(place);
  }
  return { blocks, strays };
}

/**
 * orcc's folders other than the current one, from which a block reads the key: an orcc with another XDG_CONFIG_HOME keeps
 * its records there. Pure.
 */
export function otherFolders(
  blocks: readonly LookedPlace[],
  bytesOf: (file: string) => Uint8Array | null,
  { folder, home, platform }: { readonly folder: string; readonly home: string; readonly platform: NodeJS.Platform },
): readonly string[] {
  const { dirname, basename } = pathsOf(platform);
  const found = blocks.flatMap(({ target, path: file }): string[] => {
    const [bytes, shell] = [bytesOf(file), shellIdOf(target)];
    if (bytes === null || shell === undefined) return [];
    const inspected = inspectBlock(bytes, shell);
    if (inspected.kind !== 'blocks') return [];
    return inspected.blocks.flatMap(({ body }) =>
      readBody(body, shell, { home, platform }).flatMap((each) =>
        'keyRef' in each && each.keyRef.kind === 'file' ? [dirname(each.keyRef.path)] : [],
      ),
    );
  });
  return [...new Set(found)].filter((each) => each !== folder && basename(each) === 'orcc');
}

/**
 * orcc's usual folder, if `folder`, which this run uses, is another one, and the usual one holds records or a key: those of an orcc
 * without this XDG_CONFIG_HOME. Only reads.
 */
export function usualFolders(ctx: Pick<Context, 'fs' | 'home' | 'platform'>, folder: string): readonly string[] {
  if (ctx.platform === 'win32') return [];
  const usual = orccFolder({ ...ctx, env: {} });
  const real = (path: string): string => attempt(() => ctx.fs.realpath(path), path);
  const isOther = real(usual) !== real(folder);
  return isOther && listFolder(ctx.fs, usual).some((name) => RECORDS.includes(name)) ? [usual] : [];
}
