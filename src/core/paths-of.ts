import { posix, win32, type PlatformPath } from 'node:path';

/** The path functions of a platform, so that Windows paths can be handled, and tested, on any system. */
export function pathsOf(platform: NodeJS.Platform): PlatformPath {
  return platform === 'win32' ? win32 : posix;
}
