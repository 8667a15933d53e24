import * as fs from 'node:fs';
import { describe, expect, it } from 'vitest';
import { applyPlan } from '../../src/apply/apply-plan.ts';
import { listHistory } from '../../src/apply/history.ts';
import { planUndo } from '../../src/apply/plan-undo.ts';
import { undoLast } from '../../src/apply/undo.ts';
import type { Edit } from '../../src/apply/types.ts';
import { OrccError } from '../../src/core/errors.ts';
import { contextFor } from '../support/temp-home.ts';
import { useTempHome } from '../support/use.ts';

const home = useTempHome();
const LOCK = '.config/orcc/locks/change.lock';
const apply = (...edits: readonly Edit[]) => applyPlan(home.ctx, { edits }, { folder: home.folder, command: 'switch' });
/** What the refusal says. */
function refusal(steps = 1): OrccError {
  try {
    planUndo(home.ctx, { folder: home.folder, steps });
  } catch (error) {
    if (error instanceof OrccError) return error;
    throw error;
  }
  throw new Error('not refused');
}

describe('an undo that can not go so far back says how far it can', () => {
  it.each<readonly [steps: number, gone: number, message: RegExp, hint: RegExp]>([
    [1, 0, /^The backups of the last change are gone$/, /^`orcc remove`/],
    [2, 1, /^Only 1 change can /, /^`orcc undo 1` undoes it; `orcc remove`/],
    [3, 2, /^Only 2 changes can /, /^`orcc undo 2` undoes them; `orcc remove`/],
    [4, 3, /^Only 3 changes can /, /^`orcc undo 3` undoes them; `orcc remove`/],
  ])('%i steps, where the backup of the one before %i others is gone', async (steps, gone, message, hint) => {
    home.write('.bashrc', '0');
    for (const text of ['1', '2', '3', '4']) await apply(home.edit('.bashrc', text));
    fs.unlinkSync(`${listHistory(home.ctx, home.folder)[gone]?.folder ?? ''}/0.bak`);
    const { exit, message: said, hint: next } = refusal(steps);
    expect([exit, said, next]).toEqual(['nothing', expect.stringMatching(message), expect.stringMatching(hint)]);
  });

  it('where there were fewer changes, or none', async () => {
    expect(refusal()).toMatchObject({ exit: 'nothing', hint: undefined });
    await apply(home.edit('.bashrc', '1'));
    expect(refusal(2).message).toMatch(/^Only 1 change can /);
  });

  it('and that it is the key where that took the backups with it', async () => {
    home.write('.bashrc', '0');
    await apply(home.edit('.config/orcc/key', 'k', { owner: 'key' }), home.edit('.bashrc', '1'));
    fs.unlinkSync(`${listHistory(home.ctx, home.folder)[0]?.folder ?? ''}/1.bak`);
    expect(refusal().message).toMatch(/key/);
  });
});

it.each([
  [['.bashrc'], /^`[^`]*\.bashrc` was changed/],
  [['.bashrc', '.zshrc'], /^`[^`]*`, `[^`]*` were changed/],
])('an undo names the files that somebody changed since: %s', async (names, message) => {
  for (const name of names) home.write(name, '0');
  await apply(...names.map((name) => home.edit(name, '1')));
  for (const name of names) home.write(name, 'theirs');
  const { code, message: said } = refusal();
  expect([code, said]).toEqual(['CHANGED_SINCE', expect.stringMatching(message)]);
});

describe('before it takes the lock, an undo', () => {
  it('finds that there is nothing to undo, though another orcc holds it', async () => {
    home.write(LOCK, JSON.stringify({ pid: 7, host: 'here', at: Date.now(), token: 'other' }), 0o600);
    const ctx = contextFor(home.home, { processes: { host: 'here', isRunning: () => true } });
    await expect(undoLast(ctx, { folder: home.folder })).rejects.toMatchObject({ exit: 'nothing' });
  });

  it('starts the program that finds access lists', async () => {
    home.write('.bashrc', '0');
    await apply(home.edit('.bashrc', '1'));
    const locks: unknown[] = [];
    const findAttributed = (): ReadonlySet<number> => {
      locks.push(home.read(LOCK));
      return new Set();
    };
    await undoLast(contextFor(home.home, { findAttributed }), { folder: home.folder });
    expect(locks[0]).toBeNull();
  });
});
