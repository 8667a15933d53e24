import type { Context } from '../core/context.ts';
import { OrccError } from '../core/errors.ts';
import { shortenPaths, shortPath } from '../text/text.ts';
import type { Change } from './asked.ts';
import type { Problem } from './types.ts';

/** What the user has allowed beyond the flags. */
export interface Allowed {
  readonly replace: boolean;
  readonly force: boolean;
}

/**
 * Asks on a terminal whether to go on in spite of the problems. Throws exit 6 (4 if only the key is gone) with all of them on a no, or
 * if nobody can be asked.
 */
export async function settle(
  ctx: Pick<Context, 'ask' | 'interactive' | 'home'>,
  problems: readonly Problem[],
  allowed: Allowed,
  { yes, dryRun, say, agree }: Pick<Change<never>, 'yes' | 'dryRun' | 'say' | 'agree'>,
): Promise<Allowed> {
  const isOpen = (problem: Problem): boolean => problem.consent !== undefined && !allowed[problem.consent];
  if (!ctx.interactive || yes || dryRun || !problems.every(isOpen)) throw problemError(problems, ctx.home);
  const messages = problems.map(({ message }) => shortenPaths(message, ctx.home));
  if (agree === undefined) for (const message of messages) say.warn(message);
  const isEdited = problems.every(({ consent }) => consent === 'force');
  const question = isEdited
    ? "Rewrite it? (your own lines go below orcc's block)"
    : 'Replace these? (`orcc remove` restores the old values)';
  const isGiven = await (agree?.(messages, question, false) ?? ctx.ask.confirm(question, false));
  if (!isGiven) throw problemError(problems, ctx.home);
  return {
    replace: allowed.replace || problems.some((problem) => problem.consent === 'replace'),
    force: allowed.force || problems.some((problem) => problem.consent === 'force'),
  };
}

/** All problems at once, one line each. */
export function problemError(problems: readonly Problem[], home: string): OrccError {
  const first = problems[0];
  const message = problems.map((problem) => problem.message).join('\n');
  const isKeyGone = problems.every(({ code }) => code === 'KEY_MISSING');
  return new OrccError(isKeyGone ? 'key' : 'refused', message, {
    code: first?.code,
    hint: first?.hint,
    data: {
      problems: problems.map(({ target, path, code, message: text }) => ({ target, path: shortPath(path, home), code, message: text })),
    },
  });
}
