import { spawn } from 'node:child_process';
import { expect, it } from 'vitest';
import { partOf } from '../support/part.ts';
import { ORCC_BIN } from '../support/sandbox.ts';
import { initWords, useBox } from '../support/use.ts';

const KEY = `sk-or-v1-${'2'.repeat(64)}`;
const NEXT = `sk-or-v1-${'1'.repeat(64)}`;
const INIT = initWords();
/** Each command in turn, at moments spread over its run; half of them in an ordinary one. */
const ROUNDS = partOf([...Array(84).keys()], 2);
const box = useBox();

/** The user's own files: everything but what orcc keeps for itself. */
const own = (): Record<string, string> =>
  Object.fromEntries(Object.entries(box.tree()).filter(([name]) => !name.includes('/.config/orcc')));
const env = (more: Record<string, string> = {}): Record<string, string> => ({ ...box.env, MY_KEY: KEY, ...more });

it.skipIf(process.platform === 'win32')(
  `${ROUNDS.length} kills at random leave nothing that the next command does not put right`,
  async () => {
    box.write('.bashrc', 'alias a=b\ncase $- in *i*) ;; *) return;; esac\n', 0o640);
    box.write('.claude/settings.json', '{\n  "env": {"A": "b"}\n}\n', 0o644);
    const before = own();
    const init = [...INIT, '--target', 'bash', '--target', 'user', '--key-storage', 'profile'];
    const commands = [
      ['switch', 'opus=z-ai/glm-5.3', '--yes', '--offline'],
      ['key', 'set', '--key-env', 'MY_KEY', '--no-check', '--yes'],
      ['switch', '--native', '--yes'],
      ['switch', '--back', '--yes', '--offline'],
      ['undo', '--yes'],
      ['remove', '--yes'],
      init,
    ];
    let kills = 0;
    for (const round of ROUNDS) {
      const start = performance.now();
      await box.bin(init, { env: env(), timeout: 60_000 });
      // Within the time that a whole run takes here and now, whatever the machine does beside it.
      const whole = performance.now() - start;
      const command = commands[round % commands.length] ?? init;
      const child = spawn(process.execPath, [ORCC_BIN, ...command], { cwd: box.cwd, env: env({ MY_KEY: NEXT }), stdio: 'ignore' });
      const timer = setTimeout(() => child.kill('SIGKILL'), whole * (0.15 + ((round * 37) % 84) / 120));
      const signal = await new Promise((resolve) => child.on('close', (_code, by) => resolve(by)));
      clearTimeout(timer);
      if (signal === 'SIGKILL') kills += 1;
      const removed = await box.bin(['remove', '--yes'], { env: env(), timeout: 60_000 });
      expect([round, command, [0, 1, 3].includes(removed.code ?? -1), removed.stderr]).toEqual([round, command, true, removed.stderr]);
      expect([round, command, own()]).toEqual([round, command, before]);
      expect([round, command, box.holding(KEY), box.holding(NEXT)]).toEqual([round, command, [], []]);
    }
    process.stderr.write(`random kills: ${ROUNDS.length} runs, ${kills} of them killed, nothing left\n`);
    expect(kills).toBeGreaterThan(ROUNDS.length / 4);
  },
  900_000,
);
