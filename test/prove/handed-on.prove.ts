import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseEnv } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { needs } from '../support/prove.ts';
import { CLAUDE, claudeNeeds, QUIET, type RealmHome } from '../support/realm.ts';
import type { RunResult, TestEnv } from '../support/sandbox.ts';
import { setUpIn, useRealm, useSimulation, useWitness } from '../support/stage.ts';
import { initWords } from '../support/use.ts';

const examples = fileURLToPath(new URL('../../docs/examples/', import.meta.url));
/** A folder with `node_modules` of @anthropic-ai/claude-agent-sdk, without its own Claude Code. */
const SDKS = process.env['ORCC_PROVE_SDKS'];
const AGENT = SDKS === undefined ? undefined : path.join(SDKS, 'node_modules', '@anthropic-ai', 'claude-agent-sdk');

function hasPythonSdk(): boolean {
  return spawnSync('python3', ['-c', 'import claude_agent_sdk'], { stdio: 'ignore' }).status === 0;
}

const missing = claudeNeeds();
describe.skipIf(missing)('what orcc hands on, used as its reader would', () => {
  const realm = useRealm();
  const simulation = useSimulation(realm);
  const witness = useWitness(realm, simulation, 'strict');
  /** Where orcc was set up. */
  let host: RealmHome;
  beforeAll(async () => {
    host = await setUpIn(realm, witness, ['--target', 'bash']);
  });

  const orcc = async (...args: string[]): Promise<string> => {
    const { code, stdout, stderr } = await realm.run('orcc', args, { env: host.env, cwd: host.cwd });
    expect(code, stderr).toBe(0);
    return stdout;
  };
  /** Claude Code in a home where orcc never was, as in a container or on a runner. */
  const claude = (box: RealmHome, env: TestEnv, args: readonly string[] = ['-p', 'Say hello']): Promise<RunResult> =>
    realm.run('claude', args, { env: { ...box.env, ...QUIET, ...env }, cwd: box.cwd, input: '' });
  const proven = ({ code, stdout, stderr }: RunResult, model: string): void => {
    expect(code, stdout + stderr).toBe(0);
    const calls = simulation.takeCalls();
    expect(calls.map((call) => call.model)).toContain(model);
    expect(calls.every(({ answer }) => answer.startsWith('200'))).toBe(true);
    expect(simulation.problems()).toEqual([]);
    for (const { authorization, apiKey } of witness.takeAsked())
      expect([authorization, apiKey]).toEqual([`Bearer ${simulation.key}`, undefined]);
  };
  /** The model that the default alias stands for. */
  const mapped = async (preset = 'guide'): Promise<string> => {
    const { data } = JSON.parse(await orcc('profile', 'show', preset, '--json')) as {
      data: { mapping: Record<string, string>; defaultAlias: string };
    };
    return data.mapping[data.defaultAlias] ?? 'none';
  };

  it('docker run --env-file: NAME=value lines, taken as they stand', async () => {
    const lines = (await orcc('env', '--shell', 'github', '--with-key')).trimEnd().split('\n');
    const env = Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]));
    proven(await claude(realm.makeHome(), env), await mapped());
  });

  it('compose: its command in the environment of its env_file', async () => {
    const { claude: service } = (
      parse(readFileSync(path.join(examples, 'compose.yaml'), 'utf8')) as { services: { claude: { env_file: string; command: string[] } } }
    ).services;
    expect(service.env_file).toBe('claude.env');
    const env = parseEnv(await orcc('env', '--shell', 'dotenv', '--with-key')) as Record<string, string>;
    const [program, ...args] = service.command;
    expect(program).toBe('claude');
    proven(await claude(realm.makeHome(), env, args), await mapped());
  });

  it('the dev container: its command after creation, then Claude Code', async () => {
    const text = readFileSync(path.join(examples, 'devcontainer.json'), 'utf8');
    const { postCreateCommand, remoteEnv } = JSON.parse(text) as { postCreateCommand: string; remoteEnv: Record<string, string> };
    expect(remoteEnv).toEqual({ OPENROUTER_API_KEY: '${localEnv:OPENROUTER_API_KEY}' });
    const box = realm.makeHome();
    const env = { ...box.env, ...QUIET, OPENROUTER_API_KEY: simulation.key };
    const made = await realm.run('sh', ['-c', `${postCreateCommand} --base-url "$1"`, 'sh', witness.baseUrl], { env, cwd: box.cwd });
    expect(made.code, made.stderr).toBe(0);
    proven(await claude(box, {}), await mapped('value'));
  });

  it('the step of claude-code-action: its settings in user settings, and the API key that it insists on is not sent', async () => {
    const [step] = parse(await orcc('export', '--action')) as { with: { settings: string; anthropic_api_key: string } }[];
    const fill = (text: string): string => text.replaceAll('${{ secrets.OPENROUTER_API_KEY }}', simulation.key);
    const box = realm.makeHome();
    mkdirSync(path.join(box.home, '.claude'));
    // What the action does with its inputs (base-action/src/setup-claude-code-settings.ts, action.yml; v1.0.99).
    const settings = { ...(JSON.parse(fill(step?.with.settings ?? '')) as object), enableAllProjectMcpServers: true };
    writeFileSync(path.join(box.home, '.claude', 'settings.json'), JSON.stringify(settings, null, 2));
    const asked = await claude(box, { ANTHROPIC_API_KEY: fill(step?.with.anthropic_api_key ?? ''), ANTHROPIC_BASE_URL: '' });
    proven(asked, await mapped());
  });

  it('a second CLAUDE_CONFIG_DIR: a further settings file is read by the Claude Code that has it, with each change', async () => {
    const { home, cwd, env } = realm.makeHome();
    const folder = path.join(home, '.claude-work');
    const file = path.join(folder, 'settings.json');
    const set = initWords(['--key-stdin', '--target', 'bash', '--settings-file', file], witness.baseUrl);
    const made = await realm.run('orcc', set, { env, cwd, input: simulation.key });
    expect(made.code, made.stderr).toBe(0);
    const ask = (): Promise<RunResult> => claude({ home, cwd, env }, { CLAUDE_CONFIG_DIR: folder });
    proven(await ask(), await mapped());
    const switched = await realm.run('orcc', ['switch', 'sonnet=z-ai/glm-4.7-flash', '--yes'], { env, cwd });
    expect(switched.code, switched.stderr).toBe(0);
    proven(await ask(), 'z-ai/glm-4.7-flash');
    const removed = await realm.run('orcc', ['remove', '--yes'], { env, cwd });
    expect([removed.code, existsSync(file)]).toEqual([0, false]);
  });

  const noSdk = needs({ file: AGENT, fileName: 'ORCC_PROVE_SDKS (@anthropic-ai/claude-agent-sdk)' });
  it.skipIf(noSdk)('the Agent SDK in TypeScript: the example, with the SDK from npm', async () => {
    const box = realm.makeHome();
    for (const name of ['agent.mjs']) cpSync(path.join(examples, 'agent-sdk', name), path.join(box.cwd, name));
    mkdirSync(path.join(box.cwd, 'node_modules'));
    symlinkSync(path.join(SDKS ?? '', 'node_modules', '@anthropic-ai'), path.join(box.cwd, 'node_modules', '@anthropic-ai'));
    writeFileSync(path.join(box.cwd, 'claude.env'), await orcc('env', '--shell', 'dotenv', '--with-key'));
    chmodSync(path.join(box.cwd, 'claude.env'), 0o600);
    const asked = await realm.run(process.execPath, ['--env-file=claude.env', 'agent.mjs', 'Say hello', CLAUDE ?? ''], {
      env: { ...box.env, ...QUIET },
      cwd: box.cwd,
    });
    proven(asked, await mapped());
    expect(asked.stdout.trim()).not.toBe('');
  });

  const noPython = needs({ fact: hasPythonSdk(), factName: 'claude-agent-sdk of Python' });
  it.skipIf(noPython)('the Agent SDK in Python: the example, with the SDK from PyPI', async () => {
    const box = realm.makeHome();
    const run = `eval "$1"; exec python3 "$2" 'Say hello' "$3"`;
    const args = [await orcc('env', '--shell', 'bash'), path.join(examples, 'agent-sdk', 'agent.py'), CLAUDE ?? ''];
    const asked = await realm.run('bash', ['-c', run, 'bash', ...args], { env: { ...box.env, ...QUIET, HOME: host.home }, cwd: box.cwd });
    proven(asked, await mapped());
    expect(asked.stdout.trim()).not.toBe('');
  });

  it('the Agent SDK in Python: the example is Python, and takes its variables from the lines for a shell', async () => {
    const python = needs({ program: 'python3' });
    if (python !== undefined) return;
    const compiled = await realm.run(
      'python3',
      ['-c', 'import ast,sys; ast.parse(open(sys.argv[1]).read())', path.join(examples, 'agent-sdk', 'agent.py')],
      { env: host.env, cwd: host.cwd },
    );
    expect(compiled.code, compiled.stderr).toBe(0);
    const box = realm.makeHome();
    const lines = await orcc('env', '--shell', 'bash');
    expect(lines).not.toContain(simulation.key);
    const asked = await realm.run('bash', ['-c', `eval "$1"; exec claude -p 'Say hello'`, 'bash', lines], {
      env: { ...box.env, ...QUIET, HOME: host.home },
      cwd: box.cwd,
    });
    proven(asked, await mapped());
  });
});
