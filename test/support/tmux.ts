import path from 'node:path';
import type { Realm } from './realm.ts';
import type { TestEnv } from './sandbox.ts';

/** A program in a terminal of a tmux of its own. */
export interface Tmux {
  /** Types text as it stands. */
  type(text: string): Promise<void>;
  /** Presses keys by their tmux names: `Enter`, `Down`, `C-c`, `Space`. */
  press(...keys: readonly string[]): Promise<void>;
  /** What the terminal shows, with what has scrolled away. */
  screen(): Promise<string>;
  /** Only what is visible now. */
  visible(): Promise<string>;
  /** Resolves with the screen once it shows `wanted`; rejects with the screen after `ms` (default 40 000). */
  waitFor(wanted: string | RegExp, ms?: number): Promise<string>;
  /** Presses a key, again every two seconds, until `wanted` shows: a dialog that has just come takes no keys yet. */
  pressUntil(key: string, wanted: string | RegExp, ms?: number): Promise<string>;
  /** Ends this tmux and what runs in it. */
  kill(): Promise<void>;
}

let serial = 0;

/** Starts `command` under tmux in the realm, 130 x 45, with exactly this environment. */
export async function openTmux(realm: Realm, command: readonly string[], env: TestEnv, cwd: string): Promise<Tmux> {
  serial += 1;
  const socket = path.join(realm.folder, `tmux-${String(serial)}.sock`);
  // Options of tmux itself come from no file: the user's own tmux is another one, and stays untouched.
  const tmux = async (...args: readonly string[]): Promise<string> => {
    const { code, stdout, stderr } = await realm.run('tmux', ['-S', socket, '-f', '/dev/null', ...args], {
      env: { TERM: 'xterm-256color', ...env },
      cwd,
    });
    if (code !== 0) throw new Error(`tmux ${args.join(' ')}: ${stderr}`);
    return stdout;
  };
  await tmux('new-session', '-d', '-s', 'main', '-x', '130', '-y', '45', '-c', cwd, ...command);
  await tmux('set-option', '-g', 'history-limit', '5000');
  const pid = Number((await tmux('display-message', '-p', '#{pid}')).trim());

  const screen = async (): Promise<string> => await tmux('capture-pane', '-p', '-J', '-S', '-3000', '-t', 'main');
  const press = async (...keys: readonly string[]): Promise<void> => void (await tmux('send-keys', '-t', 'main', ...keys));
  const waitFor: Tmux['waitFor'] = async (wanted, ms = 40_000) => {
    const until = Date.now() + ms;
    for (;;) {
      const shown = await screen();
      if (typeof wanted === 'string' ? shown.includes(wanted) : wanted.test(shown)) return shown;
      if (Date.now() > until) throw new Error(`waiting for ${String(wanted)}: not within ${String(ms)} ms. The screen:\n${shown}`);
      await new Promise((resolve) => setTimeout(resolve, 60));
    }
  };
  return {
    type: async (text) => void (await tmux('send-keys', '-t', 'main', '-l', '--', text)),
    press,
    screen,
    visible: async () => await tmux('capture-pane', '-p', '-J', '-t', 'main'),
    waitFor,
    async pressUntil(key, wanted, ms = 40_000) {
      const until = Date.now() + ms;
      for (;;) {
        await press(key);
        try {
          return await waitFor(wanted, 2000);
        } catch (error) {
          if (Date.now() > until) throw error;
        }
      }
    },
    async kill() {
      // Its own id, since it runs in the background of a process that is gone.
      await realm.run('kill', [String(pid)], { env, cwd }).catch(() => undefined);
    },
  };
}
