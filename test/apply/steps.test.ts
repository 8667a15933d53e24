import * as fs from 'node:fs';
import { describe, expect, it } from 'vitest';
import { applyPlan } from '../../src/apply/apply-plan.ts';
import type { ApplyContext } from '../../src/apply/apply-context.ts';
import type { Edit, EditOwner } from '../../src/apply/types.ts';
import type { FileStat } from '../../src/core/context.ts';
import { contextFor, quickFiles } from '../support/temp-home.ts';
import { useTempHome } from '../support/use.ts';

const home = useTempHome();
const files = quickFiles();

/** The paths that were written, below the home. */
const written = async (edits: readonly Edit[], more: Partial<ApplyContext> = {}): Promise<string[]> => {
  const receipt = await applyPlan(contextFor(home.home, more), { edits }, { folder: home.folder, command: 'switch' });
  return receipt.edits.map(({ path }) => path.slice(home.home.length + 1));
};
const edit = (name: string, text: string, owner: EditOwner): Edit => home.edit(name, text, { owner });

describe('two names of one file', () => {
  const link = (): void => {
    home.write('one', 'old\n');
    fs.linkSync(home.path('one'), home.path('two'));
  };

  it.each<[EditOwner, EditOwner]>([
    ['bash', 'zsh'],
    ['zsh', 'bash'],
    ['bash', 'bash'],
  ])('get the block once where %s and %s read them, wherever it would stand', async (one, other) => {
    link();
    expect(await written([edit('one', 'block\nold\n', one), edit('two', 'old\nblock\n', other)])).toEqual(['one']);
    expect(home.read('two')).toBe('block\nold\n');
  });

  it('get the same bytes once, whoever reads them', async () => {
    link();
    expect(await written([edit('one', 'new\n', 'user'), edit('two', 'new\n', 'fish')])).toEqual(['one']);
  });

  it.each<[EditOwner, EditOwner]>([
    ['bash', 'fish'],
    ['user', 'zsh'],
    ['user', 'settings-file'],
  ])('are refused where %s and %s want other bytes, and nothing is written', async (one, other) => {
    link();
    const before = home.tree();
    await expect(written([edit('one', 'new\n', one), edit('two', 'other\n', other)])).rejects.toMatchObject({ exit: 'refused' });
    expect(home.tree()).toEqual(before);
  });

  it('are refused where one is to be deleted, and where the files were read apart', async () => {
    link();
    const gone = { ...edit('two', '', 'zsh'), after: null };
    await expect(written([edit('one', 'new\n', 'bash'), gone])).rejects.toMatchObject({ exit: 'refused' });
    const read = { ...edit('two', 'other\n', 'zsh'), before: Buffer.from('else\n') };
    await expect(written([edit('one', 'new\n', 'bash'), read])).rejects.toMatchObject({ exit: 'refused' });
  });

  it.each<[string, (isOther: boolean) => Partial<FileStat>]>([
    ['on two disks', (isOther) => ({ ino: 5, nlink: 2, dev: isOther ? 1 : 2 })],
    ['of one name each, on a disk without numbers', () => ({ ino: 0, nlink: 1, dev: 1 })],
  ])('are two files %s', async (_where, numbers) => {
    home.write('one', 'old\n');
    home.write('two', 'old\n');
    const lstat = (file: string): FileStat | undefined => {
      const stat = files.lstat(file);
      return stat?.kind !== 'file' || file.startsWith(home.folder) ? stat : { ...stat, ...numbers(file === home.path('two')) };
    };
    expect(await written([edit('one', 'new\n', 'user'), edit('two', 'other\n', 'fish')], { fs: { ...files, lstat } })).toEqual([
      'one',
      'two',
    ]);
  });
});

describe('before the first byte', () => {
  it('a file to be deleted is refused where its folder gives none away', async () => {
    home.write('etc/rc', 'x');
    const access = (file: string, want: 'read' | 'write'): boolean => file !== home.path('etc') && files.access(file, want);
    const before = home.tree();
    await expect(written([home.edit('etc/rc', null)], { fs: { ...files, access } })).rejects.toMatchObject({ exit: 'refused' });
    expect(home.tree()).toEqual(before);
  });

  it('a read-only file is refused, but for another mode', async () => {
    home.write('rc', 'x', 0o444);
    await expect(written([home.edit('rc', 'new')])).rejects.toMatchObject({ exit: 'refused' });
    await expect(written([home.edit('rc', null)])).rejects.toMatchObject({ exit: 'refused' });
    expect(await written([home.edit('rc', 'x', { mode: 0o400 })])).toEqual(['rc']);
    expect(home.mode('rc')).toBe(0o400);
  });
});
