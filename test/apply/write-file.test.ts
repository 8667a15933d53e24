import * as fs from 'node:fs';
import { describe, expect, it } from 'vitest';
import { applyPlan } from '../../src/apply/apply-plan.ts';
import type { FileSystem } from '../../src/core/context.ts';
import type { Edit } from '../../src/apply/types.ts';
import { contextFor, quickFiles } from '../support/temp-home.ts';
import { useTempHome } from '../support/use.ts';

const home = useTempHome();
const files = quickFiles();
const apply = (edit: Edit, more: Partial<FileSystem>) =>
  applyPlan(contextFor(home.home, { fs: { ...files, ...more } }), { edits: [edit] }, { folder: home.folder, command: 'switch' });
const fail = (code: string): never => {
  throw Object.assign(new Error(code), { code });
};
const inoOf = (name: string): number => fs.statSync(home.path(name)).ino;
const temporary = (file: string): boolean => file.endsWith('.tmp') && !file.startsWith(home.folder);

describe('private bytes never stand in a file that others may read', () => {
  it.each<[number, number, readonly string[]]>([
    [0o644, 0o600, ['600', 'bytes']],
    [0o600, 0o644, ['bytes', '644']],
    [0o640, 0o604, ['600', 'bytes', '604']],
    [0o600, 0o600, ['bytes']],
  ])('when one of mode %o is written in place and gets %o', async (before, after, order) => {
    home.write('.bashrc', 'old\n', before);
    fs.linkSync(home.path('.bashrc'), home.path('twin'));
    const seen: string[] = [];
    let real: number | undefined;
    await apply(home.edit('.bashrc', 'new\n', { mode: after }), {
      openExisting: (file) => (real = files.openExisting(file)),
      fchmod: (fd, mode) => {
        if (fd === real) seen.push(mode.toString(8));
        files.fchmod(fd, mode);
      },
      write: (fd, bytes, offset) => {
        if (fd === real) seen.push('bytes');
        return files.write(fd, bytes, offset);
      },
      close: (fd) => {
        if (fd === real) real = undefined;
        files.close(fd);
      },
    });
    expect([seen, home.mode('.bashrc'), home.read('twin')]).toEqual([order, after, 'new\n']);
  });

  it('when a new one takes its place, which is made for its owner alone where a mode is asked for', async () => {
    home.write('.bashrc', 'old\n', 0o640);
    const made: number[] = [];
    const openExclusive = (file: string, mode: number): number => {
      if (temporary(file)) made.push(mode);
      return files.openExclusive(file, mode);
    };
    await apply(home.edit('.bashrc', 'new\n'), { openExclusive });
    await apply(home.edit('.zshrc', 'new\n', { mode: 0o644 }), { openExclusive });
    await apply(home.edit('.profile', 'new\n'), { openExclusive });
    expect([made, home.mode('.bashrc'), home.mode('.zshrc')]).toEqual([[0o600, 0o600, 0o644], 0o640, 0o644]);
  });
});

describe('a file', () => {
  it('is whole though the system takes a few bytes at a time, new or written in place', async () => {
    const write = (fd: number, bytes: Uint8Array, offset: number): number => files.write(fd, bytes.subarray(0, offset + 3), offset);
    home.write('.bashrc', 'a longer old text than the new one\n');
    await apply(home.edit('.zshrc', 'a new file\n'), { write });
    fs.linkSync(home.path('.bashrc'), home.path('twin'));
    await apply(home.edit('.bashrc', 'a shorter one\n'), { write });
    expect([home.read('.zshrc'), home.read('.bashrc')]).toEqual(['a new file\n', 'a shorter one\n']);
  });

  it.each(['EACCES', 'EPERM'])('is written in place where no file can be made beside it (%s)', async (code) => {
    home.write('.bashrc', 'old\n');
    const ino = inoOf('.bashrc');
    const openExclusive = (file: string, mode: number): number => (temporary(file) ? fail(code) : files.openExclusive(file, mode));
    await apply(home.edit('.bashrc', 'new\n'), { openExclusive });
    expect([home.read('.bashrc'), inoOf('.bashrc')]).toEqual(['new\n', ino]);
  });

  it('that belongs to the user already is replaced, though the system gives no file away', async () => {
    home.write('.bashrc', 'old\n');
    const ino = inoOf('.bashrc');
    await apply(home.edit('.bashrc', 'new\n'), { fchown: () => fail('EPERM') });
    expect(inoOf('.bashrc')).not.toBe(ino);
  });

  it.each([
    ['new', '.zshrc', ['.orcc-*.tmp', '']],
    ['written in place', '.bashrc', ['.bashrc', '']],
  ])('is on the disk with its folder before the change counts as done, %s, and nothing stays open', async (_how, name, expected) => {
    home.write('.bashrc', 'old\n');
    fs.linkSync(home.path('.bashrc'), home.path('twin'));
    const open = new Map<number, string>();
    const opened =
      (open_: (file: string, mode: number) => number | undefined) =>
      (file: string, mode = 0): number => {
        const fd = open_(file, mode) ?? -1;
        open.set(
          fd,
          file
            .replace(home.home, '')
            .replace(/^\//, '')
            .replace(/-[0-9a-f]+\./, '-*.'),
        );
        return fd;
      };
    const synced: string[] = [];
    const sync = (fd: number): void => void synced.push(open.get(fd) ?? '?');
    await apply(home.edit(name, 'new\n'), {
      ...{ openExclusive: opened(files.openExclusive), openExisting: opened(files.openExisting) },
      ...{ openFolder: opened(files.openFolder), openReading: opened(files.openReading) },
      ...{ fsync: sync, fsyncAll: async (fds) => fds.forEach(sync) },
      close: (fd) => {
        open.delete(fd);
        files.close(fd);
      },
    });
    expect(synced.filter((each) => !each.startsWith('.config'))).toEqual(expected);
    expect(/receipt/.test(synced.at(-1) ?? '') || synced.at(-1)?.startsWith('.config')).toBe(true);
    expect([...open.values()]).toEqual([]);
  });

  it.each(['EPERM', 'EINVAL', 'EIO'])(
    'of another group is written in place where the system does not give that (%s), unless the disk fails',
    async (code) => {
      home.write('.bashrc', 'old\n');
      const before = home.tree();
      const lstat = (file: string) => {
        const stat = files.lstat(file);
        return stat !== undefined && file === home.path('.bashrc') ? { ...stat, gid: stat.gid + 7 } : stat;
      };
      const applied = apply(home.edit('.bashrc', 'new\n'), { lstat, fchown: () => fail(code) });
      if (code === 'EIO') await expect(applied).rejects.toMatchObject({ exit: 'refused' });
      else await applied;
      expect(home.read('.bashrc')).toBe(code === 'EIO' ? 'old\n' : 'new\n');
      expect(Object.keys(home.tree()).filter((name) => !name.startsWith('.config'))).toEqual(Object.keys(before));
    },
  );
});

describe('what is kept of a change', () => {
  it('is nothing of a file whose mode alone changes, though it holds a key', async () => {
    home.write('.bashrc', 'a-key\n', 0o644);
    const edits = [home.edit('.bashrc', 'a-key\n', { mode: 0o600 })];
    await applyPlan(home.ctx, { edits }, { folder: home.folder, command: 'switch', keys: ['a-key'] });
    expect(Object.keys(home.tree()).filter((name) => /history\/[^/]+\/./.test(name))).toEqual([expect.stringMatching(/receipt\.json$/)]);
  });

  it('can not be kept for the reason that the system gives', async () => {
    const mkdir = (name: string, mode: number): void => (name.endsWith('history') ? fail('EROFS') : files.mkdir(name, mode));
    await expect(apply(home.edit('.bashrc', 'new\n'), { mkdir })).rejects.toMatchObject({ exit: 'refused', cause: { code: 'EROFS' } });
    expect(home.tree()).toEqual({});
  });
});
