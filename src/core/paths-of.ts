import path from 'node:path';

/** The path functions of a platform, so that Windows can be worked out anywhere. */
export function pathsOf(platform: NodeJS.Platform): path.PlatformPath {
  return platform === 'win32' ? path.win32 : path.posix;
}
