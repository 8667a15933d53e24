import * as fs from 'node:fs';
import { describe, expect, it } from 'vitest';
import { isLocked, withLock } from '../../src/apply/lock.ts';
import type { ApplyContext } from '../../src/apply/apply-context.ts';
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
    let time = 0;
    const sleep = (ms: number): Promise<void> => {
      if ((time += ms) > 100_000) throw new Error('waits for ever');
      return Promise.resolve(void hold({ at: Date.now(), token: `other ${time}` }));
    };
    hold({});
    const clock = { ...quickClock(), monotonic: () => time, sleep };
    const ctx = contextFor(home.home, {
      processes: { host: 'here', isRunning: () => true },
      clock,
      random: (bytes) => new Uint8Array(bytes).fill(240),
    });
    await expect(withLock(ctx, home.folder, () => Promise.resolve())).rejects.toMatchObject({ code: 'LOCKED' });
    // It looks every 40 ms here, and a minute is not too long yet.
    expect(time).toBe(60_040);
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

  it('makes the folders that it needs, tells of them, and takes them away where they are empty', async () => {
    const made = [home.path('.config'), home.folder];
    const seen = await withLock(home.ctx, home.folder, (lock) => {
      home.write('.config/theirs', 'x');
      return Promise.resolve([lock.createdFolders, home.mode('.config'), home.mode('.config/orcc/locks')]);
    });
    expect(seen).toEqual([made, 0o755, 0o700]);
    expect(Object.keys(home.tree())).toEqual(['.config', '.config/theirs']);
    expect(await withLock(home.ctx, home.folder, (lock) => Promise.resolve(lock.createdFolders))).toEqual([home.folder]);
  });

  it('takes over what a dead process had made for it, and takes that away at the end', async () => {
    const made = [home.path('.config'), home.folder];
    hold({ made });
    const dead = contextFor(home.home, { processes: { host: 'here', isRunning: () => false } });
    expect(await withLock(dead, home.folder, (lock) => Promise.resolve(lock.createdFolders))).toEqual(made);
    expect(home.tree()).toEqual({});
  });

  it('holds who has it, and what was made for it', async () => {
    const holder = (): unknown => JSON.parse(home.read(LOCK) ?? '');
    const ctx = contextFor(home.home, { pid: 42 });
    const who = { pid: 42, host: 'here', at: expect.any(Number) as number, token: expect.stringMatching(/^[0-9a-f]{16}$/) as string };
    expect(await withLock(ctx, home.folder, () => Promise.resolve(holder()))).toEqual({
      ...who,
      made: [home.path('.config'), home.folder],
    });
    fs.mkdirSync(home.folder, { recursive: true });
    expect(await withLock(ctx, home.folder, () => Promise.resolve(holder()))).toEqual(who);
  });

  it('is refused where it cannot be written, and leaves nothing', async () => {
    const write = (): never => {
      throw Object.assign(new Error('ENOSPC'), { code: 'ENOSPC' });
    };
    const ctx = contextFor(home.home, { fs: { ...home.ctx.fs, write } });
    await expect(withLock(ctx, home.folder, () => Promise.resolve())).rejects.toMatchObject({ exit: 'refused' });
    expect(home.tree()).toEqual({});
  });

  it('is refused with the reason where its folder cannot be made, or a dead one cannot be taken', async () => {
    const fails = (): never => {
      throw Object.assign(new Error('EACCES'), { code: 'EACCES' });
    };
    const openExclusive = (file: string, mode: number): number =>
      file.endsWith('.steal') ? fails() : home.ctx.fs.openExclusive(file, mode);
    const processes = { host: 'here', isRunning: () => false };
    const [folder, guard] = [{ mkdir: fails }, { openExclusive }].map((more) =>
      contextFor(home.home, { fs: { ...home.ctx.fs, ...more }, processes }),
    );
    const failureOf = (ctx: ApplyContext | undefined): Promise<unknown> =>
      withLock(ctx ?? home.ctx, home.folder, () => Promise.resolve()).catch((error: unknown) => error);
    expect(await failureOf(folder)).toMatchObject({ exit: 'refused', code: undefined });
    hold({});
    expect(await failureOf(guard)).toMatchObject({ exit: 'refused', code: undefined });
  });

  it('that another has only begun to write stays where this one fails', async () => {
    const openExclusive = (): never => {
      home.write(LOCK, '{', 0o600);
      throw Object.assign(new Error('EROFS'), { code: 'EROFS' });
    };
    const ctx = contextFor(home.home, { fs: { ...home.ctx.fs, openExclusive } });
    await expect(withLock(ctx, home.folder, () => Promise.resolve())).rejects.toMatchObject({ exit: 'refused' });
    expect(home.read(LOCK)).toBe('{');
  });

  it('goes with what a process left that died taking one over', async () => {
    home.write(`${LOCK}.steal`, '', 0o600);
    fs.utimesSync(home.path(`${LOCK}.steal`), 0, 0);
    expect(await take()).toBe('taken');
    expect(fs.existsSync(home.path('.config/orcc/locks'))).toBe(false);
  });

  it.each<[string, number, number]>([
    ['a random tenth of a second at most', 255, 10 + 255 / 8],
    ['a hundredth of a second at least', 0, 10],
  ])('that nobody names is waited for as long as a live one, looking every so often: %s', async (_what, random, pause) => {
    const sleeps: number[] = [];
    const clock = quickClock();
    let time = 0;
    const openExclusive = (): never => {
      throw Object.assign(new Error('EEXIST'), { code: 'EEXIST' });
    };
    const sleep = (ms: number): Promise<void> => {
      sleeps.push(ms);
      time += ms;
      return Promise.resolve();
    };
    const ctx = contextFor(home.home, {
      fs: { ...home.ctx.fs, openExclusive },
      clock: { ...clock, monotonic: () => time, sleep },
      random: (bytes) => new Uint8Array(bytes).fill(random),
    });
    await expect(withLock(ctx, home.folder, () => Promise.resolve())).rejects.toMatchObject({
      code: 'LOCKED',
      message: expect.not.stringContaining('undefined') as string,
    });
    // Five seconds are not too long yet.
    expect([sleeps[0], sleeps.length]).toEqual([pause, Math.floor(5_000 / pause) + 1]);
  });

  it('is had where the one before has just taken the folder away', async () => {
    let isFirst = true;
    const openExclusive = (file: string, mode: number): number => {
      if (isFirst) fs.rmSync(home.folder, { recursive: true });
      isFirst = false;
      return home.ctx.fs.openExclusive(file, mode);
    };
    const ctx = contextFor(home.home, { fs: { ...home.ctx.fs, openExclusive } });
    expect(await withLock(ctx, home.folder, () => Promise.resolve('had'))).toBe('had');
    expect(home.tree()).toEqual({});
  });

  it('of a live process is waited for, for five seconds since it changed hands', async () => {
    const clock = quickClock();
    const started = clock.monotonic();
    const waited = (): number => Math.floor((clock.monotonic() - started) / 1000);
    let isOther = false;
    const sleep = (ms: number): Promise<void> => {
      if (waited() === 3 && !isOther) {
        isOther = true;
        hold({ token: 'another' });
      }
      return clock.sleep(ms);
    };
    hold({});
    const ctx = contextFor(home.home, { processes: { host: 'here', isRunning: () => true }, clock: { ...clock, sleep } });
    await expect(withLock(ctx, home.folder, () => Promise.resolve())).rejects.toMatchObject({
      code: 'LOCKED',
      data: { path: home.path(LOCK) },
      message: expect.stringContaining('7') as string,
    });
    expect([waited(), isOther]).toEqual([8, true]);
  });

  it.each<[number, string]>([
    [2_000, 'LOCKED'],
    [3_000, 'stolen'],
  ])('of a dead process is not taken while another takes it, unless that died too (its file is %i ms old)', async (age, then) => {
    hold({});
    home.write(`${LOCK}.steal`, '', 0o600);
    const at = Math.floor(Date.now() / 1000);
    fs.utimesSync(home.path(`${LOCK}.steal`), at - age / 1000, at - age / 1000);
    // Time stands still for the files.
    const clock = { ...quickClock(), now: () => at * 1000 };
    const ctx = contextFor(home.home, { processes: { host: 'here', isRunning: () => false }, clock });
    const took = withLock(ctx, home.folder, (lock) => Promise.resolve(lock.stolen ? 'stolen' : 'taken'));
    expect(await took.catch((error: unknown) => (error as { code: string }).code)).toBe(then);
    expect(home.read(`${LOCK}.steal`)).toBe(then === 'stolen' ? null : '');
  });

  it('is not taken from someone who got it after the dead one was seen', async () => {
    hold({});
    const openExclusive = (file: string, mode: number): number => {
      if (file.endsWith('.steal')) hold({ token: 'new', pid: 8 });
      expect(mode).toBe(0o600);
      return home.ctx.fs.openExclusive(file, mode);
    };
    const processes = { host: 'here', isRunning: (pid: number) => pid === 8 };
    const ctx = contextFor(home.home, { fs: { ...home.ctx.fs, openExclusive }, processes });
    await expect(withLock(ctx, home.folder, () => Promise.resolve())).rejects.toMatchObject({ code: 'LOCKED' });
    expect(home.read(LOCK)).toContain('"new"');
    expect(fs.existsSync(home.path(`${LOCK}.steal`))).toBe(false);
    // It is given back in good order: nothing was left half-way.
    const sleep = (): Promise<void> => Promise.resolve(fs.rmSync(home.path(LOCK), { force: true }));
    const later = { ...ctx, clock: { ...ctx.clock, sleep } };
    hold({});
    expect(await withLock(later, home.folder, (lock) => Promise.resolve(lock.stolen))).toBe(false);
  });

  it('of a dead process that another took and gave back is not taken from the dead', async () => {
    hold({});
    home.write(`${LOCK}.steal`, '', 0o600);
    const sleep = (): Promise<void> => {
      for (const file of [LOCK, `${LOCK}.steal`]) fs.rmSync(home.path(file), { force: true });
      return Promise.resolve();
    };
    const ctx = contextFor(home.home, { processes: { host: 'here', isRunning: () => false }, clock: { ...quickClock(), sleep } });
    expect(await withLock(ctx, home.folder, (lock) => Promise.resolve(lock.stolen))).toBe(false);
  });
});

describe('a holder counts as dead', () => {
  const NOW = Date.UTC(2026, 0, 2);
  const running = (isRunning: boolean | undefined) => ({ processes: { host: 'here', isRunning: () => isRunning } });
  it.each<[string, Partial<ApplyContext>, object, number]>([
    ['whose process is gone, at once', running(false), {}, -1],
    ['whose number is in use, after five minutes', running(true), {}, 300_000],
    ['that has the number of this process, after five minutes', { ...running(false), pid: 7 }, {}, 300_000],
    ['whose life cannot be known, after a minute', running(undefined), {}, 60_000],
    ['on another machine, after a minute', running(false), { host: 'there' }, 60_000],
  ])('%s', (_what, more, holder, longest) => {
    const isHeld = (age: number): boolean => {
      hold({ at: NOW - age, ...holder });
      return isLocked(contextFor(home.home, { clock: { ...quickClock(), now: () => NOW }, ...more }), home.folder);
    };
    // A clock that was put back makes a holder of the future.
    expect([longest, -longest, longest + 1, -longest - 1].map(isHeld)).toEqual(
      longest < 0 ? [false, false, false, false] : [true, true, false, false],
    );
  });

  it('that never wrote its name, after two seconds', () => {
    const isHeld = (age: number): boolean => {
      home.write(LOCK, '', 0o600);
      fs.utimesSync(home.path(LOCK), (NOW - age) / 1000, (NOW - age) / 1000);
      return isLocked(contextFor(home.home, { clock: { ...quickClock(), now: () => NOW } }), home.folder);
    };
    expect([2_000, 2_001].map(isHeld)).toEqual([true, false]);
  });

  it('and where there is no lock, nobody holds it', () => {
    expect(isLocked(home.ctx, home.folder)).toBe(false);
  });
});
