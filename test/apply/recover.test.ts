import * as fs from 'node:fs';
import { describe, expect, it } from 'vitest';
import { applyPlan } from '../../src/apply/apply-plan.ts';
import { findInterrupted, recoverPending } from '../../src/apply/recover.ts';
import type { FileSystem } from '../../src/core/context.ts';
import { dieAfterRename } from '../support/die-after-rename.ts';
import { Killed } from '../support/fault-fs.ts';
import { contextFor, quickFiles } from '../support/temp-home.ts';
import { useTempHome } from '../support/use.ts';

const home = useTempHome();

describe('after a run that was killed half-way', () => {
  it('the files are put back, and the next command can say so', async () => {
    home.write('.zshrc', '1\n', 0o640);
    home.write('.profile', '2\n');
    const before = home.tree();
    await dieAfterRename(home, (to) => to === home.path('.zshrc'), [
      home.edit('.zshrc', 'x\n', { mode: 0o600 }),
      home.edit('.profile', 'y\n'),
    ]);
    expect(home.read('.zshrc')).toBe('x\n');
    expect(await recoverPending(home.ctx, home.folder)).toMatchObject({
      runs: [{ command: 'switch', outcome: 'rolled-back', restored: [home.path('.zshrc')], left: [] }],
    });
    expect(home.tree()).toEqual(before);
  });

  it('a run whose last file was written is finished', async () => {
    home.write('.zshrc', '1\n');
    home.write('.zlogin', '1\n');
    const edits = [home.edit('.zshrc', 'x\n'), home.edit('.zlogin', null), home.edit('.profile', 'y\n')];
    await dieAfterRename(home, (to) => to === home.path('.profile'), edits);
    expect(await recoverPending(home.ctx, home.folder)).toMatchObject({ runs: [{ outcome: 'finished' }] });
    expect([home.read('.zshrc'), home.read('.zlogin'), home.read('.profile')]).toEqual(['x\n', null, 'y\n']);
  });

  it('a folder that stands in a file’s place by now is left alone', async () => {
    home.write('.zshrc', '1\n');
    await dieAfterRename(home, (to) => to === home.path('.zshrc'), [home.edit('.zshrc', 'x\n'), home.edit('.profile', 'y\n')]);
    fs.unlinkSync(home.path('.zshrc'));
    fs.mkdirSync(home.path('.zshrc'));
    expect(await recoverPending(home.ctx, home.folder)).toMatchObject({ runs: [{ left: [home.path('.zshrc')] }] });
    expect(fs.statSync(home.path('.zshrc')).isDirectory()).toBe(true);
  });

  it('a link to the same bytes that stands there by now is not written over', async () => {
    home.write('.zshrc', '1\n');
    const edits = [home.edit('.zshrc', '# >>> orcc >>> v=1\n'), home.edit('.profile', 'y\n')];
    await dieAfterRename(home, (to) => to === home.path('.zshrc'), edits);
    fs.renameSync(home.path('.zshrc'), home.path('theirs'));
    fs.symlinkSync('theirs', home.path('.zshrc'));
    await expect(recoverPending(home.ctx, home.folder)).rejects.toMatchObject({ exit: 'refused', code: 'RECEIPT_FOREIGN' });
    expect(fs.readlinkSync(home.path('.zshrc'))).toBe('theirs');
  });

  it("someone else's later change is left alone, with the old bytes kept", async () => {
    home.write('.zshrc', '1\n');
    home.write('.profile', '2\n');
    await dieAfterRename(home, (to) => to === home.path('.zshrc'), [home.edit('.zshrc', 'x\n'), home.edit('.profile', 'y\n')]);
    fs.writeFileSync(home.path('.zshrc'), 'theirs\n');
    expect(await recoverPending(home.ctx, home.folder)).toMatchObject({ runs: [{ outcome: 'rolled-back', left: [home.path('.zshrc')] }] });
    expect(home.read('.zshrc')).toBe('theirs\n');
    expect(Object.keys(home.tree()).filter((name) => name.endsWith('.bak'))).toHaveLength(2);
    expect(await recoverPending(home.ctx, home.folder)).toBeUndefined();
  });

  it('an old key is gone from the backups when the run is finished', async () => {
    home.write('.config/orcc/key', 'old-key\n', 0o600);
    await dieAfterRename(home, (to) => to.endsWith('receipt.json') && fs.readFileSync(to, 'utf8').includes('"done"'), [
      home.edit('.config/orcc/key', 'new-key\n', { owner: 'key', mode: 0o600 }),
      home.edit('.bashrc', 'x\n'),
    ]);
    await recoverPending(home.ctx, home.folder);
    expect(home.read('.config/orcc/key')).toBe('new-key\n');
    expect(Object.keys(home.tree()).filter((name) => name.endsWith('.bak'))).toEqual([]);
  });

  it('what it cannot put back yet is named, and put back later', async () => {
    home.write('.zshrc', '1\n');
    await dieAfterRename(home, (to) => to === home.path('.zshrc'), [home.edit('.zshrc', 'x\n'), home.edit('.profile', 'y\n')]);
    const full = contextFor(home.home, {
      fs: {
        ...quickFiles(),
        openExclusive: (path, mode) => {
          if (path.endsWith('.tmp') && !path.includes('history')) throw Object.assign(new Error('ENOSPC'), { code: 'ENOSPC' });
          return home.ctx.fs.openExclusive(path, mode);
        },
      },
    });
    expect(await recoverPending(full, home.folder)).toMatchObject({ runs: [{ outcome: 'failed', failed: [home.path('.zshrc')] }] });
    expect(home.read('.zshrc')).toBe('x\n');
    expect(await recoverPending(home.ctx, home.folder)).toMatchObject({ runs: [{ outcome: 'rolled-back' }] });
    expect(home.read('.zshrc')).toBe('1\n');
  });

  it('the next change recovers by itself first', async () => {
    home.write('.zshrc', '1\n');
    await dieAfterRename(home, (to) => to === home.path('.zshrc'), [home.edit('.zshrc', 'x\n'), home.edit('.profile', 'y\n')]);
    await applyPlan(home.ctx, { edits: [home.edit('three', '3\n')] }, { folder: home.folder, command: 'key' });
    expect([home.read('.zshrc'), home.read('three')]).toEqual(['1\n', '3\n']);
  });

  it('its command is told to those who only read, and to nobody once it is put right or while it may be alive', async () => {
    home.write('.zshrc', '1\n');
    expect(findInterrupted(home.ctx, home.folder)).toBeUndefined();
    home.write('.config/orcc/history/20200101T000000000Z-abcdef/receipt.json', '{', 0o600);
    await applyPlan(home.ctx, { edits: [home.edit('three', '3\n')] }, { folder: home.folder, command: 'key' });
    await dieAfterRename(home, (to) => to === home.path('.zshrc'), [home.edit('.zshrc', 'x\n'), home.edit('.profile', 'y\n')]);
    const before = home.tree();
    const alive = contextFor(home.home, { processes: { host: 'here', isRunning: () => true } });
    expect([findInterrupted(alive, home.folder), findInterrupted(home.ctx, home.folder)]).toEqual([undefined, 'switch']);
    expect(home.tree()).toEqual(before);
    await recoverPending(home.ctx, home.folder);
    home.write('.config/orcc/locks/change.lock', JSON.stringify({ pid: 1_000_001, host: 'here', at: 0, token: 'x' }), 0o600);
    expect(findInterrupted(home.ctx, home.folder)).toBeUndefined();
  });

  it('a mode that it gave goes back, stricter or laxer, and is told of', async () => {
    home.write('.zshrc', '1\n', 0o644);
    home.write('.zshenv', '1\n', 0o600);
    const before = home.tree();
    const modes = [home.edit('.zshrc', '1\n', { mode: 0o600 }), home.edit('.zshenv', '1\n', { mode: 0o644 })];
    await dieAfterRename(home, (to) => to === home.path('.profile'), [...modes, home.edit('.profile', 'y\n'), home.edit('.bashrc', 'z\n')]);
    expect([home.mode('.zshrc'), home.mode('.zshenv')]).toEqual([0o600, 0o644]);
    expect(await recoverPending(home.ctx, home.folder)).toMatchObject({
      runs: [{ restored: ['.profile', '.zshenv', '.zshrc'].map((name) => home.path(name)), left: [], failed: [] }],
    });
    expect(home.tree()).toEqual(before);
  });

  it('someone else’s later mode is left alone too', async () => {
    home.write('.zshrc', '1\n', 0o644);
    home.write('.profile', '2\n', 0o644);
    const before = home.tree();
    const edits = [home.edit('.zshrc', '1\n', { mode: 0o600 }), home.edit('.profile', 'y\n'), home.edit('.bashrc', 'z\n')];
    await dieAfterRename(home, (to) => to === home.path('.profile'), edits);
    expect(home.mode('.zshrc')).toBe(0o600);
    fs.chmodSync(home.path('.zshrc'), 0o640);
    expect(await recoverPending(home.ctx, home.folder)).toMatchObject({
      runs: [{ restored: [home.path('.profile')], left: [], failed: [] }],
    });
    expect(home.mode('.zshrc')).toBe(0o640);
    fs.chmodSync(home.path('.zshrc'), 0o644);
    expect(home.tree()).toEqual(before);
  });

  it('a file that was not written wholly in place gets its old bytes there, and one that someone wrote to is left', async () => {
    const torn = async (between: string): Promise<unknown> => {
      home.write('.zshrc', 'the old bytes\n');
      fs.rmSync(home.path('twin'), { force: true });
      fs.linkSync(home.path('.zshrc'), home.path('twin'));
      const files = quickFiles();
      let isDead = false;
      const dying = new Proxy(files, {
        get:
          (target, name: keyof FileSystem) =>
          (...args: readonly never[]) => {
            if (isDead) throw new Killed('dead');
            if (name === 'fchmod') {
              isDead = true;
              fs.writeFileSync(home.path('.zshrc'), between);
              throw new Killed('killed');
            }
            return Reflect.apply(target[name], target, args) as unknown;
          },
      });
      const ctx = contextFor(home.home, { fs: dying, pid: 1_000_001 });
      const edits = [home.edit('.zshrc', 'new and longer bytes\n', { mode: 0o600 })];
      await expect(applyPlan(ctx, { edits }, { folder: home.folder, command: 'switch' })).rejects.toThrow();
      return [await recoverPending(home.ctx, home.folder), home.read('.zshrc'), home.read('twin')];
    };
    const old = 'the old bytes\n';
    for (const between of ['new old bytes\n', 'new and longer', 'new and longer bytes\n'])
      expect(await torn(between)).toMatchObject([{ runs: [{ restored: [home.path('.zshrc')] }] }, old, old]);
    for (const between of ['new and theirs', 'theirs', 'the old bytes\ntheirs\n', 'Xew and longer bytes\n', 'nXw and longer bytes\n'])
      expect(await torn(between)).toMatchObject([{ runs: [{ left: [home.path('.zshrc')] }] }, between, between]);
  });

  it('a file that could be written in place alone gets its old bytes back where the run died at that', async () => {
    home.write('.zshrc', 'the old bytes\n', 0o644);
    const before = home.tree();
    const files = quickFiles();
    let isDead = false;
    const live = <Result>(call: () => Result): Result => {
      if (isDead) throw new Killed('dead');
      return call();
    };
    const mortal = new Proxy(files, {
      get:
        (target, name: keyof FileSystem) =>
        (...args: readonly never[]) =>
          live(() => {
            if (name === 'rename' && String(args[1]) === home.path('.zshrc')) throw Object.assign(new Error('EBUSY'), { code: 'EBUSY' });
            if (name === 'ftruncate') {
              fs.writeFileSync(home.path('.zshrc'), 'new old bytes\n');
              isDead = true;
              throw new Killed('killed');
            }
            return Reflect.apply(target[name], target, args) as unknown;
          }),
    });
    const ctx = contextFor(home.home, { fs: mortal, pid: 1_000_001 });
    const options = { folder: home.folder, command: 'switch' };
    const edits = [home.edit('.profile', 'new\n'), home.edit('.zshrc', 'new and longer bytes\n')];
    await expect(applyPlan(ctx, { edits }, options)).rejects.toThrow();
    const { ino } = fs.statSync(home.path('.zshrc'));
    fs.writeFileSync(home.path('.profile'), 'theirs\n');
    expect(await recoverPending(home.ctx, home.folder)).toMatchObject({
      runs: [{ restored: [home.path('.zshrc')], left: [home.path('.profile')], failed: [] }],
    });
    fs.unlinkSync(home.path('.profile'));
    for (const name of Object.keys(home.tree()))
      if (name.startsWith('.config')) fs.rmSync(home.path(name), { recursive: true, force: true });
    expect([home.tree(), fs.statSync(home.path('.zshrc')).ino]).toEqual([before, ino]);
  });

  it('a file that is put back keeps owner and group', async () => {
    home.write('.zshrc', '1\n', 0o640);
    const foreign = (file: string) => {
      const stat = home.ctx.fs.lstat(file);
      return stat !== undefined && file === home.path('.zshrc') ? { ...stat, uid: stat.uid, gid: stat.gid + 7 } : stat;
    };
    const given: number[] = [];
    const fchown = (_fd: number, uid: number, gid: number): void => void given.push(uid, gid);
    const owned = { ...quickFiles(), lstat: foreign, fchown };
    const own = fs.statSync(home.path('.zshrc'));
    const verify = (): Promise<void> => Promise.reject(new Error('not so'));
    const edits = [home.edit('.zshrc', 'x\n')];
    await expect(
      applyPlan(contextFor(home.home, { fs: owned }), { edits }, { folder: home.folder, command: 'switch', verify }),
    ).rejects.toThrow('not so');
    expect(given).toEqual([own.uid, own.gid + 7, own.uid, own.gid + 7]);
    expect(home.read('.zshrc')).toBe('1\n');
  });

  it('its own empty folder goes, and what is no entry of the history or cannot be read stays', async () => {
    const entry = '.config/orcc/history/20260101T000000000Z-abcdef';
    home.write(`${entry}/0.bak`, 'x', 0o600);
    expect(await recoverPending(home.ctx, home.folder)).toBeUndefined();
    expect(home.read(`${entry}/0.bak`)).toBeNull();
    home.write(`${entry}/0.bak`, 'x', 0o600);
    home.write('.config/orcc/history/20260101T000000001Z-abcdef/notes', 'x', 0o600);
    home.write('.config/orcc/history/20260102T000000000Z-abcdef/receipt.json', '{', 0o600);
    home.write('.config/orcc/history/notes', 'x', 0o600);
    expect(await recoverPending(home.ctx, home.folder)).toBeUndefined();
    expect(Object.keys(home.tree()).filter((name) => name.includes('history/'))).toEqual([
      '.config/orcc/history/20260101T000000001Z-abcdef',
      '.config/orcc/history/20260101T000000001Z-abcdef/notes',
      '.config/orcc/history/20260102T000000000Z-abcdef',
      '.config/orcc/history/20260102T000000000Z-abcdef/receipt.json',
      '.config/orcc/history/notes',
    ]);
  });

  it('there is nothing to tell where nothing happened', async () => {
    expect(await recoverPending(home.ctx, home.folder)).toBeUndefined();
    expect(home.tree()).toEqual({});
  });
});
