import type { Context } from '../core/context.ts';
import type { Machine } from './machine.ts';
import type { Edit } from '../apply/types.ts';
import { targetOf, TARGETS } from '../targets/index.ts';
import type { TargetId } from '../targets/types.ts';
import { withoutIdle } from './prove-reached.ts';

/** The exact commands that load the written files into a running shell, one for each shell, without repeats. */
export function reloadCommands(
  ctx: Pick<Context, 'home' | 'platform'>,
  ids: readonly TargetId[],
  machine: Pick<Machine, 'located'>,
): readonly string[] {
  const commands = ids.flatMap((id) => {
    // The first file is the one that terminals read; a login file goes with it.
    const first = machine.located.get(id)?.files[0];
    const command = first === undefined ? undefined : targetOf(id).reload(first, ctx);
    return command === undefined ? [] : [command];
  });
  return [...new Set(commands)];
}

/** What to run so that an open terminal has the start-up files that were written too; empty if none was. */
export function describeReload(
  ctx: Parameters<typeof withoutIdle>[0],
  edits: readonly Pick<Edit, 'owner'>[],
  machine: Pick<Machine, 'located'>,
): readonly string[] {
  const ids = edits.flatMap(({ owner }) => TARGETS.find(({ id }) => id === owner)?.id ?? []);
  const commands = reloadCommands(ctx, withoutIdle(ctx, ids, machine), machine).map((command) => `\`${command}\``);
  return commands.length === 0 ? [] : [`To update an open terminal, run ${commands.join(' or ')}`];
}
