import { describe, expect, it } from 'vitest';
import { execute } from '../../src/cli/execute.ts';
import type { Output } from '../../src/core/context.ts';
import { createContext } from '../../src/system/index.ts';

/** Runs a command that throws; gives the code, and what stdout and stderr got. */
async function runBug(json: boolean): Promise<{ code: number; stdout: string; stderr: string }> {
  const got = { stdout: '', stderr: '' };
  const into = (name: 'stdout' | 'stderr'): Output => ({ write: (text) => (got[name] += text), isTty: false, columns: 80, colorLevel: 0 });
  const ctx = { ...createContext(new AbortController().signal, () => 'cancelled'), stdout: into('stdout'), stderr: into('stderr') };
  const run = (): Promise<never> => Promise.reject(new TypeError('x is not \u001b[31ma function'));
  const parse = () => Promise.resolve({ command: 'status', json, yes: false, isUnguarded: true, run });
  const code = await execute(parse, ['status', ...(json ? ['--json'] : [])], ctx, () => 'cancelled');
  return { code, ...got };
}

describe('a bug in orcc is exit 70 with its text on stderr', () => {
  it('and nothing on stdout', async () => {
    const ran = await runBug(false);
    expect(ran).toMatchObject({ code: 70, stdout: '' });
    expect(ran.stderr).toContain('bug.test.ts');
  });

  it('and, with --json, one document on stdout, as for every other failure', async () => {
    const ran = await runBug(true);
    expect(ran.code).toBe(70);
    expect(JSON.parse(ran.stdout)).toMatchObject({
      schemaVersion: 1,
      command: 'status',
      ok: false,
      data: null,
      findings: [{ code: 'BUG' }],
    });
    expect(ran.stdout).not.toContain('u001b');
    expect(ran.stderr).toContain('bug.test.ts');
  });
});
