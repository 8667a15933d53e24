import { AUTO_MODE_EXPLANATION, findAutoModeOff } from '../../claude/auto-mode.ts';
import type { Config } from '../../config/config.ts';
import type { Context } from '../../core/context.ts';
import type { Layers } from '../../claude/layers.ts';
import { wrap } from '../../text/wrap.ts';
import type { InitIntent } from './intent.ts';
import type { Say } from '../../core/say.ts';

/** Whether Claude Code's auto mode is turned off in user settings: explained and asked once, at the first set-up (design D21). */
export async function chooseAutoMode(
  ctx: Pick<Context, 'ask' | 'interactive'>,
  intent: Pick<InitIntent, 'autoMode'>,
  config: Config | undefined,
  layers: Layers,
  say: Say,
): Promise<Config['autoMode']> {
  if (!intent.autoMode) return 'off';
  if (config !== undefined) return config.autoMode;
  if (!ctx.interactive || findAutoModeOff(layers) !== undefined) return 'kept';
  for (const line of AUTO_MODE_EXPLANATION) say.line(say.style.dim(wrap(line, say.style.width)));
  return (await ctx.ask.confirm('Turn auto mode off in user settings?', true)) ? 'off' : 'kept';
}
