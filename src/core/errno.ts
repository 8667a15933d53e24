import { OrccError } from './errors.ts';
import { escapeInvisible } from '../text/text.ts';

/** The system's code of a failure (`ENOENT`); undefined for every other error. */
export function errnoOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** Failures that trying again would not change. */
const SETTLED = new Set(['ENOENT', 'ENOTDIR', 'ENOTEMPTY', 'EEXIST']);

/**
 * Runs a step of cleaning up whose failure must not hide the first one, once more where the
 * system may have hiccuped. The step must be safe to run twice.
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
  ENOTDIR: ['part of its path is not a folder', 'Move that file away, or choose another target'],
  EIO: ['the disk reports an error', 'Check the disk'],
  EMFILE: ['too many open files', 'Close some programs and run it again'],
};

/** What a code of the system means, and what to do; undefined for one that says nothing to a user. */
export function meaningOf(errno: string | undefined): { readonly reason: string; readonly hint: string } | undefined {
  const [reason, hint] = REASONS[errno ?? ''] ?? [];
  return reason === undefined || hint === undefined ? undefined : { reason, hint };
}

/** An error of the system as a refusal (exit 6) that names the file. Errors of orcc's own pass unchanged. */
export function asRefusal(error: unknown, path: string, then: string): unknown {
  const errno = errnoOf(error);
  if (error instanceof OrccError || errno === undefined) return error;
  const { reason, hint } = meaningOf(errno) ?? { reason: 'it failed', hint: 'Run this again' };
  return new OrccError('refused', `\`${escapeInvisible(path)}\`: ${reason} (${errno}); ${then}`, { hint, cause: error });
}

/** The refusal of a file that is there and can't be read (exit 6). `shown`: its path, fit for a terminal. */
export function cannotRead(shown: string, error: unknown): OrccError {
  return new OrccError('refused', `\`${shown}\` can't be read (${errnoOf(error) ?? 'unknown'})`, {
    hint: 'Check its owner and mode',
    cause: error,
  });
}
