import { describe, expect, it } from 'vitest';
import { TARGETS, targetOf } from '../../src/targets/index.ts';
import { reloadCommands } from '../../src/change/reload.ts';
import {
  FOLDER_TARGETS,
  holdsOf,
  isMany,
  isShellTarget,
  placementOf,
  SETTINGS_TARGETS,
  shellIdOf,
  TARGET_IDS,
} from '../../src/targets/types.ts';
import { shellContext } from '../support/shell-context.ts';
import { textAfter } from '../support/start-files.ts';

const paths = async (id: (typeof TARGET_IDS)[number], machine: Parameters<typeof shellContext>[0] = {}): Promise<string[]> =>
  (await targetOf(id).locate(shellContext(machine))).files.map((file) => file.path);

describe('the list of targets', () => {
  it('has each target once, in the order of their names', () => {
    expect(TARGETS.map((target) => target.id)).toEqual(TARGET_IDS);
  });

  it('has a row that says what its files hold, in which syntax, and where a new block goes', () => {
    expect(TARGET_IDS.map((id) => [id, holdsOf(id), shellIdOf(id), placementOf(id)])).toEqual([
      ['bash', 'block', 'sh', 'before-guard'],
      ['zsh', 'block', 'sh', 'append'],
      ['fish', 'whole', 'fish', 'append'],
      ['powershell', 'block', 'powershell', 'append'],
      ...['user', 'settings-file', 'project', 'local'].map((id) => [id, 'settings', undefined, 'append']),
    ]);
    expect([FOLDER_TARGETS, SETTINGS_TARGETS]).toEqual([
      ['project', 'local'],
      ['user', 'settings-file', 'project', 'local'],
    ]);
  });

  it.each(TARGETS.map((target) => target.id))(
    '%s is found in an empty home, starts nothing that is not installed, and says what it reaches',
    async (id) => {
      const ctx = shellContext();
      const located = await targetOf(id).locate(ctx);
      expect(located.files.length > 0).toBe(!isMany(id));
      expect(ctx.calls).toEqual([]);
      expect(targetOf(id).title).toMatch(/^[^\n.]{20,90}$/);
      expect(located.offered).toBe(!isShellTarget(id) && !isMany(id));
    },
  );
});

describe('bash', () => {
  const login = '/home/u/.profile';
  it('writes .bashrc, and the login file too where it does not read .bashrc in', async () => {
    expect(await paths('bash', { files: { '/home/u/.bashrc': '', [login]: 'if [ -f ~/.bashrc ]; then . ~/.bashrc; fi\n' } })).toEqual([
      '/home/u/.bashrc',
    ]);
    expect(await paths('bash', { files: { '/home/u/.bashrc': '', [login]: '# . ~/.bashrc\nexport A=1\n' } })).toEqual([
      '/home/u/.bashrc',
      login,
    ]);
  });

  it('takes the login file that bash reads, the first of three', async () => {
    const files = { '/home/u/.bash_profile': 'a=1\n', '/home/u/.bash_login': 'a=1\n', [login]: '. ~/.bashrc\n' };
    expect(await paths('bash', { files })).toEqual(['/home/u/.bashrc', '/home/u/.bash_profile']);
    expect(await paths('bash', { files: { '/home/u/.bash_login': 'a=1\n', [login]: '' } })).toEqual([
      '/home/u/.bashrc',
      '/home/u/.bash_login',
    ]);
  });

  it('makes a login file that hides no other one: .profile on Linux, .bash_profile on macOS, none for Git Bash, which makes its own', async () => {
    expect(await paths('bash')).toEqual(['/home/u/.bashrc', login]);
    expect(await paths('bash', { platform: 'darwin' })).toEqual(['/home/u/.bashrc', '/home/u/.bash_profile']);
    expect(await paths('bash', { platform: 'darwin', files: { [login]: 'a=1\n' } })).toEqual(['/home/u/.bashrc', login]);
    expect(await paths('bash', { platform: 'win32', home: 'C:\\Users\\u' })).toEqual(['C:\\Users\\u\\.bashrc']);
  });

  it('still finds a block that an earlier run put into a login file', async () => {
    expect(await paths('bash', { files: { [login]: `. ~/.bashrc\n${textAfter('sh', '')}` } })).toEqual(['/home/u/.bashrc', login]);
  });
});

describe('zsh', () => {
  const answers = (folder: string) => ({
    zsh: ({ args }: { args: readonly string[] }) => ({
      stdout: `noise of .zshenv\n${/--? "(\S+)</.exec(args[1] ?? '')?.[1] ?? ''}<${folder}>${/>(\S+)"$/.exec(args[1] ?? '')?.[1] ?? ''}`,
    }),
  });

  it('is asked where its files are, without the editor’s variables, and not for longer than three seconds', async () => {
    const ctx = shellContext({
      programs: answers('/home/u/.config/zsh'),
      env: { ZDOTDIR: '/tmp/vscode-zsh', USER_ZDOTDIR: '/home/u', VSCODE_INJECTION: '1', PATH: '/bin' },
    });
    expect((await targetOf('zsh').locate(ctx)).files).toMatchObject([{ path: '/home/u/.config/zsh/.zshrc' }]);
    expect(ctx.calls).toHaveLength(1);
    expect(ctx.calls[0]?.options).toMatchObject({ env: { PATH: '/bin', HOME: '/home/u' }, timeoutMs: 3000 });
    expect(Object.keys(ctx.calls[0]?.options.env ?? {}).sort()).toEqual(['HOME', 'PATH']);
  });

  it('takes ZDOTDIR from the environment where zsh does not know it, if a .zshrc is there', async () => {
    const files = { '/home/u/z/.zshrc': '' };
    expect(await paths('zsh', { files, programs: answers('/home/u'), env: { ZDOTDIR: '/home/u/z' } })).toEqual(['/home/u/z/.zshrc']);
    expect(await paths('zsh', { programs: answers('/home/u'), env: { ZDOTDIR: '/home/u/z' } })).toEqual(['/home/u/.zshrc']);
    expect(
      await paths('zsh', { files, programs: answers('/home/u'), env: { ZDOTDIR: '/tmp/user-code-zsh', USER_ZDOTDIR: '/home/u/z' } }),
    ).toEqual(['/home/u/z/.zshrc']);
  });

  it.each([
    '/tmp/user-code-zsh',
    '/var/folders/x/T/u-code-zsh',
    '/Applications/Visual Studio Code.app/Contents/Resources/app/out',
    '/opt/code-server/zsh',
  ])('does not believe an editor’s folder: %s', async (folder) => {
    expect(await paths('zsh', { files: { [`${folder}/.zshrc`]: '' }, programs: answers('/home/u'), env: { ZDOTDIR: folder } })).toEqual([
      '/home/u/.zshrc',
    ]);
  });

  it.each([{ code: 1 }, { code: null, timedOut: true }, { stdout: 'garbage' }, { stdout: 'orcc:7f3d9a52<relative>orcc:7f3d9a52' }])(
    'falls back to the home folder where zsh gives no usable answer: %j',
    async (answer) => {
      expect(await paths('zsh', { programs: { zsh: () => answer } })).toEqual(['/home/u/.zshrc']);
    },
  );

  it('is not started where nothing may be: then ~/.zshenv is read for ZDOTDIR', async () => {
    const ctx = shellContext({ files: { '/home/u/.zshenv': 'export ZDOTDIR="$HOME/.config/zsh"\n' }, programs: answers('/elsewhere') });
    expect((await targetOf('zsh').locate(ctx, { ask: false })).files[0]?.path).toBe('/home/u/.config/zsh/.zshrc');
    expect(ctx.calls).toEqual([]);
  });
});

describe('fish', () => {
  it('gets a file of its own in conf.d, below XDG_CONFIG_HOME where that is absolute', async () => {
    expect(await paths('fish')).toEqual(['/home/u/.config/fish/conf.d/orcc.fish']);
    expect(await paths('fish', { env: { XDG_CONFIG_HOME: '/x' } })).toEqual(['/x/fish/conf.d/orcc.fish']);
    expect(await paths('fish', { env: { XDG_CONFIG_HOME: 'x' } })).toEqual(['/home/u/.config/fish/conf.d/orcc.fish']);
  });
});

describe('PowerShell away from Windows', () => {
  it('is computed, never started, and offered only where pwsh or the profile is', async () => {
    const path = '/home/u/.config/powershell/profile.ps1';
    for (const [machine, offered] of [
      [{}, false],
      [{ programs: { pwsh: () => ({}) } }, true],
      [{ files: { [path]: '' } }, true],
    ] as const) {
      const ctx = shellContext(machine);
      expect(await targetOf('powershell').locate(ctx)).toMatchObject({ files: [{ path }], offered });
      expect(ctx.calls).toEqual([]);
    }
  });
});

describe('settings', () => {
  it('lie in CLAUDE_CONFIG_DIR or ~/.claude, and in the current folder', async () => {
    expect(await paths('user')).toEqual(['/home/u/.claude/settings.json']);
    expect(await paths('user', { env: { CLAUDE_CONFIG_DIR: '/c' } })).toEqual(['/c/settings.json']);
    expect(await paths('project')).toEqual(['/home/u/project/.claude/settings.json']);
    expect(await paths('local')).toEqual(['/home/u/project/.claude/settings.local.json']);
  });
});

describe('the reload command', () => {
  it('is the exact one for each shell, and none for settings', async () => {
    const ctx = shellContext({ files: { '/home/u/.profile': 'a=1' } });
    const located = new Map(await Promise.all(TARGET_IDS.map(async (id) => [id, await targetOf(id).locate(ctx)] as const)));
    expect(reloadCommands(ctx, TARGET_IDS, { located })).toEqual([
      'source ~/.bashrc',
      'source ~/.zshrc',
      'source ~/.config/fish/conf.d/orcc.fish',
      '. $PROFILE.CurrentUserAllHosts',
    ]);
  });

  it('quotes a path that needs it', () => {
    expect(targetOf('zsh').reload({ path: '/home/u/my files/.zshrc' }, { home: '/home/u', platform: 'linux' })).toBe(
      "source ~/'my files/.zshrc'",
    );
    expect(targetOf('zsh').reload({ path: "/x/o'y/.zshrc" }, { home: '/home/u', platform: 'linux' })).toBe("source '/x/o'\\''y/.zshrc'");
  });
});
