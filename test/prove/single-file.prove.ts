import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { simulate } from '../simulator/support.ts';
import { needs } from '../support/prove.ts';
import { createSandbox, runProgram, type Sandbox } from '../support/sandbox.ts';
import { initWords } from '../support/use.ts';

const SCRIPT = fileURLToPath(new URL('../../scripts/single-file.mjs', import.meta.url));
const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string };
const folder = mkdtempSync(path.join(tmpdir(), 'orcc-single-'));
const built = spawnSync(process.execPath, [SCRIPT, '--out', folder], { encoding: 'utf8', timeout: 300_000 });
const noNode = built.stderr.includes('npm could not fetch it');

describe.skipIf(needs({ fact: !noNode, factName: 'Node 26 from npm, which builds single files' }))('the single file', () => {
  const program = path.join(folder, process.platform === 'win32' ? 'orcc.exe' : 'orcc');
  let box: Sandbox;
  beforeAll(() => {
    expect(built.status, built.stderr).toBe(0);
    box = createSandbox();
  });
  afterAll(() => {
    box.dispose();
    rmSync(folder, { recursive: true, force: true });
  });
  /** Without a PATH, so that no Node of this machine can be what answers. */
  const run = (...args: string[]) => runProgram(program, args, { env: { ...box.env, PATH: '' }, timeout: 120_000 });

  it('is of this version, and shows its help', async () => {
    expect((await run('--version')).stdout).toBe(`${version}\n`);
    expect((await run('--help')).stdout).toContain('Usage: orcc');
  });

  it('writes nothing where it only looks', async () => {
    expect((await run('status', '--json')).code).toBe(3);
    expect(readdirSync(box.home)).toEqual([]);
  });

  it('plays the whole demo: init, test, switch and status', async () => {
    const { code, stdout, stderr } = await run('demo');
    expect(code, stdout + stderr).toBe(0);
  });

  it('writes itself, and no Node, as the status line of Claude Code, and is one', async () => {
    const simulator = await simulate();
    const init = initWords(['--key-stdin', '--target', 'user'], simulator.baseUrl);
    const env = { ...box.env, PATH: '' };
    const made = await runProgram(program, init, { env, input: `${simulator.key}\n`, timeout: 120_000 });
    expect(made.code, made.stdout + made.stderr).toBe(0);
    expect((await run('statusline', '--install', '--yes')).code).toBe(0);
    const settings = JSON.parse(readFileSync(path.join(box.home, '.claude', 'settings.json'), 'utf8')) as {
      statusLine: { command: string };
    };
    const { command } = settings.statusLine;
    expect(command.replaceAll('"', '')).toBe(`${realpathSync(program)} statusline`);
    const [shell, flag] = process.platform === 'win32' ? ['cmd', '/c'] : ['/bin/sh', '-c'];
    const shown = await runProgram(shell, [flag, command], { env, input: JSON.stringify({ model: { id: 'z-ai/glm-4.7' } }) });
    expect([shown.code, shown.stdout]).toEqual([0, expect.stringContaining('z-ai/glm-4.7')]);
    const { findings } = JSON.parse((await run('doctor', '--offline', '--json')).stdout) as { findings: { code: string }[] };
    expect(findings.map(({ code }) => code)).not.toContain('STATUSLINE_DEAD');
    expect((await run('remove', '--yes')).code).toBe(0);
  });

  it('lies in an archive with every licence, and its sum beside it', () => {
    const archive = readdirSync(folder).find((name) => /\.(tar\.gz|zip)$/.test(name)) ?? '';
    const listed = spawnSync('tar', ['-tf', archive], { cwd: folder, encoding: 'utf8' }).stdout.trim().split(/\r?\n/);
    expect(listed.toSorted()).toEqual(['LICENSE', 'NODE_LICENSE', 'THIRD_PARTY_LICENSES.txt', path.basename(program)]);
    expect(readFileSync(path.join(folder, `${archive}.sha256`), 'utf8')).toMatch(new RegExp(`^[0-9a-f]{64}  ${archive}\n$`));
  });

  it('starts in a time that a person does not notice; size and times are printed', async () => {
    const times = { '--version': [] as number[], 'status --json': [] as number[] };
    for (const [words, taken] of Object.entries(times))
      for (let round = 0; round < 9; round += 1) {
        const start = performance.now();
        await run(...words.split(' '));
        taken.push(performance.now() - start);
      }
    // The fastest: beside other work the usual one says how busy the machine is.
    const told = Object.entries(times).map(([words, taken]) => `${words} ${Math.min(...taken).toFixed(0)} ms`);
    console.log(`the single file: ${(statSync(program).size / 1e6).toFixed(0)} MB, ${told.join(', ')}`);
    expect(Math.min(...times['--version'])).toBeLessThan(1000);
  });
});
