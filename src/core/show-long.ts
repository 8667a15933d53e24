import type { Context } from './context.ts';
import type { Say } from './say.ts';
import { redact } from '../text/text.ts';
import { fold } from '../text/wrap.ts';

/** Lines that a question is about: in the pager where they are longer than the terminal, as all long output is. Gives whether they were. */
export async function showLong(
  { interactive, stdout, page }: Pick<Context, 'interactive' | 'stdout' | 'page'>,
  say: Say,
  text: string,
): Promise<boolean> {
  // Masked before it is folded: a secret cut in two would no longer be recognised.
  const lines = `${fold(redact(text), stdout.columns)}\n`;
  const isPaged = interactive && stdout.isTty && lines.split('\n').length > (stdout.rows ?? Infinity);
  if (isPaged && page !== undefined && (await page(lines))) return true;
  say.line(text);
  return false;
}
