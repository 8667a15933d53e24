import { claudePaths } from '../claude/paths.ts';
import type { Located, LocateContext, Target } from './types.ts';

type SettingsId = 'user' | 'project' | 'local';

/** What the three settings targets share; everything but the file, the scope and the words. */
export function settingsTarget<Id extends SettingsId>(id: Id, scope: Target['scope'], title: string) {
  const locate = async (ctx: LocateContext): Promise<Located> => {
    const paths = claudePaths(ctx);
    const notes =
      id === 'user' && paths.folderDependsOnCwd
        ? ['CLAUDE_CONFIG_DIR is no absolute path: which file this is depends on the current folder']
        : [];
    const files = [{ path: paths[id], holds: 'settings', startup: 'claude' }] as const;
    if (id === 'project' && paths.project === paths.user) {
      const refusal = {
        reason: "in this folder the project's settings are your own user settings",
        hint: 'take `--target user`, or run orcc in the project',
      };
      return { files, notes, offered: false, refusal };
    }
    return { files, notes, offered: true };
  };
  return { id, kind: 'settings', scope, title, shell: undefined, locate, reload: () => undefined } as const satisfies Target;
}
