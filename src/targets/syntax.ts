import type { ShellTargetId } from './types.ts';
import type { Context } from '../core/context.ts';
import { decodeStartup } from '../edit/shell/block.ts';
import { powershellEnv } from './powershell-ask.ts';
import { keylessEnv } from '../claude/keyless-env.ts';

/** `unknown`: the shell is not installed, too slow, or gave no usable answer. */
type SyntaxState = 'ok' | 'broken' | 'unknown';

const LIMIT = 5000;
const POWERSHELL_LIMIT = 15_000;

/**
 * Options that make a shell parse its stdin and run nothing; `$0` is the shell. The text goes through `cat`, since Node gives a child
 * a socket, which fish 3.6 takes for a folder ("Unable to read input file: Is a directory").
 */
const CHECKERS: Readonly<Record<Exclude<ShellTargetId, 'powershell'>, string>> = {
  bash: '--norc --noprofile -n',
  zsh: '-f -n',
  fish: '--no-config --no-execute',
};

/** Variables that would make a checking shell read files. */
const DROPPED = new Set(['BASH_ENV', 'ENV', 'ZDOTDIR']);

/**
 * Whether the shell itself can parse a start-up file. If the old file is `ok` and the new one `broken`, the new one must
 * not be written: the block ended up inside something that the old text left open.
 */
export async function checkSyntax(ctx: Pick<Context, 'exec' | 'env'>, shell: ShellTargetId, bytes: Uint8Array): Promise<SyntaxState> {
  const decoded = decodeStartup(bytes, shell === 'powershell' ? 'powershell' : 'sh');
  if (!decoded.ok) return 'unknown';
  if (shell === 'powershell') return checkPowershell(ctx, bytes);
  const program = ctx.exec.find(shell);
  const sh = ctx.exec.find('sh');
  if (program === undefined || sh === undefined) return 'unknown';
  const env = Object.fromEntries(Object.entries(keylessEnv(ctx.env)).filter(([name]) => !DROPPED.has(name)));
  // The text is a latin1 view of the bytes: sent as UTF-8 its non-ASCII characters change, its syntax does not.
  const { code, stdout, stderr, timedOut } = await ctx.exec.run(sh, ['-c', `cat | "$0" ${CHECKERS[shell]}`, program], {
    env: { ...env, LC_ALL: 'C' },
    input: decoded.text,
    timeoutMs: LIMIT,
  });
  if (code === null || timedOut || /(?:unknown|invalid|unrecognized) option|bad option/i.test(stderr)) return 'unknown';
  // zsh exits with 0 after an error in the middle of the text but reports it, and `-n` prints nothing else.
  if (shell === 'zsh' && (stdout + stderr).trim() !== '') return 'broken';
  // Bash only warns about a here-document that the end of the file cuts off, and that would swallow the block.
  return code === 0 && !/here-document/.test(stderr) ? 'ok' : 'broken';
}

/** PowerShell decodes the bytes as it does a file: without a byte order mark 5.1 assumes the ANSI code page, 7 assumes UTF-8. */
async function checkPowershell(ctx: Pick<Context, 'exec' | 'env'>, bytes: Uint8Array): Promise<SyntaxState> {
  const program = ctx.exec.find('pwsh') ?? ctx.exec.find('powershell');
  if (program === undefined) return 'unknown';
  const script = [
    '$errors = $null',
    '$tokens = $null',
    `[void][System.Management.Automation.Language.Parser]::ParseInput([IO.StreamReader]::new([IO.MemoryStream]::new([Convert]::FromBase64String('${Buffer.from(bytes).toString('base64')}')), [Text.Encoding]::Default).ReadToEnd(), [ref]$tokens, [ref]$errors)`,
    "Write-Output ('orcc:errors=' + $errors.Count)",
  ].join('; ');
  const { stdout } = await ctx.exec.run(program, ['-NoLogo', '-NoProfile', '-NonInteractive', '-Command', '-'], {
    env: powershellEnv(ctx.env),
    input: `${script}\n`,
    timeoutMs: POWERSHELL_LIMIT,
  });
  const count = /orcc:errors=(\d+)/.exec(stdout)?.[1];
  return count === undefined ? 'unknown' : count === '0' ? 'ok' : 'broken';
}
