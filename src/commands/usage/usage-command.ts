import type { Context } from '../../core/context.ts';
import type { Outcome } from '../../core/outcome.ts';
import * as z from 'zod/mini';
import { parseIntent } from '../../core/intent.ts';
import { toFlag } from '../../openrouter/to-flag.ts';
import { admitSource, requireApiSource } from '../../change/api-source.ts';
import { runUsage } from './usage.ts';

/** `orcc usage` for the key in effect. */
export async function runUsageCommand(ctx: Context, input: unknown): Promise<Outcome> {
  const { to } = parseIntent(z.object({ to: toFlag }), input);
  return runUsage(ctx, await admitSource(ctx, await requireApiSource(ctx), to));
}
