import { beforeAll, describe, expect, it } from 'vitest';
import { loadProgram } from '../../src/cli/commands.ts';
import { shownCommands, type CommandRow } from '../../src/core/command.ts';
import { cellWidth } from '../../src/text/wrap.ts';
import { initIn, useBox, useSimulator } from '../support/use.ts';

const PROGRAM = await loadProgram();

const simulator = await useSimulator();
const box = useBox('file');
beforeAll(async () => {
  expect((await initIn(box, simulator, ['--target', 'bash', '--target', 'user'])).code).toBe(0);
  await box.orcc(['profile', 'save', 'mine']);
});

const WIDTHS = [60, 80, 120];

/** Every command and the words behind it: `key set`. */
function paths(row: CommandRow, above: readonly string[] = []): readonly (readonly string[])[] {
  return shownCommands(row).flatMap((each) => [[...above, each.name], ...paths(each, [...above, each.name])]);
}

/** Lines that are wider than the terminal although they could have been folded: more than one word behind their indent. A command in backticks is one. */
async function tooWide(args: readonly string[], columns: number): Promise<readonly string[]> {
  const { stdout, stderr } = await box.orcc(args, { columns, isTerminal: true });
  return `${stdout}${stderr}`
    .replace(/\r\x1b\[2K[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏][^\r\n]*/g, '')
    .replace(/\x1b\[[\d;]*[A-Za-z]/g, '')
    .split('\n')
    .filter(
      (line) =>
        cellWidth(line) > columns &&
        line
          .trim()
          .replace(/`[^`]*`/, '')
          .includes(' '),
    );
}

describe('no line is wider than the terminal', () => {
  it.each(WIDTHS)('of the help of any command, at %i columns', async (columns) => {
    const all = paths(PROGRAM);
    expect(all.length).toBeGreaterThan(35);
    for (const words of [[], ['exit-codes'], ...all]) expect([words, await tooWide(['help', ...words], columns)]).toEqual([words, []]);
  });

  // What is shell, JSON or CSV is read by programs, and stays as it is: env, export, completion, --csv.
  const LINES = [
    'status',
    'status --all',
    'doctor --offline --all',
    'undo --list',
    'undo --dry-run',
    'remove --dry-run',
    'explain',
    'explain NO_TOOLS',
    'models',
    'models glm',
    'models show z-ai/glm-4.7',
    'models compare',
    'usage',
    'key',
    'key storage',
    'key storage profile --dry-run',
    'key forget --dry-run',
    'profile list',
    'profile show value',
    'profile save other --dry-run',
    'profile delete mine --dry-run',
    'switch haiku=deepseek/deepseek-v4-flash --dry-run',
    'switch value --dry-run',
    'switch --native --dry-run',
    'route',
    'route --zdr --dry-run',
    'test --dry-run',
    'test',
    'check',
    'login --dry-run',
    'statsu',
    'use value',
    'init --key x',
    'init --yes --preset nosuch',
    'switch haiku=no/such-model --yes',
    'run --profile nosuch',
  ];
  it.each(LINES)('of `orcc %s`, at 60, 80 and 120 columns', async (line) => {
    for (const columns of WIDTHS) expect([columns, await tooWide(line.split(' '), columns)]).toEqual([columns, []]);
  });
});
