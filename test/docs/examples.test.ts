import { chmodSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { createSandbox, ORCC_BIN, runProgram, type RunResult, type Sandbox } from '../support/sandbox.ts';
import { useSimulator } from '../support/use.ts';

const examples = fileURLToPath(new URL('../../docs/examples/', import.meta.url));

interface Step {
  readonly name?: string;
  readonly uses?: string;
  readonly run?: string;
}

const simulator = await useSimulator();
let sandbox: Sandbox;
let env: Record<string, string>;

beforeAll(() => {
  sandbox = createSandbox();
  const bin = path.join(sandbox.home, 'bin');
  mkdirSync(bin);
  symlinkSync(process.execPath, path.join(bin, 'node'));
  writeFileSync(path.join(bin, 'orcc'), `#!/bin/sh\nexec node '${ORCC_BIN}' "$@"\n`);
  // Says which models it was started with.
  writeFileSync(
    path.join(bin, 'claude'),
    '#!/bin/sh\nwhile [ $# -gt 0 ]; do [ "$1" = --settings ] && cat "$2"; shift; done\ncat "$HOME/.claude/settings.json"\n',
  );
  for (const name of ['orcc', 'claude']) chmodSync(path.join(bin, name), 0o755);
  const temporary = path.join(sandbox.home, 'tmp');
  mkdirSync(temporary);
  env = {
    ...sandbox.env,
    // Another test that plays a machine without processes would take the settings of this one's `orcc run` for a leftover.
    TMPDIR: temporary,
    PATH: `${bin}${path.delimiter}${sandbox.env['PATH'] ?? ''}`,
    CI: 'true',
    OPENROUTER_API_KEY: simulator.key,
    OPENROUTER_BASE_URL: simulator.baseUrl,
  };
});
afterAll(async () => {
  sandbox.dispose();
});

const shell = (script: string): Promise<RunResult> =>
  runProgram('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', script], { env, cwd: sandbox.cwd });

describe('docs/examples/github-actions.yml', () => {
  const job = () =>
    (parse(readFileSync(path.join(examples, 'github-actions.yml'), 'utf8')) as { jobs: { review: { steps: Step[] } } }).jobs.review;
  const steps = (): string[] => job().steps.flatMap(({ run }) => (run === undefined || run.startsWith('npm install') ? [] : [run]));

  it('installs what it uses, and takes the key from a secret', () => {
    expect(job().steps.flatMap(({ run }) => (run?.startsWith('npm install') === true ? [run.trim()] : []))).toEqual([
      'npm install --global orcc @anthropic-ai/claude-code',
    ]);
    expect(readFileSync(path.join(examples, 'github-actions.yml'), 'utf8')).not.toContain('sk-or');
  });

  it.each(['without an orcc.json', 'with an orcc.json'])('runs step by step %s', async (how) => {
    const model = how.startsWith('with ') ? 'z-ai/glm-5.2' : 'z-ai/glm-5.3';
    if (how.startsWith('with ')) {
      writeFileSync(
        path.join(sandbox.cwd, 'orcc.json'),
        JSON.stringify({
          schemaVersion: 1,
          mapping: { opus: 'z-ai/glm-5.2', sonnet: 'minimax/minimax-m3', haiku: 'z-ai/glm-4.7-flash' },
          defaultAlias: 'sonnet',
        }),
      );
    }
    for (const step of steps()) {
      const ran = await shell(step);
      expect(ran, `${step}\n${ran.stderr}`).toMatchObject({ code: 0 });
      expect(ran.stdout + ran.stderr).not.toContain(simulator.key);
    }
    const settings = JSON.parse(readFileSync(path.join(sandbox.home, '.claude', 'settings.json'), 'utf8'));
    expect(settings.env.ANTHROPIC_DEFAULT_OPUS_MODEL).toBe(model);
    expect(readFileSync(path.join(sandbox.cwd, 'orcc-test.xml'), 'utf8')).toContain('failures="0"');
    expect(readFileSync(path.join(sandbox.cwd, 'second-review.md'), 'utf8')).toContain('"ANTHROPIC_DEFAULT_SONNET_MODEL": "z-ai/glm-5.3"');
  });
});

describe('docs/examples/devcontainer.json', () => {
  it('sets Claude Code up from a variable of the host', async () => {
    const value = JSON.parse(readFileSync(path.join(examples, 'devcontainer.json'), 'utf8'));
    expect(value.remoteEnv).toEqual({ OPENROUTER_API_KEY: '${localEnv:OPENROUTER_API_KEY}' });
    const ran = await shell(`${value.postCreateCommand} --base-url '${simulator.baseUrl}' --replace`);
    expect(ran, ran.stderr).toMatchObject({ code: 0 });
    expect((await shell('orcc status --json')).code).toBe(0);
  });
});
