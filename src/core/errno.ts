import { OrccError } from './errors.ts';
import { escapeInvisible } from '../text/text.ts';

/** The error code of a system error (`ENOENT`); undefined for any other error. */
export function errnoOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** Failures for which a retry is pointless. */
const SETTLED = new Set(['ENOENT', 'ENOTDIR', 'ENOTEMPTY', 'EEXIST']);

/**
 * Runs a clean-up step and swallows its failure, which must not hide the original error. Retries once if
 * that could help, so the step must be safe to run twice.
 */
export function quietly(step: () => void): void {
  for (let tries = 0; tries < 2; tries += 1) {
    try {
      step();
      return;
    } catch (error) {
      if (SETTLED.has(errnoOf(error) ?? '')) return;
    }
  }
}

const REASONS: Readonly<Record<string, readonly [reason: string, hint: string]>> = {
  EACCES: ['no permission', 'Check the owner and mode of the file and its folder'],
  EPERM: ['the system does not allow it', 'The file may be immutable (`lsattr` shows it) or belong to someone else'],
  EROFS: ['the file system is read-only', 'Mount it writable, or choose another target'],
  ENOSPC: ['no space left', 'Free some space and run it again'],
  EDQUOT: ['the disk quota is used up', 'Free some space and run it again'],
  EBUSY: ['it is in use', 'Close the program that holds it and run it again'],
  ETXTBSY: ['it is in use', 'Close the program that holds it and run it again'],
  ELOOP: ['its links form a loop', 'Fix the link'],
  ENAMETOOLONG: ['its name is too long', 'Choose a shorter path'],
  EISDIR: ['a folder is in its place', 'Move that folder away'],
  ENOTDIR: ['part of its path is not a folder', 'Move that file away, or choose another target'],
  EIO: ['the disk reports an error', 'Check the disk'],
  EMFILE: ['too many open files', 'Close some programs and run it again'],
};

/** What an error code means and what to do about it; undefined for a code that would tell a user nothing. */
export function meaningOf(errno: string | undefined): { readonly reason: string; readonly hint: string } | undefined {
  const [reason, hint] = REASONS[errno ?? ''] ?? [];
  return reason === undefined || hint === undefined ? undefined : { reason, hint };
}

/** Turns a system error into a refusal (exit 6) that names the file; `then` ends its sentence. Other errors are returned unchanged. */
export function asRefusal(error: unknown, path: string, then: string): unknown {
  const errno = errnoOf(error);
  if (error instanceof OrccError || errno === undefined) return error;
  const { reason, hint } = meaningOf(errno) ?? { reason: 'it failed', hint: 'Run this again' };
  return new OrccError('refused', `\`${escapeInvisible(path)}\`: ${reason} (${errno}); ${then}`, { hint, cause: error });
}

/** The error for a file that exists but can't be read (exit 6). `shown` is its path, safe to print. */
export function cannotRead(shown: string, error: unknown): OrccError {
  return new OrccError('refused', `\`${shown}\` can't be read (${errnoOf(error) ?? 'unknown'})`, {
    hint: 'Check its owner and mode',
    cause: error,
  });
}
