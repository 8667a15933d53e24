import * as fs from 'node:fs';
import { beforeEach, describe, expect, it } from 'vitest';
import { applyPlan } from '../../src/apply/apply-plan.ts';
import { listHistory } from '../../src/apply/history.ts';
import { withLock } from '../../src/apply/lock.ts';
import { removeFolder } from '../../src/apply/remove-folder.ts';
import { scrubHistory } from '../../src/apply/trim-history.ts';
import { undoLast } from '../../src/apply/undo.ts';
import { useTempHome } from '../support/use.ts';

const home = useTempHome();
beforeEach(async () => {
  home.write('rc', 'holds test-secret\n');
  const edits = [
    home.edit('.config/orcc/key', 'k', { owner: 'key', mode: 0o600 }),
    home.edit('rc', 'new\n'),
    home.edit('.config/orcc/config.json', '{}', { owner: 'config' }),
  ];
  await applyPlan(home.ctx, { edits }, { folder: home.folder, command: 'init' });
});

describe("removing orcc's own folder", () => {
  it('leaves nothing of it, nor of the folders above that orcc made', async () => {
    home.write('.config/orcc/cache/models.json', '{}');
    home.write('.config/orcc/cache/models.json.abc.tmp', '{}');
    // Compiled code, which 0.1.0 kept there.
    for (const word of ['complete', 'doctor', 'env', 'help', 'models', 'status', 'switch', 'usage'])
      home.write(`.config/orcc/cache/code-${word}.bin`, 'x');
    expect(await removeFolder(home.ctx, home.folder)).toEqual([]);
    expect(Object.keys(home.tree())).toEqual(['rc']);
  });

  it("leaves and names what is not orcc's", async () => {
    home.write('.config/orcc/notes.txt', 'mine');
    home.write('.config/orcc/history/mine', 'mine');
    fs.mkdirSync(home.path('.config/orcc/key.d'));
    const left = await removeFolder(home.ctx, home.folder);
    expect(left.toSorted()).toEqual(['history/mine', 'key.d', 'notes.txt'].map((name) => home.path(`.config/orcc/${name}`)));
    expect(home.read('.config/orcc/notes.txt')).toBe('mine');
    expect(home.read('.config/orcc/key')).toBeNull();
  });

  it('keeps what it is told to keep', async () => {
    expect(await removeFolder(home.ctx, home.folder, { keep: [home.path('.config/orcc/key')] })).toEqual([]);
    expect(Object.keys(home.tree())).toEqual(['.config', '.config/orcc', '.config/orcc/key', 'rc']);
  });

  it('never follows a link out of it', async () => {
    home.write('precious/models.json', 'mine');
    fs.symlinkSync(home.path('precious'), home.path('.config/orcc/cache'));
    fs.rmSync(home.path('.config/orcc/config.json'));
    fs.symlinkSync(home.path('precious/models.json'), home.path('.config/orcc/config.json'));
    await removeFolder(home.ctx, home.folder);
    expect(home.read('precious/models.json')).toBe('mine');
    expect(fs.readdirSync(home.folder)).toEqual(['cache']);
  });

  it('empties a folder that is a link, and leaves the link working', async () => {
    fs.renameSync(home.folder, home.path('dotfiles'));
    fs.symlinkSync(home.path('dotfiles'), home.folder);
    const emptied: string[] = [];
    // Windows takes a link away where a folder is to go.
    const rmdir = (folder: string): void => {
      emptied.push(folder);
      home.ctx.fs.rmdir(folder);
    };
    expect(await removeFolder({ ...home.ctx, fs: { ...home.ctx.fs, rmdir } }, home.folder)).toEqual([]);
    expect(emptied).not.toContain(home.folder);
    expect(Object.keys(home.tree())).toEqual(['.config', '.config/orcc', 'dotfiles', 'rc']);
  });

  it('takes the receipt of each change before its backups, but of the last one after everything: killed half-way it can go on', async () => {
    await applyPlan(home.ctx, { edits: [home.edit('rc', 'newer\n')] }, { folder: home.folder, command: 'switch' });
    const gone: string[] = [];
    const unlink = (name: string): void => {
      if (/history|config\.json$/.test(name)) gone.push(name.replace(/^.*[/\\]/, ''));
      home.ctx.fs.unlink(name);
    };
    await removeFolder({ ...home.ctx, fs: { ...home.ctx.fs, unlink } }, home.folder);
    expect(gone).toEqual(['receipt.json', '1.bak', 'config.json', '0.bak', 'receipt.json']);
  });

  it('leaves empty folders that a record names where orcc can not have made them', async () => {
    const folders = ['own', 'elsewhere'].map((name) => home.path(name));
    for (const folder of folders) fs.mkdirSync(folder);
    const file = `${listHistory(home.ctx, home.folder)[0]?.folder ?? ''}/receipt.json`;
    const receipt = JSON.parse(fs.readFileSync(file, 'utf8')) as { createdFolders: string[] };
    fs.writeFileSync(file, JSON.stringify({ ...receipt, createdFolders: folders }));
    await removeFolder({ ...home.ctx, home: home.path('own') }, home.folder);
    expect(fs.existsSync(home.path('elsewhere'))).toBe(true);
  });

  it('takes those along that an undo was to empty and could not', async () => {
    await applyPlan(home.ctx, { edits: [home.edit('a/b/.bashrc', 'x')] }, { folder: home.folder, command: 'switch' });
    home.write('a/b/theirs', 'x');
    await undoLast(home.ctx, { folder: home.folder });
    const [, made] = listHistory(home.ctx, home.folder);
    fs.rmSync(made?.folder ?? '-', { recursive: true });
    fs.unlinkSync(home.path('a/b/theirs'));
    await removeFolder(home.ctx, home.folder);
    expect(Object.keys(home.tree())).toEqual(['rc']);
  });

  it('goes on where the history is gone, or has a record that can not be read', async () => {
    const [past] = listHistory(home.ctx, home.folder);
    fs.writeFileSync(`${past?.folder ?? ''}/receipt.json`, '{');
    expect(await removeFolder(home.ctx, home.folder)).toEqual([]);
    home.write('.config/orcc/key', 'k', 0o600);
    expect(await removeFolder(home.ctx, home.folder)).toEqual([]);
    expect(Object.keys(home.tree()).filter((name) => name.includes('orcc'))).toEqual([]);
  });

  it('is done under the lock that its caller has', async () => {
    expect(await withLock(home.ctx, home.folder, (lock) => removeFolder(home.ctx, home.folder, { lock }))).toEqual([]);
    expect(Object.keys(home.tree())).toEqual(['rc']);
  });

  it.each(['an earlier change', 'the last change', 'a file'])('names what can not be deleted: %s', async (what) => {
    await applyPlan(home.ctx, { edits: [home.edit('rc', 'newer\n')] }, { folder: home.folder, command: 'switch' });
    const [last, first] = listHistory(home.ctx, home.folder).map(({ folder }) => folder);
    const stuck = what === 'a file' ? home.path('.config/orcc/config.json') : what === 'the last change' ? last : first;
    const unlink = (name: string): void => {
      if (name.startsWith(stuck ?? '-')) throw Object.assign(new Error('EACCES'), { code: 'EACCES' });
      home.ctx.fs.unlink(name);
    };
    const message = expect.stringContaining(`\`${stuck ?? '-'}\``) as string;
    const removal = removeFolder({ ...home.ctx, fs: { ...home.ctx.fs, unlink } }, home.folder);
    await expect(removal).rejects.toMatchObject({ exit: 'refused', message });
  });

  it('does nothing where there is none', async () => {
    await removeFolder(home.ctx, home.folder);
    const mkdir = (): never => {
      throw new Error('made');
    };
    expect(await removeFolder({ ...home.ctx, fs: { ...home.ctx.fs, mkdir } }, home.folder)).toEqual([]);
  });
});

describe('scrubbing a key from the backups', () => {
  it('deletes those that hold it, and the change can no longer be undone', () => {
    expect(scrubHistory(home.ctx, home.folder, ['not-there'])).toBe(0);
    expect(listHistory(home.ctx, home.folder)[0]?.canUndo).toBe(true);
    expect(scrubHistory(home.ctx, home.folder, ['test-secret'])).toBe(1);
    expect(listHistory(home.ctx, home.folder)[0]?.canUndo).toBe(false);
    expect(Object.keys(home.tree()).filter((name) => name.endsWith('.bak'))).toEqual([]);
  });

  it('goes on where another orcc has just deleted one, and stops where one stays', () => {
    const scrub = (code: string): number => {
      const unlink = (): void => {
        throw Object.assign(new Error(code), { code });
      };
      return scrubHistory({ ...home.ctx, fs: { ...home.ctx.fs, unlink } }, home.folder, ['test-secret']);
    };
    expect(scrub('ENOENT')).toBe(0);
    expect(() => scrub('EACCES')).toThrow('EACCES');
  });

  const utf16 = (text: string): Buffer => Buffer.from(text, 'utf16le');
  // At the end of a file, since the bytes of the other order are found before any ASCII character.
  it.each([
    ['UTF-8', (text: string) => Buffer.from(text)],
    ['UTF-16LE', utf16],
    ['UTF-16BE', (text: string) => utf16(text).swap16()],
  ])('deletes those that hold it in %s, as their last word too', async (_encoding, encode) => {
    for (const [index, text] of ['\ufeff$env:K = "a-secret"\r\n', '\ufeffa-secret', 'é a-secretß', 'a-other'].entries()) {
      home.write(`profile-${index}.ps1`, encode(text));
    }
    const edits = [0, 1, 2, 3].map((index) => home.edit(`profile-${index}.ps1`, 'x'));
    await applyPlan(home.ctx, { edits }, { folder: home.folder, command: 'switch' });
    expect(scrubHistory(home.ctx, home.folder, ['a-secret'])).toBe(3);
  });
});
