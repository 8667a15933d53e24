import type { Context } from '../../core/context.ts';
import type { Outcome } from '../../core/outcome.ts';
import { requireApiSource } from '../../change/api-source.ts';
import { runUsage } from './usage.ts';

/** `orcc usage` for the key in effect. */
export async function runUsageCommand(ctx: Context): Promise<Outcome> {
  const { baseUrl, key } = await requireApiSource(ctx);
  return runUsage(ctx, { baseUrl, key });
}
