import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createSandbox, ORCC_BIN, runOrcc, runProgram } from '../support/sandbox.ts';

const sandbox = createSandbox();
const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string;
  engines: { node: string };
};
afterAll(() => sandbox.dispose());

/** Runs the entry in a Node that says it is another version. */
function runOn(version: string, args: readonly string[]): ReturnType<typeof runProgram> {
  const disguise = path.join(sandbox.cwd, 'disguise.cjs');
  writeFileSync(disguise, `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '${version}' } });`);
  return runProgram(process.execPath, ['-r', disguise, ORCC_BIN, ...args], { env: sandbox.env });
}

describe('the entry of the program', () => {
  it.each(['--version', '-V'])('answers %s with the version of the package alone', async (flag) => {
    const { code, stdout, stderr } = await runOrcc([flag], { env: sandbox.env });
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: `${manifest.version}\n`, stderr: '' });
  });

  it.each(['0.10.48', '8.17.0', '18.20.8', '20.17.0', '20.18.0'])(
    'says in one line on Node %s that it is too old, with exit 2',
    async (version) => {
      const { code, stdout, stderr } = await runOn(version, ['--version']);
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(stderr).toMatch(new RegExp(`^[^\\n]*20\\.18\\.1[^\\n]*${version.replaceAll('.', '\\.')}\\n$`));
    },
  );

  it.each(['20.18.1', '20.19.0', '22.0.0', '26.10.0', '100.0.0-nightly'])('starts on Node %s', async (version) => {
    expect((await runOn(version, ['--version'])).code).toBe(0);
  });

  it('has the floor that the package promises', () => {
    expect(manifest.engines.node).toBe('>=20.18.1');
  });

  it.skipIf(process.platform === 'win32')('takes a reader that has gone away for no error (Unix)', async () => {
    const script = `"${process.execPath}" "${ORCC_BIN}" --version | true; echo "\${PIPESTATUS[0]}"`;
    const { stdout, stderr } = await runProgram('bash', ['-c', script], { env: sandbox.env });
    expect({ stdout, stderr }).toEqual({ stdout: '0\n', stderr: '' });
  });
});
