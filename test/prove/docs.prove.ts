import { chmodSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSandbox, ORCC_BIN, runProgram, type RunResult, type Sandbox } from '../support/sandbox.ts';
import { useSimulator } from '../support/use.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const simulator = await useSimulator();

/** What a reader answers on the terminal that there is none of here: yes; and where the simulator is. */
const WRITES = [
  'init',
  'switch',
  'undo',
  'remove',
  'route',
  'profile save',
  'profile import',
  'models pin',
  'models unpin',
  'statusline --install',
  'statusline --remove',
  'key storage',
  'key add',
  'key use',
  'key remove',
];

interface Line {
  readonly text: string;
  /** As it is run here. */
  readonly run: string;
}

/** Each line of the shell fences of a page in which orcc is run, without the remark at its end. */
function linesOf(page: string): readonly Line[] {
  const fences = [...readFileSync(path.join(root, page), 'utf8').matchAll(/```sh\n([^]*?)```/g)];
  return fences
    .flatMap(([, fence = '']) => fence.split('\n'))
    .map((line) => line.replace(/\s+#\s.*$/, ''))
    .filter(
      (line) =>
        /(?:^|[\s|(])orcc /.test(line) && !line.startsWith('npm ') && !/orcc (?:simulate|demo|login)|Out-String|llm\.example/.test(line),
    )
    .map((text) => ({ text, run: answered(text) }));
}

function answered(text: string): string {
  const [, command = ''] = /orcc ((?:profile|models|statusline|key) \S+|\S+)/.exec(text) ?? [];
  const isAsked = WRITES.some((each) => command === each || command.startsWith(`${each} `)) && !/--yes|--dry-run|--check/.test(text);
  const base = command === 'init' ? ' --base-url "$ORCC_BASE"' : '';
  const first = text
    .replace(/orcc init\b(?! --)/, 'orcc init --key-env OPENROUTER_API_KEY --preset guide --target user')
    .replace(/(orcc key add \w+)$/, '$1 --key-env WORK_KEY');
  return `${first}${base}${isAsked ? ' --yes' : ''}`;
}

const pages = ['README.md', ...readdirSync(path.join(root, 'docs')).map((name) => `docs/${name}`)].filter(
  (page) => page.endsWith('.md') && linesOf(page).length > 0,
);

it('there are pages with command lines', () => {
  expect(pages.length).toBeGreaterThan(6);
});

describe.each(pages)('%s', (page) => {
  let box: Sandbox;
  let env: Record<string, string>;
  const shell = (script: string): Promise<RunResult> =>
    runProgram('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', script], { env, cwd: box.cwd, timeout: 120_000 });

  beforeEach(async () => {
    box = createSandbox();
    const bin = path.join(box.home, 'bin');
    mkdirSync(bin);
    symlinkSync(process.execPath, path.join(bin, 'node'));
    writeFileSync(path.join(bin, 'orcc'), `#!/bin/sh\nexec node '${ORCC_BIN}' "$@"\n`);
    writeFileSync(path.join(bin, 'claude'), '#!/bin/sh\necho "2.1.332 (Claude Code)"\n');
    // Password managers that know the key.
    for (const name of ['op', 'pass', 'bw', 'security']) writeFileSync(path.join(bin, name), '#!/bin/sh\necho "$OPENROUTER_API_KEY"\n');
    for (const name of ['orcc', 'claude', 'op', 'pass', 'bw', 'security']) chmodSync(path.join(bin, name), 0o755);
    env = {
      ...box.env,
      PATH: `${bin}${path.delimiter}${box.env['PATH'] ?? ''}`,
      OPENROUTER_API_KEY: simulator.key,
      WORK_KEY: simulator.keys.guarded,
      ORCC_BASE: simulator.baseUrl,
    };
    const ready = await shell(
      'git init -q . && orcc init --yes --key-env OPENROUTER_API_KEY --preset guide --target user --base-url "$ORCC_BASE"',
    );
    expect(ready.code, ready.stderr).toBe(0);
  });
  afterEach(() => box.dispose());

  it('each command line of it does what it says, in their order', async () => {
    for (const { text, run } of linesOf(page)) {
      const { code, stdout, stderr } = await shell(run);
      // 1: something was found, 3: there is nothing of the kind. Whatever else would be a page that is wrong.
      expect([0, 1, 3], `${text}\n${stdout}${stderr}`).toContain(code);
    }
  });
});
