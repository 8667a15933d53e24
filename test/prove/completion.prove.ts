import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findProgram, needs } from '../support/prove.ts';
import { startPty, type Pty } from '../support/pty.ts';
import { createSandbox, ORCC_BIN, runOrcc, runProgram, type Sandbox } from '../support/sandbox.ts';
import { initWords } from '../support/use.ts';

let sandbox: Sandbox;
let env: Record<string, string>;

beforeAll(async () => {
  sandbox = createSandbox();
  const bin = path.join(sandbox.home, 'bin');
  mkdirSync(bin);
  symlinkSync(process.execPath, path.join(bin, 'node'));
  writeFileSync(path.join(bin, 'orcc'), `#!/bin/sh\nexec node '${ORCC_BIN}' "$@"\n`);
  chmodSync(path.join(bin, 'orcc'), 0o755);
  env = {
    ...sandbox.env,
    PATH: `${bin}${path.delimiter}${sandbox.env['PATH'] ?? ''}`,
    PS1: 'ready> ',
    PROMPT: 'ready> ',
    MY_KEY: `sk-or-v1-${'0'.repeat(64)}`,
  };
  const done = await runOrcc(initWords(['--target', 'user']), { env });
  expect(done.code).toBe(0);
  await runOrcc(['profile', 'save', 'workday'], { env });
  writeFileSync(path.join(sandbox.cwd, 'some-profiles.json'), '{}');
});
afterAll(() => sandbox.dispose());

interface RealShell {
  readonly name: string;
  readonly args: readonly string[];
  /** Typed first; leaves a prompt. */
  readonly setUp: readonly string[];
}

const SHELLS: readonly RealShell[] = [
  {
    name: 'bash',
    args: ['--norc', '--noprofile', '-i'],
    setUp: ["PS1='ready> '", "bind 'set bell-style none'", 'source <(orcc completion bash)'],
  },
  {
    name: 'zsh',
    args: ['-f', '-i'],
    setUp: ["PROMPT='ready> '", 'unsetopt beep; autoload -Uz compinit; compinit -u -D', 'source <(orcc completion zsh)'],
  },
  { name: 'fish', args: ['--no-config', '-i'], setUp: ["function fish_prompt; echo -n 'ready> '; end", 'orcc completion fish | source'] },
];

/** What is typed, and what the line reads after TAB. */
const CASES: ReadonlyArray<readonly [typed: string, line: string]> = [
  ['orcc swi', 'orcc switch'],
  ['orcc switch workd', 'orcc switch workday'],
  ['orcc switch guid', 'orcc switch guide'],
  ['orcc switch son', 'orcc switch sonnet='],
  ['orcc switch haiku=nvidia/nemotron-3-ul', 'orcc switch haiku=nvidia/nemotron-3-ultra-550b-a55b'],
  ['orcc switch haiku=nvidia/nemotron-3-ultra-550b-a55b:fr', 'orcc switch haiku=nvidia/nemotron-3-ultra-550b-a55b:free'],
  ['orcc switch opus=~anthropic/claude-op', 'orcc switch opus=~anthropic/claude-opus-latest'],
  ['orcc switch workday --dr', 'orcc switch workday --dry-run'],
  ['orcc init --opus minimax/minimax-m', 'orcc init --opus minimax/minimax-m3'],
  ['orcc profile exp', 'orcc profile export'],
  ['orcc profile delete wor', 'orcc profile delete workday'],
  ['orcc profile import some-p', 'orcc profile import some-profiles.json'],
  ['orcc run --profile val', 'orcc run --profile value'],
  ['orcc test fab', 'orcc test fable'],
  ['orcc env --shell gith', 'orcc env --shell github'],
  ['orcc explain NO_TO', 'orcc explain NO_TOOLS'],
];

for (const shell of SHELLS) {
  describe.skipIf(needs({ program: shell.name }))(`completion in a real ${shell.name}`, () => {
    let pty: Pty;
    let lines = 0;
    beforeAll(async () => {
      pty = startPty(shell.args, { env, cwd: sandbox.cwd, file: shell.name, cols: 120, rows: 50 });
      for (const [index, line] of shell.setUp.entries()) {
        pty.write(`${line}\r`);
        pty.write(`echo set-up-${index + 1}-done\r`);
        await pty.waitFor(new RegExp(`^set-up-${index + 1}-done`, 'm'));
      }
    });
    afterAll(() => pty.kill());

    it.each(CASES)('%s<TAB> gives %s', async (typed, line) => {
      lines += 1;
      pty.write(`${typed}\t`);
      await pty.waitFor(new RegExp(`ready> ${line.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?![\\w-])`));
      // Away with the line, and on to a fresh screen.
      pty.write('\x15');
      pty.write(`echo line-${lines}-done\r`);
      await pty.waitFor(new RegExp(`^line-${lines}-done`, 'm'));
    });
  });
}

describe.skipIf(needs({ program: 'bash' }))('the script for bash', () => {
  it.each(['#!/bin/bash\nset -eu\n', '#!/bin/bash\nset -o posix\n'])('is read under %j', async (head) => {
    const { stdout } = await runOrcc(['completion', 'bash'], { env });
    const file = path.join(sandbox.home, 'script.sh');
    writeFileSync(file, `${head}${head.includes('posix') ? 'set +o posix\n' : ''}${stdout}complete -p orcc\n`);
    expect(await runProgram('bash', [file], { env })).toMatchObject({ code: 0, stdout: 'complete -F _orcc orcc\n', stderr: '' });
  });
});

describe.skipIf(needs({ program: 'pwsh' }))('completion in a real PowerShell', () => {
  /** What is typed, with `|` where the cursor stands if not at the end, and one of the words that TAB goes through. */
  const MORE: readonly (readonly [typed: string, word: string])[] = [
    ['orcc ', 'switch'],
    ['orcc switch ', 'workday'],
    ['orcc switch "workd', 'workday'],
    ["orcc switch 'workd", 'workday'],
    ['orcc switch "workday" --dr', '--dry-run'],
    ['orcc swi| workday', 'switch'],
    ['orcc switch workday --dr| --json', '--dry-run'],
    ['$x = 1; orcc test fab', 'fable'],
    ["orcc switch '", 'workday'],
    ['orcc switch opus="z-ai/glm-4.7-fl', 'opus=z-ai/glm-4.7-flash'],
    ['if (orcc che', 'check'],
    ['orcc.cmd swi', 'switch'],
    // Where a file belongs orcc says nothing: then PowerShell offers its own.
    ['orcc profile import some-p', ''],
  ];
  const ALL = [
    ...CASES.filter(([typed]) => !typed.includes('import')).map(([typed, line]) => [typed, line.split(' ').at(-1) ?? ''] as const),
    ...MORE,
  ];
  const words = new Map<string, string[]>();

  beforeAll(async () => {
    const file = path.join(sandbox.home, 'completion.ps1');
    const asks = ALL.map(([typed]) => {
      const at = /\S\|/.exec(typed)?.index;
      const text = at === undefined ? typed : typed.slice(0, at + 1) + typed.slice(at + 2);
      return `'<' + (@((TabExpansion2 '${text.replaceAll("'", "''")}' ${at === undefined ? text.length : at + 1}).CompletionMatches.CompletionText) -join ' ') + '>'`;
    });
    writeFileSync(file, ['orcc completion powershell | Out-String | Invoke-Expression', ...asks].join('\n'));
    const { stdout, stderr } = await runProgram(findProgram('pwsh') ?? '', ['-NoLogo', '-NoProfile', '-NonInteractive', '-File', file], {
      env,
      cwd: sandbox.cwd,
      timeout: 120_000,
    });
    expect(stderr).toBe('');
    stdout.match(/<.*>/g)?.forEach((line, index) => words.set(ALL[index]?.[0] ?? '', line.slice(1, -1).split(' ')));
  });

  it.each(ALL)('%s gives %s', (typed, word) => {
    // As in the other shells: the word itself, or what has only a `:free` more.
    expect(words.get(typed)?.map((each) => (each.startsWith(`${word}:`) ? word : each))).toContain(word);
  });

  it('does not offer the same twice, nor words of another place', () => {
    expect(words.get('orcc switch workd')).toEqual(['workday']);
    expect(words.get('orcc explain NO_TO')).toEqual(['NO_TOOLS']);
  });
});
