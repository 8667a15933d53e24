import { bash } from './bash.ts';
import { fish } from './fish.ts';
import { powershell } from './powershell.ts';
import { settingsFile } from './settings-file.ts';
import { settingsTarget } from './settings-target.ts';
import type { Target, TargetId } from './types.ts';
import { zsh } from './zsh.ts';

const user = settingsTarget('user', 'every terminal and IDE; beats the shell');
const project = settingsTarget('project', 'everyone who works on this project; the mapping alone, never the key');
const local = settingsTarget('local', 'Claude Code in this folder, for you alone');

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
