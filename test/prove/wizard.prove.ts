import { chmodSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { realmNeeds, type RealmHome } from '../support/realm.ts';
import { openTmux, type Tmux } from '../support/tmux.ts';
import { readTree } from '../support/tree.ts';
import { walkWizard } from '../support/wizard.ts';
import { useRealm, useSimulation } from '../support/stage.ts';
import { GUIDE_VARIABLES } from '../support/guide.ts';

const missing = realmNeeds({ program: 'tmux' });
const noZsh = realmNeeds({ program: 'zsh' });
const noFish = realmNeeds({ program: 'fish' });

/** What Debian gives a new user; the guard is what a block must stand before. */
const SKEL_BASHRC = `# ~/.bashrc: executed by bash(1) for non-login shells.

# If not running interactively, don't do anything
case $- in
    *i*) ;;
      *) return;;
esac

HISTCONTROL=ignoreboth
shopt -s histappend checkwinsize
PS1='\\u@\\h:\\w\\$ '
`;
const SKEL_PROFILE = `# ~/.profile: executed by the command interpreter for login shells.

# if running bash
if [ -n "$BASH_VERSION" ]; then
    # include .bashrc if it exists
    if [ -f "$HOME/.bashrc" ]; then
\t. "$HOME/.bashrc"
    fi
fi
`;
/** Indented by four, as many editors do it, with members that orcc must not touch. */
const SETTINGS = `{
    "includeCoAuthoredBy": false,
    "permissions": {
        "allow": ["Bash(git status)"],
        "deny": []
    },
    "env": {
        "BASH_DEFAULT_TIMEOUT_MS": "60000"
    }
}
`;

describe.skipIf(missing)('`orcc init` by hand, under tmux', () => {
  const realm = useRealm();
  const simulation = useSimulation(realm);
  let tmux: Tmux | undefined;
  /** What the guide's mapping must come to with no settings file that could name single models. */
  let expected: Record<string, string>;

  beforeAll(async () => {
    expected = {
      ANTHROPIC_BASE_URL: simulation.baseUrl,
      ANTHROPIC_AUTH_TOKEN: simulation.key,
      ANTHROPIC_API_KEY: '',
      ...GUIDE_VARIABLES,
      // 204800 (opus) - 32000 + 26000; haiku's smaller window does not count.
      CLAUDE_CODE_MAX_CONTEXT_TOKENS: '198800',
    };
  });
  afterEach(async () => {
    await tmux?.kill();
    tmux = undefined;
  });

  /** Opens the shell, walks the wizard there, and gives the screen at its end. */
  async function init(box: RealmHome, command: readonly string[], targets: readonly string[], autoModeOff: boolean): Promise<string> {
    const terminal = await openShell(box, command);
    const status = command[0] === 'fish' ? '$status' : '$?';
    await terminal.type(`orcc init --base-url ${simulation.baseUrl}; echo "ended with ${status}"`);
    await terminal.press('Enter');
    const asked = await walkWizard(terminal, { key: simulation.key, targets, autoModeOff }, /^ended with \d+$/m);
    const screen = await terminal.screen();
    expect(asked.join('\n')).toMatch(/key[\s\S]*models[\s\S]*Write this/i);
    if (targets.join() === 'user' && autoModeOff) expect(asked).toHaveLength(3);
    expect(screen, screen).toContain('ended with 0');
    expect(screen).toContain('4 of 4 work');
    expect(screen, 'a key on the screen').not.toContain(simulation.key);
    return screen;
  }

  async function openShell(box: RealmHome, command: readonly string[]): Promise<Tmux> {
    tmux = await openTmux(realm, command, { ...box.env, HISTFILE: '/dev/null' }, box.cwd);
    if (command[0] === 'zsh') {
      // In an empty home zsh offers to write its first files; q says no.
      await tmux.waitFor(/zsh-newuser-install|[%#$] *$/m);
      if ((await tmux.screen()).includes('zsh-newuser-install')) await tmux.type('q');
    }
    await tmux.type('echo rea""dy');
    await tmux.press('Enter');
    await tmux.waitFor(/^ready$/m);
    return tmux;
  }

  /** Every variable of Claude Code's that a new shell of this kind has. */
  async function variablesOf(box: RealmHome, shell: string, flags: string): Promise<Record<string, string>> {
    const { stdout } = await realm.run(shell, [flags, 'printf "\\n"; env -0'], { env: box.env, cwd: box.cwd });
    return Object.fromEntries(
      stdout
        .split('\0')
        .map((each) => each.trimStart())
        .filter((each) => /^(ANTHROPIC_|CLAUDE_|ENABLE_TOOL_SEARCH)/.test(each))
        .map((each) => [each.slice(0, each.indexOf('=')), each.slice(each.indexOf('=') + 1)]),
    );
  }

  async function remove(box: RealmHome): Promise<void> {
    const { code, stdout, stderr } = await realm.run('orcc', ['remove', '--yes'], { env: box.env, cwd: box.cwd });
    expect(code, stdout + stderr).toBe(0);
  }

  const settingsOf = (box: RealmHome): Record<string, unknown> =>
    JSON.parse(readFileSync(path.join(box.home, '.claude/settings.json'), 'utf8')) as Record<string, unknown>;
  const AUTO_MODE_OFF = { permissions: { disableAutoMode: 'disable' } };

  it('bash, empty home: new interactive and login shells have exactly the variables; remove leaves the home empty', async () => {
    const box = realm.makeHome();
    const before = readTree(box.home);
    await init(box, ['bash'], ['bash'], true);
    expect(await variablesOf(box, 'bash', '-ic')).toEqual(expected);
    expect(await variablesOf(box, 'bash', '-lc')).toEqual(expected);
    expect(settingsOf(box)).toEqual(AUTO_MODE_OFF);
    expect(statSync(path.join(box.home, '.config/orcc/key')).mode & 0o777).toBe(0o600);
    await remove(box);
    expect(readTree(box.home)).toEqual(before);
    expect(Object.keys(before)).toEqual(['.']);
  });

  it.skipIf(noZsh)('zsh, empty home: a new shell has exactly the variables; remove leaves the home empty', async () => {
    const box = realm.makeHome();
    const before = readTree(box.home);
    await init(box, ['zsh'], ['zsh'], false);
    expect(await variablesOf(box, 'zsh', '-ic')).toEqual(expected);
    expect(Object.keys(readTree(box.home))).not.toContain('.claude/settings.json');
    await remove(box);
    expect(readTree(box.home)).toEqual(before);
  });

  it.skipIf(noFish)('fish: a new shell has exactly the variables, interactive or not; remove leaves only what fish wrote', async () => {
    const box = realm.makeHome();
    // What fish itself writes at its first start is no business of orcc's; without this folder it would go on
    // to read every manual page in the background.
    mkdirSync(path.join(box.home, '.local/share/fish/generated_completions'), { recursive: true });
    await openShell(box, ['fish', '--private']);
    await tmux?.kill();
    const before = readTree(box.home);
    await init(box, ['fish', '--private'], ['fish'], true);
    expect(await variablesOf(box, 'fish', '-c')).toEqual(expected);
    expect(await variablesOf(box, 'fish', '-ic')).toEqual(expected);
    await remove(box);
    expect(readTree(box.home)).toEqual(before);
  });

  it('user settings, empty home: exactly the members, readable by the user alone, and no shell has any variable', async () => {
    const box = realm.makeHome();
    const before = readTree(box.home);
    await init(box, ['bash'], ['user'], true);
    // haiku has 131072 tokens, of which 125072 are usable; its own entry lets the others keep their windows.
    expect(settingsOf(box)).toEqual({
      env: { ...expected, CLAUDE_CODE_MAX_CONTEXT_TOKENS: '256144' },
      modelSettings: { 'z-ai/glm-4.7': { autoCompactWindow: 198800 }, 'z-ai/glm-4.7-flash': { autoCompactWindow: 125072 } },
      ...AUTO_MODE_OFF,
    });
    expect(statSync(path.join(box.home, '.claude/settings.json')).mode & 0o777).toBe(0o600);
    expect(await variablesOf(box, 'bash', '-ic')).toEqual({});
    await remove(box);
    expect(readTree(box.home)).toEqual(before);
  });

  it('a home as Debian makes it, with settings indented by four: init for bash and user, then remove, changes no byte and no mode', async () => {
    const box = realm.makeHome();
    writeFileSync(path.join(box.home, '.bashrc'), SKEL_BASHRC);
    writeFileSync(path.join(box.home, '.profile'), SKEL_PROFILE);
    writeFileSync(path.join(box.home, '.bash_logout'), '# ~/.bash_logout\n');
    mkdirSync(path.join(box.home, '.claude'));
    writeFileSync(path.join(box.home, '.claude/settings.json'), SETTINGS);
    chmodSync(path.join(box.home, '.claude/settings.json'), 0o644);
    const before = readTree(box.home);
    await init(box, ['bash'], ['bash', 'user'], true);
    // Login shells read .bashrc through .profile, past its guard; user settings can name the windows of single models.
    const both = { ...expected, CLAUDE_CODE_MAX_CONTEXT_TOKENS: '256144' };
    expect(await variablesOf(box, 'bash', '-ic')).toEqual(both);
    expect(await variablesOf(box, 'bash', '-lc')).toEqual(both);
    expect(readFileSync(path.join(box.home, '.claude/settings.json'), 'utf8')).toMatch(/^ {8}"ANTHROPIC_BASE_URL"/m);
    expect(settingsOf(box)).toMatchObject({ includeCoAuthoredBy: false, env: { BASH_DEFAULT_TIMEOUT_MS: '60000', ...both } });
    expect(statSync(path.join(box.home, '.claude/settings.json')).mode & 0o777).toBe(0o600);
    await remove(box);
    expect(readTree(box.home)).toEqual(before);
  });

  it('Ctrl-C at the last question: no file is touched, exit 130', async () => {
    const box = realm.makeHome();
    const before = readTree(box.home);
    const terminal = await openShell(box, ['bash']);
    await terminal.type(`orcc init --base-url ${simulation.baseUrl}; echo "ended with $?"`);
    await terminal.press('Enter');
    await walkWizard(terminal, { key: simulation.key, targets: ['bash'], autoModeOff: true }, /^\? Write this/m);
    await terminal.press('C-c');
    await terminal.waitFor(/^ended with 130$/m);
    expect(readTree(box.home)).toEqual(before);
  });
});
