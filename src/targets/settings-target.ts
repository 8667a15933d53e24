import { claudePaths } from '../claude/paths.ts';
import { isShared, type Located, type LocateContext, type Target } from './types.ts';

type SettingsId = 'user' | 'project' | 'local';

/** What the three settings targets share; everything but the file and the words. */
export function settingsTarget<Id extends SettingsId>(id: Id, title: string) {
  const locate = async (ctx: LocateContext): Promise<Located> => {
    const paths = claudePaths(ctx);
    const notes =
      id === 'user' && paths.folderDependsOnCwd
        ? ['CLAUDE_CONFIG_DIR is not an absolute path: which file this is depends on the current folder']
        : [];
    const files = [{ path: paths[id], holds: 'settings', startup: 'claude' }] as const;
    if (isShared(id) && paths[id] === paths.user) {
      const refusal = {
        reason: "in this folder the project's settings are your own user settings",
        hint: 'use `--target user`, or run orcc in the project',
      };
      return { files, notes, offered: false, refusal };
    }
    return { files, notes, offered: true };
  };
  return { id, title, shell: undefined, locate, reload: () => undefined } as const satisfies Target;
}
