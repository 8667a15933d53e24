import { ownFiles } from '../../core/folder.ts';
import type { Context } from '../../core/context.ts';
import type { Outcome } from '../../core/outcome.ts';

/** Bare `orcc`: the status; where nothing is configured, init on a terminal, else what to do first. */
export async function runBare(ctx: Context, input: unknown): Promise<Outcome> {
  const isConfigured = ctx.fs.stat(ownFiles(ctx).config) !== undefined;
  if (isConfigured) {
    const { runStatus } = await import('../status/status.ts');
    return runStatus(ctx, input);
  }
  if (ctx.interactive && (await ctx.ask.confirm('Nothing is configured yet. Set Claude Code up for OpenRouter now?', true))) {
    const { runInit } = await import('../init/init.ts');
    return runInit(ctx, {});
  }
  return {
    exit: 'ok',
    data: { configured: false },
    findings: [],
    text: () =>
      'Nothing is configured yet. `orcc init` sets Claude Code up for OpenRouter; `orcc demo` shows it without a key; `orcc --help` lists the rest',
  };
}
