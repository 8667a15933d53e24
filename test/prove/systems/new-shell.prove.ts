import { existsSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { needs, type Need } from '../../support/prove.ts';
import { runProgram } from '../../support/sandbox.ts';
import { initIn, useBox, useSimulator } from '../../support/use.ts';

const simulator = await useSimulator();

interface Start {
  readonly title: string;
  readonly need: Need;
  readonly program: string;
  /** How this shell starts as in a new terminal, and runs one line. */
  readonly args: readonly string[];
  readonly target: string;
  /** The start-up file that orcc is to write to, below the home. */
  readonly file: string;
}

const GIT_BASH = 'C:\\Program Files\\Git\\bin\\bash.exe';
const LINE = 'echo "$ANTHROPIC_BASE_URL $ANTHROPIC_DEFAULT_OPUS_MODEL"';
const onMac = process.platform === 'darwin';
/** macOS's own bash is 3.2, Alpine's sh is busybox's ash; Windows has Git's. */
const STARTS: readonly Start[] = [
  { title: 'bash, interactive', need: { program: 'bash' }, program: 'bash', args: ['-ic', LINE], target: 'bash', file: '.bashrc' },
  {
    title: 'bash, login',
    need: { program: 'bash' },
    program: 'bash',
    args: ['-lc', LINE],
    target: 'bash',
    file: onMac ? '.bash_profile' : '.profile',
  },
  {
    title: "macOS's own bash 3.2, login",
    need: { platform: 'darwin' },
    program: '/bin/bash',
    args: ['-lic', LINE],
    target: 'bash',
    file: '.bash_profile',
  },
  { title: 'zsh, interactive', need: { program: 'zsh' }, program: 'zsh', args: ['-ic', LINE], target: 'zsh', file: '.zshrc' },
  {
    title: "busybox's ash, login",
    need: { program: 'busybox' },
    program: 'busybox',
    args: ['ash', '-lc', LINE],
    target: 'bash',
    file: '.profile',
  },
  {
    title: "Git's bash on Windows",
    need: { platform: 'win32', file: GIT_BASH },
    program: GIT_BASH,
    args: ['-lic', LINE],
    target: 'bash',
    file: '.bashrc',
  },
];

describe.each(STARTS.map((start) => [start.title, start] as const))(
  'a new terminal: %s',
  (_title, { need, program, args, target, file }) => {
    const box = useBox();

    it.skipIf(needs(need))('has what init wrote, and after remove the file is as it was', async () => {
      box.write(file, 'export MINE=1\n');
      const { code, stderr } = await initIn(box, simulator, ['--target', target]);
      expect(code, stderr).toBe(0);
      const env = { ...box.env, PATH: process.env['PATH'] ?? '', SHELL: program };
      const shown = await runProgram(program, args, { env, cwd: box.home });
      expect(shown.stdout.trim().split(/\r?\n/).at(-1), shown.stderr).toBe(`${simulator.baseUrl} z-ai/glm-4.7`);
      expect((await box.orcc(['remove', '--yes'])).code).toBe(0);
      expect(box.read(file)).toBe('export MINE=1\n');
      expect(existsSync(path.join(box.home, '.config', 'orcc', 'key'))).toBe(false);
    });
  },
);
