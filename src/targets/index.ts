import { bash } from './bash.ts';
import { fish } from './fish.ts';
import { powershell } from './powershell.ts';
import { settingsFile } from './settings-file.ts';
import { type Target, type TargetId, isShared, type Located, type LocateContext } from './types.ts';
import { zsh } from './zsh.ts';
import { claudePaths } from '../claude/paths.ts';

const user = settingsTarget('user', 'every terminal and IDE; beats the shell');
const project = settingsTarget('project', 'everyone who works on this project; the mapping alone, never the key');
const local = settingsTarget('local', 'Claude Code in this folder, for you alone');

/** Every target, in the order in which they are shown. */
export const TARGETS = [bash, zsh, fish, powershell, user, settingsFile, project, local] as const satisfies readonly Target[];

const BY_ID: Readonly<Record<TargetId, Target>> = {
  ...{ bash, zsh, fish, powershell, user, project, local },
  'settings-file': settingsFile,
};

/** Returns the target with this id. */
export function targetOf(id: TargetId): Target {
  return BY_ID[id];
}

type SettingsId = 'user' | 'project' | 'local';

/** Builds one of the three settings targets, which differ only in file and title. */
function settingsTarget<Id extends SettingsId>(id: Id, title: string) {
  const locate = async (ctx: LocateContext): Promise<Located> => {
    const paths = claudePaths(ctx);
    const notes =
      id === 'user' && paths.folderDependsOnCwd
        ? ['CLAUDE_CONFIG_DIR is not an absolute path: which file this is depends on the current folder']
        : [];
    const files = [{ path: paths[id], startup: 'claude' }] as const;
    if (isShared(id) && paths[id] === paths.user) {
      const refusal = {
        reason: "in this folder the project's settings are your own user settings",
        hint: 'use `--target user`, or run orcc in the project',
      };
      return { files, notes, offered: false, refusal };
    }
    return { files, notes, offered: true };
  };
  return { id, title, locate, reload: () => undefined } as const satisfies Target;
}
