import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findLeftSessions, writeSessionFile } from '../../src/change/session-file.ts';
import type { FileStat } from '../../src/core/context.ts';
import { createFileSystem } from '../../src/system/files.ts';
import { ownedBy } from '../support/shell-context.ts';

let base: string;
beforeEach(() => {
  base = realpathSync(mkdtempSync(path.join(tmpdir(), 'orcc-session-')));
});
afterEach(() => rmSync(base, { recursive: true, force: true }));

type Slice = Parameters<typeof writeSessionFile>[0];
const context = (env: Record<string, string>, running: (pid: number) => boolean | undefined = () => undefined): Slice => ({
  fs: createFileSystem(),
  env,
  random: (bytes) => randomBytes(bytes),
  platform: process.platform,
  pid: 4242,
  uid: process.getuid?.(),
  processes: { host: 'here', isRunning: running },
});

describe('writeSessionFile', () => {
  it('makes a file that nobody else can read, in a folder that nobody else can enter, and takes both away', () => {
    const file = writeSessionFile(context({ TMPDIR: base }), Buffer.from('{"a":1}'));
    expect(readFileSync(file.path, 'utf8')).toBe('{"a":1}');
    expect(path.basename(path.dirname(file.path))).toMatch(/^orcc-run-4242-[0-9a-f]{16}$/);
    expect(statSync(file.path).mode & 0o777).toBe(0o600);
    expect(statSync(path.dirname(file.path)).mode & 0o777).toBe(0o700);
    file.remove();
    file.remove();
    expect(readdirSync(base)).toEqual([]);
  });

  it("prefers the user's own folder in memory, where it is really the user's alone", () => {
    const runtime = path.join(base, 'runtime');
    mkdirSync(runtime, { mode: 0o700 });
    expect(path.dirname(path.dirname(writeSessionFile(context({ TMPDIR: base, XDG_RUNTIME_DIR: runtime }), Buffer.from('')).path))).toBe(
      runtime,
    );
    chmodSync(runtime, 0o755);
    expect(path.dirname(path.dirname(writeSessionFile(context({ TMPDIR: base, XDG_RUNTIME_DIR: runtime }), Buffer.from('')).path))).toBe(
      base,
    );
    chmodSync(runtime, 0o700);
    const baseOf = (ctx: Slice): string => path.dirname(path.dirname(writeSessionFile(ctx, Buffer.from('')).path));
    const relative = path.relative(process.cwd(), runtime);
    expect(baseOf(context({ TMPDIR: base, XDG_RUNTIME_DIR: relative }))).toBe(base);
    const mine = context({ TMPDIR: base, XDG_RUNTIME_DIR: runtime });
    expect([baseOf(mine), baseOf({ ...mine, uid: (mine.uid ?? 0) + 1 })]).toEqual([runtime, base]);
    chmodSync(runtime, 0o701);
    writeFileSync(path.join(base, 'file'), '', { mode: 0o600 });
    const others = [runtime, path.join(base, 'file'), path.join(base, 'none')];
    for (const each of others) expect(baseOf(context({ TMPDIR: base, XDG_RUNTIME_DIR: each }))).toBe(base);
  });

  it.each([
    ['linux', { TMPDIR: '/t', TEMP: 'C:\\Temp' }, '/t'],
    ['linux', {}, '/tmp'],
    ['linux', { TMPDIR: '' }, '/tmp'],
    ['win32', { TMPDIR: '/t', TEMP: 'C:\\Temp', TMP: 'D:\\Tmp' }, 'C:\\Temp'],
    ['win32', { TMP: 'D:\\Tmp' }, 'D:\\Tmp'],
    ['win32', {}, 'C:\\Windows\\Temp'],
  ] as const)('is made in the folder for temporary files otherwise: on %s with %o in %s', (platform, env, folder) => {
    const made: string[] = [];
    const mkdir = (name: string): never => {
      made.push(name);
      throw new Error('made');
    };
    const ctx = context({ ...env });
    const fs = { ...ctx.fs, readdir: () => [], realpath: (each: string) => each, mkdir };
    expect(() => writeSessionFile({ ...ctx, platform, fs }, Buffer.from(''))).toThrow('made');
    expect(made[0]?.slice(0, folder.length + 1)).toBe(`${folder}${platform === 'win32' ? '\\' : '/'}`);
  });

  it('leaves nothing where the file can not be written whole', () => {
    const ctx = context({ TMPDIR: base });
    const write = (): never => {
      throw Object.assign(new Error('ENOSPC'), { code: 'ENOSPC' });
    };
    expect(() => writeSessionFile({ ...ctx, fs: { ...ctx.fs, write } }, Buffer.from('{}'))).toThrow('ENOSPC');
    expect(readdirSync(base)).toEqual([]);
  });

  it('is swept from wherever this or another terminal may have put it, and by nobody who can not tell what runs', () => {
    const looked: string[] = [];
    const readdir = (folder: string): string[] => {
      looked.push(folder);
      return ['orcc-run-1-aa'];
    };
    const lstat = (): FileStat => ({ ...ownedBy(7), mode: 0o700 });
    const env = { XDG_RUNTIME_DIR: '/run/user/7/', TMPDIR: 'relative', TEMP: 'C:\\Temp' };
    const ctx = { ...context(env, () => false), platform: 'linux' as const, uid: 7 };
    const left = (more: Partial<Slice>): readonly string[] => findLeftSessions({ ...ctx, fs: { ...ctx.fs, readdir, lstat }, ...more });
    expect(left({})).toEqual(['/run/user/7/orcc-run-1-aa', '/tmp/orcc-run-1-aa']);
    expect(looked).toEqual(['/run/user/7', '/tmp']);
    expect(left({ env: { ...env, TMPDIR: '/t' } })).toContain('/t/orcc-run-1-aa');
    expect(left({ env: {} })).toEqual(['/run/user/7/orcc-run-1-aa', '/tmp/orcc-run-1-aa']);
    const windows = { platform: 'win32' as const, uid: undefined };
    expect(left({ ...windows, fs: { ...ctx.fs, readdir, lstat, realpath: (each) => each } })).toEqual(['C:\\Temp\\orcc-run-1-aa']);
    expect(left(windows)).toEqual([]);
    expect(left({ uid: 8 })).toEqual([]);
    expect(left({ uid: undefined })).toEqual([]);
    const { processes: _processes, ...blind } = ctx;
    expect(findLeftSessions({ ...blind, fs: { ...ctx.fs, readdir, lstat } })).toEqual([]);
  });

  it('sweeps what dead runs left, and nothing that lives, is a link or has another name', () => {
    const make = (name: string): string => {
      mkdirSync(path.join(base, name));
      writeFileSync(path.join(base, name, 'settings.json'), '{}');
      return name;
    };
    make('orcc-run-1-aa');
    const alive = make('orcc-run-2-bb');
    const unknown = make('orcc-run-3-cc');
    const others = [make('orcc-runner-1-dd'), make('my-orcc-run-1-dd'), make('orcc-run-1-dd.mine')];
    const target = make('victim');
    symlinkSync(path.join(base, target), path.join(base, 'orcc-run-4-ee'));
    writeSessionFile(
      context({ TMPDIR: base }, (pid) => (pid === 3 ? undefined : pid === 2)),
      Buffer.from(''),
    ).remove();
    expect(readdirSync(base).sort()).toEqual([alive, unknown, 'orcc-run-4-ee', ...others, target].sort());
    expect(existsSync(path.join(base, target, 'settings.json'))).toBe(true);
  });

  it('sweeps what a run left whose number another process has now', () => {
    const start = (at: string): Slice => {
      const ctx = context({ TMPDIR: base }, () => true);
      return { ...ctx, processes: { host: 'here', isRunning: () => true, startOf: () => at } };
    };
    const silent: Slice = { ...start('100'), processes: { host: 'here', isRunning: () => true, startOf: () => undefined } };
    const left = writeSessionFile(start('100'), Buffer.from('{}')).path;
    const kept = writeSessionFile(start('100'), Buffer.from('{}')).path;
    const untold = writeSessionFile(silent, Buffer.from('{}')).path;
    expect([existsSync(left), existsSync(kept)]).toEqual([true, true]);
    const next = writeSessionFile(start('200'), Buffer.from('{}')).path;
    expect([left, kept, next, untold].map((each) => existsSync(each))).toEqual([false, false, true, true]);
  });
});
