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
  { follow = false, ...ctx }: Partial<typeof home.ctx> & { readonly follow?: boolean } = {},
): number | string {
  const sums = { sumBefore: sumOfBytes(Buffer.from(before)), sumAfter: sumOfBytes(Buffer.from('new')) };
  const at = { path: home.path(name), realPath: home.path(name), owner, existed: true, modeBefore: 0o644, modeAfter: 0o644 };
  try {
    const folder = path.join(home.folder, 'history', ID);
    const found = receipt([{ ...at, ...sums, ...more }]);
    return confineReceipt({ ...home.ctx, ...ctx }, home.folder, { id: ID, folder }, found, { follow }).edits.length;
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
    ['powershell', '.config/powershell/profile.ps1'],
    ['fish', '.config/fish/config.fish'],
    ['fish', '.config/fish/conf.d/orcc.fish'],
    ...['.bash_profile', '.bash_login', '.profile'].map((name): [ReceiptEdit['owner'], string] => ['bash', name]),
    ...['.zshrc', '.zshenv', '.zprofile', '.zlogin'].map((name): [ReceiptEdit['owner'], string] => ['zsh', name]),
  ])('as %s `%s`', (owner, name) => {
    home.write(name, 'new');
    expect(confined(owner, name)).toBe(1);
  });

  it.each<[ReceiptEdit['owner'], string]>([
    ['key', '.config/orcc/other'],
    ['key', 'elsewhere/key'],
    ['key', 'elsewhere/key.work'],
    ['config', '.config/orcc/key.work'],
    ['config', 'elsewhere/config.json'],
    ['state', '.config/orcc/receipt.json'],
    ['user', '.claude-work/other.json'],
    ['user', '../settings.json'],
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
    for (const list of ['targets', 'adopted', 'ignores']) {
      home.write('named.txt', 'new');
      home.write('.config/orcc/state.json', JSON.stringify({ [list]: [{ path: '~/named.txt' }] }));
      expect(confined('bash', 'named.txt')).toBe(1);
    }
  });

  it('a file of the home that held orcc’s marks before', () => {
    const [inside, outside] = ['notes.txt', '../notes.txt'];
    home.write(`.config/orcc/history/${ID}/0.bak`, '# orcc: disabled: x');
    const more = { backup: '0.bak', sumBefore: 'x' };
    expect([confined('bash', inside, 'old', more), confined('bash', outside, 'old', more)]).toEqual([1, 'RECEIPT_FOREIGN']);
  });

  it('by where its path leads now for an undo, by where it led then after a run that died: elsewhere a marked start-up file alone', () => {
    home.write('.bashrc', 'new');
    home.write('victim', 'new');
    home.write('marked', '# >>> orcc >>> v=1\n');
    const [victim, marked] = ['victim', 'marked'].map((name) => ({ realPath: home.path(name) }));
    const foreign = 'RECEIPT_FOREIGN';
    for (const more of [victim, marked]) expect(confined('bash', '.bashrc', 'old', more, { follow: true })).toBe(1);
    expect([confined('bash', '.bashrc', 'old', victim), confined('bash', '.bashrc', 'old', marked)]).toEqual([foreign, 1]);
    expect(confined('user', '.claude/settings.json', 'old', marked)).toBe(foreign);
    expect(confined('bash', '.bashrc', 'old', marked, { uid: (home.ctx.uid ?? 0) + 1 })).toBe(foreign);
  });

  it('a temporary file beside its target alone, under a name of orcc’s', () => {
    home.write('.bashrc', 'new');
    expect(confined('bash', '.bashrc', 'old', { temp: home.path('.orcc-00ff.tmp') })).toBe(1);
    for (const temp of ['a/.orcc-00ff.tmp', '.orcc-x.tmp', 'x.orcc-00ff.tmp', '.orcc-00ff.tmp.x', 'victim'].map((name) => home.path(name)))
      expect(confined('bash', '.bashrc', 'old', { temp })).toBe('RECEIPT_FOREIGN');
  });

  it('this user’s files alone, where the system tells whose they are', () => {
    home.write('.bashrc', 'new');
    for (const name of ['.bashrc', 'new/.bashrc']) {
      expect(confined('bash', name, 'old', { sumBefore: 'x' }, { uid: (home.ctx.uid ?? 0) + 1 })).toBe('RECEIPT_FOREIGN');
      expect(confined('bash', name, 'old', { sumBefore: 'x' }, { uid: undefined })).toBe(1);
    }
  });

  it.each<[ReceiptEdit['owner'], string, string]>([
    ['zsh', 'ZDOTDIR', '.zshrc'],
    ['fish', 'XDG_CONFIG_HOME', 'config.fish'],
    ['user', 'CLAUDE_CONFIG_DIR', 'settings.json'],
  ])('as %s a file where %s moves it to, which the shells’ do with no relative path', (owner, variable, file) => {
    const folder = path.join(path.dirname(home.home), 'moved');
    const name = path.relative(home.home, path.join(folder, file));
    expect(confined(owner, name)).toBe('RECEIPT_FOREIGN');
    expect(confined(owner, name, 'old', {}, { env: { [variable]: folder } })).toBe(1);
    // Settings are looked for from the home there.
    const relative = path.relative(process.cwd(), folder);
    if (owner !== 'user') expect(confined(owner, name, 'old', {}, { env: { [variable]: relative } })).toBe('RECEIPT_FOREIGN');
  });

  it('absolute paths alone: a relative one leads elsewhere in every folder', () => {
    for (const more of [{ path: '.bashrc' }, { realPath: '.bashrc' }])
      expect(confined('bash', '.bashrc', 'old', { sumBefore: sumOfBytes(null), ...more })).toBe('RECEIPT_FOREIGN');
  });

  it('folders in the home, above a file of the change, and orcc’s own', () => {
    const relative = path.relative(process.cwd(), home.path('a'));
    const named = [home.path('a'), home.folder, path.dirname(home.home), home.home, '/etc', '/', relative];
    const ours = [home.path('a'), home.folder, path.dirname(home.home), home.home, '/'];
    expect(confineFolders(home.ctx, home.folder, { ...receipt([], named), emptied: named })).toMatchObject({
      createdFolders: ours,
      emptied: ours,
    });
  });

  it('folders above a file as it was named and where its link led, and orcc’s own wherever that is', () => {
    const folders = ['/own', '/named', '/real', '/other', home.home, path.dirname(home.home)];
    const edit = { path: '/named/.bashrc', realPath: '/real/.bashrc', owner: 'bash' as const, existed: false };
    const edits = [{ ...edit, modeBefore: null, modeAfter: null, sumBefore: null, sumAfter: null }];
    expect(confineFolders(home.ctx, '/own', receipt(edits, folders)).createdFolders).toEqual(folders.slice(0, 3));
  });

  it('folders of the same drive', () => {
    const at = 'C:\\Users\\u';
    const ctx = { ...home.ctx, platform: 'win32' as const, home: at };
    expect(confineFolders(ctx, `${at}\\orcc`, receipt([], [`${at}\\a`, 'C:\\a', 'D:\\a'])).createdFolders).toEqual([`${at}\\a`]);
  });
});
