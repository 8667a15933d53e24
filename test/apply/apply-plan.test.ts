import * as fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { applyPlan } from '../../src/apply/apply-plan.ts';
import { listHistory } from '../../src/apply/history.ts';
import { replaceFile } from '../../src/apply/write-file.ts';
import type { Edit } from '../../src/apply/types.ts';
import { contextFor, quickFiles } from '../support/temp-home.ts';
import { useTempHome } from '../support/use.ts';

const home = useTempHome();

const apply = (edits: readonly Edit[], ctx = home.ctx) => applyPlan(ctx, { edits }, { folder: home.folder, command: 'switch' });

/** Paths in orcc's history, without the entry's own name. */
function historyFiles(): string[] {
  return Object.keys(home.tree())
    .filter((name) => /history\/[^/]+\/./.test(name))
    .map((name) => path.basename(name));
}

describe('applying a plan', () => {
  it('gives a file another mode without writing it, and keeps no backup of it', async () => {
    home.write('rc', 'old\n', 0o644);
    const { ino, mtimeMs } = fs.statSync(home.path('rc'));
    await apply([home.edit('rc', 'old\n', { mode: 0o600 })]);
    expect(fs.statSync(home.path('rc'))).toMatchObject({ ino, mtimeMs });
    expect([home.mode('rc'), historyFiles()]).toEqual([0o600, ['receipt.json']]);
  });

  it('writes new, changed and deleted files and says what it did', async () => {
    home.write('rc', 'old\n', 0o640);
    home.write('gone', 'x');
    const receipt = await apply([
      home.edit('rc', 'new\n'),
      home.edit('gone', null),
      home.edit('.claude/settings.json', '{}\n', { owner: 'user', mode: 0o600 }),
      home.edit('.claude/settings.local.json', '{}\n', { owner: 'local' }),
    ]);
    expect([home.read('rc'), home.read('gone'), home.read('.claude/settings.json')]).toEqual(['new\n', null, '{}\n']);
    expect([home.mode('rc'), home.mode('.claude/settings.json')]).toEqual([0o640, 0o600]);
    expect(receipt).toMatchObject({
      command: 'switch',
      status: 'done',
      createdFolders: [home.path('.config'), home.folder, home.path('.claude')],
      edits: [
        { path: home.path('rc'), existed: true, modeBefore: 0o640, modeAfter: 0o640, backup: '0.bak' },
        { path: home.path('gone'), existed: true, sumAfter: null, backup: '1.bak' },
        { path: home.path('.claude/settings.json'), existed: false, modeBefore: null, modeAfter: 0o600, sumBefore: null },
        { path: home.path('.claude/settings.local.json') },
      ],
    });
    expect(listHistory(home.ctx, home.folder).map((past) => past.receipt)).toEqual([receipt]);
  });

  it('leaves no lock, no temporary file, and a history for the user alone', async () => {
    home.write('rc', 'old\n');
    await apply([home.edit('rc', 'new\n')]);
    const names = Object.keys(home.tree());
    expect(names.filter((name) => /lock|tmp|\.new$/.test(name))).toEqual([]);
    for (const [name, seen] of Object.entries(home.tree()))
      if (name.startsWith('.config/orcc')) expect(`${name} ${seen}`).toMatch(/ (folder 700|600 .*)$/);
  });

  it('keeps links, and writes to the file behind them', async () => {
    home.write('dotfiles/rc', 'old\n', 0o600);
    fs.symlinkSync('dotfiles/rc', home.path('rc'));
    fs.symlinkSync('dotfiles/new', home.path('dangling'));
    const receipt = await apply([home.edit('rc', 'new\n'), home.edit('dangling', 'made\n')]);
    expect([fs.readlinkSync(home.path('rc')), home.read('dotfiles/rc'), home.mode('dotfiles/rc')]).toEqual(['dotfiles/rc', 'new\n', 0o600]);
    expect([fs.readlinkSync(home.path('dangling')), home.read('dotfiles/new')]).toEqual(['dotfiles/new', 'made\n']);
    expect(receipt.edits[0]).toMatchObject({ path: home.path('rc'), realPath: home.path('dotfiles/rc') });
    expect(receipt.edits[1]).toMatchObject({ realPath: home.path('dotfiles/new'), modeAfter: home.mode('dotfiles/new') });
  });

  it('keeps hard links by writing into the file', async () => {
    home.write('rc', 'a longer old text\n', 0o644);
    fs.linkSync(home.path('rc'), home.path('twin'));
    await apply([home.edit('rc', 'new\n', { mode: 0o600 })]);
    expect([home.read('twin'), fs.statSync(home.path('twin')).nlink, home.mode('twin')]).toEqual(['new\n', 2, 0o600]);
    expect(historyFiles().toSorted()).toEqual(['0.bak', 'receipt.json']);
  });

  it.each(['EBUSY', 'EXDEV', 'EPERM'])('writes into a file that can be written but not replaced (rename says %s)', async (code) => {
    home.write('rc', 'old\n');
    const inode = fs.statSync(home.path('rc')).ino;
    const files = quickFiles();
    const rename = (from: string, to: string): void => {
      if (to === home.path('rc')) throw Object.assign(new Error(code), { code });
      files.rename(from, to);
    };
    await apply([home.edit('rc', 'new\n')], contextFor(home.home, { fs: { ...files, rename } }));
    expect([home.read('rc'), fs.statSync(home.path('rc')).ino]).toEqual(['new\n', inode]);
    expect(Object.keys(home.tree()).filter((name) => name.includes('tmp'))).toEqual([]);
  });

  it('writes into a file whose folder takes no new one', async () => {
    home.write('etc/rc', 'old\n');
    const files = quickFiles();
    const inode = fs.statSync(home.path('etc/rc')).ino;
    const access = (file: string, want: 'read' | 'write'): boolean =>
      (file !== home.path('etc') || want !== 'write') && files.access(file, want);
    await apply([home.edit('etc/rc', 'new\n')], contextFor(home.home, { fs: { ...files, access } }));
    expect([home.read('etc/rc'), fs.statSync(home.path('etc/rc')).ino]).toEqual(['new\n', inode]);
  });

  it('keeps owner and group, by writing into the file where they cannot be given to a new one', async () => {
    home.write('rc', 'old\n', 0o664);
    const files = quickFiles();
    const seen: string[] = [];
    const foreign = (file: string) => {
      const stat = files.lstat(file);
      return stat !== undefined && file === home.path('rc') ? { ...stat, gid: stat.gid + 7 } : stat;
    };
    const fchown = (_fd: number, uid: number, gid: number): void => {
      seen.push(`${uid - (files.lstat(home.path('rc'))?.uid ?? 0)} ${gid - (files.lstat(home.path('rc'))?.gid ?? 0)}`);
      throw Object.assign(new Error('EPERM'), { code: 'EPERM' });
    };
    const inode = fs.statSync(home.path('rc')).ino;
    await apply([home.edit('rc', 'new\n')], contextFor(home.home, { fs: { ...files, lstat: foreign, fchown } }));
    expect([...new Set(seen)]).toEqual(['0 7']);
    expect([home.read('rc'), fs.statSync(home.path('rc')).ino]).toEqual(['new\n', inode]);
  });

  it('changes a mode alone', async () => {
    home.write('settings.json', '{}', 0o644);
    await apply([home.edit('settings.json', '{}', { owner: 'user', mode: 0o600 })]);
    expect(home.mode('settings.json')).toBe(0o600);
  });

  it('never keeps a backup of a key', async () => {
    home.write('.config/orcc/key', 'old-key\n', 0o600);
    home.write('rc', 'old\n');
    await apply([home.edit('.config/orcc/key', 'new-key\n', { owner: 'key', mode: 0o600 }), home.edit('rc', 'new\n')]);
    expect(historyFiles().toSorted()).toEqual(['1.bak', 'receipt.json']);
  });

  it('writes nothing at all for an empty plan', async () => {
    await apply([]);
    expect(home.tree()).toEqual({});
  });

  it('writes a file once that two targets share', async () => {
    home.write('rc', 'old\n');
    fs.symlinkSync('rc', home.path('profile'));
    const receipt = await apply([home.edit('rc', 'new\n'), home.edit('profile', 'new\n')]);
    expect(receipt.edits).toHaveLength(1);
    await expect(apply([home.edit('rc', 'a\n'), home.edit('profile', 'b\n')])).rejects.toMatchObject({ exit: 'refused' });
  });
});

describe('a refused plan', () => {
  it("leaves no trace, orcc's own folder included, though only its last file is refused", async () => {
    home.write('rc', 'old\n');
    fs.mkdirSync(home.path('settings.json'));
    const before = home.tree();
    const edits = [home.edit('rc', 'new\n'), { ...home.edit('none', '{}'), path: home.path('settings.json') }];
    await expect(apply(edits)).rejects.toMatchObject({ exit: 'refused', message: expect.stringContaining('settings.json') as string });
    expect(home.tree()).toEqual(before);
  });

  it.each(['changed', 'deleted', 'replaced by the same bytes'])('is one whose file was %s since it was planned', async (what) => {
    home.write('rc', 'old\n');
    const inode = fs.statSync(home.path('rc')).ino;
    const edits = [home.edit('rc', 'new\n')];
    const files = quickFiles();
    // Between the look before the lock and the last look before the rename.
    let done = false;
    const openExclusive = (file: string, mode: number): number => {
      if (!done && file.endsWith('.tmp') && !file.includes('history')) {
        done = true;
        if (what === 'changed') fs.writeFileSync(home.path('rc'), 'theirs\n');
        if (what === 'deleted') fs.unlinkSync(home.path('rc'));
        if (what.startsWith('replaced')) {
          fs.writeFileSync(home.path('rc.theirs'), 'old\n');
          fs.renameSync(home.path('rc.theirs'), home.path('rc'));
        }
      }
      return files.openExclusive(file, mode);
    };
    await expect(apply(edits, contextFor(home.home, { fs: { ...files, openExclusive } }))).rejects.toMatchObject({
      exit: 'refused',
      code: 'CHANGED',
    });
    expect(home.read('rc')).toBe(what === 'deleted' ? null : what === 'changed' ? 'theirs\n' : 'old\n');
    if (what.startsWith('replaced')) expect(fs.statSync(home.path('rc')).ino).not.toBe(inode);
    expect(Object.keys(home.tree()).filter((name) => /lock|tmp|bak/.test(name))).toEqual([]);
  });

  it('is one whose file an editor wrote to between the last look and the rename: its bytes stand, nothing of orcc stays', async () => {
    home.write('settings.json', '{}\n');
    home.write('rc', 'old\n', 0o640);
    const before = home.tree();
    const files = quickFiles();
    let isLate = false;
    const rename = (from: string, to: string): void => {
      if (to === home.path('rc') && !isLate) {
        isLate = true;
        fs.appendFileSync(home.path('rc'), 'theirs\n');
      }
      files.rename(from, to);
    };
    const edits = [home.edit('settings.json', '{"a":1}'), home.edit('rc', 'old\norcc\n', { mode: 0o600 })];
    await expect(apply(edits, contextFor(home.home, { fs: { ...files, rename } }))).rejects.toMatchObject({
      exit: 'refused',
      code: 'CHANGED',
    });
    expect([home.read('rc'), home.mode('rc')]).toEqual(['old\ntheirs\n', 0o640]);
    fs.writeFileSync(home.path('rc'), 'old\n');
    expect(home.tree()).toEqual(before);
  });

  it('does not delete a file that appeared where orcc wanted to make one', async () => {
    const edits = [home.edit('rc', 'new\n')];
    home.write('rc', 'theirs\n');
    await expect(apply(edits)).rejects.toMatchObject({ code: 'CHANGED' });
    expect(home.read('rc')).toBe('theirs\n');
  });

  it('puts finished files back when a later one fails', async () => {
    home.write('one', '1\n', 0o640);
    home.write('two', '2\n');
    const files = quickFiles();
    const before = home.tree();
    const rename = (from: string, to: string): void => {
      if (to === home.path('two')) throw Object.assign(new Error('EIO'), { code: 'EIO' });
      files.rename(from, to);
    };
    await expect(
      apply([home.edit('one', 'x\n', { mode: 0o600 }), home.edit('two', 'y\n')], contextFor(home.home, { fs: { ...files, rename } })),
    ).rejects.toMatchObject({
      exit: 'refused',
      message: expect.stringContaining(home.path('two')) as string,
    });
    expect(home.tree()).toEqual(before);
  });

  it('tries a rename again on Windows, where a scanner may hold the file for a moment', async () => {
    home.write('rc', 'old\n');
    const files = quickFiles();
    let refusals = 3;
    const rename = (from: string, to: string): void => {
      if (to === home.path('rc') && refusals-- > 0) throw Object.assign(new Error('EPERM'), { code: 'EPERM' });
      files.rename(from, to);
    };
    // Windows rules on a POSIX disk: this test is about the retry alone.
    const ctx = contextFor(home.home, { fs: { ...files, rename }, platform: 'win32' });
    await replaceFile(ctx, {
      real: home.path('rc'),
      temp: home.path('rc.tmp'),
      bytes: Buffer.from('new\n'),
      mode: null,
      owner: undefined,
      assertUnchanged: () => undefined,
    });
    expect([home.read('rc'), refusals]).toEqual(['new\n', -1]);
  });
});
