import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { CLAUDE, claudeNeeds, QUIET, realmNeeds, type RealmHome } from '../support/realm.ts';
import type { RunResult } from '../support/sandbox.ts';
import { useRealm, useSimulation } from '../support/stage.ts';
import { initWords } from '../support/use.ts';

const programs = [{ program: 'secret-tool' }, { program: 'gnome-keyring-daemon' }, { program: 'dbus-run-session' }];
const missing = realmNeeds(...programs);
const noClaude = claudeNeeds(...programs);

/** The keys of another run of the simulator are the same: they are made from their names. */
describe.skipIf(missing)('the key in GNOME Keyring, over a session bus of its own', () => {
  const realm = useRealm();
  const simulation = useSimulation(realm);
  let at: RealmHome;
  let env: Record<string, string>;
  beforeEach(() => {
    at = realm.makeHome();
    const runtime = path.join(at.home, 'run');
    mkdirSync(runtime, { mode: 0o700 });
    env = { ...at.env, XDG_RUNTIME_DIR: runtime, KEY: simulation.key, BASE: simulation.baseUrl };
  });

  /** Runs a script in a desktop session; with `unlock` its keyring has been opened with a password. */
  const session = (script: string, unlock = true): Promise<RunResult> => {
    const file = path.join(at.home, 'session.sh');
    const open = unlock ? "printf 'password\\n' | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1\n" : '';
    writeFileSync(file, `${open}${script}\n`);
    return realm.run('dbus-run-session', ['--', 'bash', file], { env, cwd: at.cwd, timeout: 60_000 });
  };
  const init = 'printf %s "$KEY" | orcc init --yes --no-test --key-stdin --base-url "$BASE" --preset guide --target user --key-storage';
  const settings = (): { env: Record<string, string>; apiKeyHelper?: string } =>
    JSON.parse(readFileSync(path.join(at.home, '.claude', 'settings.json'), 'utf8')) as ReturnType<typeof settings>;
  /** Files below the home that hold a text. */
  const holding = (text: string): string[] =>
    readdirSync(at.home, { recursive: true, encoding: 'utf8' })
      .filter(
        (name) =>
          statSync(path.join(at.home, name), { throwIfNoEntry: false })?.isFile() === true &&
          readFileSync(path.join(at.home, name)).includes(text),
      )
      .sort();

  it('is stored, given back by the helper, moved out and in, and taken out by remove', async () => {
    const script = `
      ${init} keychain || exit 10
      helper=$(node -p 'JSON.parse(require("fs").readFileSync(process.env.HOME + "/.claude/settings.json")).apiKeyHelper')
      echo "helper: $helper"
      echo "gives: $(sh -c "$helper")"
      grep -rl "$KEY" "$HOME" --exclude=session.sh; echo "files: $?"
      orcc key show --json || exit 11
      orcc test haiku --quick || exit 12
      orcc key storage file --yes || exit 13
      secret-tool lookup service orcc account "\${BASE#http://}" ; echo "after moving out: $?"
      orcc key storage keychain --yes || exit 14
      test -e "$HOME/.config/orcc/key"; echo "key file: $?"
      orcc remove --yes || exit 15
      sh -c "$helper"; echo "after remove: $?"
    `;
    const { code, stdout, stderr } = await session(script);
    expect(code, stdout + stderr).toBe(0);
    const host = new URL(simulation.baseUrl).host;
    expect(stdout).toContain(`helper: secret-tool lookup service orcc account ${host}\n`);
    expect(stdout).toContain(`gives: ${simulation.key}\n`);
    expect(stdout).toContain('files: 1\n');
    expect(stdout).toMatch(/"storage": "keychain"/);
    expect(stdout).toContain('after moving out: 1\n');
    expect(stdout).toContain('key file: 1\n');
    expect(stdout).toContain('after remove: 1\n');
    // Only what the script itself printed holds the key.
    expect((stdout + stderr).split(simulation.key)).toHaveLength(2);
    expect(holding(simulation.key)).toEqual([]);
  });

  it('that is locked is told, with the other storages, and nothing is changed', async () => {
    const { code, stderr } = await session(`${init} file >/dev/null 2>&1 || exit 10; orcc key storage keychain --yes`, false);
    expect(code).toBe(6);
    expect(stderr).toMatch(/locked/);
    expect(stderr).toMatch(/`file`.*`helper`.*`profile`.*`env:NAME`/);
    expect(settings().env['ANTHROPIC_AUTH_TOKEN']).toBe(simulation.key);
    expect(holding(simulation.key)).toEqual(['.claude/settings.json', '.config/orcc/key']);
  });

  it('that is nowhere is told at init, before anything is written', async () => {
    const { XDG_RUNTIME_DIR: _gone, ...bare } = env;
    const args = initWords(['--target', 'user', '--key-storage', 'keychain'], simulation.baseUrl);
    const { code, stderr } = await realm.run('orcc', args, { env: { ...bare, MY_KEY: simulation.key }, cwd: at.cwd });
    expect([code, stderr]).toEqual([6, expect.stringContaining('keyring')]);
    expect(readdirSync(at.home)).toEqual(['run']);
  });

  it.skipIf(noClaude)('reaches OpenRouter through the real Claude Code and its apiKeyHelper', async () => {
    simulation.takeCalls();
    const quiet = Object.entries(QUIET)
      .map(([name, value]) => `export ${name}=${value}`)
      .join('\n');
    const { code, stdout, stderr } = await session(`${init} keychain || exit 10\nunset KEY\n${quiet}\n${CLAUDE ?? ''} -p hi --model haiku`);
    expect(code, stdout + stderr).toBe(0);
    expect(
      simulation
        .takeCalls()
        .filter(({ answer }) => answer === '200')
        .map(({ model }) => model),
    ).toContain('z-ai/glm-4.7-flash');
  });
});
