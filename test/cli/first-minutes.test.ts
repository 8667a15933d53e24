import { chmodSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startPty, type Pty } from '../support/pty.ts';
import { Screen } from '../support/screen.ts';
import { initIn, useBox, useSimulator } from '../support/use.ts';

/** What the wizard costs a newcomer: questions, key presses, lines. Counted in real terminals, so that it does not grow unseen. */
const simulator = await useSimulator();
const box = useBox();
let pty: Pty | undefined;
beforeEach(() => {
  const claude = path.join(box.env['PATH'] ?? '', 'claude');
  writeFileSync(claude, '#!/bin/sh\necho "2.1.332 (Claude Code)"\n');
  chmodSync(claude, 0o755);
});
afterEach(async () => {
  pty?.kill();
  pty = undefined;
});

interface Walked {
  /** Lines with an answer. */
  readonly answers: readonly string[];
  /** Every line that is left on the screen. */
  readonly lines: readonly string[];
}

const ROWS = 60;
/** Milliseconds for one walk. */
const LIMIT = 60_000;
/** Lines at most, from 80 columns on. */
const MOST_LINES = 35;
const ENTER = '\r';

/** Runs init in a terminal and gives each question what it wants, in this order; a question is waited for by its first words. */
async function walk(
  steps: readonly (readonly [question: string, keys: string])[],
  columns: number,
  env: Record<string, string> = {},
): Promise<Walked> {
  const terminal = startPty(['init', '--base-url', simulator.baseUrl], {
    env: { ...box.env, ...env },
    cwd: box.cwd,
    cols: columns,
    rows: ROWS,
  });
  pty = terminal;
  for (const [question, keys] of steps) {
    await terminal.waitFor(new RegExp(`^\\? ${question}`, 'm'), 20_000);
    terminal.write(keys);
  }
  expect(await terminal.exit(30_000), terminal.screen()).toBe(0);
  expect(terminal.transcript()).not.toContain(simulator.key);
  // On a screen of any width a line shows how wide it was printed.
  const wide = new Screen(1000, ROWS);
  wide.write(terminal.transcript());
  const lines = wide.text().split('\n');
  return { lines, answers: lines.filter((line) => line.startsWith('✔ ')) };
}

const GUIDE_EXPORTS = (key: string): string =>
  [
    'export ANTHROPIC_BASE_URL="https://openrouter.ai/api"',
    `export ANTHROPIC_AUTH_TOKEN="${key}"`,
    'export ANTHROPIC_API_KEY=""',
    'export ANTHROPIC_DEFAULT_OPUS_MODEL="z-ai/glm-4.7"',
    '',
  ].join('\n');

/** A way through the wizard: its questions with the keys that answer them. */
interface Path {
  readonly name: string;
  readonly steps: readonly (readonly [question: string, keys: string])[];
  readonly env?: () => Record<string, string>;
  readonly before?: () => unknown;
}

const PATHS: readonly Path[] = [
  {
    name: 'a pasted key takes three answers',
    // The key is that of a simulator which runs by then.
    steps: [
      ['OpenRouter key', 'KEY'],
      ['Which models', ENTER],
      ['Write this', ENTER],
    ],
  },
  {
    name: 'a key in the environment takes three times Enter',
    steps: [
      ['Which OpenRouter key', ENTER],
      ['Which models', ENTER],
      ['Write this', ENTER],
    ],
    env: () => ({ OPENROUTER_API_KEY: simulator.key }),
  },
  {
    name: "the guide's exports take four times Enter, and are commented out",
    steps: [
      ['Which OpenRouter key', ENTER],
      ['Which models', ENTER],
      ['Comment them out', ENTER],
      ['Write this', ENTER],
    ],

    before: () => box.write('.bashrc', GUIDE_EXPORTS(simulator.key)),
  },
  {
    name: 'a second run takes one Enter',
    steps: [['And now', ENTER]],
    before: () => initIn(box, simulator, ['--target', 'user']),
  },
];

describe('the first five minutes', () => {
  const cases = PATHS.flatMap((each) => [60, 80, 120].map((columns) => [each.name, columns, each] as const));
  it.each(cases)(
    '%s, and no line is wider than %i columns',
    async (_name, columns, { steps, env, before }) => {
      await before?.();
      const keys = steps.map(([question, key]) => [question, key === 'KEY' ? `${simulator.key}${ENTER}` : key] as const);
      const { answers, lines } = await walk(keys, columns, env?.());
      expect(answers).toHaveLength(steps.length);
      expect(lines.filter((line) => line.length > columns)).toEqual([]);
      if (columns >= 80) expect(lines.length, lines.join('\n')).toBeLessThanOrEqual(MOST_LINES);
      expect(box.read('.bashrc') ?? '').not.toMatch(/^export/m);
      // The last lines are what to do now, four at most.
      if (columns >= 80) expect(lines.length - lines.findIndex((line) => /^\d of \d\b/.test(line)) - 1).toBeLessThanOrEqual(4);
    },
    LIMIT,
  );
});
