import { describe, expect, it } from 'vitest';

import { runExplain, runExplainCommand } from '../../../src/commands/explain/explain.ts';
import { OrccError } from '../../../src/core/errors.ts';
import { plainStyle } from '../../../src/text/style.ts';
import { makeTestContext } from '../../probe/support-context.ts';

describe('`orcc explain`', () => {
  it('prints a row, in any spelling of its code, within the width of the terminal', () => {
    const text = runExplain('no-tools').text(plainStyle(72));
    expect(text.startsWith('NO_TOOLS (error): ')).toBe(true);
    expect(runExplain('IMAGES_UNGUARDED').text(plainStyle(72))).toMatch(/^IMAGES_UNGUARDED \(note\): /);
    for (const label of ['recognised', 'cause', 'fix', 'in Claude Code']) expect(text).toMatch(new RegExp(`^  ${label} +\\S`, 'm'));
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });

  it('gives the row as data', () => {
    expect(runExplain('UPSTREAM_BUSY').data).toMatchObject({ code: 'UPSTREAM_BUSY', severity: 'warning', transient: true });
  });

  it('refuses an unknown code with exit 2 and the nearest', () => {
    try {
      runExplain('NO_TOOL\u001b[2J');
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(OrccError);
      expect(error).toMatchObject({ exit: 'usage' });
      expect((error as OrccError).hint).toContain('NO_TOOLS');
      expect((error as OrccError).message).not.toContain('\u001b');
    }
  });

  it('takes what argv gives', async () => {
    const ctx = makeTestContext();
    const input: unknown = { code: 'KEY_BAD', json: true };
    expect((await runExplainCommand(ctx as unknown as Parameters<typeof runExplainCommand>[0], input)).data).toMatchObject({
      code: 'KEY_BAD',
    });
    await ctx.close();
  });
});
