import { describe, expect, it } from 'vitest';
import type { RecoveredRun } from '../../src/apply/recover.ts';
import { describeInterrupted, describeRecovered, recoverFirst } from '../../src/change/recover-first.ts';
import type { Context } from '../../src/core/context.ts';
import type { Say } from '../../src/core/say.ts';
import { dieAfterRename } from '../support/die-after-rename.ts';
import { contextFor } from '../support/temp-home.ts';
import { useTempHome } from '../support/use.ts';

const home = useTempHome();
const warnings: string[] = [];
const say = { warn: (text: string) => warnings.push(text) } as unknown as Say;
const ctx = (more: Partial<Context> = {}): Context => ({ ...contextFor(home.home), ...more }) as Context;

describe('a run that was killed half-way', () => {
  it('is put right and told of by the next command that writes, once', async () => {
    home.write('.bashrc', 'before\n');
    home.write('.profile', 'before\n');
    const edits = [home.edit('.bashrc', 'after\n'), home.edit('.profile', 'after\n')];
    await dieAfterRename(home, (to) => to === home.path('.bashrc'), edits);
    expect(describeInterrupted(ctx())).toContain('`orcc switch`');
    warnings.length = 0;
    await recoverFirst(ctx(), say);
    expect(warnings).toEqual([expect.stringContaining('`orcc switch`')]);
    expect([home.read('.bashrc'), home.read('.profile')]).toEqual(['before\n', 'before\n']);
    await recoverFirst(ctx(), say);
    expect([warnings.length, describeInterrupted(ctx())]).toEqual([1, undefined]);
  });

  it('is left to whoever owns the home', async () => {
    await expect(recoverFirst(ctx({ home: home.path('none') }), say)).rejects.toMatchObject({ exit: 'refused' });
    expect(home.tree()).toEqual({});
  });

  it('is told by how it ended, with the files that could not be put back', () => {
    const run = (outcome: RecoveredRun['outcome'], more: Partial<RecoveredRun> = {}): string =>
      describeRecovered({ command: 'init', outcome, restored: [], left: [], failed: [], ...more });
    const told = (['finished', 'rolled-back', 'failed'] as const).map((outcome) => run(outcome));
    expect(new Set(told).size).toBe(3);
    for (const text of told) expect(text).toMatch(/^[^;]*`orcc init`/);
    const left = run('rolled-back', { left: ['/a', '/b'] });
    expect(left).toContain('; /a, /b ');
    expect(left.startsWith(run('rolled-back'))).toBe(true);
    expect(run('rolled-back')).not.toMatch(/;|x$/);
    expect(run('failed', { failed: ['/c', '/d'] })).toContain(' /c, /d ');
  });
});
