/** The systems for which a release has a single file: one row each, with Node's names for them and the runner that builds it. */
export const SYSTEMS = [
  { platform: 'linux', arch: 'x64', runner: 'ubuntu-24.04' },
  { platform: 'linux', arch: 'arm64', runner: 'ubuntu-24.04-arm' },
  { platform: 'darwin', arch: 'arm64', runner: 'macos-15' },
  { platform: 'darwin', arch: 'x64', runner: 'macos-15-intel' },
  { platform: 'win32', arch: 'x64', runner: 'windows-2025' },
];

/** The name of the archive with the single file for one system, e.g. `orcc-0.1.0-linux-x64.tar.gz`. */
export function archiveOf(version, platform, arch) {
  return platform === 'win32' ? `orcc-${version}-windows-${arch}.zip` : `orcc-${version}-${platform}-${arch}.tar.gz`;
}

/**
 * What package managers need to know about a release.
 *
 * @param {string} version Of orcc, without a "v".
 * @param {string} repository `OWNER/NAME` on GitHub.
 * @param {Map<string, string>} sums SHA-256 by name of the archive, in hexadecimal digits. Throws if a system's is missing.
 */
export function assetsOf(version, repository, sums) {
  return SYSTEMS.map(({ platform, arch }) => {
    const name = archiveOf(version, platform, arch);
    const sha256 = sums.get(name);
    if (!/^[0-9a-f]{64}$/.test(sha256 ?? '')) throw new Error(`There is no SHA-256 of ${name}`);
    return { platform, arch, name, sha256, url: `https://github.com/${repository}/releases/download/v${version}/${name}` };
  });
}

/** Reads lines as `sha256sum` prints them into a map from name to sum. */
export function readSums(text) {
  return new Map([...text.matchAll(/^([0-9a-f]{64}) [ *](.+)$/gm)].map(([, sum, name]) => [name, sum]));
}
