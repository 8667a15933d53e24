import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';

const SCRIPT = fileURLToPath(new URL('../../scripts/release-manifests.mjs', import.meta.url));
const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string };
const SYSTEMS = ['linux-x64.tar.gz', 'linux-arm64.tar.gz', 'darwin-arm64.tar.gz', 'darwin-x64.tar.gz', 'windows-x64.zip'];
const sumOf = (system: string): string => String(SYSTEMS.indexOf(system) + 1).repeat(64);

let folder: string;
const write = (systems: readonly string[]) => {
  const sums = path.join(folder, 'SHA256SUMS');
  writeFileSync(sums, systems.map((system) => `${sumOf(system)}  orcc-${version}-${system}\n`).join(''));
  return spawnSync(process.execPath, [SCRIPT, '--repository', 'someone/orcc', '--sums', sums, '--out', folder], { encoding: 'utf8' });
};
const read = (file: string): string => readFileSync(path.join(folder, file), 'utf8');
const urlOf = (system: string): string => `https://github.com/someone/orcc/releases/download/v${version}/orcc-${version}-${system}`;

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'orcc-manifests-'));
  expect(write(SYSTEMS).status).toBe(0);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the manifests of a release', () => {
  it("the AUR's is a bash script that names version, archives and sums of both processors, and leaves the program whole", () => {
    const asked =
      'source "$1"; echo "$pkgname $pkgver"; echo "${source_x86_64[0]} ${sha256sums_x86_64[0]}"; echo "${source_aarch64[0]} ${sha256sums_aarch64[0]}"; echo "${options[0]}"; type -t package';
    const told = execFileSync('bash', ['--norc', '-euc', asked, 'bash', path.join(folder, 'aur', 'PKGBUILD')], { encoding: 'utf8' });
    expect(told.split('\n')).toEqual([
      `orcc-bin ${version}`,
      `${urlOf('linux-x64.tar.gz')} ${sumOf('linux-x64.tar.gz')}`,
      `${urlOf('linux-arm64.tar.gz')} ${sumOf('linux-arm64.tar.gz')}`,
      '!strip',
      'function',
      '',
    ]);
  });

  it("Scoop's is JSON with the Windows archive", () => {
    expect(JSON.parse(read('scoop/orcc.json'))).toMatchObject({
      version,
      bin: 'orcc.exe',
      architecture: { '64bit': { url: urlOf('windows-x64.zip'), hash: sumOf('windows-x64.zip') } },
      autoupdate: { architecture: { '64bit': { url: urlOf('windows-x64.zip').replaceAll(version, '$version') } } },
    });
  });

  it("winget's three are YAML of one package and version", () => {
    const [top, installer, locale] = ['', '.installer', '.locale.en-US'].map(
      (part) => parse(read(`winget/someone.orcc${part}.yaml`)) as object,
    );
    const common = { PackageIdentifier: 'someone.orcc', PackageVersion: version, ManifestVersion: '1.6.0' };
    expect(top).toEqual({ ...common, DefaultLocale: 'en-US', ManifestType: 'version' });
    expect(installer).toMatchObject({
      ...common,
      NestedInstallerFiles: [{ RelativeFilePath: 'orcc.exe', PortableCommandAlias: 'orcc' }],
      Installers: [{ Architecture: 'x64', InstallerUrl: urlOf('windows-x64.zip'), InstallerSha256: sumOf('windows-x64.zip') }],
      ManifestType: 'installer',
    });
    expect(locale).toMatchObject({ ...common, PackageName: 'orcc', License: 'MIT', ManifestType: 'defaultLocale' });
  });

  it("Homebrew's has each system's archive once, below its processor", () => {
    const lines = read('homebrew/orcc.rb')
      .split('\n')
      .map((line) => line.trim());
    for (const system of ['linux-x64.tar.gz', 'linux-arm64.tar.gz', 'darwin-arm64.tar.gz', 'darwin-x64.tar.gz']) {
      const at = lines.indexOf(`url "${urlOf(system)}"`);
      expect(lines[at + 1]).toBe(`sha256 "${sumOf(system)}"`);
      expect(lines[at - 1]).toBe(system.includes('x64') ? 'on_intel do' : 'on_arm do');
    }
  });

  it('a system without a sum ends it: nothing is written for half a release', () => {
    const { status, stderr } = write(SYSTEMS.slice(1));
    expect(status).not.toBe(0);
    expect(stderr).toContain(`orcc-${version}-linux-x64.tar.gz`);
  });
});

it('the workflow builds on a runner for each system that the manifests name', () => {
  const workflow = parse(readFileSync(new URL('../../.github/workflows/release.yml', import.meta.url), 'utf8')) as {
    jobs: { 'single-files': { strategy: { matrix: { runner: string[] } } } };
  };
  const table = readFileSync(new URL('../../scripts/release/assets.mjs', import.meta.url), 'utf8');
  const runners = [...table.matchAll(/runner: '([^']+)'/g)].map(([, runner]) => runner);
  expect(runners).toHaveLength(SYSTEMS.length);
  expect(workflow.jobs['single-files'].strategy.matrix.runner).toEqual(runners);
});
