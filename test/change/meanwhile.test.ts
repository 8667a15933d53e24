import { rmSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Change } from '../../src/change/asked.ts';
import type { Context } from '../../src/core/context.ts';
import { SETTINGS, useChanging, wanted, type Wish } from '../support/changing.ts';
import { fakeExec } from '../support/shell-context.ts';
import { quickClock, quickFiles } from '../support/temp-home.ts';

const box = useChanging();
const LOCK = '.config/orcc/locks/change.lock';
const OTHER = JSON.stringify({ pid: 77, host: 'here', at: Date.now(), token: 'other' });
const YES = { to: /Write it/, give: true };
const ALL = { kind: 'applied' };

/** The file port with `then` done right before the `nth` time that the lock is taken. */
function atLock(then: (time: number) => void): Context['fs'] {
  const fs = quickFiles();
  let times = 0;
  const openExclusive = (name: string, mode: number): number => {
    if (name.endsWith('change.lock')) then((times += 1));
    return fs.openExclusive(name, mode);
  };
  return { ...fs, openExclusive };
}

describe('a file that somebody else saves before the lock is taken', () => {
  const save = (time: number): void => void (time === 1 && box.home.write(SETTINGS, '{ "mine": true }\n'));

  it('keeps what is new in it, and is written without another question where all was agreed to', async () => {
    const looked: number[] = [];
    const beforeWrite = (): Promise<void> => Promise.resolve(void looked.push(1));
    const { changed, said } = await box.run({ beforeWrite }, { ctx: { fs: atLock(save) } });
    expect([changed, said]).toMatchObject([ALL, '']);
    expect([box.model(), looked]).toEqual(['opus', [1]]);
    expect(JSON.parse(box.home.read(SETTINGS) ?? '')).toMatchObject({ mine: true });
  });

  it('is shown and asked about anew where somebody was asked', async () => {
    let steps = 0;
    const beforeWrite = (): Promise<void> => Promise.resolve(void (steps += 1));
    const { changed, questions, said } = await box.run({ beforeWrite }, { answers: [YES, YES], ctx: { fs: atLock(save) } });
    expect([changed?.kind, questions.length, box.model(), steps]).toEqual(['applied', 2, 'opus', 1]);
    expect(said).toContain('warning:');
    expect(said).toContain('"mine": true');
  });

  it('is not asked about anew where it is as before in everything that counts', async () => {
    box.home.write(SETTINGS, '{}\n');
    const touch = (time: number): void => void (time === 1 && box.home.write(`${SETTINGS}.other`, '{}'));
    expect((await box.run({}, { answers: [YES], ctx: { fs: atLock(touch) } })).changed).toMatchObject(ALL);
  });

  it('is written nowhere where it now says what stands in the way', async () => {
    const theirs = '{"env": {"ANTHROPIC_AUTH_TOKEN": "theirs"}}';
    const fs = atLock(() => box.home.write(SETTINGS, theirs));
    expect((await box.run({}, { ctx: { fs } })).error).toMatchObject({ exit: 'refused', code: 'FOREIGN_VALUE' });
    expect(box.home.read(SETTINGS)).toBe(theirs);
  });

  it('has become what was planned: nothing is written', async () => {
    await box.run();
    const whole = box.home.read(SETTINGS) ?? '';
    box.home.write(SETTINGS, whole.replace('"opus"', '"haiku"'), 0o600);
    const before = box.home.tree();
    const force = (wish: Wish) => ({ ...wanted(wish), force: true, replace: true });
    const fs = atLock(() => box.home.write(SETTINGS, whole, 0o600));
    const { changed } = await box.run({ desire: force }, { ctx: { fs } });
    expect([changed?.kind, changed?.receipt, changed?.dryRun, box.home.read(SETTINGS)]).toEqual(['unchanged', undefined, false, whole]);
    expect(Object.keys(box.home.tree())).toEqual(Object.keys(before));
  });
});

describe('a file that somebody else saves while orcc writes', () => {
  /** The file port with `then` done at the `nth` new file below the backups. */
  const atBackup = (then: (time: number) => void): Context['fs'] => {
    const fs = quickFiles();
    let times = 0;
    const openExclusive = (name: string, mode: number): number => {
      if (name.includes('/history/')) then((times += 1));
      return fs.openExclusive(name, mode);
    };
    return { ...fs, openExclusive };
  };

  it('keeps what is new in it: the change is planned anew under the lock', async () => {
    box.home.write(SETTINGS, '{}\n');
    const fs = atBackup((time) => void (time === 1 && box.home.write(SETTINGS, '{ "mine": true }\n')));
    expect((await box.run({}, { ctx: { fs } })).changed).toMatchObject(ALL);
    expect(JSON.parse(box.home.read(SETTINGS) ?? '')).toMatchObject({ mine: true, env: { ANTHROPIC_MODEL: 'opus' } });
  });

  it('is not tried again where it is the disk that fails', async () => {
    let times = 0;
    const fs = atBackup(() => {
      times += 1;
      throw Object.assign(new Error('ENOSPC'), { code: 'ENOSPC' });
    });
    expect([(await box.run({}, { ctx: { fs } })).error, times]).toMatchObject([{ exit: 'refused' }, 1]);
  });

  it('ends the change after a while where that goes on', async () => {
    box.home.write(SETTINGS, '{}\n');
    const clock = quickClock();
    const fs = atBackup((time) => {
      box.home.write(SETTINGS, `{ "time": ${time} }\n`);
      void clock.sleep(1000);
    });
    expect((await box.run({}, { ctx: { fs, clock } })).error).toMatchObject({ exit: 'refused', code: 'CHANGED' });
    expect(JSON.parse(box.home.read(SETTINGS) ?? '')).not.toHaveProperty('env');
  });
});

describe('orcc’s own files that another orcc writes before the lock is taken', () => {
  const record = (): void => void box.home.write('.config/orcc/config.json', `${box.home.read('.config/orcc/config.json') ?? ''} `, 0o600);

  it('have the decision made anew', async () => {
    await box.run();
    const decideAgain = (): Promise<Wish> => Promise.resolve({ model: 'sonnet' });
    const fs = atLock((time) => void (time === 1 && record()));
    const { changed } = await box.run({ decision: { model: 'haiku' }, decideAgain }, { ctx: { fs } });
    expect([changed?.kind, changed?.decision, box.model()]).toEqual(['applied', { model: 'sonnet' }, 'sonnet']);
  });

  it('leave it as it is where nothing decides anew, or where another file changed alone', async () => {
    await box.run();
    const fs = atLock((time) => void (time === 1 && record()));
    expect((await box.run({ decision: { model: 'haiku' } }, { ctx: { fs } })).changed?.decision).toEqual({ model: 'haiku' });
    const decideAgain = (): Promise<Wish> => Promise.resolve({ model: 'sonnet' });
    const other = atLock((time) => void (time === 1 && box.home.write(SETTINGS, `${box.home.read(SETTINGS) ?? ''} `, 0o600)));
    await box.run({ decision: { model: 'opus' }, decideAgain }, { answers: [YES, YES], ctx: { fs: other } });
    expect(box.model()).toBe('opus');
  });
});

describe('files that change again and again', () => {
  /** Each look at the lock takes `ms`. */
  const slow = (ms: number, then: (time: number) => void): Partial<Context> => {
    const clock = quickClock();
    return {
      clock,
      fs: atLock((time) => {
        then(time);
        void clock.sleep(ms);
      }),
    };
  };
  const profile = '.bashrc';
  const asked: Partial<Change<Wish>> = { targets: ['user', 'bash'], places: 'found', desire: (wish) => wanted(wish, 'bash') };
  const exec = fakeExec({ bash: () => ({}), sh: () => ({}) }).exec;

  it.each([
    ['a user’s', profile, 1800, 2],
    ['orcc’s', '.config/orcc/config.json', 25_000, 3],
  ])('end a change after a while, %s', async (_who, file, ms, most) => {
    await box.run();
    let times = 0;
    const ctx = slow(ms, (time) => {
      times = time;
      const before = box.home.read(file);
      box.home.write(file, file === profile ? `# ${time}\n` : `${before ?? ''} `, 0o600);
    });
    const { error } = await box.run({ ...asked, decision: { model: 'haiku' } }, { ctx: { ...ctx, exec } });
    expect(error).toMatchObject({ exit: 'refused', code: 'CHANGED' });
    expect([times, box.model()]).toEqual([most, 'opus']);
  });

  it('are asked about each time on a terminal, without an end', async () => {
    const ctx = slow(40_000, (time) => void (time < 4 && box.home.write(SETTINGS, `{ "time": ${time} }`)));
    const { changed, questions } = await box.run({}, { answers: [YES, YES, YES, YES], ctx });
    expect([changed?.kind, questions.length]).toEqual(['applied', 4]);
  });
});

describe('a problem that may be half of another orcc’s change', () => {
  const theirs = '{"env": {"ANTHROPIC_AUTH_TOKEN": "theirs"}}';
  /** A clock on whose `nth` sleep `then` happens. */
  const sleeping = (nth: number, then: () => void): { clock: Context['clock']; slept: () => number } => {
    const clock = quickClock();
    let times = 0;
    const sleep = (ms: number): Promise<void> => {
      times += 1;
      if (times === nth) then();
      return clock.sleep(ms);
    };
    return { clock: { ...clock, sleep }, slept: () => times };
  };
  const processes = { host: 'here', isRunning: (pid: number) => pid === 77 };

  it('is waited for, as long as that holds the lock, and then looked at anew', async () => {
    box.home.write(SETTINGS, theirs);
    const machine = await box.observe();
    box.home.write(LOCK, OTHER);
    const { clock, slept } = sleeping(3, () => {
      box.home.write(SETTINGS, '{}\n');
      rmSync(box.at(LOCK));
    });
    const decideAgain = (): Promise<Wish> => Promise.resolve({ model: 'sonnet' });
    const { changed } = await box.run({ machine, decideAgain }, { ctx: { clock, processes } });
    expect([changed?.kind, slept(), box.model()]).toEqual(['applied', 3, 'sonnet']);
  });

  it('is what is waited for, and nothing else is: a dry run without one is made at once', async () => {
    box.home.write(LOCK, OTHER);
    const { clock, slept } = sleeping(0, () => undefined);
    expect((await box.run({ dryRun: true }, { ctx: { clock, processes } })).changed?.kind).toBe('dry-run');
    expect(slept()).toBe(0);
  });

  it('is one where that has written since, without holding the lock any more', async () => {
    box.home.write(SETTINGS, theirs);
    const machine = await box.observe();
    const prepare: Change<Wish>['prepare'] = (found) => {
      box.home.write(SETTINGS, '{}\n');
      return found;
    };
    expect((await box.run({ machine, prepare })).changed).toMatchObject(ALL);
  });

  it('is a problem after 5 s, and at once where nobody is at work', async () => {
    box.home.write(SETTINGS, theirs);
    expect((await box.run()).error).toMatchObject({ code: 'FOREIGN_VALUE' });
    const machine = await box.observe();
    box.home.write(LOCK, OTHER);
    const { clock, slept } = sleeping(0, () => undefined);
    const { error } = await box.run({ machine }, { ctx: { clock, processes } });
    expect(error).toMatchObject({ code: 'FOREIGN_VALUE' });
    expect(slept() > 400 && slept() < 600).toBe(true);
  });
});
