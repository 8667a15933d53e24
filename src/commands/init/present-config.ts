import type { Config } from '../../config/config.ts';
import type { Context } from '../../core/context.ts';
import type { Machine } from '../../change/machine.ts';
import type { InitIntent } from './intent.ts';

/**
 * The configuration whose values are the defaults; undefined for a first set-up. One that does not parse
 * is put aside only with the user's consent: throws exit 6 without it.
 */
export async function presentConfig(
  ctx: Pick<Context, 'ask' | 'interactive'>,
  machine: Machine,
  intent: Pick<InitIntent, 'replace'>,
): Promise<Config | undefined> {
  if (machine.configBroken === undefined) return machine.config;
  if (intent.replace) return undefined;
  if (!ctx.interactive) throw machine.configBroken;
  const isGiven = await ctx.ask.confirm(`${machine.configBroken.message}. Move it to config.broken.json and start fresh?`, false);
  if (!isGiven) throw machine.configBroken;
  return undefined;
}
