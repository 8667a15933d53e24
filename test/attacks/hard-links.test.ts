import { linkSync, statSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { initWords, useBox } from '../support/use.ts';

/** One file under two names, both of which are start-up files. */
const box = useBox();
const KEY = `sk-or-v1-${'e'.repeat(64)}`;

const TEXTS: readonly (readonly [string, string])[] = [
  ['a plain file', 'alias a=b\n'],
  ['a file that ends early for scripts', 'case $- in\n  *i*) ;;\n  *) return;;\nesac\nalias a=b\n'],
  ['a file without a final newline', 'alias a=b'],
];

describe.skipIf(process.platform === 'win32')('hard links between start-up files', () => {
  it.each(
    TEXTS.flatMap(([what, text]) => [
      [what, '.bashrc', '.bash_profile', text, ['bash']] as const,
      [what, '.bashrc', '.zshrc', text, ['bash', 'zsh']] as const,
    ]),
  )(
    'work: %s under the names %s and %s',
    async (_, one, other, text, targets) => {
      box.write(one, text, 0o664);
      linkSync(box.at(one), box.at(other));
      const run = async (...args: string[]): Promise<void> => {
        const { code, stderr } = await box.orcc(args, { env: { ...box.env, MY_KEY: KEY } });
        expect([args[0], code, code === 0 ? '' : stderr]).toEqual([args[0], 0, '']);
      };
      const blocks = (): number => (box.read(one) ?? '').split('# >>> orcc >>>').length - 1;
      await run(...initWords(targets.flatMap((id) => ['--target', id])));
      expect(blocks()).toBe(1);
      await run('switch', 'opus=qwen/qwen3-coder-next', '--yes', '--offline');
      expect(blocks()).toBe(1);
      await run('undo', '--yes');
      expect(blocks()).toBe(1);
      await run('remove', '--yes');
      expect([box.read(one), box.read(other), box.mode(one), statSync(box.at(one)).nlink]).toEqual([text, text, 0o664, 2]);
    },
    30_000,
  );
});
