import type { Context } from '../context.ts';
import type { Outcome } from '../report/outcome.ts';
import { requireApiSource } from '../setup/api-source.ts';
import { runUsage } from './usage.ts';

/** `orcc usage` for the key in effect. */
export async function runUsageCommand(ctx: Context): Promise<Outcome> {
  const { baseUrl, key } = await requireApiSource(ctx);
  return runUsage(ctx, { baseUrl, key });
}
