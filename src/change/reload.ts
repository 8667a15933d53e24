import type { Context } from '../core/context.ts';
import type { Machine } from './machine.ts';
import { targetOf } from '../targets/index.ts';
import type { TargetId } from '../targets/types.ts';

/** The exact commands that bring the written files into a running shell, one for each shell, without repeats. */
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
