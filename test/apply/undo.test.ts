import * as fs from 'node:fs';
import { beforeEach, describe, expect, it } from 'vitest';
import { applyPlan } from '../../src/apply/apply-plan.ts';
import { listHistory } from '../../src/apply/history.ts';
import { planUndo } from '../../src/apply/plan-undo.ts';
import { undoLast } from '../../src/apply/undo.ts';
import type { Edit } from '../../src/apply/types.ts';
import { useTempHome } from '../support/use.ts';

const home = useTempHome();

const apply = (...edits: readonly Edit[]) => applyPlan(home.ctx, { edits }, { folder: home.folder, command: 'switch' });
const undo = (more: Partial<Parameters<typeof undoLast>[1]> = {}) => undoLast(home.ctx, { folder: home.folder, ...more });

/** The home without orcc's own folder. */
function users(): Record<string, string> {
  return Object.fromEntries(Object.entries(home.tree()).filter(([name]) => !name.startsWith('.config')));
}

describe('undo', () => {
  it('gives bytes, modes, deleted files and folders back', async () => {
    home.write('.bashrc', 'old\r\n\xff', 0o640);
    home.write('.zprofile', 'x', 0o604);
    const before = users();
    await apply(
      home.edit('.bashrc', 'new\n', { mode: 0o600 }),
      home.edit('.zprofile', null),
      home.edit('a/b/settings.json', '{}', { owner: 'user' }),
    );
    expect(users()).not.toEqual(before);
    const undone = await undo();
    expect(users()).toEqual(before);
    expect(undone).toMatchObject({ reversed: [], overwritten: [], keepsKey: false, receipts: [{ command: 'switch' }] });
  });

  it('goes further back each time, and then says that there is nothing', async () => {
    home.write('.bashrc', '0');
    for (const text of ['1', '2', '3']) await apply(home.edit('.bashrc', text));
    const seen: Array<string | null> = [];
    for (let step = 0; step < 3; step += 1) {
      await undo();
      seen.push(home.read('.bashrc'));
    }
    expect(seen).toEqual(['2', '1', '0']);
    await expect(undo()).rejects.toMatchObject({ exit: 'nothing' });
  });

  it('takes several steps at once, as one change', async () => {
    home.write('.bashrc', '0');
    for (const text of ['1', '2', '3']) await apply(home.edit('.bashrc', text), home.edit(`${text}/.zshenv`, text));
    await undo({ steps: 2 });
    expect([home.read('.bashrc'), home.read('1/.zshenv'), home.read('2/.zshenv'), home.read('3/.zshenv')]).toEqual(['1', '1', null, null]);
    await apply(home.edit('.bashrc', '4'));
    await undo({ steps: 2 });
    expect(home.read('.bashrc')).toBe('0');
    await expect(undo({ steps: 2 })).rejects.toMatchObject({ exit: 'nothing' });
  });

  it('writes nothing where the key that stood in a file is another by now', async () => {
    home.write('.bashrc', 'export A=old-key\n');
    const keys = ['old-key'];
    await applyPlan(home.ctx, { edits: [home.edit('.bashrc', 'new\n')] }, { folder: home.folder, command: 'switch', keys });
    await expect(undo({ key: 'new-key' })).rejects.toMatchObject({ exit: 'nothing' });
    expect(home.read('.bashrc')).toBe('new\n');
    await undo({ key: 'old-key' });
    expect(home.read('.bashrc')).toBe('export A=old-key\n');
  });

  it('leaves the key as it is', async () => {
    home.write('.config/orcc/key', 'old', 0o600);
    await apply(home.edit('.config/orcc/key', 'new', { owner: 'key' }), home.edit('.bashrc', 'x'));
    expect(await undo()).toMatchObject({ keepsKey: true });
    expect([home.read('.config/orcc/key'), home.read('.bashrc')]).toEqual(['new', null]);
  });

  it('keeps a mode that the user has changed since', async () => {
    home.write('.bashrc', 'old', 0o644);
    await apply(home.edit('.bashrc', 'new', { mode: 0o600 }));
    fs.chmodSync(home.path('.bashrc'), 0o660);
    await undo();
    expect([home.read('.bashrc'), home.mode('.bashrc')]).toEqual(['old', 0o660]);
  });

  it.each(['x', 'theirs'])('gives a file back the mode that alone was changed, whatever it holds now (%s)', async (text) => {
    home.write('.bashrc', 'x', 0o644);
    await apply(home.edit('.bashrc', 'x', { mode: 0o600 }));
    fs.writeFileSync(home.path('.bashrc'), text);
    await undo();
    expect([home.read('.bashrc'), home.mode('.bashrc')]).toEqual([text, 0o644]);
  });

  it('keeps no backup of a key of its own either', async () => {
    home.write('.bashrc', 'old\n');
    await apply(home.edit('.bashrc', 'export A=a-key\n'));
    await undo({ keys: ['a-key'], key: 'a-key' });
    const kept = Object.keys(home.tree()).filter((name) => /\.(?:bak|keyed)$/.test(name));
    expect(kept.map((name) => home.read(name))).toEqual(['old\n', 'export A=<orcc:key>\n']);
  });

  it('is put back where the last look at the files says so', async () => {
    home.write('.bashrc', 'old\n');
    await apply(home.edit('.bashrc', 'new\n'));
    await expect(undo({ verify: () => Promise.reject(new Error('not so')) })).rejects.toThrow('not so');
    expect(home.read('.bashrc')).toBe('new\n');
  });

  describe('of a file that someone changed since', () => {
    beforeEach(async () => {
      home.write('.bashrc', 'old\n');
      home.write('.bash_login', 'old\n');
      await apply(home.edit('.bashrc', 'old\norcc\n'), home.edit('.bash_login', 'new\n'));
      fs.appendFileSync(home.path('.bashrc'), 'mine\n');
    });

    it("takes orcc's own part out where that is intact", async () => {
      const undone = await undo({
        reverse: ({ now }) => (now === null ? undefined : Buffer.from(Buffer.from(now).toString().replace('orcc\n', ''))),
      });
      expect([home.read('.bashrc'), home.read('.bash_login')]).toEqual(['old\nmine\n', 'old\n']);
      expect(undone.reversed).toEqual([home.path('.bashrc')]);
    });

    it('refuses otherwise, naming the file, and changes nothing', async () => {
      const before = home.tree();
      await expect(undo({ reverse: () => undefined, force: false })).rejects.toMatchObject({
        exit: 'refused',
        code: 'CHANGED_SINCE',
        message: expect.stringContaining(home.path('.bashrc')) as string,
      });
      expect(home.tree()).toEqual(before);
    });

    it('overwrites it by force and keeps a copy of what it overwrites', async () => {
      const { copies } = await undo({ force: true });
      expect([home.read('.bashrc'), Object.keys(copies)]).toEqual(['old\n', [home.path('.bashrc')]]);
      expect(fs.readFileSync(copies[home.path('.bashrc')] ?? '', 'utf8')).toBe('old\norcc\nmine\n');
    });

    it('has no copy of one that was gone', async () => {
      fs.unlinkSync(home.path('.bashrc'));
      const { overwritten, copies } = await undo({ force: true });
      expect([overwritten, copies, home.read('.bashrc')]).toEqual([[home.path('.bashrc')], {}, 'old\n']);
    });

    it('asks nobody where the file is already as it was', async () => {
      fs.writeFileSync(home.path('.bashrc'), 'old\n');
      await undo();
      expect([home.read('.bashrc'), home.read('.bash_login')]).toEqual(['old\n', 'old\n']);
    });
  });

  it('plans without writing, for a preview', async () => {
    home.write('.bashrc', 'old');
    await apply(home.edit('.bashrc', 'new'), home.edit('.zshenv', 'made'));
    const before = home.tree();
    const { plan } = planUndo(home.ctx, { folder: home.folder });
    expect(plan.edits).toMatchObject([
      { path: home.path('.zshenv'), before: Buffer.from('made'), after: null, mode: null, summary: 'delete' },
      { path: home.path('.bashrc'), before: Buffer.from('new'), after: Buffer.from('old'), mode: null, summary: 'restore' },
    ]);
    expect(home.tree()).toEqual(before);
  });

  it('has nothing to write where the changes undo each other', async () => {
    home.write('.bashrc', '0', 0o640);
    await apply(home.edit('.bashrc', '1'));
    await apply(home.edit('.bashrc', '0'));
    expect(planUndo(home.ctx, { folder: home.folder, steps: 2 }).plan.edits).toEqual([]);
  });

  it('tells whoever takes a part back what the change made of another file, and of no third one', async () => {
    home.write('.bashrc', 'old\n');
    await apply(home.edit('.bashrc', 'new\n'), home.edit('.config/orcc/state.json', '{}', { owner: 'state' }));
    fs.appendFileSync(home.path('.bashrc'), 'mine\n');
    const told: unknown[] = [];
    await undo({
      reverse: ({ other }) => {
        told.push(other(home.path('.config/orcc/state.json')), other(home.path('.zshrc')));
        return Buffer.from('old\nmine\n');
      },
    });
    // Asked once for the preview and once under the lock.
    expect(told.slice(0, 2)).toEqual([{ before: null, after: Buffer.from('{}') }, undefined]);
  });

  it('refuses a record that stands under another one’s name, and writes nothing', async () => {
    home.write('.bashrc', 'old');
    await apply(home.edit('.bashrc', 'new'));
    const [past] = listHistory(home.ctx, home.folder);
    const file = `${past?.folder ?? ''}/receipt.json`;
    fs.writeFileSync(file, fs.readFileSync(file, 'utf8').replaceAll(past?.receipt.id ?? '-', '20200101T000000000Z-abcdef'));
    await expect(undo()).rejects.toMatchObject({ exit: 'refused', code: 'RECEIPT_FOREIGN' });
    expect(home.read('.bashrc')).toBe('new');
  });

  it('works behind a link', async () => {
    home.write('dotfiles/.bashrc', 'old');
    fs.symlinkSync('dotfiles/.bashrc', home.path('.bashrc'));
    await apply(home.edit('.bashrc', 'new'));
    await undo();
    expect([home.read('dotfiles/.bashrc'), fs.readlinkSync(home.path('.bashrc'))]).toEqual(['old', 'dotfiles/.bashrc']);
  });

  it('follows a link that leads elsewhere by now', async () => {
    for (const name of ['one/rc', 'two/rc']) home.write(name, 'old');
    fs.symlinkSync('one/rc', home.path('.bashrc'));
    await apply(home.edit('.bashrc', 'new'));
    fs.writeFileSync(home.path('one/rc'), 'theirs');
    fs.writeFileSync(home.path('two/rc'), 'new');
    fs.unlinkSync(home.path('.bashrc'));
    fs.symlinkSync('two/rc', home.path('.bashrc'));
    await undo();
    expect([home.read('one/rc'), home.read('two/rc')]).toEqual(['theirs', 'old']);
  });

  it('takes away what a link to nowhere had got, and leaves the link', async () => {
    fs.symlinkSync('made', home.path('.bashrc'));
    const before = users();
    await apply(home.edit('.bashrc', 'new'));
    await undo();
    expect(users()).toEqual(before);
  });

  it('leaves no folder behind where there is nothing to undo', async () => {
    await expect(undo()).rejects.toMatchObject({ exit: 'nothing' });
    expect(home.tree()).toEqual({});
  });
});

describe('the history', () => {
  it('lists the newest change first and says which can be undone', async () => {
    home.write('.bashrc', '0');
    await apply(home.edit('.bashrc', '1'));
    await apply(home.edit('.bashrc', '2'));
    await undo();
    expect(listHistory(home.ctx, home.folder).map(({ receipt, canUndo }) => [receipt.command, receipt.status, canUndo])).toEqual([
      ['undo', 'done', false],
      ['switch', 'undone', false],
      ['switch', 'done', true],
    ]);
  });

  it('sorts by time though the clock goes backwards', async () => {
    const clock = { ...home.ctx.clock, now: () => now };
    let now = Date.UTC(2026, 0, 2);
    const run = (text: string) =>
      applyPlan({ ...home.ctx, clock }, { edits: [home.edit('.bashrc', text)] }, { folder: home.folder, command: text });
    await run('1');
    now -= 3_600_000;
    await run('2');
    expect(listHistory(home.ctx, home.folder).map(({ receipt }) => receipt.command)).toEqual(['2', '1']);
  });

  it('keeps the first change ever of a file and the last five', async () => {
    home.write('.bashrc', '0');
    home.write('.bash_profile', '0');
    await apply(home.edit('.bashrc', '1'), home.edit('.bash_profile', '1'));
    for (let text = 2; text <= 9; text += 1) await apply(home.edit('.bashrc', String(text)));
    const past = listHistory(home.ctx, home.folder);
    expect(past).toHaveLength(6);
    const backups = past.map(({ folder }) => fs.readFileSync(`${folder}/0.bak`, 'utf8'));
    expect(backups).toEqual(['8', '7', '6', '5', '4', '0']);
    await undo({ steps: 5 });
    expect(home.read('.bashrc')).toBe('4');
  });

  it('does not count undone changes among the last five', async () => {
    home.write('.bashrc', '0');
    for (let text = 1; text <= 6; text += 1) await apply(home.edit('.bashrc', String(text)));
    for (let step = 5; step >= 1; step -= 1) {
      await undo();
      expect(home.read('.bashrc')).toBe(String(step));
    }
  });

  it('passes over what is no entry and what does not parse', async () => {
    await apply(home.edit('.bashrc', '1'));
    home.write('.config/orcc/history/notes.txt', 'mine');
    home.write('.config/orcc/history/20200101T000000000Z-abcdef/receipt.json', '{"schemaVersion": 2}');
    expect(listHistory(home.ctx, home.folder)).toHaveLength(1);
    await undo();
    expect(home.read('.bashrc')).toBeNull();
    expect(home.read('.config/orcc/history/20200101T000000000Z-abcdef/receipt.json')).not.toBeNull();
  });

  it.each<[string, (receipt: string) => string]>([
    ['is not finished', (receipt) => receipt.replace('"done"', '"pending"')],
    ['names a backup outside its folder', (receipt) => receipt.replace('"0.bak"', '"../0.bak"')],
    ['is of a newer orcc', (receipt) => receipt.replace('"schemaVersion": 2', '"schemaVersion": 3')],
    ['is of another kind of file', (receipt) => receipt.replace('"bash"', '"other"')],
  ])('undoes nothing of a record that %s', async (_what, change) => {
    home.write('.bashrc', 'old');
    await apply(home.edit('.bashrc', 'new'));
    const file = `${listHistory(home.ctx, home.folder)[0]?.folder ?? ''}/receipt.json`;
    const receipt = fs.readFileSync(file, 'utf8');
    fs.writeFileSync(file, change(receipt));
    expect(listHistory(home.ctx, home.folder).filter(({ canUndo }) => canUndo)).toEqual([]);
    expect(() => planUndo(home.ctx, { folder: home.folder })).toThrow(expect.objectContaining({ exit: 'nothing' }));
    expect(fs.readFileSync(file, 'utf8')).not.toBe(receipt);
  });

  it('can be undone as far back as its backups, and as orcc’s own records follow each other', async () => {
    const config = (text: string): Edit => home.edit('.config/orcc/config.json', text, { owner: 'config' });
    home.write('.bashrc', '0');
    for (const text of ['1', '2', '3']) await apply(home.edit('.bashrc', text), config(text));
    const canUndo = (): readonly boolean[] => listHistory(home.ctx, home.folder).map((past) => past.canUndo);
    expect(canUndo()).toEqual([true, true, true]);
    const past = listHistory(home.ctx, home.folder);
    fs.renameSync(past[1]?.folder ?? '', home.path('kept'));
    expect(canUndo()).toEqual([true, false]);
    await expect(undo({ steps: 2 })).rejects.toMatchObject({ exit: 'nothing' });
    fs.renameSync(home.path('kept'), past[1]?.folder ?? '');
    fs.unlinkSync(`${past[1]?.folder ?? ''}/0.bak`);
    expect(canUndo()).toEqual([true, false, false]);
  });

  it.each([
    ['key', 'key'],
    ['config', 'config.json'],
    ['state', 'state.json'],
  ] as const)('comes with its home where that was moved, as its %s tells', async (owner, name) => {
    home.write('.bashrc', 'old');
    await apply(home.edit('.bashrc', 'new'), home.edit(`.config/orcc/${name}`, '{}', { owner }));
    const [past] = listHistory(home.ctx, home.folder);
    const file = `${past?.folder ?? ''}/receipt.json`;
    const stored = fs.readFileSync(file, 'utf8');
    expect(stored).toContain('"~/.bashrc"');
    // What an orcc before schema 2 wrote in a home that stood elsewhere then.
    fs.writeFileSync(file, stored.replaceAll('"~/', '"/former/home/').replace('"schemaVersion": 2', '"schemaVersion": 1'));
    expect(listHistory(home.ctx, home.folder)).toEqual([past]);
    await undo();
    expect(home.read('.bashrc')).toBe('old');
  });
});
