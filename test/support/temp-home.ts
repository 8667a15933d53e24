import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { ApplyContext } from '../../src/apply/apply-context.ts';
import { sumOfBytes } from '../../src/apply/bytes.ts';
import type { Clock, FileSystem } from '../../src/core/context.ts';
import type { Edit } from '../../src/apply/types.ts';
import { createFileSystem } from '../../src/system/files.ts';

/** The real file port but for fsync, which costs time and shows only when the power fails. */
export function quickFiles(): FileSystem {
  return { ...createFileSystem(), fsync: () => undefined, fsyncAll: () => Promise.resolve() };
}

/** A clock on which a sleep takes no time but is seen to have passed. */
export function quickClock(): Clock {
  let slept = 0;
  return {
    now: () => Date.now() + slept,
    monotonic: () => performance.now() + slept,
    sleep: (ms) => {
      slept += ms;
      return Promise.resolve();
    },
  };
}

/** Memory where there is some: thousands of small files cost a disk seconds. */
function scratch(): string {
  return fs.existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
}

export interface TempHome {
  readonly home: string;
  /** orcc's own folder; not made yet. */
  readonly folder: string;
  readonly ctx: ApplyContext;
  path(name: string): string;
  /** Makes a file and the folders above it. Gives its path. */
  write(name: string, text: string | Uint8Array, mode?: number): string;
  read(name: string): string | null;
  mode(name: string): number;
  /** An edit from what is there now. */
  edit(name: string, after: string | null, more?: Partial<Edit>): Edit;
  /** Every path below the home: files with mode and sum, folders with mode, links with target. */
  tree(): Record<string, string>;
  remove(): void;
}

export function contextFor(home: string, more: Partial<ApplyContext> = {}): ApplyContext {
  return {
    fs: quickFiles(),
    clock: quickClock(),
    random: (bytes) => randomBytes(bytes),
    pid: process.pid,
    uid: process.getuid?.(),
    platform: process.platform,
    home,
    env: {},
    processes: { host: 'here', isRunning: (pid) => pid === process.pid },
    ...more,
  };
}

export function makeTempHome(more: Partial<ApplyContext> = {}): TempHome {
  return openTempHome(fs.realpathSync(fs.mkdtempSync(path.join(scratch(), 'orcc-home-'))), more);
}

/** A home that is there already, as a second process sees it. */
export function openTempHome(home: string, more: Partial<ApplyContext> = {}): TempHome {
  const at = (name: string): string => path.join(home, name);
  return {
    home,
    folder: at('.config/orcc'),
    ctx: contextFor(home, more),
    path: at,
    write: (name, text, mode = 0o644) => {
      fs.mkdirSync(path.dirname(at(name)), { recursive: true });
      fs.writeFileSync(at(name), text);
      fs.chmodSync(at(name), mode);
      return at(name);
    },
    read: (name) => (fs.existsSync(at(name)) ? fs.readFileSync(at(name), 'utf8') : null),
    mode: (name) => fs.statSync(at(name)).mode & 0o7777,
    edit: (name, after, edit = {}) => {
      const before = fs.existsSync(at(name)) ? fs.readFileSync(at(name)) : null;
      const modeBefore = before === null ? null : fs.statSync(at(name)).mode & 0o7777;
      const bytes = after === null ? null : Buffer.from(after, 'utf8');
      return { path: at(name), owner: 'bash', before, after: bytes, mode: null, modeBefore, summary: name, ...edit };
    },
    tree: () => {
      const found: Record<string, string> = {};
      for (const name of fs.readdirSync(home, { recursive: true, encoding: 'utf8' }).toSorted()) {
        const stat = fs.lstatSync(at(name));
        const mode = (stat.mode & 0o7777).toString(8);
        if (stat.isSymbolicLink()) found[name] = `-> ${fs.readlinkSync(at(name))}`;
        else found[name] = stat.isDirectory() ? `folder ${mode}` : `${mode} ${String(sumOfBytes(fs.readFileSync(at(name)))).slice(0, 12)}`;
      }
      return found;
    },
    remove: () => fs.rmSync(home, { recursive: true, force: true }),
  };
}
