import * as z from 'zod/mini';
import { defineProgram } from './program.ts';
import { shownCommands, type LoadProgram } from '../core/command.ts';
import type { Context } from '../core/context.ts';
import { didYouMean, EXIT, OrccError } from '../core/errors.ts';
import { parseIntent } from '../core/intent.ts';
import type { Outcome } from '../core/outcome.ts';
import { renderPairs } from '../text/table.ts';
import { nearestWords } from '../text/nearest.ts';
import { clip, stripControls } from '../text/text.ts';

const schema = z.object({ words: z.array(z.string()) });

/** Help for a command, on the exit codes, or the whole list. Throws exit 2 for an unknown topic. */
export async function runHelp(ctx: Context, input: unknown, loadProgram: LoadProgram): Promise<Outcome> {
  const { words } = parseIntent(schema, input, ['words']);
  const shown = words[0] === 'exit-codes' ? exitCodes(ctx.stdout.columns) : await helpOf(ctx, loadProgram, words);
  return { exit: 'ok', data: null, findings: [], isVerbatim: true, text: () => shown };
}

function exitCodes(width: number): string {
  const rows = Object.values(EXIT).map(({ code, meaning }) => [String(code).padStart(3), meaning] as const);
  return `Exit codes:\n${renderPairs(rows, { width }, '  ')}`;
}

async function helpOf(ctx: Context, loadProgram: LoadProgram, words: readonly string[]): Promise<string> {
  const written: string[] = [];
  const stdout = { ...ctx.stdout, write: (text: string) => void written.push(text) };
  const program = await loadProgram(words[0]);
  let command = defineProgram(program, { version: ctx.version, stdout }, () => undefined);
  let row = program;
  for (const word of words) {
    const next = command.commands.find((each) => each.name() === word);
    const below = row.commands?.find(({ name }) => name === word);
    if (next === undefined || below === undefined) {
      const topics = [...shownCommands(row).map(({ name }) => name), ...(row === program ? ['exit-codes'] : [])];
      const guess = didYouMean(nearestWords(word, topics, 2), ' or ');
      throw new OrccError('usage', `There is no help for \`${clip(stripControls(words.join(' ')), 60)}\``, {
        hint: `${guess}\`orcc --help\` lists the commands`,
      });
    }
    [command, row] = [next, below];
  }
  command.outputHelp();
  return written.join('');
}
