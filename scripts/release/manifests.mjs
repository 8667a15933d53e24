/**
 * The manifests of package managers, each a function of the release: version, repository, texts of package.json, assets.
 * Another manager needs one more row.
 */
export const MANIFESTS = [
  { file: () => 'homebrew/orcc.rb', text: homebrew },
  { file: () => 'scoop/orcc.json', text: scoop },
  { file: () => 'aur/PKGBUILD', text: pkgbuild },
  { file: ({ id }) => `winget/${id}.yaml`, text: wingetVersion },
  { file: ({ id }) => `winget/${id}.installer.yaml`, text: wingetInstaller },
  { file: ({ id }) => `winget/${id}.locale.en-US.yaml`, text: wingetLocale },
];

/** `[path, text]` of every manifest of a release. */
export function manifestsOf(release) {
  const owner = release.repository.split('/')[0];
  const whole = { ...release, homepage: `https://github.com/${release.repository}`, owner, id: `${owner}.orcc` };
  return MANIFESTS.map(({ file, text }) => [file(whole), text(whole)]);
}

function asset({ assets }, platform, arch) {
  return assets.find((each) => each.platform === platform && each.arch === arch);
}

function homebrew(release) {
  const source = (platform, arch) => {
    const { url, sha256 } = asset(release, platform, arch);
    return `      url "${url}"\n      sha256 "${sha256}"`;
  };
  const on = (system, platform) => `  on_${system} do
    on_arm do
${source(platform, 'arm64')}
    end
    on_intel do
${source(platform, 'x64')}
    end
  end
`;
  return `class Orcc < Formula
  desc "${release.description}"
  homepage "${release.homepage}"
  version "${release.version}"
  license "${release.license}"

${on('macos', 'darwin')}
${on('linux', 'linux')}
  def install
    bin.install "orcc"
    generate_completions_from_executable(bin/"orcc", "completion", shells: [:bash, :zsh, :fish])
  end

  test do
    assert_equal version.to_s, shell_output("#{bin}/orcc --version").strip
  end
end
`;
}

function scoop(release) {
  const { url, sha256 } = asset(release, 'win32', 'x64');
  const { version, description, homepage, license } = release;
  const manifest = {
    version,
    description,
    homepage,
    license,
    architecture: { '64bit': { url, hash: sha256 } },
    bin: 'orcc.exe',
    checkver: 'github',
    autoupdate: { architecture: { '64bit': { url: url.replaceAll(version, '$version') } } },
  };
  return `${JSON.stringify(manifest, null, 4)}\n`;
}

function pkgbuild(release) {
  const source = (arch) => asset(release, 'linux', arch);
  const [x64, arm64] = [source('x64'), source('arm64')];
  return `pkgname=orcc-bin
pkgver=${release.version.replaceAll('-', '_')}
pkgrel=1
pkgdesc="${release.description}"
arch=('x86_64' 'aarch64')
url="${release.homepage}"
license=('${release.license}')
provides=('orcc')
conflicts=('orcc')
depends=('glibc' 'gcc-libs')
# The program stands behind Node in the same file; stripping would take it away.
options=('!strip' '!debug')
source_x86_64=("${x64.url}")
source_aarch64=("${arm64.url}")
sha256sums_x86_64=('${x64.sha256}')
sha256sums_aarch64=('${arm64.sha256}')

package() {
  install -Dm755 orcc "$pkgdir/usr/bin/orcc"
  install -Dm644 -t "$pkgdir/usr/share/licenses/$pkgname" LICENSE NODE_LICENSE THIRD_PARTY_LICENSES.txt
}
`;
}

const WINGET_SCHEMA = '1.6.0';

function winget(release, type, members) {
  const lines = { PackageIdentifier: release.id, PackageVersion: release.version, ...members };
  const end = { ManifestType: type, ManifestVersion: WINGET_SCHEMA };
  const text = Object.entries({ ...lines, ...end }).map(([name, value]) =>
    Array.isArray(value) ? `${name}:\n${value.join('\n')}` : `${name}: ${value}`,
  );
  return `# yaml-language-server: $schema=https://aka.ms/winget-manifest.${type}.${WINGET_SCHEMA}.schema.json\n${text.join('\n')}\n`;
}

function wingetVersion(release) {
  return winget(release, 'version', { DefaultLocale: 'en-US' });
}

function wingetInstaller(release) {
  const { url, sha256 } = asset(release, 'win32', 'x64');
  return winget(release, 'installer', {
    InstallerType: 'zip',
    NestedInstallerType: 'portable',
    NestedInstallerFiles: ['- RelativeFilePath: orcc.exe', '  PortableCommandAlias: orcc'],
    Installers: ['- Architecture: x64', `  InstallerUrl: ${url}`, `  InstallerSha256: "${sha256.toUpperCase()}"`],
  });
}

function wingetLocale(release) {
  return winget(release, 'defaultLocale', {
    PackageLocale: 'en-US',
    Publisher: release.owner,
    PackageName: 'orcc',
    PackageUrl: release.homepage,
    License: release.license,
    ShortDescription: JSON.stringify(release.description),
    ReleaseNotesUrl: `${release.homepage}/releases/tag/v${release.version}`,
  });
}
