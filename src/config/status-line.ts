import { quoteWord } from '../text/quote-word.ts';
import type { Context } from '../core/context.ts';
import { OrccError } from '../core/errors.ts';

/** Folders of programs that are fetched to run once: npx, pnpm dlx, yarn dlx, bunx. */
const PASSING = /[\\/](?:_npx|dlx|dlx-[^\\/]*|xfs-[^\\/]*|bunx-[^\\/]*)[\\/]/;

/**
 * The command line of the status line, with absolute paths, since Claude Code starts it with whatever PATH it has. Throws exit 6
 * where orcc runs out of a cache that is emptied one day.
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

/** For sh, which Claude Code starts; on Windows Git's bash or cmd, which both take double quotes. */
function quote(word: string, platform: NodeJS.Platform): string {
  const bare = /^[\w./:@%+=,-]+$/;
  return platform === 'win32' && !bare.test(word) ? `"${word.replaceAll('"', '\\"')}"` : quoteWord(word, bare);
}

/** The files of a command that `writeCommand` made: Node and orcc's entry, or the single file that is both; undefined for any other. */
function readCommand(command: string): readonly string[] | undefined {
  const words = [...command.matchAll(/'([^']*)'|"([^"]*)"|([^\s'"]+)/g)].map(([, single, double, bare]) => single ?? double ?? bare ?? '');
  const end = words.indexOf('statusline');
  const files = words.slice(0, Math.max(0, end));
  return files.length < 1 || files.length > 2 || !/orcc(?:\.js|\.exe)?$/i.test(files.at(-1) ?? '') ? undefined : files;
}

/** Which of the two programs of orcc's status line is gone: a Node or an orcc that was updated into another folder. undefined: none. */
export function missingProgram({ fs }: Pick<Context, 'fs'>, command: string | undefined): string | undefined {
  return command === undefined ? undefined : readCommand(command)?.find((file) => !fs.access(file, 'read'));
}
