import { describe, expect, it } from 'vitest';
import { detectShell } from '../../src/targets/detect-shell.ts';
import { checkHome, homeRefusal } from '../../src/targets/check-home.ts';
import { memoryFiles } from '../support/memory-files.ts';
import { ownedBy } from '../support/shell-context.ts';

interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly command: readonly string[];
}

function detect(processes: readonly Process[], env: Record<string, string> = {}, platform: NodeJS.Platform = 'linux') {
  const files = Object.fromEntries(
    processes.flatMap(({ pid, parent, command }) => [
      [`/proc/${pid}/stat`, `${pid} (a) b) S ${parent} 1 1`],
      [`/proc/${pid}/cmdline`, command.map((word) => `${word}\0`).join('')],
    ]),
  );
  return detectShell({ fs: memoryFiles(files), env, platform, pid: 100 });
}

const orcc = { pid: 100, parent: 90, command: ['node', 'orcc'] };

describe('the shell in use', () => {
  it('is the nearest ancestor that someone types into, past npx and its sh', () => {
    const chain = [
      orcc,
      { pid: 90, parent: 80, command: ['sh', '-c', 'orcc init'] },
      { pid: 80, parent: 70, command: ['npm exec orcc'] },
      { pid: 70, parent: 1, command: ['-fish'] },
    ];
    expect(detect(chain, { SHELL: '/bin/bash' })).toMatchObject({ name: 'fish', target: 'fish', unsupported: undefined });
  });

  it('is not the one that runs a script', () => {
    const chain = [
      orcc,
      { pid: 90, parent: 80, command: ['/bin/bash', '-eu', 'setup.sh'] },
      { pid: 80, parent: 70, command: ['bash', '-c', 'x'] },
      { pid: 70, parent: 1, command: ['/usr/bin/zsh', '-l'] },
    ];
    expect(detect(chain, { SHELL: '/bin/bash' }).target).toBe('zsh');
  });

  it('is $SHELL where no ancestor tells', () => {
    expect(detect([orcc], { SHELL: '/opt/homebrew/bin/fish' }).target).toBe('fish');
    expect(detect([], { SHELL: '/bin/zsh-5.9' }, 'darwin').target).toBe('zsh');
    expect(detect([orcc, { pid: 90, parent: 1, command: ['pwsh'] }], { SHELL: '/bin/bash' }).target).toBe('powershell');
  });

  it('is the system’s usual one where nothing tells', () => {
    expect(detect([]).target).toBe('bash');
    expect(detect([], {}, 'darwin').target).toBe('zsh');
    expect(detect([], { PSModulePath: 'x' }, 'win32').target).toBe('powershell');
    expect(detect([], { MSYSTEM: 'MINGW64', SHELL: '/usr/bin/bash' }, 'win32').target).toBe('bash');
  });

  it.each(['tcsh', 'nu', 'elvish', 'xonsh', 'ksh', 'constructor'])('may be one that orcc does not write for: %s', (name) => {
    expect(detect([], { SHELL: `/usr/bin/${name}` })).toEqual({ name, target: undefined, unsupported: name });
  });
});

describe('a home folder', () => {
  const at = (uid: number | undefined, owner: number | undefined, env: Record<string, string> = {}) => ({
    uid,
    env,
    home: '/home/u',
    fs: { ...memoryFiles({}), stat: () => (owner === undefined ? undefined : ownedBy(owner)) },
  });

  it('of one’s own is fine, as root too, and on Windows', () => {
    for (const ctx of [at(1000, 1000), at(0, 0), at(undefined, 1)]) expect(homeRefusal(ctx)).toBeUndefined();
  });

  it.each([
    ['under sudo', at(0, 1000, { SUDO_USER: 'u' })],

    ['of someone else', at(1000, 1001)],
    ['that does not exist', at(1000, undefined)],
  ])('%s is not written to', (_, ctx) => {
    expect(() => checkHome(ctx)).toThrow(expect.objectContaining({ exit: 'refused', hint: expect.stringMatching(/./) }));
  });

  it('that nothing names is told of as that, with what to set', () => {
    expect(() => checkHome({ ...at(1000, undefined), home: '' })).toThrow(
      expect.objectContaining({
        exit: 'refused',
        message: 'Nothing is written: HOME is empty, so there is no home folder',
        hint: 'set HOME to the path of your home folder',
      }),
    );
  });
});
