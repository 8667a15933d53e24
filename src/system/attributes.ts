import { spawnSync } from 'node:child_process';
import type { Exec } from '../context.ts';

/** Milliseconds; `ls` takes two. */
const LIMIT = 2000;

/**
 * Finds files with an access list or (macOS) extended attributes, by inode: `ls -l` marks them with `+` or `@`, and Node has no call
 * for them. On Linux nobody is asked where the tools that give a file such a list are not installed.
 */
export function createFindAttributed(find: Exec['find'], platform: NodeJS.Platform): (paths: readonly string[]) => ReadonlySet<number> {
  return (paths) => {
    if (platform === 'win32' || (platform === 'linux' && find('setfacl') === undefined)) return new Set();
    const { stdout } = spawnSync('/bin/ls', ['-ldi', '--', ...paths], { env: { LC_ALL: 'C' }, encoding: 'utf8', timeout: LIMIT });
    return new Set([...(stdout ?? '').matchAll(/^\s*(\d+)\s+\S{10}[+@]/gm)].map(([, inode]) => Number(inode)));
  };
}
