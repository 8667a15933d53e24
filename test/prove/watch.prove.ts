import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { needs } from '../support/prove.ts';

const SCRIPT = fileURLToPath(new URL('../../scripts/watch-client.mjs', import.meta.url));
const client = process.env['ORCC_PROVE_CLAUDE'];
const folder = mkdtempSync(path.join(tmpdir(), 'orcc-watch-'));
const out = path.join(folder, 'report.md');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A quick proof of those that the weekly job runs, or any other, over the client that is here. */
const run = (proof: string) =>
  spawnSync(process.execPath, [SCRIPT, '--client', client ?? '', '--out', out, proof], {
    encoding: 'utf8',
    // What this run of the tests set is not for that one.
    env: Object.fromEntries(
      Object.entries(process.env).filter(([name]) => !/^(VITEST|PROVE_NOTES_FILE|COUNTS_FILE|TEST$|NODE_ENV)/.test(name)),
    ),
    timeout: 280_000,
  });

describe.skipIf(needs({ file: client, fileName: 'ORCC_PROVE_CLAUDE' }))('the weekly look at the newest Claude Code', () => {
  it('runs proofs over a client, and reports them under its version', () => {
    const { status, stdout, stderr } = run('test/prove/via-claude.prove.ts');
    expect(status, stdout + stderr).toBe(0);
    expect(readFileSync(out, 'utf8')).toMatch(/^# orcc against Claude Code 2\.\d+\.\d+\n\n[1-9]\d* passed, 0 failed, 0 not proven\n/);
  });

  it('a proof that is not there is no success', () => {
    expect(run('test/prove/none.prove.ts').status).not.toBe(0);
  });
});
