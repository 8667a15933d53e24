import * as fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { keepsModes, openKeyError } from '../../src/apply/keeps-modes.ts';
import type { Context, FileStat, FileSystem } from '../../src/core/context.ts';
import { useTempHome } from '../support/use.ts';

const home = useTempHome();
const refuse = (): never => {
  throw Object.assign(new Error('EPERM'), { code: 'EPERM' });
};
const keeps = (files: Partial<FileSystem>, more: Partial<Context> = {}): boolean =>
  keepsModes({ ...home.ctx, ...more, fs: { ...home.ctx.fs, ...files } }, home.path('made/not/settings.json'));
/** A file system on which the file that is tried comes out so. */
const comesOut = (so: Partial<FileStat>): Partial<FileSystem> => ({
  lstat: (file) => {
    const stat = home.ctx.fs.lstat(file);
    return stat === undefined || !file.endsWith('.tmp') ? stat : { ...stat, ...so };
  },
});

describe('whether a file would keep its mode', () => {
  it('is tried for the owner alone in the nearest folder that is there, and leaves nothing', () => {
    fs.mkdirSync(home.path('made'));
    const tried: unknown[] = [];
    const modes: number[] = [];
    const before = home.tree();
    const { openExclusive, fchmod, close } = home.ctx.fs;
    const isKept = keeps({
      openExclusive: (file, mode) => {
        tried.push(path.dirname(file), /^\.orcc-[0-9a-f]{12}\.tmp$/.test(path.basename(file)));
        modes.push(mode);
        return openExclusive(file, mode);
      },
      fchmod: (fd, mode) => {
        modes.push(mode);
        fchmod(fd, mode);
      },
      close: (fd) => {
        tried.push('closed');
        close(fd);
      },
    });
    expect([isKept, tried, modes]).toEqual([true, [home.path('made'), true, 'closed'], [0o600, 0o600]]);
    expect(home.tree()).toEqual(before);
  });

  it.each<[string, Partial<FileStat>]>([
    ['the group could read it', { mode: 0o640 }],
    ['everyone could read it', { mode: 0o604 }],
    ['everyone could write to it', { mode: 0o602 }],
    ['it is someone else’s', { uid: 4242 }],
  ])('is no where %s', (_why, so) => {
    expect(keeps(comesOut(so))).toBe(false);
  });

  it('is no where the system refuses the mode, and yes where it lets no file be made, which the writer says', () => {
    expect(keeps({ fchmod: refuse })).toBe(false);
    expect(keeps({ openExclusive: refuse })).toBe(true);
    expect(home.tree()).toEqual({});
  });

  it('is not asked of a path through a circle of links', () => {
    fs.symlinkSync('made', home.path('made'));
    expect(() => keeps({})).toThrow(expect.objectContaining({ exit: 'refused' }));
  });

  it('asks for no owner where the system has none, and tries nothing on Windows', () => {
    expect(keeps(comesOut({ uid: 4242 }), { uid: undefined })).toBe(true);
    expect(keeps({ openExclusive: refuse, fchmod: refuse, stat: refuse }, { platform: 'win32' })).toBe(true);
  });

  it('is exit 6 with a code where nobody agreed to a key without', () => {
    expect(openKeyError('/x/key', home.ctx, 'h')).toMatchObject({ exit: 'refused', code: 'KEY_EXPOSED', data: { path: '/x/key' } });
  });
});
