import * as fs from 'node:fs';
import { describe, expect, it } from 'vitest';
import { applyPlan, type ApplyOptions } from '../../src/apply/apply-plan.ts';
import { listHistory } from '../../src/apply/history.ts';
import { readEntries, type Entry, type ReceiptEdit } from '../../src/apply/journal.ts';
import { scrubHistory, takeKeysOut, trimHistory } from '../../src/apply/trim-history.ts';
import type { Edit } from '../../src/apply/types.ts';
import { undoLast } from '../../src/apply/undo.ts';
import { useTempHome } from '../support/use.ts';

const home = useTempHome();
const apply = (edits: readonly Edit[], more: Partial<ApplyOptions> = {}) =>
  applyPlan(home.ctx, { edits }, { folder: home.folder, command: 'switch', ...more });
const config = (text: string): Edit => home.edit('.config/orcc/config.json', text, { owner: 'config' });
/** What the backups of each change hold, oldest first. */
const backups = (): unknown[] =>
  readEntries(home.ctx, home.folder).map(({ folder }) =>
    fs
      .readdirSync(folder)
      .filter((name) => name !== 'receipt.json')
      .toSorted()
      .map((name) => `${name} ${fs.readFileSync(`${folder}/${name}`, 'utf8')}`),
  );

describe('the history keeps', () => {
  it('of each file the first change and the last ones, and no entry or backup that none of them needs', async () => {
    home.write('.bashrc', 'b0');
    home.write('.zshrc', 'z0');
    await apply([home.edit('.bashrc', 'b1'), home.edit('.zshrc', 'z1')], { keep: 2 });
    await apply([home.edit('.bashrc', 'b2')], { keep: 2 });
    await apply([home.edit('.bashrc', 'b3'), home.edit('.zshrc', 'z2')], { keep: 2 });
    for (const text of ['b4', 'b5']) await apply([home.edit('.bashrc', text)], { keep: 2 });
    expect(backups()).toEqual([['0.bak b0', '1.bak z0'], ['1.bak z1'], ['0.bak b3'], ['0.bak b4']]);
    expect(listHistory(home.ctx, home.folder).map(({ canUndo }) => canUndo)).toEqual([true, true, false, false]);
  });

  it('undos and what they undid apart from what can be undone', async () => {
    home.write('.bashrc', '0');
    for (const text of ['1', '2', '3']) await apply([home.edit('.bashrc', text)], { keep: 2 });
    await undoLast(home.ctx, { folder: home.folder });
    await apply([home.edit('.bashrc', '4')], { keep: 2 });
    await undoLast(home.ctx, { folder: home.folder });
    await apply([home.edit('.bashrc', '5')], { keep: 2 });
    const statuses = listHistory(home.ctx, home.folder).map(({ receipt: { status, undoes } }) => (undoes === undefined ? status : 'undo'));
    expect(statuses).toEqual(['done', 'undo', 'undone', 'done', 'done']);
    await undoLast(home.ctx, { folder: home.folder, steps: 2 });
    expect(home.read('.bashrc')).toBe('1');
  });

  it('orcc’s records as far back as the last changes of files go, whatever lies between', async () => {
    home.write('.bashrc', '0');
    await apply([home.edit('.bashrc', '1'), config('c1')], { keep: 1 });
    await apply([home.edit('.bashrc', '2'), config('c2')], { keep: 1 });
    for (const text of ['c3', 'c4', 'c5']) {
      const state = home.edit('.config/orcc/state.json', text, { owner: 'state' });
      await apply([config(text), state, home.edit('.config/orcc/key', text, { owner: 'key' })], { keep: 1 });
    }
    expect(backups()).toEqual([
      ...[['0.bak 0'], ['0.bak 1', '1.bak c1'], ['0.bak c2']],
      ...[
        ['0.bak c3', '1.bak c3'],
        ['0.bak c4', '1.bak c4'],
      ],
    ]);
    await undoLast(home.ctx, { folder: home.folder, steps: 4 });
    expect([home.read('.bashrc'), home.read('.config/orcc/config.json')]).toEqual(['1', 'c1']);
  });

  it('orcc’s records past a change that was undone, which is none of the last', async () => {
    home.write('.bashrc', '0');
    await apply([home.edit('.bashrc', '1'), config('c1')], { keep: 2 });
    for (const text of ['c2', 'c3']) await apply([config(text)], { keep: 2 });
    await apply([home.edit('.bashrc', '2'), config('c4')], { keep: 2 });
    await undoLast(home.ctx, { folder: home.folder });
    await apply([config('c5')], { keep: 2 });
    await undoLast(home.ctx, { folder: home.folder, steps: 4 });
    expect([home.read('.bashrc'), home.read('.config/orcc/config.json')]).toEqual(['0', null]);
  });

  it('no change of the key alone, which cannot be undone', async () => {
    await apply([home.edit('.config/orcc/key', 'k', { owner: 'key' })], { keep: 1 });
    for (const text of ['1', '2']) await apply([home.edit('.bashrc', text)], { keep: 1 });
    expect(readEntries(home.ctx, home.folder)).toHaveLength(2);
  });

  it('no more than fifty changes of its records alone, and all that is not finished or cannot be read', () => {
    const edit: ReceiptEdit = {
      ...{ path: 'c', realPath: 'c', owner: 'config', existed: true, backup: '0.bak' },
      ...{ modeBefore: null, modeAfter: null, sumBefore: 'a', sumAfter: 'b' },
    };
    const { backup: _backup, ...bare } = edit;
    const entries = Array.from({ length: 60 }, (_, index): Entry => {
      const id = `2026010${Math.floor(index / 10)}T00000000${index % 10}Z-abcdef`;
      const folder = home.path(`.config/orcc/history/${id}`);
      home.write(`.config/orcc/history/${id}/0.bak`, 'x', 0o600);
      // The file of the second edit was made by this change, so that it has no backup.
      const edits = [1, 2, 4].includes(index) ? [{ ...edit, owner: 'bash' as const, realPath: `r${index}` }, bare] : [edit];
      const status = index === 3 ? 'pending' : index === 5 ? 'undone' : 'done';
      return { id, folder, receipt: { schemaVersion: 2, id, at: '', command: '', status, edits, createdFolders: [] } };
    });
    trimHistory(home.ctx, [...entries, { id: 'x', folder: home.folder, receipt: 'broken' }], 5);
    const left = entries.flatMap(({ folder }, index) => (fs.existsSync(folder) ? [index] : []));
    // The first of each file, the pending one, and the last 55.
    expect(left).toEqual([0, 1, 2, 3, 4, ...Array.from({ length: 55 }, (_, index) => index + 5)]);
    trimHistory(home.ctx, entries, 1);
    expect(entries.flatMap(({ folder }, index) => (fs.existsSync(folder) ? [index] : []))).toEqual([
      ...[0, 1, 2, 3, 4, 5],
      ...Array.from({ length: 51 }, (_, index) => index + 9),
    ]);
  });
});

describe('a key that orcc holds', () => {
  const texts = ['a-secret\n', 'none\n', 'a-secret and b-secret\n', 'b-secret\n'];
  const change = async (): Promise<void> => {
    for (const [index, text] of texts.entries()) home.write(`rc${index}`, text);
    await apply(texts.map((_, index) => home.edit(`rc${index}`, 'new\n')));
  };
  const entries = () => readEntries(home.ctx, home.folder);

  it('goes out of the backups of earlier changes, which stay', async () => {
    await change();
    expect(takeKeysOut(home.ctx, entries(), [])).toEqual(entries());
    expect(backups()).toEqual([texts.map((text, index) => `${index}.bak ${text}`)]);
    const taken = takeKeysOut(home.ctx, entries(), ['a-secret']);
    expect(backups()).toEqual([['0.keyed <orcc:key>\n', '1.bak none\n', '2.keyed <orcc:key> and b-secret\n', '3.bak b-secret\n']]);
    expect(taken).toEqual(entries());
    // What holds none is not written again.
    expect(takeKeysOut(home.ctx, taken, ['a-secret'])[0]).toBe(taken[0]);
  });

  it('does so after a run that was killed at it, and leaves what is not finished to its own run', async () => {
    await change();
    const [entry] = entries();
    if (entry === undefined || typeof entry.receipt === 'string') throw new Error('no entry');
    fs.writeFileSync(`${entry.folder}/0.keyed`, 'half', { mode: 0o600 });
    const pending = [
      { ...entry, receipt: { ...entry.receipt, status: 'pending' as const } },
      { ...entry, receipt: 'broken' as const },
    ];
    expect(takeKeysOut(home.ctx, pending, ['a-secret'])).toEqual(pending);
    expect(fs.existsSync(`${entry.folder}/0.bak`)).toBe(true);
    fs.unlinkSync(`${entry.folder}/2.bak`);
    takeKeysOut(home.ctx, entries(), ['a-secret']);
    expect(backups()).toEqual([['0.keyed <orcc:key>\n', '1.bak none\n', '3.bak b-secret\n']]);
  });

  it('takes the backups that held it with it where it leaves, but for those of a run that is not finished', async () => {
    await change();
    takeKeysOut(home.ctx, entries(), ['b-secret']);
    const [entry] = entries();
    const file = `${entry?.folder ?? ''}/receipt.json`;
    const receipt = fs.readFileSync(file, 'utf8');
    home.write(`.config/orcc/history/${entry?.id ?? ''}/notes`, 'a-secret\n');
    fs.writeFileSync(file, receipt.replace('"done"', '"pending"'));
    expect(scrubHistory(home.ctx, home.folder, ['a-secret'])).toBe(0);
    fs.writeFileSync(file, '{');
    expect(scrubHistory(home.ctx, home.folder, ['a-secret'])).toBe(3);
    fs.writeFileSync(file, receipt);
    expect(backups()).toEqual([['1.bak none\n', 'notes a-secret\n']]);
  });
});
