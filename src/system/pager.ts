import { spawn } from 'node:child_process';
import type { Env, Exec } from '../core/context.ts';

/** git's options for `less`, and a prompt that tells how to leave it: its own is a bare colon. */
const LESS = 'FRXPs?e(END) .space turns the page, q leaves$';

/**
 * Shows a text in the user's pager (`$PAGER`, else `less`), as git does: unless the user sets `LESS`, a short text does not wait
 * for a key and stays on the screen. Returns false if there is no pager, or it can't be started: then nothing was shown.
 * Until the pager ends, Ctrl-C is left to it.
 */
export async function showInPager(text: string, env: Env, find: Exec['find']): Promise<boolean> {
  const [name = '', ...args] = (env['PAGER'] ?? 'less').trim().split(/\s+/);
  const program = name === '' || name === 'cat' ? undefined : /^(?:\/|[A-Za-z]:\\)/.test(name) ? name : find(name);
  if (program === undefined) return false;
  const listeners = process.listeners('SIGINT');
  process.removeAllListeners('SIGINT').on('SIGINT', () => undefined);
  try {
    return await new Promise((resolve) => {
      const child = spawn(program, args, {
        stdio: ['pipe', 'inherit', 'inherit'],
        env: { ...env, LESS: env['LESS'] ?? LESS, LV: env['LV'] ?? '-c' },
      });
      // Whoever leaves the pager early has read enough.
      child.stdin.on('error', () => undefined);
      child.on('error', () => resolve(false)).on('close', () => resolve(true));
      child.stdin.end(text);
    });
  } finally {
    process.removeAllListeners('SIGINT');
    for (const listener of listeners) process.on('SIGINT', listener);
  }
}
