import { describe, expect, it } from 'vitest';
import { initWords, useBox } from '../support/use.ts';

/** `doctor --fix` beside `undo` or `remove`: what a fix switched off is recorded, whoever comes first, and comes back. */
const box = useBox();
const ROUNDS = 10;
const KEY = `sk-or-v1-${'9'.repeat(64)}`;
const INIT = initWords(['--target', 'bash']);
const BEFORE = 'alias x=y\nexport EDITOR=vi\n';
const ADDED = 'export ANTHROPIC_MODEL=x/y\n';

describe.skipIf(process.platform === 'win32').each(['undo', 'remove'])('doctor --fix beside %s', (other) => {
  it('loses no record: remove gives every byte back afterwards', async () => {
    const start = (args: readonly string[]) => box.bin(args, { env: { ...box.env, MY_KEY: KEY } });
    for (let round = 0; round < ROUNDS; round += 1) {
      box.write('.bashrc', BEFORE);
      expect((await start(INIT)).code).toBe(0);
      box.write('.bashrc', (box.read('.bashrc') ?? '') + ADDED);
      const [fixed, taken] = await Promise.all([start(['doctor', '--fix', '--yes', '--offline']), start([other, '--yes'])]);
      expect([fixed.code === 70, taken.code]).toEqual([false, 0]);
      // As if one had come after the other: `undo` as the second takes the fix back, and the block of `init` stands.
      const left = (box.read('.bashrc') ?? '').replace(/^# >>> orcc >>>[^]*?^# <<< orcc <<<\n/m, (block) =>
        other === 'undo' ? '' : block,
      );
      expect([BEFORE + ADDED, `${BEFORE}# orcc: disabled: ${ADDED}`]).toContain(left);
      expect([0, 3]).toContain((await start(['remove', '--yes'])).code);
      expect([round, box.read('.bashrc'), box.read('.config/orcc/state.json')]).toEqual([round, BEFORE + ADDED, null]);
    }
  }, 240_000);
});
