import * as z from 'zod/mini';
import { ownFiles } from '../../core/folder.ts';
import type { Context } from '../../core/context.ts';
import type { Outcome } from '../../core/outcome.ts';

/**
 * `orcc` without a command: the status if anything is set up, by orcc or by hand; otherwise `init` on a terminal, or a hint at what
 * to do first.
 */
export async function runBare(ctx: Context, input: unknown): Promise<Outcome> {
  const isConfigured = ctx.fs.stat(ownFiles(ctx).config) !== undefined;
  if (isConfigured) {
    const { runStatus } = await import('../status/status.ts');
    return runStatus(ctx, input);
  }
  const { runStatus } = await import('../status/status.ts');
  const status = await runStatus(ctx, input);
  const connectable = isConnectable(status.data);
  // A repository's own settings are not the user's setup.
  if (connectable === 'project') return status;
  if (connectable) {
    const hint = 'This was set up by hand. `orcc init` takes it over and keeps the key and the models; `orcc remove` restores your lines';
    return { ...status, remarks: (style) => [status.remarks?.(style) ?? '', hint].filter((part) => part !== '').join('\n') };
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

/** Whether a base URL is in effect, here or in a new terminal; `project` if a repository's settings set it. */
function isConnectable(data: unknown): boolean | 'project' {
  const baseUrl = z.nullable(z.object({ from: z.nullable(z.string()) }));
  const found = z.safeParse(z.object({ baseUrl, here: z.object({ baseUrl: z.unknown() }) }), data);
  if (!found.success) return false;
  if (found.data.baseUrl?.from?.endsWith('(project)') === true) return 'project';
  return found.data.baseUrl !== null || found.data.here.baseUrl !== null;
}
