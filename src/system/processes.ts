import { readFileSync, readlinkSync } from 'node:fs';
import { attempt } from '../text/attempt.ts';
import type { Processes } from '../core/context.ts';

/**
 * The real process port. On Linux the host's name includes the boot id and the PID namespace,
 * since containers that share a home may share a host name but not their process numbers.
 */
export function createProcesses(platform: NodeJS.Platform): Processes {
  let host: string | undefined;
  return {
    get host() {
      return (host ??= nameHost(platform));
    },
    isRunning: (pid) => {
      try {
        process.kill(pid, 0);
        // A zombie, a process that has ended but has not been waited for, answers as well.
        return platform !== 'linux' || !/^[ZX]$/.test(readStat(pid)[0] ?? '');
      } catch (error) {
        if (!(error instanceof Error && 'code' in error)) return undefined;
        // EPERM: it is running but belongs to another user.
        return error.code === 'ESRCH' ? false : error.code === 'EPERM' ? true : undefined;
      }
    },
    startOf: (pid) => (platform === 'linux' ? readStat(pid)[19] : undefined),
  };
}

/** Linux: the fields after a process's name in /proc/PID/stat, its state first (proc_pid_stat(5)); only '' if that can't be read. */
function readStat(pid: number): readonly string[] {
  const stat = attempt(() => readFileSync(`/proc/${pid}/stat`, 'latin1'), '');
  // The name may contain spaces and parentheses.
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}

function nameHost(platform: NodeJS.Platform): string {
  const { hostname } = process.getBuiltinModule('node:os');
  if (platform !== 'linux') return hostname();
  try {
    return `${hostname()} ${readFileSync('/proc/sys/kernel/random/boot_id', 'ascii').trim()} ${readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    return hostname();
  }
}
