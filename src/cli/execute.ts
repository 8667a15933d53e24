import type { Context, Output } from '../core/context.ts';
import { findCommand } from './commands.ts';
import { asRefusal, errnoOf } from '../core/errno.ts';
import { Cancelled, EXIT, OrccError } from '../core/errors.ts';
import { checkOwnFolder } from '../core/own-folder.ts';
import { exitCodeOf, type JsonDocument, type Outcome } from '../core/outcome.ts';
import { createStyle } from '../text/style.ts';
import { printJson, redact, shortenPaths, stripControls } from '../text/text.ts';
import { isCi } from '../system/index.ts';

export type StopKind = () => 'cancelled' | 'terminated';

/** What argv asks for: one command, ready to run against a Context. */
export interface Invocation {
  readonly command: string;
  readonly json: boolean;
  readonly yes: boolean;
  /** Whether it runs even though someone else could have written to orcc's own folder. */
  readonly isUnguarded: boolean;
  readonly run: (ctx: Context) => Promise<Outcome>;
}

/**
 * Runs what argv asks for, prints its outcome and returns the exit code.
 * Whatever is thrown below, parsing included, ends here as one clear sentence.
 */
export async function execute(
  parse: () => Promise<Invocation | undefined>,
  argv: readonly string[],
  base: Context,
  stopKind: StopKind,
): Promise<number> {
  let invocation: Invocation | undefined;
  let isWritten = false;
  let ctx = base;
  try {
    invocation = await parse();
    if (invocation === undefined) return EXIT.ok.code;
    ctx = await contextOf(invocation, base, () => (isWritten = true));
    if (!invocation.isUnguarded) checkOwnFolder(ctx);
    const outcome = await untilStopped(invocation.run(ctx), base.signal, stopKind);
    // A command that was interrupted but still returned an outcome exits as the signal says.
    const code = exitCodeOf(outcome.exit === 'cancelled' ? { ...outcome, exit: stopKind() } : outcome);
    await print(outcome, code, invocation, ctx);
    return code;
  } catch (error) {
    return await fail(error, { invocation, argv, isWritten }, ctx, stopKind);
  }
}

/** The output without masking, for text that is masked already and for a key that the user asked for. */
function openOutput(output: Output): Output {
  return output.open ?? output;
}

/** The Context for one command: not interactive with `--json` or `--yes`; with a progress line if somebody is watching. */
async function contextOf({ json, yes }: Invocation, base: Context, onWritten: () => void): Promise<Context> {
  const ctx: Context = { ...base, onWritten, interactive: base.interactive && !json && !yes };
  if (json || !base.stderr.isTty || base.env['TERM'] === 'dumb' || isCi(base.env)) return ctx;
  const { withProgress } = await import('./progress.ts');
  return withProgress(ctx);
}

/** Throws `Cancelled` if the abort signal interrupted the work, whatever error that work threw. */
async function untilStopped<T>(work: Promise<T>, signal: AbortSignal, stopKind: StopKind): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (signal.aborted && !(error instanceof OrccError)) throw new Cancelled(stopKind());
    throw error;
  }
}

async function print(outcome: Outcome, code: number, invocation: Invocation, ctx: Context): Promise<void> {
  if (invocation.json) {
    const { data, findings } = outcome;
    writeDocument(ctx, { command: invocation.command, ok: code === EXIT.ok.code, data, findings });
    return;
  }
  const text = outcome.text(await createStyle(ctx.stdout));
  if (text !== '') await printText(text.endsWith('\n') ? text : `${text}\n`, outcome, ctx);
  const remarks = outcome.remarks?.(await createStyle(ctx.stderr)) ?? '';
  if (remarks !== '') ctx.stderr.write(`${await fitted(remarks, ctx.stderr)}\n`);
}

function writeDocument({ stdout }: Context, document: Omit<JsonDocument, 'schemaVersion'>): void {
  openOutput(stdout).write(`${printJson({ schemaVersion: 1, ...document })}\n`);
}

/** Prints data on stdout: wrapped to a terminal, in the pager if it is longer than a screen. */
async function printText(text: string, { isVerbatim, isLong, showsKey }: Outcome, { stdout, page }: Context): Promise<void> {
  const lines = isVerbatim === true || showsKey === true ? text : await fitted(text, stdout);
  const isPaged = isLong === true && stdout.isTty && lines.split('\n').length > (stdout.rows ?? Infinity);
  if (!isPaged || page === undefined || !(await page(lines))) (showsKey === true ? openOutput(stdout) : stdout).write(lines);
}

async function fitted(text: string, output: Output): Promise<string> {
  if (!output.isTty) return text;
  const { fold } = await import('../text/wrap.ts');
  // Masked before it is folded: a secret cut in two would no longer be recognised.
  return fold(redact(text), output.columns);
}

async function fail(
  error: unknown,
  {
    invocation,
    argv,
    isWritten,
  }: { readonly invocation: Invocation | undefined; readonly argv: readonly string[]; readonly isWritten: boolean },
  ctx: Context,
  stopKind: StopKind,
): Promise<number> {
  const known = ctx.signal.aborted && !(error instanceof OrccError) ? new Cancelled(stopKind()) : ofTheSystem(error);
  // Everything after `--` is for Claude Code (`orcc run`).
  const own = argv.includes('--') ? argv.slice(0, argv.indexOf('--')) : argv;
  const isJson = invocation?.json ?? own.includes('--json');
  if (!(known instanceof OrccError)) return failOfBug(error, { command: invocation?.command ?? '', isJson }, ctx);
  const after = isWritten ? '; what was written stays, `orcc undo` reverts it' : ': nothing was written';
  const { code: told, hint: fix, why = '' } = await judge(known);
  const message = known instanceof Cancelled ? `${known.message}${after}` : `${known.message}${why}`;
  const command = invocation?.command ?? (await findCommand(own)).path.join(' ');
  const hint = fix ?? (known.exit === 'usage' && command !== '' ? `See \`orcc ${command} --help\`` : undefined);
  if (isJson) {
    const finding = { code: told ?? known.exit.toUpperCase(), severity: 'error', evidence: [], cause: message, fix: hint ?? '' } as const;
    try {
      writeDocument(ctx, { command, ok: false, data: known.data ?? null, findings: [finding] });
    } catch {
      ctx.stderr.write(`error: ${stripNewlines(message)}\n`);
    }
  } else {
    const style = await createStyle(ctx.stderr);
    const code = told === undefined ? '' : style.dim(` [${told}]`);
    const title = known.exit === 'declined' ? '' : `${style.red('error:')} `;
    // Short paths, as in everything people read; `--json` keeps the full ones.
    const lines = [`${title}${shortenPaths(stripNewlines(message), ctx.home)}${code}`];
    if (hint !== undefined) lines.push(`${style.cyan('hint:')} ${shortenPaths(hint, ctx.home)}`);
    ctx.stderr.write(`${await fitted(known instanceof Cancelled ? message : lines.join('\n'), ctx.stderr)}\n`);
  }
  return EXIT[known.exit].code;
}

/** Tells a bug in orcc: its text on stderr, with `--json` a document too. Returns the exit code. */
function failOfBug(error: unknown, { command, isJson }: { readonly command: string; readonly isJson: boolean }, ctx: Context): number {
  const [title, detail] = error instanceof Error ? [error.message, error.stack ?? error.message] : [String(error), String(error)];
  ctx.stderr.write(`orcc: a bug in orcc ${ctx.version}, please report it with this text\n${detail}\n`);
  const cause = `A bug in orcc ${ctx.version}: ${stripControls(title)}`;
  const fix = 'Please report it with the text on standard error';
  const exit = 'bug'; // no finding of its own: named like every failure without one
  const findings = [{ code: exit.toUpperCase(), severity: 'error', evidence: [], cause, fix } as const];
  if (isJson) writeDocument(ctx, { command, ok: false, data: null, findings });
  return EXIT[exit].code;
}

/** A system error about a file or device is not a bug: it becomes exit 6, with the path. Other errors are returned unchanged. */
function ofTheSystem(error: unknown): unknown {
  const isOfFile = errnoOf(error) !== undefined && error instanceof Error && 'path' in error && typeof error.path === 'string';
  return isOfFile && 'syscall' in error && !/^spawn/.test(String(error.syscall))
    ? asRefusal(error, String(error.path), 'nothing else was done')
    : error;
}

/** The error's code and hint or, if OpenRouter's answer is its cause, those of the finding; `why`: the cause, if the answer gave none. */
async function judge(error: OrccError): Promise<Pick<OrccError, 'code' | 'hint'> & { readonly why?: string }> {
  const answer = [error, error.cause].find((each): each is Error => each instanceof Error && each.name === 'ApiError');
  if (error.code !== undefined || answer === undefined) return error;
  const { matchThrown } = await import('../diagnose/match.ts');
  const finding = matchThrown(answer);
  if (finding === undefined || finding.code === 'UNKNOWN_FAILURE')
    return { code: undefined, hint: error.hint ?? 'Try again; if it persists, check the base URL: `orcc status` shows it' };
  const why = 'parsed' in answer && answer.parsed !== undefined ? '' : `; ${finding.cause}`;
  return { code: finding.code, why, hint: error.hint === undefined ? finding.fix : `${finding.fix}; ${error.hint}` };
}

/** Keeps deliberate line breaks of a message (lists), drops every other control character. */
function stripNewlines(message: string): string {
  return message.split('\n').map(stripControls).join('\n');
}
