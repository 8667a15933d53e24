import { fish } from './fish.ts';
import { powershell } from './powershell.ts';
import { sh } from './sh.ts';
import type { Shell, ShellId } from './types.ts';

/** Every syntax that orcc writes to files; `print-only.ts` has those that it only prints. */
export const SHELLS = { sh, fish, powershell } as const satisfies Record<ShellId, Shell>;

/** The syntax with that id. */
export function shellOf(id: ShellId): Shell {
  return SHELLS[id];
}
