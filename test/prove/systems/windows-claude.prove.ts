import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { needs } from '../../support/prove.ts';
import { ORCC_BIN, runProgram } from '../../support/sandbox.ts';
import { initIn, useBox, useSimulator } from '../../support/use.ts';

const simulator = await useSimulator();
const GIT_BASH = 'C:\\Program Files\\Git\\bin\\bash.exe';

describe.skipIf(needs({ platform: 'win32' }))('Claude Code as npm installs it on Windows (claude.cmd)', () => {
  const box = useBox();
  let programs: string;
  beforeEach(async () => {
    programs = path.join(box.home, 'npm');
    mkdirSync(programs);
    const script = path.join(programs, 'claude.js');
    writeFileSync(script, 'console.log(process.env.ANTHROPIC_BASE_URL, JSON.stringify(process.argv.slice(2)))');
    writeFileSync(path.join(programs, 'claude.cmd'), `@"${process.execPath}" "%~dp0claude.js" %*\r\n`);
    writeFileSync(path.join(programs, 'orcc.cmd'), `@"${process.execPath}" "${ORCC_BIN}" %*\r\n`);
    expect((await initIn(box, simulator, ['--target', 'user'])).code).toBe(0);
  });
  const env = () => ({ ...box.env, PATH: `${programs};${process.env['PATH'] ?? ''}` });
  const shown = `${simulator.baseUrl} ["-p","two words & more"]`;

  it('is started by orcc run, with its arguments whole', async () => {
    const { stdout, stderr } = await runProgram(process.execPath, [ORCC_BIN, 'run', '--', '-p', 'two words & more'], { env: env() });
    expect(stdout.trim(), stderr).toBe(shown);
  });

  it('from cmd', async () => {
    const { stdout, stderr } = await runProgram('cmd.exe', ['/d', '/s', '/c', 'orcc run -- -p "two words & more"'], { env: env() });
    expect(stdout.trim(), stderr).toBe(shown);
  });

  it.skipIf(!existsSync(GIT_BASH))("from Git's bash", async () => {
    const { stdout, stderr } = await runProgram(GIT_BASH, ['-c', "orcc.cmd run -- -p 'two words & more'"], { env: env() });
    expect(stdout.trim(), stderr).toBe(shown);
  });
});
