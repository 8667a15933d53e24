import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { needs } from '../support/prove.ts';
import { runProgram, type RunResult } from '../support/sandbox.ts';
import { createSandbox, ORCC_BIN, type Sandbox } from '../support/sandbox.ts';
import { useSimulator } from '../support/use.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const examples = path.join(root, 'docs', 'examples');
/** Debian's own, which every user may start. */
const PYTHON = '/usr/bin/python3';
const simulator = await useSimulator();
const USERS = [
  { name: 'orcc-alice', uid: 64_011 },
  { name: 'orcc-bob', uid: 64_012 },
];

/** Whether this process may have users of its own in a private view of the disk. */
function canHaveUsers(): boolean {
  try {
    execFileSync('unshare', ['-m', 'sh', '-c', 'mount --bind /etc/passwd /etc/passwd && setpriv --reuid=64011 --clear-groups true'], {
      stdio: 'ignore',
    });
    return process.getuid?.() === 0;
  } catch {
    return false;
  }
}

const missing = [
  needs({ platform: 'linux' }),
  needs({ program: 'ansible-playbook' }),
  needs({ file: PYTHON, fileName: PYTHON }),
  needs({ fact: canHaveUsers(), factName: 'root, with mounts of its own' }),
].find((reason) => reason !== undefined);

describe.skipIf(missing)('the Ansible role, by ansible-playbook, for two local users', () => {
  let folder: string;
  const home = (name: string): string => path.join(folder, name);
  const keyOf = (at: number): string => (at === 0 ? simulator.keys.good : simulator.keys.guarded);
  beforeAll(() => {
    folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'orcc-fleet-')));
    chmodSync(folder, 0o755);
    // Users see neither root's home nor the checkout: the program is a copy.
    for (const part of ['bin', 'dist', 'package.json']) cpSync(path.join(root, part), path.join(folder, 'orcc', part), { recursive: true });
    cpSync(path.join(examples, 'ansible'), path.join(folder, 'ansible'), { recursive: true });
    mkdirSync(path.join(folder, 'bin'));
    writeFileSync(
      path.join(folder, 'bin', 'orcc'),
      `#!/bin/sh\nexec '${process.execPath}' '${path.join(folder, 'orcc', 'bin', 'orcc.js')}' "$@"\n`,
      { mode: 0o755 },
    );
    for (const { name, uid } of USERS) {
      mkdirSync(home(name));
      execFileSync('chown', [String(uid), home(name)]);
    }
    const lines = USERS.map(({ name, uid }) => `${name}:x:${uid}:${uid}::${home(name)}:/bin/sh`);
    writeFileSync(path.join(folder, 'passwd'), `${readFileSync('/etc/passwd', 'utf8')}${lines.join('\n')}\n`);
    const locked = USERS.map(({ name }) => `${name}:*:20000:0:99999:7:::\n`).join('');
    writeFileSync(path.join(folder, 'shadow'), `${readFileSync('/etc/shadow', 'utf8')}${locked}`, { mode: 0o600 });
    const variables = {
      orcc_users: USERS.map(({ name }, at) => ({ name, key: keyOf(at) })),
      orcc_folder: path.join(folder, 'etc'),
      orcc_base_url: simulator.baseUrl,
      orcc_program: path.join(folder, 'bin', 'orcc'),
      ansible_become_method: 'su',
      ansible_python_interpreter: PYTHON,
    };
    writeFileSync(path.join(folder, 'variables.json'), JSON.stringify(variables), { mode: 0o600 });
    const play = readFileSync(path.join(folder, 'ansible', 'site.yml'), 'utf8');
    // The vault's names are filled in by the variables of this test.
    writeFileSync(path.join(folder, 'ansible', 'site.yml'), play.replace(/\n {6}vars:[^]*$/, '\n'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const play = (...more: readonly string[]): Promise<RunResult> =>
    runProgram(
      'unshare',
      [
        ...[
          '-m',
          'sh',
          '-c',
          'mount --bind "$1/passwd" /etc/passwd && mount --bind "$1/shadow" /etc/shadow && cd "$1/ansible" && shift && exec ansible-playbook "$@"',
          'sh',
          folder,
        ],
        ...['-i', 'localhost,', '-c', 'local', '-e', `@${path.join(folder, 'variables.json')}`, 'site.yml', '-v', ...more],
      ],
      {
        env: { PATH: process.env['PATH'] ?? '', HOME: folder, LANG: 'C.UTF-8', ANSIBLE_LOCALHOST_WARNING: 'False', ANSIBLE_NOCOLOR: '1' },
        cwd: folder,
        timeout: 300_000,
      },
    );

  it('sets both up, each with the own key, then changes nothing, and fixes what somebody changed', async () => {
    const dry = await play('--check');
    expect(dry.code, dry.stdout + dry.stderr).toBe(0);
    for (const { name } of USERS) expect(existsSync(path.join(home(name), '.claude'))).toBe(false);
    const first = await play();
    expect(first.code, first.stdout + first.stderr).toBe(0);
    USERS.forEach(({ name, uid }, at) => {
      const file = path.join(home(name), '.claude', 'settings.json');
      const { env } = JSON.parse(readFileSync(file, 'utf8')) as { env: Record<string, string> };
      expect(env).toMatchObject({
        ANTHROPIC_AUTH_TOKEN: keyOf(at),
        ANTHROPIC_BASE_URL: simulator.baseUrl,
        ANTHROPIC_DEFAULT_SONNET_MODEL: 'minimax/minimax-m3',
      });
      expect([statSync(file).uid, statSync(file).mode & 0o777]).toEqual([uid, 0o600]);
    });
    const again = await play();
    expect(again.stdout, again.stderr).toMatch(/changed=0\s/);
    for (const { stdout, stderr } of [first, again]) for (const at of [0, 1]) expect(stdout + stderr).not.toContain(keyOf(at));
    const [alice] = USERS;
    const file = path.join(home(alice?.name ?? ''), '.claude', 'settings.json');
    writeFileSync(file, readFileSync(file, 'utf8').replaceAll('minimax/minimax-m3', 'z-ai/glm-4.7'));
    const refused = await play();
    expect([refused.code, readFileSync(file, 'utf8').includes('minimax/minimax-m3')]).toEqual([2, false]);
    const fixed = await play('-e', '{"orcc_replace": true}');
    expect(fixed.code, fixed.stdout + fixed.stderr).toBe(0);
    expect(readFileSync(file, 'utf8')).toContain('minimax/minimax-m3');
  }, 600_000);
});

describe('docs/examples/chezmoi/run_after_orcc.sh', () => {
  let box: Sandbox;
  beforeAll(() => {
    box = createSandbox();
    const bin = path.join(box.home, 'bin');
    mkdirSync(bin);
    writeFileSync(path.join(bin, 'orcc'), `#!/bin/sh\nexec '${process.execPath}' '${ORCC_BIN}' "$@"\n`, { mode: 0o755 });
    mkdirSync(path.join(box.home, '.config', 'models'), { recursive: true });
    writeFileSync(path.join(box.home, 'key'), simulator.key, { mode: 0o600 });
  });
  afterAll(() => box.dispose());

  it('sets up what the mapping asks for, with a key that no kept file holds, and changes nothing when it runs again', async () => {
    const env = {
      ...box.env,
      PATH: `${path.join(box.home, 'bin')}${path.delimiter}${box.env['PATH'] ?? ''}`,
      OPENROUTER_BASE_URL: simulator.baseUrl,
      ORCC_KEY_COMMAND: 'cat "$HOME/key"',
    };
    const exported = await runProgram(
      'orcc',
      ['export', '--team', '--profile', 'value', '--to', path.join(box.home, '.config', 'models', 'orcc.json')],
      { env, cwd: box.cwd },
    );
    expect(exported.code, exported.stderr).toBe(0);
    const run = (): Promise<RunResult> => runProgram('sh', [path.join(examples, 'chezmoi', 'run_after_orcc.sh')], { env, cwd: box.home });
    const first = await run();
    expect(first.code, first.stdout + first.stderr).toBe(0);
    const settings = path.join(box.home, '.claude', 'settings.json');
    const text = readFileSync(settings, 'utf8');
    expect(text).toContain('z-ai/glm-5.3');
    expect(text).not.toContain(simulator.key);
    const again = await run();
    expect([again.code, again.stdout, readFileSync(settings, 'utf8')]).toEqual([0, '', text]);
  });
});
