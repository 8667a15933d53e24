import * as fs from 'node:fs';
import { describe, expect, it } from 'vitest';
import { applyPlan } from '../../src/apply/apply-plan.ts';
import type { ApplyContext } from '../../src/apply/apply-context.ts';
import { isLocked, withLock } from '../../src/apply/lock.ts';
import { recoverPending } from '../../src/apply/recover.ts';
import { undoLast } from '../../src/apply/undo.ts';
import { replaceFile } from '../../src/apply/write-file.ts';
import type { FileStat, FileSystem } from '../../src/core/context.ts';
import type { Edit } from '../../src/apply/types.ts';
import { Killed } from '../support/fault-fs.ts';
import { contextFor, quickClock, quickFiles } from '../support/temp-home.ts';
import { useTempHome } from '../support/use.ts';

const home = useTempHome();
const files = quickFiles();
const slashes = (name: string): string => name.replaceAll('\\', '/');
const backslashes = (name: string): string => name.replaceAll('/', '\\');
const fail = (code: string): never => {
  throw Object.assign(new Error(code), { code });
};

/** The disk of this system with the paths of Windows. Modes and owners can't be set there, and a file that is open can't be replaced. */
function windows(more: Partial<FileSystem> = {}, ctx: Partial<ApplyContext> = {}): ApplyContext {
  const refuse = (): never => fail('ENOSYS');
  const open = new Set<string>();
  const disk: FileSystem = {
    ...files,
    chmod: refuse,
    fchmod: refuse,
    fchown: refuse,
    openReading: (file) => {
      open.add(file);
      return files.openReading(file);
    },
    rename: (from, to) => (open.has(to) ? fail('EPERM') : files.rename(from, to)),
    openFolder: () => undefined,
    fsync: (fd) => void fs.fstatSync(fd),
    ...more,
  };
  const translated = new Proxy(disk, {
    get:
      (target, name: keyof FileSystem) =>
      (...args: readonly unknown[]) => {
        const result: unknown = Reflect.apply(
          target[name],
          target,
          args.map((arg) => (typeof arg === 'string' ? slashes(arg) : arg)),
        );
        return name === 'realpath' ? backslashes(String(result)) : result;
      },
  });
  return contextFor(backslashes(home.home), { fs: translated, platform: 'win32', uid: undefined, ...ctx });
}
const edit = (name: string, text: string | null, more: Partial<Edit> = {}): Edit => ({
  ...home.edit(name, text, more),
  path: backslashes(home.path(name)),
});
const folder = (): string => backslashes(home.folder);
const apply = (edits: readonly Edit[], ctx = windows()) => applyPlan(ctx, { edits }, { folder: folder(), command: 'switch' });
const LOCK = '.config/orcc/locks/change.lock';

describe('on Windows', () => {
  it('files are made, changed and deleted, and come back, without a word about modes and owners', async () => {
    home.write('.bashrc', 'old\n', 0o644);
    home.write('.zshrc', 'x', 0o644);
    home.write('.profile', 'x', 0o644);
    const { ino } = fs.statSync(home.path('.bashrc'));
    const receipt = await apply([
      edit('.bashrc', 'new\n', { mode: 0o600 }),
      edit('.zshrc', null),
      edit('.claude/settings.json', 'x', { owner: 'user' }),
      edit('.profile', 'x', { mode: 0o600 }),
    ]);
    expect([home.read('.bashrc'), home.read('.zshrc'), home.read('.claude/settings.json'), home.mode('.profile')]).toEqual([
      'new\n',
      null,
      'x',
      0o644,
    ]);
    expect(fs.statSync(home.path('.bashrc')).ino).not.toBe(ino);
    expect(receipt.edits.map(({ modeBefore }) => modeBefore)).toEqual([0o644, 0o644, null, 0o644]);
    await undoLast(windows(), { folder: folder() });
    expect([home.read('.bashrc'), home.read('.zshrc'), home.read('.claude/settings.json')]).toEqual(['old\n', 'x', null]);
  });

  it('a run that died after its last file is finished, though no file got the mode that was planned', async () => {
    home.write('.bashrc', 'old\n', 0o644);
    const lstat = (file: string): FileStat | undefined => {
      const stat = files.lstat(file);
      return stat?.kind === 'file' ? { ...stat, mode: 0o666 } : stat;
    };
    const alive = windows({ lstat });
    let isDead = false;
    const mortal = new Proxy(alive.fs, {
      get:
        (target, name: keyof FileSystem) =>
        (...args: readonly unknown[]) => {
          if (isDead) throw new Killed('dead');
          const result: unknown = Reflect.apply(target[name], target, args);
          isDead = name === 'rename' && String(args[1]).endsWith('.bashrc');
          return result;
        },
    });
    await expect(apply([edit('.bashrc', 'new\n', { mode: 0o600 })], { ...alive, fs: mortal, pid: 1_000_001 })).rejects.toThrow();
    expect(await recoverPending(alive, folder())).toMatchObject({ runs: [{ outcome: 'finished' }] });
    expect(home.read('.bashrc')).toBe('new\n');
  });

  it('the numbers of files tell nothing: neither of another file nor of a second name', async () => {
    home.write('one', 'old\n');
    home.write('two', 'old\n');
    let ino = 0;
    const numbered = (more: () => Partial<FileStat>) => (file: string) => {
      const stat = files.lstat(file);
      return stat === undefined || file.startsWith(home.folder) ? stat : { ...stat, ...more() };
    };
    await apply([edit('one', '1\n')], windows({ lstat: numbered(() => ({ ino: (ino += 1), uid: ino })) }));
    await apply([edit('one', '2\n', { owner: 'user' }), edit('two', '3\n')], windows({ lstat: numbered(() => ({ ino: 1, nlink: 2 })) }));
    expect([home.read('one'), home.read('two')]).toEqual(['2\n', '3\n']);
  });

  it('a file that a program holds is waited for, five seconds, and written in place after that', async () => {
    home.write('one', 'old\n');
    const clock = quickClock();
    const waits: number[] = [];
    const { ino } = fs.statSync(home.path('one'));
    const rename = (from: string, to: string): void => (to === home.path('one') ? fail('EBUSY') : files.rename(from, to));
    const sleep = (ms: number): Promise<void> => {
      waits.push(ms);
      return clock.sleep(ms);
    };
    await apply([edit('one', 'new\n', { mode: 0o600 })], windows({ rename }, { clock: { ...clock, sleep } }));
    expect([home.read('one'), fs.statSync(home.path('one')).ino]).toEqual(['new\n', ino]);
    expect(waits.slice(0, 7)).toEqual([10, 20, 40, 80, 100, 100, 100]);
    const all = waits.reduce((sum, ms) => sum + ms, 0);
    expect(all > 4_800 && all < 5_200).toBe(true);
  });

  it.each(['EXDEV', 'EIO'])('no file is waited for where that would not help (%s)', async (code) => {
    home.write('one', 'old\n');
    const rename = (_from: string, to: string): void => (to === home.path('one') ? fail(code) : undefined);
    const sleep = (): never => fail('EWAITED');
    const temp = backslashes(home.path('one.tmp'));
    const file = { real: backslashes(home.path('one')), temp, bytes: Buffer.from('new\n'), mode: null, owner: undefined };
    const ctx = windows({ rename }, { clock: { ...quickClock(), sleep } });
    const failed = replaceFile(ctx, { ...file, assertUnchanged: () => undefined });
    await expect(failed).rejects.toMatchObject(code === 'EIO' ? { code } : { cause: { code } });
    expect(Object.keys(home.tree())).toEqual(['one']);
  });

  it.each(['EPERM', 'EACCES'])('a lock that is being deleted (%s) is waited for', async (code) => {
    let isBeing = true;
    const openExclusive = (file: string, mode: number): number => {
      if (!isBeing || !file.endsWith('.lock')) return files.openExclusive(file, mode);
      isBeing = false;
      return fail(code);
    };
    expect(await withLock(windows({ openExclusive }), folder(), () => Promise.resolve('had'))).toBe('had');
    expect(home.tree()).toEqual({});
    isBeing = true;
    const ctx = contextFor(home.home, { fs: { ...files, openExclusive } });
    await expect(withLock(ctx, home.folder, () => Promise.resolve('had'))).rejects.toMatchObject({ exit: 'refused', code: undefined });
  });

  it('a lock that cannot be read is somebody’s, for two seconds; elsewhere it is an error', () => {
    home.write(LOCK, '{}', 0o600);
    const readFile = (): never => fail('EPERM');
    const at = fs.statSync(home.path(LOCK)).mtimeMs;
    const held = (age: number): boolean => isLocked(windows({ readFile }, { clock: { ...quickClock(), now: () => at + age } }), folder());
    expect([held(2_000), held(2_001)]).toEqual([true, false]);
    expect(() => isLocked(contextFor(home.home, { fs: { ...files, readFile } }), home.folder)).toThrow('EPERM');
    const gone = (): never => fail('ENOENT');
    expect(isLocked(contextFor(home.home, { fs: { ...files, readFile: gone } }), home.folder)).toBe(false);
  });
});
