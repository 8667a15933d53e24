import type { Context } from '../core/context.ts';
import { OrccError } from '../core/errors.ts';
import type { Say } from '../core/say.ts';
import { stripControls } from '../text/text.ts';
import { holdsKeyShape } from './key-shape.ts';
import { parseKey } from './parse-key.ts';

export type CommandContext = Pick<Context, 'exec' | 'env' | 'platform' | 'signal'>;

/** The result of a key command: the key, or why there is none. */
type Answer = { readonly key: string } | { readonly failure: OrccError };

/** Milliseconds: long enough for a password manager to ask for a fingerprint or a password. */
const LIMIT_MS = 60_000;
const LONGEST = 1024;
/** The most output to read, in bytes. */
const MOST_BYTES = 16_384;

/** Each command runs only once per run of orcc, since a password manager may ask its user every time. */
const answers = new WeakMap<Context['exec'], Map<string, Promise<Answer>>>();

/** The command of `--key-storage command:…`. Throws exit 2 if it is empty, too long, has several lines, or contains a key. */
export function parseKeyCommand(text: string): string {
  const command = text.trim();
  const reason =
    command === ''
      ? 'is empty'
      : /[\p{Cc}\p{Cf}\u2028\u2029]|\p{Cs}/u.test(command)
        ? 'contains a line break or a control character'
        : command.length > LONGEST
          ? `is longer than ${LONGEST} characters`
          : holdsKeyShape(command)
            ? 'contains a key itself, which would end up in every file that names the command'
            : undefined;
  if (reason === undefined) return command;
  throw new OrccError('usage', `The command of \`--key-storage command:…\` ${reason}`, {
    hint: "Pass one shell command that prints the key, for example `--key-storage 'command:op read op://Private/OpenRouter/key'`",
  });
}

/** Runs the command as Claude Code does (`sh -c`; `cmd /c` on Windows). Throws exit 4 if it gives no key, without quoting its output. */
export async function askKeyCommand(ctx: CommandContext, command: string, limitMs = LIMIT_MS): Promise<string> {
  const answer = await answerOf(ctx, command, limitMs);
  if ('failure' in answer) throw answer.failure;
  return answer.key;
}

/** `askKeyCommand` that first says what it runs. */
export function askAloud(ctx: CommandContext, command: string, say?: Pick<Say, 'line'>): Promise<string> {
  say?.line(`Asks for the key: ${stripControls(command)}`);
  return askKeyCommand(ctx, command);
}

/** `askKeyCommand` that returns undefined if the command gives no key. */
export async function tryKeyCommand(ctx: CommandContext, command: string): Promise<string | undefined> {
  const answer = await answerOf(ctx, command, LIMIT_MS);
  return 'key' in answer ? answer.key : undefined;
}

function answerOf(ctx: CommandContext, command: string, limitMs: number): Promise<Answer> {
  const known = answers.get(ctx.exec) ?? new Map<string, Promise<Answer>>();
  answers.set(ctx.exec, known);
  const asked = known.get(command) ?? run(ctx, command, limitMs);
  known.set(command, asked);
  return asked;
}

async function run(ctx: CommandContext, command: string, limitMs: number): Promise<Answer> {
  const isWindows = ctx.platform === 'win32';
  // cmd expands the variable before it parses the line, so that nothing has to be quoted twice.
  const args = isWindows ? ['/d', '/c', '%ORCC_KEY_COMMAND%'] : ['-c', command];
  const result = await ctx.exec.run(isWindows ? 'cmd' : 'sh', args, {
    // The whole environment, as from Claude Code: password managers keep their session in variables (BW_SESSION, OP_SESSION_…, GPG_TTY).
    env: isWindows ? { ...ctx.env, ORCC_KEY_COMMAND: command } : ctx.env,
    timeoutMs: limitMs,
    group: true,
    maxBytes: MOST_BYTES,
    signal: ctx.signal,
  });
  const failed = (what: string, hint = 'Run it in a terminal to see its output'): Answer => {
    const message = `The command that provides the key, \`${stripControls(command)}\`, ${what}`;
    return { failure: new OrccError('key', message, { code: 'KEY_MISSING', hint }) };
  };
  if (result.timedOut)
    return failed(`printed nothing within ${Math.ceil(limitMs / 1000)} s`, 'Unlock the password manager, then try again');
  if (result.notFound) return failed(`could not be started: there is no \`${isWindows ? 'cmd' : 'sh'}\``);
  // Checked before the exit code, since cutting its output off may be what ended it.
  if (Buffer.byteLength(result.stdout) >= MOST_BYTES) return failed('printed far more than a key', 'Make it print only the key');
  if (result.code === null) return failed('was ended by a signal');
  if (result.code !== 0) return failed(`exited with code ${result.code}`);
  const text = result.stdout.replace(/(?:\r?\n)+$/, '');
  if (text.trim() === '') return failed('printed nothing');
  const lines = text.split(/\r?\n/).length;
  if (lines > 1) return failed(`printed ${lines} lines instead of only the key`, 'Make it print only the key');
  if (/[\x00-\x1f\x7f]/.test(text)) return failed('printed control characters besides the key', 'Turn its colours off');
  return checked(text, failed);
}

function checked(text: string, failed: (what: string, hint?: string) => Answer): Answer {
  try {
    const { key } = parseKey(text);
    return key === text
      ? { key }
      : failed('printed spaces, quotes or other text besides the key', 'Claude Code uses its output as it is: make it print only the key');
  } catch (error) {
    if (!(error instanceof OrccError)) throw error;
    const why = error.message.replace(/^The key /, '');
    return failed(`printed no usable key: ${why.charAt(0).toLowerCase()}${why.slice(1)}`, error.hint);
  }
}
