import { pathsOf } from '../../core/paths-of.ts';
import type { ShellPlace } from './types.ts';

/** The part of `path` below the home folder, without a leading separator; undefined if `path` is elsewhere. */
export function belowHome(path: string, place: ShellPlace): string | undefined {
  const paths = pathsOf(place.platform);
  const rest = paths.relative(place.home, path);
  return rest === '' || rest.startsWith('..') || paths.isAbsolute(rest) ? undefined : rest;
}

/** The inverse of `belowHome`. */
export function fromHome(rest: string, place: ShellPlace): string {
  return pathsOf(place.platform).join(place.home, rest);
}

/** A path as Unix shells spell it: with forward slashes on Windows too (Git Bash). */
export function withSlashes(path: string, place: ShellPlace): string {
  return place.platform === 'win32' ? path.replaceAll('\\', '/') : path;
}

/** The key file's path as a word: relative to "$HOME" if it is below it, so that the same profile works on several machines. */
export function pathWord(path: string, place: ShellPlace, literal: (value: string) => string): string {
  const rest = belowHome(path, place);
  if (rest === undefined) return literal(withSlashes(path, place));
  const slashed = withSlashes(rest, place);
  return /^[\w.+@%:,=/ -]+$/.test(slashed) ? `"$HOME/${slashed}"` : `"$HOME"/${literal(slashed)}`;
}

/** The inverse of `pathWord`, given the inverse of its `literal`; undefined if the word is not one that it writes. */
export function readPathWord(word: string, place: ShellPlace, readLiteral: (text: string) => string | undefined): string | undefined {
  const plain = /^"\$HOME\/([^"$`\\]+)"$/.exec(word)?.[1];
  if (plain !== undefined) return fromHome(plain, place);
  if (!word.startsWith('"$HOME"/')) return readLiteral(word);
  const rest = readLiteral(word.slice('"$HOME"/'.length));
  return rest === undefined ? undefined : fromHome(rest, place);
}
