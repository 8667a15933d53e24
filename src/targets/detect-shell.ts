import type { Context } from '../core/context.ts';
import { attempt } from '../text/attempt.ts';
import type { ShellTargetId } from './types.ts';

/** The shell that the user works in. */
export interface DetectedShell {
  /** The name that users know: `zsh`, `tcsh`. */
  readonly name: string;
  readonly target: ShellTargetId | undefined;
  /** The name again if orcc writes no file for this shell; `linesToPaste` (src/edit/shell/print-only.ts) may know its syntax. */
  readonly unsupported: string | undefined;
}

const TARGET_OF: Readonly<Record<string, ShellTargetId>> = {
  bash: 'bash',
  zsh: 'zsh',
  fish: 'fish',
  pwsh: 'powershell',
  'pwsh-preview': 'powershell',
  powershell: 'powershell',
};
const OTHERS = new Set(['tcsh', 'csh', 'elvish', 'nu', 'nushell', 'xonsh', 'ksh', 'ksh93', 'mksh', 'yash', 'dash', 'ash', 'sh']);
/** npm, editors and scripts put these between the user's shell and orcc. */
const IN_BETWEEN = new Set(['sh', 'dash', 'ash']);

/**
 * Detects the shell that the user works in: the nearest ancestor process that is an
 * interactive shell (Linux, from /proc, without starting anything), else `$SHELL`, else
 * the system's default. On Windows Git Bash is recognised by MSYSTEM.
 */
export function detectShell(ctx: Pick<Context, 'env' | 'platform' | 'fs' | 'pid'>): DetectedShell {
  if (ctx.platform === 'win32')
    return found(ctx.env['MSYSTEM'] !== undefined && /bash/.test(ctx.env['SHELL'] ?? 'bash') ? 'bash' : 'powershell');
  const name = (ctx.platform === 'linux' ? interactiveAncestor(ctx) : undefined) ?? nameOf(ctx.env['SHELL'] ?? '');
  return found(name !== '' ? name : ctx.platform === 'darwin' ? 'zsh' : 'bash');
}

function found(name: string): DetectedShell {
  const target = Object.hasOwn(TARGET_OF, name) ? TARGET_OF[name] : undefined;
  return { name, target, unsupported: target === undefined ? name : undefined };
}

/** `/usr/bin/zsh`, `-zsh` and `zsh-5.9` are zsh. */
const nameOf = (program: string): string =>
  (program.split('/').at(-1) ?? '')
    .replace(/^-/, '')
    .replace(/-[\d.]+$/, '')
    .toLowerCase();

function interactiveAncestor(ctx: Pick<Context, 'fs' | 'pid'>): string | undefined {
  let pid = ctx.pid;
  for (let level = 0; level < 12; level += 1) {
    const parent = parentOf(ctx.fs, pid);
    if (parent === undefined || parent <= 1) return undefined;
    pid = parent;
    const [program = '', ...args] = readText(ctx.fs, `/proc/${pid}/cmdline`)?.split('\0').slice(0, -1) ?? [];
    const name = nameOf(program);
    const isShell = Object.hasOwn(TARGET_OF, name) || OTHERS.has(name);
    // `bash script.sh` and `bash -c …` run a tool; the user does not type there.
    if (isShell && !IN_BETWEEN.has(name) && args.every((arg) => /^[-+]/.test(arg) && !/^-[a-z]*c/.test(arg))) return name;
  }
  return undefined;
}

function parentOf(fs: Context['fs'], pid: number): number | undefined {
  // The process name in parentheses may contain any character, so only what follows the last `)` is parsed.
  const fields = readText(fs, `/proc/${pid}/stat`)?.split(')').at(-1)?.trim().split(' ');
  const parent = Number(fields?.[1]);
  return Number.isInteger(parent) ? parent : undefined;
}

function readText(fs: Context['fs'], path: string): string | undefined {
  return attempt(() => Buffer.from(fs.readFile(path)).toString('utf8'));
}
