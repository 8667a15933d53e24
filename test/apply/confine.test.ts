import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { sumOfBytes } from '../../src/apply/bytes.ts';
import { confineFolders, confineReceipt } from '../../src/apply/confine.ts';
import type { Receipt, ReceiptEdit } from '../../src/apply/journal.ts';
import { useTempHome } from '../support/use.ts';

const home = useTempHome();
const ID = '20260101T000000000Z-abcdef';

/** What is left of a record of a change of that file, which held `before`; the code where the record is refused. */
function confined(
  owner: ReceiptEdit['owner'],
  name: string,
  before = 'old',
  more: Partial<ReceiptEdit> = {},
  ctx: Partial<typeof home.ctx> = {},
): number | string {
  const sums = { sumBefore: sumOfBytes(Buffer.from(before)), sumAfter: sumOfBytes(Buffer.from('new')) };
  const at = { path: home.path(name), realPath: home.path(name), owner, existed: true, modeBefore: 0o644, modeAfter: 0o644 };
  try {
    const folder = path.join(home.folder, 'history', ID);
    return confineReceipt({ ...home.ctx, ...ctx }, home.folder, { id: ID, folder }, receipt([{ ...at, ...sums, ...more }])).edits.length;
  } catch (error) {
    return (error as { code: string }).code;
  }
}

function receipt(edits: Receipt['edits'], createdFolders: readonly string[] = []): Receipt {
  return { schemaVersion: 2, id: ID, at: '', command: 'init', status: 'done', edits, createdFolders: [...createdFolders] };
}

describe('a record of a change may name', () => {
  it.each<[ReceiptEdit['owner'], string]>([
    ['key', '.config/orcc/key'],
    ['key', '.config/orcc/key.work'],
    ['config', '.config/orcc/config.json'],
    ['config', '.config/orcc/config.broken.json'],
    ['state', '.config/orcc/state.json'],
    ['state', '.config/orcc/replaced.json'],
    ['user', '.claude-work/settings.json'],
    ['project', 'repo/.claude/settings.json'],
    ['local', 'repo/.claude/settings.local.json'],
    ['settings-file', 'work/settings.local.json'],
    ['gitignore', 'repo/.gitignore'],
    ['bash', '.bashrc'],
    ['powershell', 'Documents/Microsoft.PowerShell_profile.ps1'],
  ])('as %s `%s`', (owner, name) => {
    home.write(name, 'new');
    expect(confined(owner, name)).toBe(1);
  });

  it.each<[ReceiptEdit['owner'], string]>([
    ['key', '.config/orcc/other'],
    ['key', 'elsewhere/key'],
    ['config', 'elsewhere/config.json'],
    ['state', '.config/orcc/receipt.json'],
    ['user', '.claude-work/other.json'],
    ['project', 'repo/settings.json'],
    ['settings-file', '.config/Code/User/settings.json'],
    ['settings-file', 'repo/.vscode/settings.json'],
    ['settings-file', 'work/other.json'],
    ['gitignore', 'repo/.gitattributes'],
    ['bash', 'notes.txt'],
  ])('as %s no `%s`, which is passed over where it is as it was', (owner, name) => {
    home.write(name, 'new');
    expect(confined(owner, name)).toBe('RECEIPT_FOREIGN');
    expect(confined(owner, name, 'new')).toBe(0);
  });

  it('a file that orcc marked, under any name, and one that its state names', () => {
    home.write('notes.txt', '# >>> orcc >>> v=1\n');
    expect(confined('bash', 'notes.txt')).toBe(1);
    home.write('notes.txt', Buffer.from('\ufeff# orcc: disabled: x', 'utf16le'));
    expect(confined('bash', 'notes.txt')).toBe(1);
    home.write('named.txt', 'new');
    home.write('.config/orcc/state.json', JSON.stringify({ targets: [{ path: '~/named.txt' }] }));
    expect(confined('bash', 'named.txt')).toBe(1);
  });

  it('a temporary file beside its target alone, under a name of orcc’s', () => {
    home.write('.bashrc', 'new');
    expect(confined('bash', '.bashrc', 'old', { temp: home.path('.orcc-00ff.tmp') })).toBe(1);
    for (const temp of [home.path('a/.orcc-00ff.tmp'), home.path('.orcc-x.tmp'), home.path('victim')])
      expect(confined('bash', '.bashrc', 'old', { temp })).toBe('RECEIPT_FOREIGN');
  });

  it('this user’s files alone, where the system tells whose they are', () => {
    home.write('.bashrc', 'new');
    for (const name of ['.bashrc', 'new/.bashrc']) {
      expect(confined('bash', name, 'old', { sumBefore: 'x' }, { uid: (home.ctx.uid ?? 0) + 1 })).toBe('RECEIPT_FOREIGN');
      expect(confined('bash', name, 'old', { sumBefore: 'x' }, { uid: undefined })).toBe(1);
    }
  });

  it('start-up files where the environment moves them to', () => {
    const folder = path.join(path.dirname(home.home), 'zsh');
    const name = path.relative(home.home, path.join(folder, '.zshrc'));
    expect(confined('zsh', name)).toBe('RECEIPT_FOREIGN');
    expect(confined('zsh', name, 'old', {}, { env: { ZDOTDIR: folder } })).toBe(1);
    expect(confined('zsh', name, 'old', {}, { env: { ZDOTDIR: '../zsh' } })).toBe('RECEIPT_FOREIGN');
  });

  it('absolute paths alone: a relative one leads elsewhere in every folder', () => {
    for (const more of [{ path: '.bashrc' }, { realPath: '.bashrc' }])
      expect(confined('bash', '.bashrc', 'old', { sumBefore: sumOfBytes(null), ...more })).toBe('RECEIPT_FOREIGN');
  });

  it('folders in the home, above a file of the change, and orcc’s own', () => {
    const named = [home.path('a'), home.folder, path.dirname(home.home), home.home, '/etc', '/'];
    const ours = [home.path('a'), home.folder, path.dirname(home.home), home.home, '/'];
    expect(confineFolders(home.ctx, home.folder, { ...receipt([], named), emptied: named })).toMatchObject({
      createdFolders: ours,
      emptied: ours,
    });
  });
});
