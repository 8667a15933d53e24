import { execFileSync, spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundleProgram } from '../support/bundle-program.ts';
import { needs } from '../support/prove.ts';

/** Places that need root, a mount or another user to set up: the real system says no here, not a stand-in. */
const folder = fs.realpathSync(fs.mkdtempSync(path.join(tmpdir(), 'orcc-places-')));
const child = path.join(folder, 'child.mjs');
const isRoot = process.getuid?.() === 0;

beforeAll(async () => {
  fs.chmodSync(folder, 0o755);
  await bundleProgram('test/support/edit-child.ts', child);
});
afterAll(() => {
  fs.rmSync(folder, { recursive: true });
});

const makeHome = (name: string): string => {
  const home = path.join(folder, name);
  fs.mkdirSync(home);
  fs.writeFileSync(path.join(home, 'rc'), 'old\n');
  return home;
};
/** Everything below a home, orcc's own folder included. */
const list = (home: string): string[] => fs.readdirSync(home, { recursive: true, encoding: 'utf8' }).toSorted();

/** One edit of `rc` in a process of its own: its answer as `done` or the refusal's exit name and code. */
function edit(home: string, prefix: readonly string[] = [], uid?: number): string {
  const [file = '', ...rest] = [...prefix, process.execPath, child, home, path.join(home, 'rc')];
  const result = spawnSync(file, rest, { encoding: 'utf8', ...(uid === undefined ? {} : { uid, gid: uid }) });
  return result.stdout === '' ? result.stderr : result.stdout;
}

describe.skipIf(needs({ fact: isRoot, factName: 'root rights' }))('as root', () => {
  it.skipIf(needs({ program: 'chattr' }))('an immutable file is refused without a trace', () => {
    const home = makeHome('immutable');
    execFileSync('chattr', ['+i', path.join(home, 'rc')]);
    try {
      expect(edit(home)).toMatch(/^refused /);
      expect(list(home)).toEqual(['rc']);
    } finally {
      execFileSync('chattr', ['-i', path.join(home, 'rc')]);
    }
  });

  it.skipIf(needs({ program: 'unshare' }))('a bind-mounted file is written in place, and the mount stays', () => {
    const home = makeHome('mount');
    const source = path.join(folder, 'source');
    fs.writeFileSync(source, 'old\n');
    const script = `mount --bind '${source}' '${home}/rc' && '${process.execPath}' '${child}' '${home}' '${home}/rc'`;
    expect(edit(home, ['unshare', '-m', 'sh', '-c', script])).toBe('done');
    expect(fs.readFileSync(source, 'utf8')).toBe('new\n');
    expect(list(home).filter((name) => name.includes('tmp'))).toEqual([]);
  });

  it.skipIf(needs({ program: 'unshare' }))('a read-only file system is refused without a trace', () => {
    const home = makeHome('frozen');
    const script = `mount --bind '${home}' '${home}' && mount -o remount,ro,bind '${home}' && '${process.execPath}' '${child}' '${home}' '${home}/rc'`;
    expect(edit(home, ['unshare', '-m', 'sh', '-c', script])).toMatch(/^refused /);
    expect(list(home)).toEqual(['rc']);
  });

  it('a home of another user is refused without a trace', () => {
    const home = makeHome('sudo');
    fs.chownSync(home, 65534, 65534);
    expect(edit(home)).toMatch(/^refused /);
    expect(list(home)).toEqual(['rc']);
  });

  it('an ordinary user is refused a foreign file, and writes into one of their own in a foreign folder', () => {
    const home = makeHome('foreign');
    fs.chownSync(home, 65534, 65534);
    expect(edit(home, [], 65534)).toMatch(/^refused /);
    expect(list(home)).toEqual(['rc']);
    const etc = path.join(home, 'etc');
    fs.mkdirSync(etc);
    fs.writeFileSync(path.join(etc, 'rc'), 'old\n');
    fs.chownSync(path.join(etc, 'rc'), 65534, 65534);
    const result = spawnSync(process.execPath, [child, home, path.join(etc, 'rc')], { encoding: 'utf8', uid: 65534, gid: 65534 });
    expect(result.stdout).toBe('done');
    expect(fs.readFileSync(path.join(etc, 'rc'), 'utf8')).toBe('new\n');
    expect(fs.readdirSync(etc)).toEqual(['rc']);
  });

  it('owner and group of a file are kept', () => {
    const home = makeHome('owner');
    fs.chownSync(path.join(home, 'rc'), 65534, 65533);
    fs.chmodSync(path.join(home, 'rc'), 0o640);
    expect(edit(home)).toBe('done');
    expect(fs.statSync(path.join(home, 'rc'))).toMatchObject({ uid: 65534, gid: 65533 });
    expect(fs.statSync(path.join(home, 'rc')).mode & 0o777).toBe(0o640);
  });

  it.skipIf(needs({ program: 'unshare' }))('a full disk is refused without a trace', () => {
    const home = makeHome('full');
    const look = `find '${home}' -mindepth 1 | sort >&2; cat '${home}/rc' >&2`;
    const fill = `printf 'old\\n' > '${home}/rc'; cat /dev/zero > '${home}/filler' 2>/dev/null`;
    const script = `mount -t tmpfs -o size=64k tmpfs '${home}' && (${fill}; '${process.execPath}' '${child}' '${home}' '${home}/rc'; ${look})`;
    const result = spawnSync('unshare', ['-m', 'sh', '-c', script], { encoding: 'utf8' });
    expect(result.stdout).toMatch(/^refused .*ENOSPC/);
    expect(result.stderr.trim().split('\n')).toEqual([`${home}/filler`, `${home}/rc`, 'old']);
  });
});
