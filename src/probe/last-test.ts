import * as z from 'zod/mini';
import type { Context } from '../core/context.ts';
import { orccFolder } from '../core/folder.ts';
import { keepFile, readKept } from '../core/keep-file.ts';
import type { AliasReport } from './report.ts';
import { tryJson } from '../text/json.ts';

const MAX_BYTES = 100_000;

const schema = z.object({
  /** ISO 8601. */
  at: z.string(),
  aliases: z.array(
    z.object({
      alias: z.string(),
      model: z.string(),
      verdict: z.string(),
      /** The finding; null if it worked. */
      code: z.nullable(z.string()),
      provider: z.nullable(z.string()),
      totalMs: z.number(),
    }),
  ),
});

/** How the last test went: codes and figures, nothing that a model or a server said. */
export type LastTest = z.infer<typeof schema>;

type Slice = Pick<Context, 'fs' | 'env' | 'home' | 'platform'>;

/** Keeps how a test went, for `orcc doctor --report`; only if orcc is set up, so that a test without it leaves nothing behind. */
export function keepLastTest(ctx: Slice & Pick<Context, 'clock'>, reports: readonly AliasReport[]): void {
  const folder = orccFolder(ctx);
  if (ctx.fs.stat(folder) === undefined) return;
  const aliases = reports.map(({ alias, model, verdict, finding, provider, totalMs }) => ({
    alias,
    model,
    verdict,
    code: finding?.code ?? null,
    provider: provider ?? null,
    totalMs: Math.round(totalMs),
  }));
  const kept: LastTest = { at: new Date(ctx.clock.now()).toISOString(), aliases };
  keepFile(ctx, folder, 'last-test.json', `${JSON.stringify(kept)}\n`);
}

/** The result of the last test, if one is known. Never throws. */
export function readLastTest(ctx: Slice): LastTest | undefined {
  const parsed = schema.safeParse(tryJson(readKept(ctx, orccFolder(ctx), 'last-test.json', MAX_BYTES) ?? ''));
  return parsed.success ? parsed.data : undefined;
}
