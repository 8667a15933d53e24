import { Buffer } from 'node:buffer';
import { describe, expect, it } from 'vitest';
import { checkSyntax } from '../../src/targets/syntax.ts';
import { createExec } from '../../src/system/exec.ts';
import { needs } from '../support/prove.ts';
import { fakeExec } from '../support/shell-context.ts';
import { textAfter } from '../support/start-files.ts';

const real = () => ({ exec: createExec({ PATH: process.env['PATH'] }, process.platform), env: { PATH: process.env['PATH'] } });
const check = (shell: 'bash' | 'zsh' | 'fish', text: string) => checkSyntax(real(), shell, Buffer.from(text, 'latin1'));

describe.each([
  ['bash', 'if true; then\n', 'cat <<EOF\nx\n'],
  ['zsh', 'if true; then\n', 'echo $((1\n'],
  ['fish', 'if true\n', 'echo "x\n'],
] as const)('%s', (shell, ...broken) => {
  describe.skipIf(needs({ program: shell }))('asked about a file', () => {
    it('runs nothing of it, takes any encoding, and tells a good one from a broken one', async () => {
      expect(await check(shell, 'exit 3\nrm -rf "$HOME/nothing"\n')).toBe('ok');
      expect(await check(shell, '# caf\xe9 \xff\n')).toBe('ok');
      for (const text of broken) expect(await check(shell, text)).toBe('broken');
    });

    it('finds orcc’s own block good', async () => {
      expect(await check(shell, textAfter(shell === 'fish' ? 'fish' : 'sh', ''))).toBe('ok');
    });
  });
});

describe('a shell that is not there, or too slow', () => {
  it('says nothing of the syntax', async () => {
    const answer = { '/bin/zsh': { code: null, timedOut: true }, '/bin/fish': { code: 1, stderr: 'fish: --no-config: unknown option' } };
    const never = () => ({});
    const result = {
      env: {},
      ...fakeExec({ zsh: never, fish: never, sh: ({ args }) => answer[args[2] === '/bin/zsh' ? '/bin/zsh' : '/bin/fish'] }),
    };
    for (const shell of ['bash', 'zsh', 'fish', 'powershell'] as const)
      expect(await checkSyntax(result, shell, Buffer.from('x'))).toBe('unknown');
  });
});

describe('PowerShell’s own parser', () => {
  const ask = async (stdout: string) => {
    const { exec, calls } = fakeExec({ pwsh: () => ({ stdout }) });
    return { state: await checkSyntax({ exec, env: {} }, 'powershell', Buffer.from("\ufeff$a = 'é'", 'utf16le')), calls };
  };

  it('gets the bytes on stdin, as base64 in one line', async () => {
    const { state, calls } = await ask('orcc:errors=0\r\n');
    expect(state).toBe('ok');
    expect(calls[0]?.args.at(-1)).toBe('-');
    expect(calls[0]?.options.input).toMatch(/^[ -~]+\n$/);
    expect(Buffer.from(/FromBase64String\('(.+?)'\)/.exec(calls[0]?.options.input ?? '')?.[1] ?? '', 'base64').toString('utf16le')).toBe(
      "\ufeff$a = 'é'",
    );
  });

  it('counts errors, and an answer without a count counts for nothing', async () => {
    expect((await ask('orcc:errors=2')).state).toBe('broken');
    expect((await ask('')).state).toBe('unknown');
  });
});
