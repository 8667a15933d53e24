import { bash } from './bash.ts';
import { fish } from './fish.ts';
import { local } from './local.ts';
import { powershell } from './powershell.ts';
import { project } from './project.ts';
import { settingsFile } from './settings-file.ts';
import type { Target, TargetId } from './types.ts';
import { user } from './user.ts';
import { zsh } from './zsh.ts';

/** Every target, in the order in which they are shown. */
export const TARGETS = [bash, zsh, fish, powershell, user, settingsFile, project, local] as const satisfies readonly Target[];

const BY_ID: Readonly<Record<TargetId, Target>> = {
  ...{ bash, zsh, fish, powershell, user, project, local },
  'settings-file': settingsFile,
};

/** The target of that name. */
export function targetOf(id: TargetId): Target {
  return BY_ID[id];
}
