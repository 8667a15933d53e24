import { quoteWord } from '../text/quote-word.ts';
import type { Context } from '../core/context.ts';
import { OrccError } from '../core/errors.ts';

/** Cache folders of programs that are downloaded for a single run: npx, pnpm dlx, yarn dlx, bunx. */
const PASSING = /[\\/](?:_npx|dlx|dlx-[^\\/]*|xfs-[^\\/]*|bunx-[^\\/]*)[\\/]/;

/**
 * The command line of the status line. Its paths are absolute, since the PATH that Claude Code runs it with is unknown. Throws exit 6
 * if orcc runs from a cache that may be emptied later.
 */
export function writeCommand(
  ctx: Pick<Context, 'program' | 'platform'>,
  { after, format }: { readonly after: string | undefined; readonly format: string | undefined },
): string {
  const program = ctx.program?.();
  if (program === undefined || PASSING.test(program.entry)) {
    throw new OrccError('refused', 'orcc runs from a cache here, and the status line would stop when that is emptied', {
      hint: 'Install orcc first: `npm install --global orcc`',
    });
  }
  const words = [...(program.node === undefined ? [] : [program.node]), program.entry, 'statusline'];
  if (format !== undefined) words.push('--format', format);
  if (after !== undefined) words.push('--after', after);
  return words.map((word) => quote(word, ctx.platform)).join(' ');
}

/** Quotes a word for sh, which Claude Code uses; on Windows for Git's bash or cmd, which both accept double quotes. */
function quote(word: string, platform: NodeJS.Platform): string {
  const bare = /^[\w./:@%+=,-]+$/;
  return platform === 'win32' && !bare.test(word) ? `"${word.replaceAll('"', '\\"')}"` : quoteWord(word, bare);
}

/** The programs in a command line from `writeCommand`: Node and orcc's entry, or orcc's single file; undefined for any other command. */
function readCommand(command: string): readonly string[] | undefined {
  const words = [...command.matchAll(/'([^']*)'|"([^"]*)"|([^\s'"]+)/g)].map(([, single, double, bare]) => single ?? double ?? bare ?? '');
  const end = words.indexOf('statusline');
  const files = words.slice(0, Math.max(0, end));
  return files.length < 1 || files.length > 2 || !/orcc(?:\.js|\.exe)?$/i.test(files.at(-1) ?? '') ? undefined : files;
}

/** The program of orcc's status line that is missing, such as a Node that an update moved to another folder; undefined if none is. */
export function missingProgram({ fs }: Pick<Context, 'fs'>, command: string | undefined): string | undefined {
  return command === undefined ? undefined : readCommand(command)?.find((file) => !fs.access(file, 'read'));
}
