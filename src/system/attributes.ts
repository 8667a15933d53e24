import type { Exec } from '../core/context.ts';

/** Milliseconds; `ls` takes two. */
const LIMIT = 2000;

/**
 * Finds files with an access list or (macOS) extended attributes, by inode: `ls -l` marks them with `+` or `@`, and Node has no call
 * for them. On Linux `ls` is not run if the tools that set such a list are not installed. Each path is looked at only once, so that
 * asking early saves time between a plan and its writing.
 */
export function createFindAttributed(find: Exec['find'], platform: NodeJS.Platform): (paths: readonly string[]) => ReadonlySet<number> {
  const asked = new Set<string>();
  const found = new Set<number>();
  return (paths) => {
    const fresh = paths.filter((path) => !asked.has(path));
    if (fresh.length === 0 || platform === 'win32' || (platform === 'linux' && find('setfacl') === undefined)) return found;
    for (const path of fresh) asked.add(path);
    // Takes four milliseconds to load: most runs start no program.
    const { spawnSync } = process.getBuiltinModule('node:child_process');
    const { stdout } = spawnSync('/bin/ls', ['-ldi', '--', ...fresh], { env: { LC_ALL: 'C' }, encoding: 'utf8', timeout: LIMIT });
    for (const [, inode] of (stdout ?? '').matchAll(/^\s*(\d+)\s+\S{10}[+@]/gm)) found.add(Number(inode));
    return found;
  };
}
