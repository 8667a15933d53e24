import * as fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { applyPlan, type ApplyOptions } from '../../src/apply/apply-plan.ts';
import type { ApplyContext } from '../../src/apply/apply-context.ts';
import { listHistory } from '../../src/apply/history.ts';
import { recoverPending } from '../../src/apply/recover.ts';
import { undoLast } from '../../src/apply/undo.ts';
import type { FileSystem } from '../../src/core/context.ts';
import type { Edit } from '../../src/apply/types.ts';
import { Killed } from '../support/fault-fs.ts';
import { contextFor, quickFiles } from '../support/temp-home.ts';
import { useTempHome } from '../support/use.ts';

const home = useTempHome();
const files = quickFiles();
const apply = (edits: readonly Edit[], more: Partial<ApplyContext> = {}, options: Partial<ApplyOptions> = {}) =>
  applyPlan(contextFor(home.home, more), { edits }, { folder: home.folder, command: 'switch', ...options });
const LOCK = '.config/orcc/locks/change.lock';
const dead = { pid: 1_000_001, host: 'here', at: 0, token: 'x' };

/** Sees each call to the disk before it is made. */
const watched = (see: (call: keyof FileSystem, args: readonly unknown[]) => void): FileSystem =>
  new Proxy(files, {
    get:
      (target, name: keyof FileSystem) =>
      (...args: readonly never[]) => {
        see(name, args);
        return Reflect.apply(target[name], target, args) as unknown;
      },
  });
const below = (at: unknown): string => path.relative(home.home, String(at)).replace(/\.config\/orcc\/history\/[^/]+/, 'ENTRY');

describe('the journal', () => {
  it('is durable before the first byte of a change, and no file stays open', async () => {
    home.write('.bashrc', 'old\n');
    const seen: string[] = [];
    let open = 0;
    const fsWatched = watched((call, args) => {
      if (/^open/.test(call)) open += 1;
      if (call === 'close') open -= 1;
      if (call === 'fsyncAll') seen.push(`fsyncAll ${(args[0] as readonly number[]).length}`);
      if (call === 'rename') seen.push(below(args[1]));
      if (call === 'openFolder') seen.push(`folder ${below(args[0])}`);
    });
    await apply([home.edit('.bashrc', 'new\n')], { fs: fsWatched });
    // Backup and receipt, then the new file, then that the change is done.
    const start = ['fsyncAll 2', 'ENTRY/receipt.json', 'folder ENTRY', 'folder .config/orcc/history', 'fsyncAll 1', '.bashrc', 'folder '];
    expect(seen).toEqual([...start, 'ENTRY/receipt.json', 'folder ENTRY']);
    expect(open).toBe(0);
  });

  it('loses a change that is taken back after its files and folders, durably', async () => {
    home.write('one/a', 'old\n');
    const seen: string[] = [];
    let isBack = false;
    const fsWatched = watched((call, args) => {
      if (!isBack || String(args[0]).includes('/locks')) return;
      if (call === 'openExclusive') seen.push(`${call} ${below(args[0]).replace(/\.orcc-[0-9a-f]+\.tmp/, 'TEMP')}`);
      if (call === 'rename') seen.push(`${call} ${below(args[1])}`);
      if ((call === 'unlink' && !below(args[0]).endsWith('tmp')) || call === 'rmdir' || call === 'openFolder')
        seen.push(`${call} ${below(args[0])}`);
    });
    const verify = (): Promise<void> => {
      isBack = true;
      return Promise.reject(new Error('not so'));
    };
    await expect(apply([home.edit('one/a', 'new\n'), home.edit('b/c/new', 'x')], { fs: fsWatched }, { verify })).rejects.toThrow('not so');
    expect(seen.filter((call) => !/rmdir \.config/.test(call)).slice(0, 8)).toEqual([
      ...['unlink b/c/new', 'openFolder b/c', 'openExclusive one/TEMP', 'rename one/a', 'openFolder one'],
      ...['rmdir b/c', 'rmdir b', 'unlink ENTRY/receipt.json'],
    ]);
  });

  it('sorts changes of one moment as they were made', async () => {
    let hex = 250;
    const random = (length: number): Uint8Array => Buffer.alloc(length, (hex -= 1));
    const clock = { ...home.ctx.clock, now: () => Date.UTC(2026, 0, 2) };
    for (const text of ['1', '2', '3']) await apply([home.edit('.bashrc', text)], { random, clock }, { command: text });
    const readdir = (folder: string): string[] => files.readdir(folder).toSorted().toReversed();
    expect(listHistory({ ...home.ctx, fs: { ...files, readdir } }, home.folder).map(({ receipt }) => receipt.command)).toEqual([
      '3',
      '2',
      '1',
    ]);
  });

  it('holds changes of every kind of file', async () => {
    await apply([
      home.edit('repo/.gitignore', 'x\n', { owner: 'gitignore' }),
      home.edit('.config/orcc/state.json', '{}', { owner: 'state' }),
      home.edit('.config/orcc/config.json', '{}', { owner: 'config' }),
    ]);
    await undoLast(home.ctx, { folder: home.folder });
    expect([home.read('repo/.gitignore'), home.read('.config/orcc/state.json')]).toEqual([null, null]);
  });

  it('is not believed where someone else may have written it, and kept where it cannot be read', async () => {
    await apply([home.edit('.bashrc', 'new\n')]);
    const before = home.tree();
    const readFile = (file: string): Uint8Array => {
      if (file.endsWith('receipt.json')) throw Object.assign(new Error('EIO'), { code: 'EIO' });
      return files.readFile(file);
    };
    await expect(recoverPending(contextFor(home.home, { fs: { ...files, readFile } }), home.folder)).rejects.toMatchObject({
      exit: 'refused',
    });
    expect(home.tree()).toEqual(before);
    fs.chmodSync(home.path('.config/orcc/history'), 0o777);
    await expect(recoverPending(home.ctx, home.folder)).rejects.toMatchObject({ code: 'OWN_FOLDER_UNSAFE' });
  });

  it('is only read where every run has ended', async () => {
    await apply([home.edit('.bashrc', 'new\n')]);
    const openExclusive = (): never => {
      throw new Error('written');
    };
    expect(await recoverPending(contextFor(home.home, { fs: { ...files, openExclusive } }), home.folder)).toBeUndefined();
  });
});

describe('after a run that died', () => {
  it('with all written, folders that it emptied go; those that an earlier change emptied stay where they are there again', async () => {
    await apply([home.edit('.zsh/.zshrc', 'x\n')]);
    let isDead = false;
    const mortal = watched((call, args) => {
      if (call === 'rmdir' && String(args[0]) === home.path('.zsh')) isDead = true;
      if (isDead) throw new Killed('dead');
    });
    await expect(undoLast(contextFor(home.home, { fs: mortal, pid: dead.pid }), { folder: home.folder })).resolves.toBeDefined();
    expect(fs.existsSync(home.path('.zsh'))).toBe(true);
    const notes = path.join(listHistory(home.ctx, home.folder)[0]?.folder ?? '', 'notes');
    fs.writeFileSync(notes, 'theirs', { mode: 0o600 });
    home.write(LOCK, JSON.stringify(dead), 0o600);
    await recoverPending(home.ctx, home.folder);
    expect([fs.existsSync(home.path('.zsh')), fs.existsSync(notes)]).toEqual([false, true]);
    await apply([home.edit('.bashrc', 'x\n')]);
    fs.mkdirSync(home.path('.zsh'));
    home.write(LOCK, JSON.stringify(dead), 0o600);
    await recoverPending(home.ctx, home.folder);
    expect(fs.existsSync(home.path('.zsh'))).toBe(true);
  });

  it('an empty history goes, and a record that cannot be read is passed over', async () => {
    fs.mkdirSync(home.path('.config/orcc/history'), { recursive: true });
    home.write(LOCK, JSON.stringify(dead), 0o600);
    await recoverPending(home.ctx, home.folder);
    expect(Object.keys(home.tree())).toEqual(['.config']);
    home.write('.config/orcc/history/20260101T000000000Z-abcdef/receipt.json', '{', 0o600);
    home.write(LOCK, JSON.stringify(dead), 0o600);
    expect(await recoverPending(home.ctx, home.folder)).toBeUndefined();
    expect(fs.existsSync(home.path(LOCK))).toBe(false);
  });

  it('and one after it that could not put it right, both are put back, the newest first, and told of', async () => {
    home.write('.zshrc', '1\n', 0o644);
    home.write('.profile', '2\n', 0o644);
    const before = home.tree();
    const dieAt = (last: string, isStuck = false): ApplyContext => {
      let isDead = false;
      const mortal = watched((call, args) => {
        if (isDead) throw new Killed('dead');
        const name = path.basename(String(args[0]));
        if (isStuck && call === 'unlink' && name === '.bashrc') throw Object.assign(new Error('EIO'), { code: 'EIO' });
        if (call === 'openFolder' && args[0] === home.path(last)) {
          isDead = true;
          throw new Killed('killed');
        }
      });
      return contextFor(home.home, { fs: mortal, pid: dead.pid });
    };
    const first = [
      home.edit('.profile', '2\n', { mode: 0o600 }),
      home.edit('.zshrc', 'x\n'),
      home.edit('.bashrc', 'x\n'),
      home.edit('a/.zshenv', 'x'),
    ];
    await expect(apply(first, dieAt('a'))).rejects.toThrow();
    fs.rmSync(home.path('a'), { recursive: true });
    const processes = { host: 'here', isRunning: () => false };
    await expect(
      apply([home.edit('.bashrc', 'y\n'), home.edit('c/.zshenv', 'x'), home.edit('e/.zshenv', 'x')], {
        ...dieAt('c', true),
        pid: dead.pid + 1,
        processes,
      }),
    ).rejects.toThrow();
    expect(home.read('.bashrc')).toBe('y\n');
    expect(await recoverPending(home.ctx, home.folder)).toMatchObject({
      runs: [
        { outcome: 'rolled-back', restored: [home.path('c/.zshenv'), home.path('.bashrc')] },
        { outcome: 'rolled-back', restored: [home.path('.bashrc')] },
      ],
    });
    expect(home.tree()).toEqual(before);
  });
});
