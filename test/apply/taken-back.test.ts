import * as fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { applyPlan, type ApplyOptions } from '../../src/apply/apply-plan.ts';
import { listHistory } from '../../src/apply/history.ts';
import { recoverPending } from '../../src/apply/recover.ts';
import { undoLast } from '../../src/apply/undo.ts';
import type { ApplyContext } from '../../src/apply/apply-context.ts';
import type { FileSystem } from '../../src/core/context.ts';
import type { Edit } from '../../src/apply/types.ts';
import { contextFor, quickFiles } from '../support/temp-home.ts';
import { useTempHome } from '../support/use.ts';

const home = useTempHome();
const files = quickFiles();

const apply = (edits: readonly Edit[], more: Partial<ApplyContext> = {}, options: Partial<ApplyOptions> = {}) =>
  applyPlan(contextFor(home.home, more), { edits }, { folder: home.folder, command: 'switch', ...options });
const fail = (code: string): never => {
  throw Object.assign(new Error(code), { code });
};
/** Something happens right after the rename that gives a file its new bytes. */
const after = (name: string, then: () => void): Partial<ApplyContext> => ({
  fs: {
    ...files,
    rename: (from, to) => {
      files.rename(from, to);
      if (to === home.path(name)) then();
    },
  },
});
const backups = (): string[] => Object.keys(home.tree()).filter((name) => name.endsWith('.bak'));
const statuses = (): string[] => listHistory(home.ctx, home.folder).map(({ receipt }) => receipt.status);

describe('a change that fails', () => {
  it('is put back by what the last look at the files throws, which the caller gets', async () => {
    home.write('.bashrc', 'old\n', 0o640);
    home.write('gone', 'x\n');
    const before = home.tree();
    const verify = (): Promise<void> => {
      expect([home.read('.bashrc'), home.read('gone'), home.read('a/new')]).toEqual(['new\n', null, 'x']);
      return Promise.reject(new Error('not so'));
    };
    const edits = [home.edit('.bashrc', 'new\n', { mode: 0o600 }), home.edit('gone', null), home.edit('a/new', 'x')];
    await expect(apply(edits, {}, { verify })).rejects.toThrow('not so');
    expect(home.tree()).toEqual(before);
  });

  it('leaves what another program wrote over it, puts the rest back and keeps the bytes from before', async () => {
    home.write('.bashrc', 'old\n');
    home.write('.zshrc', 'old\n');
    const theirs = after('.zshrc', () => fs.writeFileSync(home.path('.zshrc'), 'theirs\n'));
    await expect(apply([home.edit('.bashrc', 'new\n'), home.edit('.zshrc', 'new\n')], theirs)).rejects.toMatchObject({
      exit: 'refused',
      code: 'CHANGED',
      data: { paths: [home.path('.zshrc')] },
    });
    expect([home.read('.bashrc'), home.read('.zshrc'), statuses()]).toEqual(['old\n', 'theirs\n', ['rolled-back']]);
    expect(backups().map((name) => home.read(name))).toEqual(['old\n', 'old\n']);
    expect(await recoverPending(home.ctx, home.folder)).toBeUndefined();
  });

  it('keeps neither an old nor a new key beside what it has not put back', async () => {
    home.write('.config/orcc/key', 'old-key\n', 0o600);
    home.write('.profile', 'key=old-key\n');
    fs.linkSync(home.path('.profile'), home.path('twin'));
    home.write('.zshrc', 'old\n');
    const theirs = after('.zshrc', () => fs.writeFileSync(home.path('.zshrc'), 'theirs\n'));
    const edits = [
      home.edit('.config/orcc/key', 'new-key\n', { owner: 'key', mode: 0o600 }),
      home.edit('.profile', 'key=new-key\n'),
      home.edit('.zshrc', 'new\n'),
    ];
    await expect(apply(edits, theirs, { keys: ['old-key', 'new-key'] })).rejects.toMatchObject({ code: 'CHANGED' });
    const kept = Object.keys(home.tree()).filter((name) => /history\/[^/]+\/./.test(name));
    expect(kept.map((name) => path.basename(name))).toEqual(['1.keyed', '2.bak', 'receipt.json']);
    expect(kept.filter((name) => /(?:old|new)-key/.test(home.read(name) ?? ''))).toEqual([]);
  });

  it('does not take for its own what another program changed before its turn came', async () => {
    home.write('.bashrc', 'old\n');
    home.write('.zshrc', 'old\n');
    const theirs = after('.bashrc', () => fs.writeFileSync(home.path('.zshrc'), 'theirs\n'));
    await expect(apply([home.edit('.bashrc', 'new\n'), home.edit('.zshrc', 'new\n')], theirs)).rejects.toMatchObject({
      code: 'CHANGED',
      data: { path: home.path('.zshrc') },
    });
    expect([home.read('.bashrc'), home.read('.zshrc'), backups()]).toEqual(['old\n', 'theirs\n', []]);
  });

  it.each<[string, Partial<Edit>, string | null]>([
    ['to be deleted', {}, null],
    ['to get another mode', { mode: 0o600 }, 'old\n'],
    ['to be written in place', {}, 'new\n'],
  ])('leaves a file that was %s and that another program changed before its turn came', async (what, more, text) => {
    home.write('.bashrc', 'old\n');
    home.write('.zshrc', 'old\n');
    if (what.endsWith('in place')) fs.linkSync(home.path('.zshrc'), home.path('twin'));
    const theirs = after('.bashrc', () => fs.writeFileSync(home.path('.zshrc'), 'theirs\n'));
    const edits = [home.edit('.bashrc', 'new\n'), home.edit('.zshrc', text, more)];
    await expect(apply(edits, theirs)).rejects.toMatchObject({ code: 'CHANGED' });
    expect([home.read('.bashrc'), home.read('.zshrc'), home.mode('.zshrc')]).toEqual(['old\n', 'theirs\n', 0o644]);
  });

  it('touches no file at all where one had changed before', async () => {
    home.write('.bashrc', 'old\n');
    const edits = [home.edit('.bashrc', 'new\n'), home.edit('.zshrc', 'new\n')];
    home.write('.zshrc', 'theirs\n');
    const before = home.tree();
    const replaced: string[] = [];
    const rename = (from: string, to: string): void => {
      if (!to.startsWith(home.folder)) replaced.push(to);
      files.rename(from, to);
    };
    await expect(apply(edits, { fs: { ...files, rename } })).rejects.toMatchObject({ code: 'CHANGED' });
    expect([replaced, home.tree()]).toEqual([[], before]);
  });

  it('gives back durably what an editor wrote at the last moment', async () => {
    home.write('one/a', 'old\n');
    const seen: string[] = [];
    const late: FileSystem = {
      ...files,
      rename: (from, to) => {
        if (to === home.path('one/a') && seen.length === 0) fs.appendFileSync(to, 'theirs\n');
        files.rename(from, to);
        if (to === home.path('one/a')) seen.push('rename');
      },
      openFolder: (folder) => {
        if (folder === home.path('one')) seen.push('durable');
        return files.openFolder(folder);
      },
    };
    await expect(apply([home.edit('one/a', 'new\n')], { fs: late })).rejects.toMatchObject({ code: 'CHANGED' });
    expect([home.read('one/a'), seen]).toEqual(['old\ntheirs\n', ['rename', 'rename', 'durable']]);
  });

  it.each<[string, keyof FileSystem, string]>([
    ['the new file cannot be made', 'openExclusive', 'a/new'],
    ['a folder cannot be made', 'mkdir', 'a/new'],
    ['the receipt cannot be written', 'rename', '.config/orcc'],
  ])('says where %s, and why', async (_what, call, named) => {
    home.write('.bashrc', 'old\n');
    if (call === 'openExclusive') fs.mkdirSync(home.path('a'));
    const before = home.tree();
    let isDone = false;
    const failing = (...args: readonly never[]): unknown => {
      const [at, to] = args.map(String);
      if (call === 'openExclusive' ? at?.startsWith(home.path('a/')) : call === 'mkdir' ? at === home.path('a') : isDone) fail('EACCES');
      if (to === home.path('a/new')) isDone = true;
      return Reflect.apply(files[call], files, args);
    };
    const failed = apply([home.edit('.bashrc', 'new\n'), home.edit('a/new', 'x')], { fs: { ...files, [call]: failing } });
    await expect(failed).rejects.toMatchObject({ exit: 'refused' });
    const message = await failed.then(
      () => '',
      (error: unknown) => (error as Error).message,
    );
    expect([message.includes(`\`${home.path(named)}\``), message.includes('EACCES')]).toEqual([true, true]);
    if (call !== 'rename') expect(home.tree()).toEqual(before);
    // Nothing can be put in a file's place any more, but in the file itself.
    expect([home.read('.bashrc'), home.read('a/new')]).toEqual(['old\n', null]);
  });

  it('names what could not be put back, which the next run puts back', async () => {
    home.write('.bashrc', 'old\n');
    home.write('.zshrc', 'old\n');
    const before = home.tree();
    let isFull = false;
    const full: FileSystem = {
      ...files,
      rename: (from, to) => {
        if (to === home.path('.zshrc')) isFull = true;
        return isFull ? fail('ENOSPC') : files.rename(from, to);
      },
    };
    await expect(apply([home.edit('.bashrc', 'new\n'), home.edit('.zshrc', 'new\n')], { fs: full })).rejects.toMatchObject({
      exit: 'refused',
      code: undefined,
      data: { paths: [home.path('.bashrc')] },
    });
    expect([home.read('.bashrc'), home.read('.zshrc')]).toEqual(['new\n', 'old\n']);
    expect(await recoverPending(home.ctx, home.folder)).toMatchObject({
      runs: [{ outcome: 'rolled-back', restored: [home.path('.bashrc')] }],
    });
    expect(home.tree()).toEqual(before);
  });

  it('gives a file that was written in place its old bytes there', async () => {
    home.write('.bashrc', 'a longer old text\n', 0o644);
    fs.linkSync(home.path('.bashrc'), home.path('twin'));
    const before = home.tree();
    const { ino } = fs.statSync(home.path('.bashrc'));
    const edits = [home.edit('.bashrc', 'new\n', { mode: 0o600 })];
    await expect(apply(edits, {}, { verify: () => Promise.reject(new Error('not so')) })).rejects.toThrow('not so');
    expect([home.tree(), fs.statSync(home.path('.bashrc')).ino]).toEqual([before, ino]);
  });

  it('gives a file its mode back, unless someone chose another meanwhile', async () => {
    home.write('.bashrc', 'old\n', 0o644);
    home.write('.zshrc', 'old\n', 0o644);
    const edits = ['.bashrc', '.zshrc'].map((name) => home.edit(name, 'old\n', { mode: 0o600 }));
    const verify = (): Promise<void> => {
      fs.chmodSync(home.path('.zshrc'), 0o640);
      return Promise.reject(new Error('not so'));
    };
    await expect(apply(edits, {}, { verify })).rejects.toThrow('not so');
    expect([home.mode('.bashrc'), home.mode('.zshrc')]).toEqual([0o644, 0o640]);
  });

  it('leaves no folder of its own where the history cannot be written', async () => {
    home.write('.bashrc', 'old\n');
    const before = home.tree();
    const openExclusive = (file: string, mode: number): number =>
      file.endsWith('.bak') ? fail('ENOSPC') : files.openExclusive(file, mode);
    const failed = apply([home.edit('.bashrc', 'new\n')], { fs: { ...files, openExclusive } });
    await expect(failed).rejects.toMatchObject({ exit: 'refused', message: expect.stringContaining('ENOSPC') as string });
    expect(home.tree()).toEqual(before);
  });

  it('keeps a folder that it made where someone has put something meanwhile', async () => {
    const verify = (): Promise<void> => {
      home.write('a/theirs', 'x');
      return Promise.reject(new Error('not so'));
    };
    await expect(apply([home.edit('a/b/new', 'x')], {}, { verify })).rejects.toThrow('not so');
    expect(Object.keys(home.tree())).toEqual(['a', 'a/theirs']);
  });
});

describe('a change', () => {
  it('tells that it has written, once, whoever holds the lock; not where there was nothing to write', async () => {
    let told = 0;
    const onWritten = (): void => void (told += 1);
    expect(await apply([], { onWritten })).toMatchObject({ schemaVersion: 2, id: '', command: 'switch', status: 'done', edits: [] });
    expect(told).toBe(0);
    await apply([home.edit('.bashrc', 'new\n')], { onWritten });
    await undoLast(contextFor(home.home, { onWritten }), { folder: home.folder });
    expect(told).toBe(2);
  });

  it('leaves out a file that is not there and is to go', async () => {
    const receipt = await apply([home.edit('none', null), home.edit('.bashrc', 'new\n')]);
    expect(receipt.edits.map(({ path: each }) => each)).toEqual([home.path('.bashrc')]);
  });

  it('writes into a file of the user that has an access list, and asks for no other', async () => {
    home.write('.bashrc', 'old\n');
    home.write('.profile', 'old\n');
    home.write('mode', 'x', 0o644);
    home.write('.config/orcc/config.json', '{}', 0o600);
    const ino = (name: string): number => fs.statSync(home.path(name)).ino;
    const [listed, plain] = [ino('.bashrc'), ino('.profile')];
    const asked: unknown[] = [];
    const findAttributed = (paths: readonly string[]): ReadonlySet<number> => {
      asked.push(paths);
      return new Set([listed]);
    };
    const edits = [
      home.edit('.bashrc', 'new\n'),
      home.edit('.profile', 'new\n'),
      home.edit('new', 'x'),
      home.edit('mode', 'x', { mode: 0o600 }),
      home.edit('.config/orcc/config.json', '{"a":1}', { owner: 'config' }),
    ];
    await apply(edits, { findAttributed });
    expect([ino('.bashrc') === listed, ino('.profile') === plain, home.read('.bashrc')]).toEqual([true, false, 'new\n']);
    // Before the lock, and under it.
    expect(asked).toEqual([1, 2].map(() => [home.path('.bashrc'), home.path('.profile')]));
    await apply([home.edit('another', 'x')], { findAttributed });
    expect(asked).toHaveLength(2);
  });

  it('makes each folder’s renames durable before the next folder’s turn, so that no power cut leaves a base URL without its token', async () => {
    home.write('one/a', '1');
    home.write('one/b', '1');
    home.write('two/c', '1');
    const seen: string[] = [];
    const watching: FileSystem = {
      ...files,
      rename: (from, to) => {
        files.rename(from, to);
        if (!to.startsWith(home.folder)) seen.push(path.relative(home.home, to));
      },
      openFolder: (folder) => {
        if (!folder.startsWith(home.folder)) seen.push(path.relative(home.home, folder));
        return files.openFolder(folder);
      },
    };
    const names = ['one/a', 'one/b', 'two/c', 'one/d'];
    await apply(
      names.map((name) => home.edit(name, '2')),
      { fs: watching },
    );
    expect(seen).toEqual(['one/a', 'one/b', 'one', 'two/c', 'two', 'one/d', 'one']);
  });

  it.each(['EACCES', 'EPERM', 'EISDIR', 'EINVAL', 'ENOTSUP'])('is done where a folder cannot be made durable (%s)', async (code) => {
    await apply([home.edit('.bashrc', 'new\n')], { fs: { ...files, openFolder: () => fail(code) } });
    expect(home.read('.bashrc')).toBe('new\n');
  });

  it('is put back where the disk fails at that', async () => {
    const before = home.tree();
    let failures = 1;
    const openFolder = (folder: string): number | undefined =>
      folder === home.home && failures-- > 0 ? fail('EIO') : files.openFolder(folder);
    await expect(apply([home.edit('.bashrc', 'new\n')], { fs: { ...files, openFolder } })).rejects.toMatchObject({ exit: 'refused' });
    expect(home.tree()).toEqual(before);
  });

  it('is done where another program makes a folder that it needs', async () => {
    await apply(
      [home.edit('.bashrc', 'new\n'), home.edit('a/new', 'x')],
      after('.bashrc', () => fs.mkdirSync(home.path('a'))),
    );
    expect(home.read('a/new')).toBe('x');
  });

  it('takes a key that orcc holds now out of earlier backups', async () => {
    home.write('.bashrc', 'key=a-secret\n');
    await apply([home.edit('.bashrc', 'key=b-secret\n')], {}, { keys: ['b-secret'] });
    expect(backups().map((name) => home.read(name))).toEqual(['key=a-secret\n']);
    await apply([home.edit('.zshrc', 'x\n')], {}, { keys: ['a-secret'] });
    const texts = Object.keys(home.tree()).flatMap((name) => (/(?:bak|keyed)$/.test(name) ? [home.read(name)] : []));
    expect(texts).toEqual(['key=<orcc:key>\n']);
    await undoLast(home.ctx, { folder: home.folder, steps: 2, key: 'a-secret' });
    expect(home.read('.bashrc')).toBe('key=a-secret\n');
  });

  it('keeps as many backups as it is told', async () => {
    home.write('.bashrc', '0');
    for (const text of ['1', '2', '3', '4']) await apply([home.edit('.bashrc', text)], {}, { keep: 1 });
    expect(backups().map((name) => home.read(name))).toEqual(['0', '3']);
  });

  it('marks what an undo took back though there was nothing to write', async () => {
    home.write('.bashrc', '0');
    await apply([home.edit('.bashrc', '1')]);
    await apply([home.edit('.bashrc', '0')]);
    const undone = await undoLast(home.ctx, { folder: home.folder, steps: 2 });
    expect([undone.receipts.length, statuses()]).toEqual([2, ['undone', 'undone']]);
  });
});
