import type { Context, Output } from '../core/context.ts';
import { findCommand } from './find-command.ts';
import { asRefusal, errnoOf } from '../core/errno.ts';
import { Cancelled, EXIT, OrccError } from '../core/errors.ts';
import { checkOwnFolder } from '../core/own-folder.ts';
import { exitCodeOf, type JsonDocument, type Outcome } from '../core/outcome.ts';
import { createStyle } from '../text/style.ts';
import { printJson, stripControls } from '../text/text.ts';

export type StopKind = () => 'cancelled' | 'terminated';

/** What argv asks for: one command, ready to run against a Context. */
export interface Invocation {
  readonly command: string;
  readonly json: boolean;
  readonly yes: boolean;
  /** It is run although someone else could have written to orcc's own folder. */
  readonly isUnguarded: boolean;
  readonly run: (ctx: Context) => Promise<Outcome>;
}

/**
 * Runs what argv asks for, prints its outcome and gives the exit code. The only catch of the program:
 * whatever is thrown below, while parsing too, ends here as one clear sentence.
 */
export async function execute(
  parse: () => Promise<Invocation | undefined>,
  argv: readonly string[],
  base: Context,
  stopKind: StopKind,
): Promise<number> {
  let invocation: Invocation | undefined;
  try {
    invocation = await parse();
    if (invocation === undefined) return EXIT.ok.code;
    const silent = invocation.json || invocation.yes;
    const ctx: Context = silent ? { ...base, interactive: false } : base;
    if (!invocation.isUnguarded) checkOwnFolder(ctx);
    const outcome = await untilStopped(invocation.run(ctx), base.signal, stopKind);
    // What was interrupted and still gave an outcome ends as the signal says.
    const code = exitCodeOf(outcome.exit === 'cancelled' ? { ...outcome, exit: stopKind() } : outcome);
    await print(outcome, code, invocation, ctx);
    return code;
  } catch (error) {
    return await fail(error, invocation, argv, base, stopKind);
  }
}

/** For what is masked already, and for a key that was asked for. */
function openOutput(output: Output): Output {
  return output.open ?? output;
}

/** A command that ends through the abort signal says "cancelled", whatever error the interrupted work threw. */
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
    const document: JsonDocument = {
      schemaVersion: 1,
      command: invocation.command,
      ok: code === EXIT.ok.code,
      data: outcome.data,
      findings: outcome.findings,
    };
    openOutput(ctx.stdout).write(`${printJson(document)}\n`);
    return;
  }
  const text = outcome.text(await createStyle(ctx.stdout));
  const stdout = outcome.showsKey === true ? openOutput(ctx.stdout) : ctx.stdout;
  if (text !== '') stdout.write(text.endsWith('\n') ? text : `${text}\n`);
  const remarks = outcome.remarks?.(await createStyle(ctx.stderr)) ?? '';
  if (remarks !== '') ctx.stderr.write(`${remarks}\n`);
}

async function fail(
  error: unknown,
  invocation: Invocation | undefined,
  argv: readonly string[],
  ctx: Context,
  stopKind: StopKind,
): Promise<number> {
  const known = ctx.signal.aborted && !(error instanceof OrccError) ? new Cancelled(stopKind()) : ofTheSystem(error);
  if (!(known instanceof OrccError)) {
    const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
    ctx.stderr.write(`orcc: a bug in orcc ${ctx.version}, please report it with this text\n${detail}\n`);
    return EXIT.bug.code;
  }
  const { message } = known;
  const { code: told, hint: fix } = await judge(known);
  // What stands behind `--` is Claude Code's (`orcc run`).
  const own = argv.includes('--') ? argv.slice(0, argv.indexOf('--')) : argv;
  const command = invocation?.command ?? findCommand(own).path.join(' ');
  const hint = fix ?? (known.exit === 'usage' && command !== '' ? `See \`orcc ${command} --help\`` : undefined);
  if (invocation?.json ?? own.includes('--json')) {
    const document: JsonDocument = {
      schemaVersion: 1,
      command,
      ok: false,
      data: known.data ?? null,
      findings: [{ code: told ?? known.exit.toUpperCase(), severity: 'error', evidence: [], cause: message, fix: hint ?? '' }],
    };
    try {
      openOutput(ctx.stdout).write(`${printJson(document)}\n`);
    } catch {
      ctx.stderr.write(`error: ${stripNewlines(message)}\n`);
    }
  } else {
    const style = await createStyle(ctx.stderr);
    const code = told === undefined ? '' : style.dim(` [${told}]`);
    const lines = [`${style.red('error:')} ${stripNewlines(message)}${code}`];
    if (hint !== undefined) lines.push(`${style.cyan('hint:')} ${hint}`);
    ctx.stderr.write(known instanceof Cancelled ? `${message}\n` : `${lines.join('\n')}\n`);
  }
  return EXIT[known.exit].code;
}

/** A file or device that the system refuses is no bug: it is named, exit 6. */
function ofTheSystem(error: unknown): unknown {
  const isOfFile = errnoOf(error) !== undefined && error instanceof Error && 'path' in error && typeof error.path === 'string';
  return isOfFile && 'syscall' in error && !/^spawn/.test(String(error.syscall))
    ? asRefusal(error, String(error.path), 'nothing more was done')
    : error;
}

/** Code and hint: those of the error, else the findings table's for the answer of OpenRouter that it, or its cause, is. */
async function judge(error: OrccError): Promise<Pick<OrccError, 'code' | 'hint'>> {
  const answer = [error, error.cause].find((each) => each instanceof Error && each.name === 'ApiError');
  if (error.code !== undefined || answer === undefined) return error;
  const { matchThrown } = await import('../diagnose/match.ts');
  const finding = matchThrown(answer);
  if (finding === undefined || finding.code === 'UNKNOWN_FAILURE') return error;
  return { code: finding.code, hint: error.hint === undefined ? finding.fix : `${finding.fix}; ${error.hint}` };
}

/** Keeps deliberate line breaks of a message (lists), drops every other control character. */
function stripNewlines(message: string): string {
  return message.split('\n').map(stripControls).join('\n');
}
