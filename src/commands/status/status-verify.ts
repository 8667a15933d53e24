import type { Context } from '../../core/context.ts';
import { sayOf } from '../../core/say.ts';
import type { InEffect } from '../../change/in-effect.ts';
import { renderFindings } from '../../core/finding.ts';
import type { Outcome } from '../../core/outcome.ts';
import type { StatusData } from './status-view.ts';
import type { Style } from '../../text/style.ts';
import { pad } from '../../text/wrap.ts';
import { stripControls, shortPath } from '../../text/text.ts';
import { verify, type Verified } from './verify.ts';

/** The status and, below it, what Claude Code and the shell say themselves. Exit 1 where something differs or could not be asked. */
export async function verifyStatus(ctx: Context, now: InEffect, status: Outcome, data: StatusData, json: boolean): Promise<Outcome> {
  const say = await sayOf(ctx, { json });
  say.progress('Asking Claude Code and the shell');
  const { verified, findings } = await verify(ctx, now).finally(() => say.clear());
  // What was not asked is said in one line; the finding is for scripts.
  const shown = verified.notAsked === null ? findings : findings.filter(({ code }) => code === 'SHELL_DIFFERS');
  const hasShellDiffering = findings.some(({ code }) => code === 'SHELL_DIFFERS');
  return {
    ...status,
    exit: findings.length > 0 ? 'problems' : status.exit,
    data: { ...data, verify: verified },
    findings,
    text: (style) =>
      [
        status.text(style),
        '',
        verifiedText(ctx, verified, hasShellDiffering, style),
        ...(shown.length === 0 ? [] : ['', renderFindings(shown, style)]),
      ].join('\n'),
  };
}

function verifiedText(
  { home }: Pick<Context, 'home'>,
  { version, shell, views, leftOut, notAsked }: Verified,
  hasShellDiffering: boolean,
  style: Style,
): string {
  const line = (agrees: boolean, what: string, said: string): string =>
    `  ${agrees ? style.green('✓') : style.red('✗')} ${pad(what, 10)}  ${stripControls(said)}`;
  const lines = views.flatMap(({ from, compared }) => [
    style.dim(`Claude Code ${version ?? ''}, asked ${from === 'startup' ? 'as in a new terminal' : 'in this terminal'}, says`),
    ...compared.map(({ what, claude, agrees }) => line(agrees, what, claude)),
  ]);
  if (views.length > 0 && leftOut.length > 0) {
    const names = leftOut.map((file) => stripControls(shortPath(file, home))).join(' and ');
    lines.push(
      `  Asked from outside this folder, so that nothing in it is started: ${names} ${leftOut.length === 1 ? 'is' : 'are'} left out`,
    );
  }
  if (shell !== null)
    lines.push(
      style.dim(`A new ${shell} has`),
      line(!hasShellDiffering, 'variables', hasShellDiffering ? 'other values than its files set' : 'the values its files set'),
    );
  if (notAsked !== null) lines.push(`${style.yellow('Not verified:')} ${notAsked}`);
  return lines.join('\n');
}
