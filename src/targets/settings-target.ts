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
    return { files: [{ path: paths[id], holds: 'settings', startup: 'claude' }], notes, offered: true };
  };
  return { id, kind: 'settings', scope, title, shell: undefined, locate, reload: () => undefined } as const satisfies Target;
}
