import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { createSandbox, runProgram } from './support/sandbox.ts';

const testFolder = fileURLToPath(new URL('.', import.meta.url));

describe('the sandbox that every test runs in', () => {
  it('has a home of its own below the temporary folder', () => {
    expect(path.dirname(path.dirname(homedir()))).toContain(path.basename(tmpdir()));
    expect(path.basename(path.dirname(homedir()))).toMatch(/^orcc-test-/);
    expect(readdirSync(homedir())).toEqual([]);
  });

  it.each(['XDG_CONFIG_HOME', 'XDG_CACHE_HOME', 'CLAUDE_CONFIG_DIR', 'APPDATA'])('leads %s into that home', (name) => {
    expect(process.env[name]?.startsWith(homedir() + path.sep)).toBe(true);
  });

  it('has nothing of the developer’s own configuration in the environment', () => {
    const left = Object.keys(process.env).filter((name) =>
      /^(anthropic|claude(?!_config_dir)|openrouter|orcc_(?!prove)|(https?|all|no)_proxy$|ci$|node_extra)/i.test(name),
    );
    expect(left).toEqual([]);
  });

  it('gives a child process a home that goes away with the sandbox', async () => {
    const sandbox = createSandbox();
    const { stdout } = await runProgram(process.execPath, ['-p', 'os.homedir()'], { env: sandbox.env });
    expect(stdout.trim()).toBe(sandbox.home);
    expect(Object.keys(sandbox.env)).not.toContain('NODE_EXTRA_CA_CERTS');
    sandbox.dispose();
    expect(existsSync(sandbox.home)).toBe(false);
  });

  it('is not walked around: no test asks for the home of whoever runs it', () => {
    const askers = readdirSync(testFolder, { recursive: true, encoding: 'utf8' })
      .filter((file) => /\.ts$/.test(file) && !['guard.test.ts', path.join('support', 'global-setup.ts')].includes(file))
      .filter((file) => /\bhomedir\(|\buserInfo\(/.test(readFileSync(path.join(testFolder, file), 'utf8')));
    expect(askers).toEqual([]);
  });
});
