import { describe, expect, it } from 'vitest';
import { applyPlan } from '../../src/apply/apply-plan.ts';
import { recoverPending } from '../../src/apply/recover.ts';
import { undoLast } from '../../src/apply/undo.ts';
import type { FileSystem } from '../../src/core/context.ts';
import { Killed } from '../support/fault-fs.ts';
import { contextFor, quickFiles } from '../support/temp-home.ts';
import { useTempHome } from '../support/use.ts';

const home = useTempHome();

/** A file with the token, one with the base URL that needs it, and one of orcc's records, in the order in which a plan has them. */
const change = (round = '') => [
  home.edit('.zshenv', `token${round}\n`, { mode: 0o600 }),
  home.edit('.claude/settings.json', `url${round}\n`, { owner: 'user' }),
  home.edit('.config/orcc/state.json', `{}${round}\n`, { owner: 'state' }),
];

/** Watches what every call to the disk leaves: each moment at which another process could read the files. */
function watch(dieAt?: (call: string) => boolean): { readonly fs: FileSystem; readonly moments: string[] } {
  const moments: string[] = [];
  let isDead = false;
  const fs = new Proxy(quickFiles(), {
    get:
      (target, name: keyof FileSystem) =>
      (...args: readonly never[]) => {
        if (isDead) throw new Killed('dead');
        const result: unknown = Reflect.apply(target[name], target, args);
        const moment = [home.read('.zshenv') === null ? '' : 'token', home.read('.claude/settings.json') === null ? '' : 'url']
          .join(' ')
          .trim();
        if (moments.at(-1) !== moment) moments.push(moment);
        if (dieAt?.(`${name} ${args.join(' ')}`) === true) {
          isDead = true;
          throw new Killed('killed');
        }
        return result;
      },
  });
  return { fs, moments };
}

const options = () => ({ folder: home.folder, command: 'init' });
const lastOf = (call: string): boolean => call.startsWith('rename ') && call.endsWith('/state.json');

describe('no moment has a base URL without a token (design D4)', () => {
  it('while a change is made', async () => {
    const { fs, moments } = watch();
    await applyPlan(contextFor(home.home, { fs }), { edits: change() }, options());
    expect(moments).toEqual(['', 'token', 'token url']);
  });

  it('while a change that failed at its last file is put back', async () => {
    const { fs, moments } = watch();
    const failing: FileSystem = {
      ...fs,
      rename: (from, to) => {
        if (lastOf(`rename ${to}`)) throw Object.assign(new Error('ENOSPC'), { code: 'ENOSPC' });
        fs.rename(from, to);
      },
    };
    await expect(applyPlan(contextFor(home.home, { fs: failing }), { edits: change() }, options())).rejects.toThrow();
    expect(moments).toEqual(['', 'token', 'token url', 'token', '']);
  });

  it('while the next run puts back what a killed one left', async () => {
    const killed = watch((call) => call.startsWith('rename ') && call.endsWith('/settings.json'));
    await expect(applyPlan(contextFor(home.home, { fs: killed.fs, pid: 1_000_001 }), { edits: change() }, options())).rejects.toThrow();
    const { fs, moments } = watch();
    await recoverPending(contextFor(home.home, { fs }), home.folder);
    expect(moments).toEqual(['token url', 'token', '']);
  });

  it('while a change, or several, are undone', async () => {
    await applyPlan(home.ctx, { edits: change() }, options());
    await applyPlan(home.ctx, { edits: change('2') }, options());
    const { fs, moments } = watch();
    await undoLast(contextFor(home.home, { fs }), { folder: home.folder, steps: 2 });
    expect(moments).toEqual(['token url', 'token', '']);
  });

  it('while a set-up that was taken out is brought back', async () => {
    await applyPlan(home.ctx, { edits: change() }, options());
    const gone = change().map((edit) => ({ ...edit, after: null }));
    const removal = [...gone.slice(1), ...gone.slice(0, 1)];
    await applyPlan(home.ctx, { edits: removal }, options());
    const { fs, moments } = watch();
    await undoLast(contextFor(home.home, { fs }), { folder: home.folder });
    expect(moments).toEqual(['', 'token', 'token url']);
  });
});
