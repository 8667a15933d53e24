import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { claudeNeeds, QUIET, type RealmHome } from '../support/realm.ts';
import type { RunResult } from '../support/sandbox.ts';
import { type ModelCall } from '../support/simulate.ts';
import { openTmux, type Tmux } from '../support/tmux.ts';
import { readTree } from '../support/tree.ts';
import { useRealm, useSimulation } from '../support/stage.ts';
import { initWords } from '../support/use.ts';

const missing = claudeNeeds();

/** How a new shell of each kind starts, and which target it stands for. */
const STARTS = [
  { target: 'bash', shell: 'bash', flags: '-ic' },
  { target: 'zsh', shell: 'zsh', flags: '-ic' },
  { target: 'fish', shell: 'fish', flags: '-c' },
  { target: 'user', shell: 'sh', flags: '-c' },
] as const;

const ASK_EACH = ['--model opus', '--model sonnet', '--model haiku', '--model fable', '']
  .map((model) => `claude -p hi ${model}`)
  .join('; ');

const call = (model: string, maxTokens: number, answer = '200'): ModelCall => ({ model, maxTokens, answer });
/** With the room for an answer its window is too small for what Claude Code sends first, as `switch` says. */
const tooSmall = call('qwen/qwen-2.5-72b-instruct', 16384, '400');

describe.skipIf(missing)('the real Claude Code, started by a new shell after `orcc init`', () => {
  const realm = useRealm();
  const simulation = useSimulation(realm);
  let tmux: Tmux | undefined;

  afterEach(async () => {
    await tmux?.kill();
    tmux = undefined;
  });

  /** A home that is in use: profiles, settings, and Claude Code's own state from earlier. */
  function makeUsedHome(): RealmHome {
    const box = realm.makeHome();
    const write = (name: string, text: string, mode: number): void => {
      mkdirSync(path.dirname(path.join(box.home, name)), { recursive: true });
      writeFileSync(path.join(box.home, name), text, { mode });
    };
    write('.bashrc', 'case $- in *i*) ;; *) return;; esac\nalias ll="ls -l"', 0o644);
    write('.profile', '[ -n "$BASH_VERSION" ] && [ -f "$HOME/.bashrc" ] && . "$HOME/.bashrc"\n', 0o600);
    write('.zshrc', 'setopt no_beep\n', 0o644);
    write('.config/fish/config.fish', 'set -g fish_greeting\n', 0o644);
    write('.claude/settings.json', '{\r\n    "includeCoAuthoredBy": false\r\n}', 0o640);
    // Neither the first-start questions nor the one about trust (interactive starts).
    write(
      '.claude.json',
      JSON.stringify({ hasCompletedOnboarding: true, projects: { [box.cwd]: { hasTrustDialogAccepted: true } } }),
      0o600,
    );
    return { ...box, env: { ...box.env, ...QUIET } };
  }

  async function orcc(box: RealmHome, ...args: readonly string[]): Promise<RunResult> {
    const result = await realm.run('orcc', args, { env: box.env, cwd: box.cwd, input: simulation.key });
    expect(result.code, result.stdout + result.stderr).toBe(0);
    return result;
  }

  const init = (box: RealmHome, target: string, ...more: readonly string[]): Promise<RunResult> =>
    orcc(box, ...initWords(['--key-stdin', '--target', target, ...more], simulation.baseUrl));

  describe.each(STARTS)('target $target', ({ target, shell, flags }) => {
    const absent = claudeNeeds({ program: shell });

    it.skipIf(absent)(
      'asks for the mapped models with the derived max_tokens, after `switch` for the new ones, after `remove` all is as before',
      async () => {
        const box = makeUsedHome();
        const before = readTree(box.home);
        const ask = async (command: string): Promise<RunResult> => await realm.run(shell, [flags, command], { env: box.env, cwd: box.cwd });

        await init(box, target);
        simulation.takeCalls();
        const first = await ask(ASK_EACH);
        expect(simulation.takeCalls(), first.stderr).toEqual([
          call('z-ai/glm-4.7', 32000),
          call('qwen/qwen3-coder-next', 32000),
          call('z-ai/glm-4.7-flash', 32000),
          call('z-ai/glm-4.7', 32000),
          call('qwen/qwen3-coder-next', 32000),
        ]);
        expect(first.stdout).toBe(
          ['z-ai/glm-4.7', 'qwen/qwen3-coder-next', 'z-ai/glm-4.7-flash', 'z-ai/glm-4.7', 'qwen/qwen3-coder-next']
            .map((model) => `Hello from the simulator: ${model} answers.\n`)
            .join(''),
        );

        // The new small model gives at most 16384 tokens in one answer, which then is the limit of all.
        await orcc(
          box,
          'switch',
          '--yes',
          'opus=z-ai/glm-5.3',
          'sonnet=minimax/minimax-m3',
          'haiku=qwen/qwen-2.5-72b-instruct',
          '--default',
          'haiku',
        );
        const second = await ask(ASK_EACH);
        expect(simulation.takeCalls(), second.stderr).toEqual([
          call('z-ai/glm-5.3', 16384),
          call('minimax/minimax-m3', 16384),
          tooSmall,
          call('z-ai/glm-5.3', 16384),
          tooSmall,
        ]);

        await orcc(box, 'switch', '--yes', '--native');
        const native = await ask('claude -p hi');
        expect(native.stdout + native.stderr).toContain('Not logged in');
        await orcc(box, 'switch', '--yes', '--back');
        await ask('claude -p hi');
        expect(simulation.takeCalls()).toEqual([tooSmall]);

        await orcc(box, 'remove', '--yes');
        const gone = await ask('claude -p hi');
        expect(gone.stdout + gone.stderr).toContain('Not logged in');
        expect(simulation.takeCalls()).toEqual([]);
        expect(simulation.problems()).toEqual([]);
        expectNothingLeft(box, before);
      },
    );
  });

  /** Every file that was there is the same; what is new is Claude Code's own, and none of it holds the key. */
  function expectNothingLeft(box: RealmHome, before: Record<string, string>): void {
    const after = readTree(box.home);
    // Claude Code keeps its counters in this file; everything else must be byte-identical.
    const same = Object.keys(before).filter((name) => name !== '.claude.json');
    expect(Object.fromEntries(same.map((name) => [name, after[name]]))).toEqual(
      Object.fromEntries(same.map((name) => [name, before[name]])),
    );
    const fresh = Object.keys(after).filter((name) => !(name in before));
    const others = fresh.filter(
      (name) =>
        !/^(\.claude\/(backups|history|plugins|projects|session|shell-snapshots|sessions|statsig|todos)|\.local(\/share|\/state)?(\/claude|$)|\.local\/share\/fish)/.test(
          name,
        ),
    );
    expect(others).toEqual([]);
    for (const name of readdirSync(box.home, { recursive: true, encoding: 'utf8' })) {
      const file = path.join(box.home, name);
      if (after[name]?.startsWith('folder') === false)
        expect(readFileSync(file).includes(simulation.key), `the key in ${name}`).toBe(false);
    }
  }

  it('a subagent with a model of its own asks for that alias, the rest goes to the default', async () => {
    const box = makeUsedHome();
    await init(box, 'user');
    simulation.takeCalls();
    const { stdout, stderr } = await realm.run('claude', ['-p', 'agent[haiku]: hello'], { env: box.env, cwd: box.cwd });
    expect(
      simulation.takeCalls().map(({ model }) => model),
      stderr,
    ).toEqual(['qwen/qwen3-coder-next', 'z-ai/glm-4.7-flash', 'qwen/qwen3-coder-next']);
    expect(stdout).toMatch(/^Done\. The tool answered: /);
  });

  it('a session that loads a project adds the mapping of the folder it stands in', async () => {
    const box = makeUsedHome();
    await init(box, 'user');
    await orcc(box, 'init', '--yes', '--target', 'local', '--haiku', 'deepseek/deepseek-v4-flash', '--no-test');
    simulation.takeCalls();
    const inside = await realm.run('claude', ['-p', 'hi', '--model', 'haiku'], { env: box.env, cwd: box.cwd });
    expect(
      simulation.takeCalls().map(({ model }) => model),
      inside.stderr,
    ).toEqual(['deepseek/deepseek-v4-flash']);
  });

  describe('interactive, under tmux', () => {
    const absent = claudeNeeds({ program: 'tmux' });

    async function openClaude(box: RealmHome): Promise<Tmux> {
      tmux = await openTmux(realm, ['bash'], { ...box.env, HISTFILE: '/dev/null' }, box.cwd);
      await tmux.type('claude');
      await tmux.press('Enter');
      await tmux.waitFor(/mode on/, 60_000);
      return tmux;
    }

    async function askFor(terminal: Tmux, text: string): Promise<void> {
      await terminal.type(text);
      await terminal.waitFor(text);
      await terminal.press('Enter');
    }

    it.skipIf(absent)(
      "after init's auto-mode answer it runs a Bash call, and asks an ordinary question before one that needs consent",
      async () => {
        const box = makeUsedHome();
        await init(box, 'bash', '--no-auto-mode');
        simulation.takeCalls();
        const terminal = await openClaude(box);
        expect(await terminal.screen()).toMatch(/qwen\/qwen3-coder-next[\s\S]*manual mode on/);
        await askFor(terminal, 'run: echo hello-orcc');
        await terminal.waitFor('Done. The tool answered: hello-orcc');
        await askFor(terminal, 'run: node -e "console.log(6 * 7, process.env.ANTHROPIC_MODEL)"');
        await terminal.waitFor(/Do you want to proceed\?\s+❯ 1\. Yes/);
        await terminal.pressUntil('Enter', 'Done. The tool answered: 42 sonnet');
        expect(await terminal.screen()).not.toMatch(/Auto mode can.t check/);
        expect(simulation.takeCalls()).toEqual(Array.from({ length: 4 }, () => call('qwen/qwen3-coder-next', 32000)));
        expect(simulation.problems()).toEqual([]);
      },
    );

    it.skipIf(absent)('without that answer its safety check fails through the gateway, as orcc says', async () => {
      const box = makeUsedHome();
      await init(box, 'bash');
      const terminal = await openClaude(box);
      expect(await terminal.screen()).toContain('auto mode on');
      await askFor(terminal, 'run: node -e "console.log(6 * 7)"');
      await terminal.waitFor(/Auto mode can.t check actions in this session/);
    });
  });
});
