import { readFileSync, readlinkSync } from 'node:fs';
import type { Processes } from '../core/context.ts';

/**
 * The real process port. On Linux the host's name carries the boot and the PID namespace,
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
        return true;
      } catch (error) {
        if (!(error instanceof Error && 'code' in error)) return undefined;
        // EPERM: it is there but belongs to someone else.
        return error.code === 'ESRCH' ? false : error.code === 'EPERM' ? true : undefined;
      }
    },
  };
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
