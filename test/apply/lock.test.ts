import * as fs from 'node:fs';
import { describe, expect, it } from 'vitest';
import { withLock } from '../../src/apply/lock.ts';
import { contextFor, quickClock } from '../support/temp-home.ts';
import { useTempHome } from '../support/use.ts';

const home = useTempHome();
const LOCK = '.config/orcc/locks/change.lock';

const hold = (more: object): string =>
  home.write(LOCK, JSON.stringify({ pid: 7, host: 'here', at: Date.now(), token: 'other', ...more }), 0o600);
const take = (processes = { host: 'here', isRunning: (): boolean | undefined => true }): Promise<string> =>
  withLock(contextFor(home.home, { processes }), home.folder, (lock) => Promise.resolve(lock.stolen ? 'stolen' : 'taken'));

describe('the lock', () => {
  it('is there while the work is done, for the user alone, and leaves no trace', async () => {
    await withLock(home.ctx, home.folder, () => {
      expect(home.mode(LOCK)).toBe(0o600);
      expect(home.mode('.config/orcc')).toBe(0o700);
      return Promise.resolve();
    });
    expect(home.tree()).toEqual({});
  });

  it('goes when the work fails', async () => {
    await expect(withLock(home.ctx, home.folder, () => Promise.reject(new Error('x')))).rejects.toThrow('x');
    expect(home.tree()).toEqual({});
  });

  it('lets one in at a time', async () => {
    let inside = 0;
    let most = 0;
    const ctx = { ...home.ctx, clock: { ...home.ctx.clock, sleep: () => new Promise<void>((done) => setTimeout(done, 1)) } };
    const work = async (): Promise<void> => {
      inside += 1;
      most = Math.max(most, inside);
      await new Promise((done) => setTimeout(done, 5));
      inside -= 1;
    };
    await Promise.all(Array.from({ length: 8 }, () => withLock(ctx, home.folder, work)));
    expect(most).toBe(1);
    expect(home.tree()).toEqual({});
  });

  it('of a live process is waited for, then exit 6, and stays', async () => {
    hold({});
    await expect(take()).rejects.toMatchObject({ exit: 'refused', code: 'LOCKED' });
    expect(home.read(LOCK)).toContain('other');
  });

  it('of a dead process on this machine is taken at once', async () => {
    hold({});
    expect(await take({ host: 'here', isRunning: () => false })).toBe('stolen');
    expect(fs.existsSync(home.path(LOCK))).toBe(false);
  });

  it('that goes from hand to hand is waited for a minute at most', async () => {
    const clock = quickClock();
    let hands = 0;
    const sleep = (ms: number): Promise<void> => {
      if ((hands += 1) > 20_000) throw new Error('waits for ever');
      hold({ at: clock.now(), token: `other ${hands}` });
      return clock.sleep(ms);
    };
    hold({});
    const ctx = contextFor(home.home, { processes: { host: 'here', isRunning: () => true }, clock: { ...clock, sleep } });
    const started = clock.monotonic();
    await expect(withLock(ctx, home.folder, () => Promise.resolve())).rejects.toMatchObject({ code: 'LOCKED' });
    expect(clock.monotonic() - started).toBeGreaterThan(60_000);
  });

  it('stays where another process took it meanwhile', async () => {
    await withLock(home.ctx, home.folder, () => Promise.resolve(hold({})));
    expect(home.read(LOCK)).toContain('other');
  });

  it('of another machine is taken after a minute, not before', async () => {
    hold({ host: 'there' });
    await expect(take()).rejects.toMatchObject({ code: 'LOCKED' });
    hold({ host: 'there', at: Date.now() - 61_000 });
    expect(await take()).toBe('stolen');
  });

  it('of a process number that was given to another program is taken after five minutes', async () => {
    hold({ at: Date.now() - 301_000 });
    expect(await take()).toBe('stolen');
  });

  it('that its holder never finished writing is taken after two seconds', async () => {
    home.write(LOCK, '{"pid": ', 0o600);
    expect(await take()).toBe('stolen');
  });

  it('is taken by one only of those that see the same dead holder', async () => {
    hold({});
    const results = await Promise.all(
      Array.from({ length: 5 }, () => take({ host: 'here', isRunning: () => false }).catch((error: unknown) => String(error))),
    );
    expect(results.filter((result) => result === 'stolen')).toHaveLength(1);
  });
});
