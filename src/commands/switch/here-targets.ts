import { pathsOf } from '../../core/paths-of.ts';
import type { Config } from '../../config/config.ts';
import type { Context } from '../../core/context.ts';
import { OrccError } from '../../core/errors.ts';
import { readIgnoreFacts } from '../init/folder-targets.ts';
import { parseTargets } from '../init/intent.ts';
import type { Say } from '../../core/say.ts';
import { checkStorage } from '../../config/storage.ts';
import type { Machine } from '../../change/machine.ts';
import type { DesiredTarget, IgnoreFacts } from '../../change/desired.ts';
import { isFolderTarget, isShellTarget, type TargetId } from '../../targets/types.ts';
import { recordedFolderTargets } from '../../change/folder-mapping.ts';
import type { ChangeFlags } from '../../core/intent.ts';

export interface HereTargets {
  readonly targets: readonly DesiredTarget[];
  readonly ignore: IgnoreFacts | undefined;
}

interface HereIntent extends Pick<ChangeFlags, 'yes' | 'dryRun'> {
  /** Values of `--target`; undefined: the targets that orcc has written here, else `project`. */
  readonly target?: readonly string[] | undefined;
}

/**
 * The targets that `switch --here` writes to: those of this folder that already carry a mapping, or new ones. A new `project`
 * reaches every teammate (design D20), so it is announced, and confirmed on a terminal. Throws exit 2 for other targets, for the
 * home folder, or if nothing would hold URL and key; 6 if git tracks the file that gets a key; 7 if the user says no.
 */
export async function hereTargets(ctx: Context, intent: HereIntent, machine: Machine, config: Config, say: Say): Promise<HereTargets> {
  const recorded = recordedFolderTargets(ctx, machine);
  const asked = intent.target === undefined ? undefined : parseTargets(intent.target);
  const wrong = asked?.find((id) => !isFolderTarget(id));
  if (wrong !== undefined)
    throw new OrccError('usage', `\`--here\` only writes to this folder, and \`${wrong}\` belongs to the machine`, {
      hint: 'Use `--target project` or `--target local`, or leave out `--here`',
    });
  if (asked === undefined && recorded.length > 0) return { targets: recorded, ignore: undefined };
  const { resolve } = pathsOf(ctx.platform);
  if (resolve(ctx.cwd) === resolve(ctx.home))
    throw new OrccError('usage', "In the home folder, the folder's settings are the user settings", {
      hint: 'Leave out `--here`: `orcc switch` changes them',
    });
  const fresh = (asked ?? (['project'] as const)).filter((id) => recorded.every((target) => target.id !== id));
  const ids = [...recorded.map((target) => target.id), ...fresh];
  checkStorage(config.keyStorage, fresh);
  if (fresh.includes('project')) await confirmNewProject(ctx, intent, ids, machine, say);
  const ignore = await readIgnoreFacts(ctx, fresh);
  return { targets: [...recorded, ...fresh.map((id): DesiredTarget => ({ id, carries: 'setup', remember: true }))], ignore };
}

async function confirmNewProject(ctx: Context, intent: HereIntent, ids: readonly TargetId[], machine: Machine, say: Say): Promise<void> {
  const carrying = machine.state.targets.filter((target) => target.carries === 'setup').map((target) => target.id);
  const isEverywhere = ids.includes('local') || carrying.includes('user');
  const isInShells = carrying.some((id) => isShellTarget(id));
  if (!isEverywhere && !isInShells) {
    throw new OrccError('usage', "The project's settings hold only the mapping, and nothing else would hold the URL and the key", {
      code: 'PROJECT_MAPPING_ALONE',
      hint: 'Add `--target local`, or run `orcc init --target user`',
    });
  }
  say.warn(
    "The project's settings are committed: teammates without orcc would send these model ids to Anthropic, which does not know them; a committed `orcc.json` is the better way (`orcc export --team`)",
  );
  if (!isEverywhere)
    say.warn('The URL and the key are only in shell profiles: a Claude Code started by an editor would send these ids to Anthropic too');
  if (intent.yes || intent.dryRun || !ctx.interactive) return;
  if (!(await ctx.ask.confirm('Write the mapping to the project anyway?', false))) {
    throw new OrccError('declined', 'Nothing was written', { hint: '`--target local` keeps it to yourself' });
  }
}
