import { shellIdOf, type ShellTargetId } from '../targets/types.ts';
import type { Edit } from '../apply/types.ts';
import { tempFolder } from '../core/folder.ts';
import type { Context, Env } from '../core/context.ts';
import { quietly } from '../core/errno.ts';
import { pathsOf } from '../core/paths-of.ts';
import { writeNew } from '../core/write-all.ts';
import { inspectText, decodeStartup } from '../edit/shell/block.ts';
import { shellOf } from '../edit/shell/list.ts';
import { powershellEnv } from '../targets/powershell-ask.ts';

type Slice = Pick<Context, 'fs' | 'env' | 'home' | 'platform' | 'exec' | 'random'> & Partial<Pick<Context, 'signal'>>;

/** How a shell is started to run one file, and the line that takes the block's place (`mark`): it prints two words as one, and exits. */
interface Start {
  readonly programs: (path: string) => readonly string[];
  readonly args: (files: readonly string[]) => readonly string[];
  /** Extension of the file's name, which PowerShell requires. */
  readonly suffix: string;
  /** Milliseconds in which it has to reach the block. */
  readonly limitMs: number;
  readonly mark: (one: string, two: string) => string;
}

const LIMIT = 3000;
const printf = (one: string, two: string): string => `printf '%s%s\\n' ${one} ${two}; exit 0`;
const dots = (files: readonly string[]): string => files.map((file) => `. ${file}`).join('; ');

const STARTS: Readonly<Record<ShellTargetId, Start>> = {
  bash: {
    programs: () => ['bash'],
    args: (files) => ['--norc', '--noprofile', '-i', '-c', dots(files)],
    suffix: '',
    limitMs: LIMIT,
    mark: printf,
  },
  zsh: {
    programs: () => ['zsh'],
    args: (files) => ['-f', '-i', '-c', `[ ! -r ~/.zshenv ] || . ~/.zshenv; ${dots(files)}`],
    suffix: '',
    limitMs: LIMIT,
    mark: printf,
  },
  fish: {
    programs: () => ['fish'],
    args: (files) => ['--no-config', '-i', '-c', dots(files)],
    suffix: '.fish',
    limitMs: LIMIT,
    mark: printf,
  },
  powershell: {
    programs: (path) => (path.includes('WindowsPowerShell') ? ['powershell'] : ['pwsh', 'powershell']),
    // Without -NonInteractive: profiles look for it and return.
    args: (files) => ['-NoLogo', '-NoProfile', '-Command', dots(files)],
    suffix: '.ps1',
    // It takes seconds just to start.
    limitMs: 8_000,
    mark: (one, two) => `Write-Output ('${one}' + '${two}'); exit 0`,
  },
};

/**
 * Has a shell run a start-up file as it will be, up to orcc's block. Returns `reached`, or a clause that says why this is not proven. The
 * shell gets nothing but HOME and PATH (PowerShell on Windows needs more to start, and gets everything except keys), no terminal, an empty
 * folder and a time limit, and is ended as a process group. `before` are files that the shell reads first. Meanwhile the text is in a
 * private folder.
 */
export async function runToBlock(ctx: Slice, { after, path }: Edit, target: ShellTargetId, before: readonly string[]): Promise<string> {
  const start = STARTS[target];
  const shell = shellIdOf(target);
  const program = start
    .programs(path)
    .map((name) => ctx.exec.find(name))
    .find((found) => found !== undefined);
  const decoded = after === null ? undefined : decodeStartup(after, shell);
  const found = decoded?.ok === true ? inspectText(decoded.text, shell) : undefined;
  if (program === undefined) return `${target === 'powershell' ? 'PowerShell' : target} is not installed here`;
  if (decoded?.ok !== true || found?.kind !== 'blocks') return "the file can't be run";
  const [block] = found.blocks;
  // In two halves, so that a here-document that swallows the line does not print it whole.
  const [one, two] = [Buffer.from(ctx.random(6)).toString('hex'), Buffer.from(ctx.random(6)).toString('hex')];
  const text = `${decoded.text.slice(0, block.start)}${start.mark(one, two)}\n${decoded.text.slice(block.end)}`;
  const { join } = pathsOf(ctx.platform);
  const folder = join(tempFolder(ctx), `orcc-start-${one}`);
  const empty = join(folder, 'empty');
  const file = join(folder, `file${start.suffix}`);
  try {
    for (const each of [folder, empty]) ctx.fs.mkdir(each, 0o700);
    writeNew(ctx, file, decoded.encode(text));
    const { stdout, stderr, timedOut } = await ctx.exec.run(program, start.args([...before, file].map(shellOf(shell).quote)), {
      env: bareEnv(ctx),
      cwd: empty,
      timeoutMs: start.limitMs,
      group: true,
      ...(ctx.signal === undefined ? {} : { signal: ctx.signal }),
    });
    // The shell may still reach the block once the program that it waits for ends.
    if (timedOut) return `it was not reached within ${start.limitMs / 1000} s`;
    // fish before 3.5.
    if (/unknown option|unrecognized option/i.test(stderr) && stderr.includes('no-config')) return 'it could not be tested';
    return stdout.includes(one + two) ? 'reached' : 'the shell exited, or another program took over, before that';
  } catch {
    return 'it could not be tested';
  } finally {
    // If the start left something in it, the system clears its temporary folder some day.
    quietly(() => ctx.fs.unlink(file));
    for (const each of [empty, folder]) quietly(() => ctx.fs.rmdir(each));
  }
}

function bareEnv({ env, home, platform }: Pick<Context, 'env' | 'home' | 'platform'>): Env {
  return platform === 'win32' ? powershellEnv(env) : { HOME: home, PATH: env['PATH'] };
}
