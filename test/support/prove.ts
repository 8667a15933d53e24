import { accessSync, appendFileSync, constants, existsSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';

/** What a test needs from the machine, beyond Node. All that is given must be there. */
export interface Need {
  /** A program on PATH. */
  readonly program?: string;
  /** A file or folder; undefined (a variable that is not set) counts as absent. */
  readonly file?: string | undefined;
  /** How `file` is called in the reason, e.g. the name of the variable that should lead to it. */
  readonly fileName?: string;
  readonly platform?: NodeJS.Platform;
  /** Anything else, already looked at: true where it is there. */
  readonly fact?: boolean;
  /** How `fact` reads in the reason, e.g. "network namespaces (unshare -rn)". */
  readonly factName?: string;
}

/** One line of the notes that the reporter reads. */
export interface SkipNote {
  readonly module: string;
  readonly reason: string;
}

/**
 * Why a test cannot be proven here, or undefined where it can: `describe.skipIf(needs({ program: 'fish' }))`. The reason
 * is noted, so that the end of the run lists it under "Not proven here".
 */
export function needs(need: Need): string | undefined {
  const reason = reasonAgainst(need);
  const notes = process.env['PROVE_NOTES_FILE'];
  if (reason !== undefined && notes !== undefined) {
    const note: SkipNote = { module: expect.getState().testPath ?? '', reason };
    appendFileSync(notes, `${JSON.stringify(note)}\n`);
  }
  return reason;
}

function reasonAgainst(need: Need): string | undefined {
  const { platform, program, file, fileName } = need;
  if (platform !== undefined && platform !== process.platform) return `needs ${platform}, this is ${process.platform}`;
  if (program !== undefined && findProgram(program) === undefined) return `${program} is not installed`;
  if (need.fact === false) return `no ${need.factName ?? 'way to do it'}`;
  if ('file' in need && file === undefined) return `${fileName ?? 'the path of a file'} is not set`;
  if (file !== undefined && !existsSync(file)) return `${fileName ?? file} is not there`;
  return undefined;
}

/** Full path of a program on this process's PATH, else where `ORCC_PROVE_<NAME>` says that it is. */
export function findProgram(name: string): string | undefined {
  const elsewhere = process.env[`ORCC_PROVE_${name.toUpperCase()}`];
  return (process.env['PATH'] ?? '')
    .split(path.delimiter)
    .map((folder) => path.join(folder, name))
    .concat(elsewhere ?? [])
    .find((candidate) => {
      try {
        accessSync(candidate, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}
