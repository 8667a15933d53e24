import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { askShell } from '../../src/targets/layers-ask-shell.ts';
import { createExec } from '../../src/system/exec.ts';

let home: string;
beforeEach(() => {
  home = mkdtempSync(path.join(tmpdir(), 'orcc-ask-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

function ask(rc: string, env: Record<string, string> = {}) {
  writeFileSync(path.join(home, '.bashrc'), rc);
  const all = { PATH: '/usr/bin:/bin', HOME: home, ...env };
  return askShell(
    { exec: createExec(all, process.platform), env: all, home, platform: process.platform, random: (bytes) => randomBytes(bytes) },
    'bash',
  );
}

describe('what a new shell has, asked of bash itself', () => {
  it('is what its start-up file exports, watched names alone, whatever else it prints', async () => {
    const found = await ask(
      "echo hello\nexport ANTHROPIC_MODEL='so=n net' ANTHROPIC_API_KEY=''\nANTHROPIC_BASE_URL=unexported\nexport OTHER=1\necho ANTHROPIC_MODEL=fake >&2\n",
    );
    expect(Object.fromEntries(found?.variables ?? [])).toEqual({ ANTHROPIC_MODEL: 'so=n net', ANTHROPIC_API_KEY: '' });
  });

  it('does not take over what this terminal has', async () => {
    expect((await ask('', { ANTHROPIC_MODEL: 'old' }))?.variables.size).toBe(0);
  });

  it('runs code, which no reading of the text could', async () => {
    expect((await ask('v=ANTHROPIC_MODEL; export "$v=$(printf opus)"\n'))?.variables.get('ANTHROPIC_MODEL')).toBe('opus');
  });

  it('with what it runs under the name `claude`', async () => {
    expect((await ask("alias claude='claude --settings ~/x.json'\n"))?.claude).toContain('claude --settings ~/x.json');
    expect((await ask('claude() { command claude "$@"; }\n'))?.claude).toContain('function');
  });

  it.each([
    ['ends the shell', 'exit 0\n'],
    ['replaces the shell', 'exec true\n'],
    ['hides the programs', 'PATH=/nowhere\n'],
  ])('is unknown where the start-up file %s', async (_what, rc) => {
    expect(await ask(rc)).toBeUndefined();
  });
});
