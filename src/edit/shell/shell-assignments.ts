import type { ShellId } from './types.ts';
import { scanFish } from './shell-assignments-fish.ts';
import { scanPowershell } from './shell-assignments-powershell.ts';
import { scanSh } from './shell-assignments-sh.ts';
import type { StartupText } from './shell-scan.ts';

const SCANNERS = { sh: scanSh, fish: scanFish, powershell: scanPowershell } as const;

/**
 * Reads a start-up file without running it: which of `names` it sets, in the
 * order of the file, and which files it sources. Comments and here-documents
 * do not count.
 */
export function scanStartupText(
  text: string,
  shell: ShellId,
  names: readonly string[],
  options: { readonly exporting?: boolean } = {},
): StartupText {
  return SCANNERS[shell](text, new Set(names), options);
}
