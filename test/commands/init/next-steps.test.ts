import { expect, it } from 'vitest';
import { renderNextSteps } from '../../../src/commands/init/next-steps.ts';
import { plainStyle } from '../../../src/text/style.ts';

it('says what to do now in four lines, however many sessions run', () => {
  const sessions = ['~/a', '~/a', '~/b', ...Array.from({ length: 30 }, (_, index) => `~/projects/number-${String(index)}`)];
  const text = renderNextSteps({ reloads: [], hasSettings: true, hasShells: false, hasClaude: false, sessions }, plainStyle(80));
  expect(text.split('\n').length).toBeLessThanOrEqual(4);
  expect(text).toMatch(/~\/a, ~\/b, .*\b30\b/);
  // Without Claude Code, `claude` alone would fail.
  expect(text).toMatch(/ npm install -g @anthropic-ai\/claude-code$/m);
});

it('says how many there are where their folders are too long to be named', () => {
  const sessions = ['one', 'two', 'three'].map((name) => `~/${'deep/'.repeat(20)}${name}`);
  const next = { reloads: ['source ~/.bashrc'], hasSettings: true, hasShells: true, hasClaude: true, sessions };
  const lines = renderNextSteps(next, plainStyle(80)).split('\n');
  expect(lines.length).toBeLessThanOrEqual(4);
  expect(lines.join('\n')).toMatch(/\(3 \w+\)/);
  expect(renderNextSteps({ ...next, sessions: ['~/short', ...sessions] }, plainStyle(80))).toMatch(/~\/short, .*\b3\b/);
});
