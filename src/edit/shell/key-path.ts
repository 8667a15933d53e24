import { pathsOf } from '../../core/paths-of.ts';
import type { ShellPlace } from './types.ts';

/** The part of `path` below the home folder (never with a leading separator); undefined where it lies elsewhere. */
export function belowHome(path: string, place: ShellPlace): string | undefined {
  const paths = pathsOf(place.platform);
  const rest = paths.relative(place.home, path);
  return rest === '' || rest.startsWith('..') || paths.isAbsolute(rest) ? undefined : rest;
}

/** The inverse of `belowHome`. */
export function fromHome(rest: string, place: ShellPlace): string {
  return pathsOf(place.platform).join(place.home, rest);
}

/** A path as shells of the Unix kind spell it: forward slashes on Windows too (Git Bash). */
export function withSlashes(path: string, place: ShellPlace): string {
  return place.platform === 'win32' ? path.replaceAll('\\', '/') : path;
}
