import { posix } from 'node:path';
import type { Context } from '../../core/context.ts';
import { readQuietly } from '../../core/look.ts';
import { attempt } from '../../text/attempt.ts';
import type { Machine } from '../../change/machine.ts';
import { maskKey } from '../../text/text.ts';
import type { Exposure } from './exposure.ts';
import { findKeys, textOf, type FoundKey } from './find-keys.ts';
import { claudePlaces, copyPlaces, ownBackups, profilePlaces } from './places.ts';
import { historyFiles } from './shell-history.ts';

type Slice = Pick<Context, 'fs' | 'env' | 'home' | 'platform' | 'cwd'>;

/** Largest file that is searched, in bytes: histories grow without end. */
const LARGEST = 32 * 1024 * 1024;

/**
 * Looks for OpenRouter keys in the files of this user: shell histories, stray copies, profiles that others can read, and orcc's own backups
 * if they hold another key than the present one. Reads only; skips what it can't read.
 */
export function scanFiles(ctx: Slice, machine: Machine, present: string | undefined): readonly Exposure[] {
  const known = present === undefined ? [] : [present];
  const profiles = profilePlaces(ctx, machine);
  const isOurs = (file: string): boolean =>
    machine.config?.keyStorage.kind === 'profile' && machine.state.targets.some((target) => target.path === file);
  return [
    ...historyFiles(ctx).flatMap(({ path: file, syntax }) =>
      keysIn(ctx.fs, file, known).map((found): Exposure => ({ kind: 'history', file, syntax, ...show(found) })),
    ),
    ...copyPlaces(ctx, profiles).flatMap((file) =>
      keysIn(ctx.fs, file, known).map((found): Exposure => ({ kind: 'copy', file, ...show(found) })),
    ),
    ...[...profiles, ...claudePlaces(ctx)]
      .filter((file) => !isOurs(file))
      .flatMap((file) => {
        const mode = openMode(ctx, file);
        return mode === undefined
          ? []
          : keysIn(ctx.fs, file, known).map((found): Exposure => ({ kind: 'mode', file, mode, ...show(found) }));
      }),
    ...ownBackups(ctx, machine).flatMap((file) =>
      keysIn(ctx.fs, file, known)
        .filter(({ key }) => present !== undefined && key !== present)
        .map((found): Exposure => ({ kind: 'own', file, ...show(found) })),
    ),
  ];
}

/** Finds the lines that still hold this very key after it was moved or replaced: in profiles, stray copies and histories. */
export function findCopies(ctx: Slice, machine: Machine, key: string): readonly { readonly file: string; readonly line: number }[] {
  const profiles = profilePlaces(ctx, machine);
  const files = [...profiles, ...claudePlaces(ctx), ...copyPlaces(ctx, profiles), ...historyFiles(ctx).map((each) => each.path)];
  return [...new Set(files)].flatMap((file) =>
    keysIn(ctx.fs, file, [key]).flatMap((found) => (found.key === key ? [{ file, line: found.line }] : [])),
  );
}

function keysIn(fs: Context['fs'], file: string, known: readonly string[]): readonly FoundKey[] {
  const bytes = readQuietly(fs, file, LARGEST);
  return bytes === undefined ? [] : findKeys(textOf(bytes), known);
}

function show({ key, line }: FoundKey): { readonly masked: string; readonly line: number } {
  return { masked: maskKey(key), line };
}

/** The file's mode if other users can read it, which every folder above must allow too; undefined if not, and on Windows. */
function openMode({ fs, platform }: Slice, file: string): number | undefined {
  if (platform === 'win32') return undefined;
  const modeOf = (path: string): number => attempt(() => fs.stat(path)?.mode) ?? 0;
  const mode = modeOf(file);
  if ((mode & 0o044) === 0) return undefined;
  for (let folder = posix.dirname(file); ; folder = posix.dirname(folder)) {
    if ((modeOf(folder) & 0o011) === 0) return undefined;
    if (folder === posix.dirname(folder)) return mode;
  }
}
