import type { FileStat } from './context.ts';

/**
 * Whether reading what lies there comes to an end: an ordinary file, or what a shell hands over for `<(…)`. A pipe or a device elsewhere,
 * which a folder may bring along, could wait or go on for ever.
 */
export function endsWhenRead({ kind }: Pick<FileStat, 'kind'>, file: string): boolean {
  return kind === 'file' || (kind === 'other' && /^\/(?:dev|proc\/self)\/fd\/\d+$/.test(file));
}
