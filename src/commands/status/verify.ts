import type { ShellTargetId } from '../../targets/types.ts';
import { readSavedLogins } from '../../claude/claude-keychain.ts';
import { readClaudeState } from '../../claude/claude-state.ts';
import { WATCHED_VARIABLES } from '../../claude/variables.ts';
import { answersAuth, readClaudeVersion, UPDATE_HINT, type ClaudeVersion } from '../../claude/version.ts';
import type { Context } from '../../core/context.ts';
import type { Outcome } from '../../core/outcome.ts';
import { sayOf } from '../../core/say.ts';
import { findingOf } from '../../diagnose/build.ts';
import { type Finding, renderFindings } from '../../core/finding.ts';
import { showValue } from '../../doctor/check.ts';
import type { InEffect } from '../../change/in-effect.ts';
import type { ShellView } from '../../claude/layers.ts';
import { askShell } from '../../targets/layers-ask-shell.ts';
import type { Style } from '../../text/style.ts';
import { shortPath, stripControls } from '../../text/text.ts';
import { pad } from '../../text/wrap.ts';
import { askClaude } from './ask-claude.ts';
import { compareAnswers, judge, leftOut } from './compare.ts';
import type { StatusData, Verified } from './data.ts';
import { attempt } from '../../text/attempt.ts';

const WHERE: Readonly<Record<ShellView, string>> = { startup: 'in a new terminal', process: 'in this terminal' };

/**
 * Asks the user's shell what it exports, and the installed Claude Code, outside this folder, what it would use. Compares both with
 * what orcc works out from the files. Reads the version first. Rejects only if orcc is stopped.
 */
async function verify(ctx: Context, now: InEffect): Promise<{ readonly verified: Verified; readonly findings: readonly Finding[] }> {
  const said = new Map(now.layers.startup.map(({ name, value }) => [name, value ?? '']));
  const [claude, answer] = await Promise.all([readClaudeVersion(ctx), now.shell === undefined ? undefined : askShell(ctx, now.shell)]);
  const asked = answer?.variables;
  ctx.signal.throwIfAborted();
  const findings = now.shell === undefined ? [] : judgeShell(now.shell, said, asked);
  const notAsked = whyNotAsked(claude);
  const { path, version } = claude;
  const saved = await readSavedLogins(ctx, readClaudeState(ctx));
  const views: Verified['views'][number][] = [];
  if (notAsked !== undefined) findings.push(notAsked.finding);
  else if (path !== undefined && version !== undefined) {
    const other: readonly ShellView[] = now.view === 'startup' && now.notLoaded.length > 0 ? ['process'] : [];
    for (const from of [now.view, ...other]) {
      const variables = from === 'process' ? 'as they are' : Object.fromEntries(asked ?? said);
      const says = await askClaude(ctx, { path, version }, variables);
      ctx.signal.throwIfAborted();
      const compared = compareAnswers(now.layers, from, says, version, {
        saved,
        realpath: (each) => attempt(() => ctx.fs.realpath(each), each),
      });
      views.push({ from, compared });
      findings.push(...judge(compared, WHERE[from], version));
      for (const { question, said: words } of says.silent)
        findings.push(findingOf('NOT_VERIFIED', { variable: question, said: words }, [`asked ${WHERE[from]}`], question));
    }
  }
  const shell = asked === undefined ? null : (now.shell ?? null);
  const verified = { version: version ?? null, shell, views, leftOut: leftOut(now.layers), notAsked: notAsked?.line ?? null };
  return { verified, findings };
}

function judgeShell(shell: ShellTargetId, said: ReadonlyMap<string, string>, asked: ReadonlyMap<string, string> | undefined): Finding[] {
  if (asked === undefined) {
    if (said.size === 0) return [];
    return [findingOf('NOT_VERIFIED', { variable: shell, said: 'it is missing, failed, or took longer than 5 s' }, [], shell)];
  }
  const differing = WATCHED_VARIABLES.filter((name) => (said.get(name) ?? '') !== (asked.get(name) ?? ''));
  if (differing.length === 0) return [];
  const lines = differing.map(
    (name) =>
      `${name}: a new ${shell} has ${showValue(name, asked.get(name) ?? '')}, its files say ${showValue(name, said.get(name) ?? '')}`,
  );
  return [findingOf('SHELL_DIFFERS', { shell }, lines, shell)];
}

/**
 * Why Claude Code must not be asked; undefined if it may be. Up to 2.1.1 it would take the questions for paid prompts, and nobody
 * knows what one without a version does.
 */
function whyNotAsked({ path, version }: ClaudeVersion): { readonly line: string; readonly finding: Finding } | undefined {
  if (path === undefined) return { line: '`claude` was not found', finding: findingOf('CLAUDE_MISSING', {}, ['`claude` is not on PATH']) };
  if (version === undefined) {
    const said = 'without a version, orcc asks it nothing else';
    return {
      line: '`claude --version` gives no version, so nothing else was asked',
      finding: findingOf('NOT_VERIFIED', { variable: 'claude --version', said }),
    };
  }
  if (answersAuth(version)) return undefined;
  const reason = 'would treat the questions as paid prompts';
  return {
    line: `Claude Code ${version} ${reason}, so it was not asked. ${UPDATE_HINT}`,
    finding: findingOf('CLAUDE_TOO_OLD', { version, reason }),
  };
}

/** The status with, below it, what Claude Code and the shell say themselves. Exit 1 if something differs or could not be asked. */
export async function verifyStatus(ctx: Context, now: InEffect, status: Outcome, data: StatusData, json: boolean): Promise<Outcome> {
  const say = await sayOf(ctx, { json });
  say.progress('Asking Claude Code and the shell');
  const { verified, findings } = await verify(ctx, now).finally(() => say.clear());
  // If Claude Code was not asked, one line says so; the finding is for scripts.
  const shown = verified.notAsked === null ? findings : findings.filter(({ code }) => code === 'SHELL_DIFFERS');
  const hasShellDiffering = findings.some(({ code }) => code === 'SHELL_DIFFERS');
  return {
    ...status,
    exit: findings.length > 0 ? 'problems' : status.exit,
    data: { ...data, verify: verified },
    findings: [...status.findings, ...findings],
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
    const names = leftOut.map((file) => shortPath(file, home)).join(' and ');
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
