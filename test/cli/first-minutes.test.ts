import { chmodSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createBox, type Box } from '../support/box.ts';
import { startPty, type Pty } from '../support/pty.ts';
import { Screen } from '../support/screen.ts';
import { initIn, useSimulator } from '../support/use-simulator.ts';

/** What the wizard costs a newcomer: questions, key presses, lines. Counted in real terminals, so that it does not grow unseen. */
const simulator = await useSimulator();
let box: Box;
let pty: Pty | undefined;
beforeEach(() => {
  box = createBox();
  const claude = path.join(box.env['PATH'] ?? '', 'claude');
  writeFileSync(claude, '#!/bin/sh\necho "2.1.332 (Claude Code)"\n');
  chmodSync(claude, 0o755);
});
afterEach(async () => {
  pty?.kill();
  pty = undefined;
  await box.dispose();
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

describe('the first five minutes', () => {
  it.each([60, 80, 120])(
    'take three answers with a pasted key, and no line is wider than %i columns',
    async (columns) => {
      const { answers, lines } = await walk(
        [
          ['OpenRouter key', `${simulator.key}${ENTER}`],
          ['Which models', ENTER],
          ['Write this', ENTER],
        ],
        columns,
      );
      expect(answers).toHaveLength(3);
      expect(lines.filter((line) => line.length > columns)).toEqual([]);
      if (columns >= 80) expect(lines.length, lines.join('\n')).toBeLessThanOrEqual(35);
    },
    LIMIT,
  );

  it(
    'take three times Enter with a key in the environment',
    async () => {
      const { answers } = await walk(
        [
          ['Which OpenRouter key', ENTER],
          ['Which models', ENTER],
          ['Write this', ENTER],
        ],
        80,
        { OPENROUTER_API_KEY: simulator.key },
      );
      expect(answers).toHaveLength(3);
    },
    LIMIT,
  );

  it(
    "take four times Enter over the guide's exports, which are commented out",
    async () => {
      box.write('.bashrc', GUIDE_EXPORTS(simulator.key));
      const { answers, lines } = await walk(
        [
          ['Which OpenRouter key', ENTER],
          ['Which models', ENTER],
          ['Comment them out', ENTER],
          ['Write this', ENTER],
        ],
        80,
      );
      expect(answers).toHaveLength(4);
      expect(box.read('.bashrc')).not.toMatch(/^export/m);
      expect(lines.filter((line) => line.length > 80)).toEqual([]);
    },
    LIMIT,
  );

  it(
    'take one Enter where it is set up already',
    async () => {
      await initIn(box, simulator, ['--target', 'user']);
      const { answers, lines } = await walk([['And now', ENTER]], 80);
      expect(answers).toHaveLength(1);
      expect(lines.length, lines.join('\n')).toBeLessThanOrEqual(35);
    },
    LIMIT,
  );
});
