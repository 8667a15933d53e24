import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { claudeNeeds, QUIET, type RealmHome } from '../support/realm.ts';
import type { Simulation } from '../support/simulate.ts';
import { openTmux } from '../support/tmux.ts';
import { setUpIn, useRealm, useSimulation } from '../support/stage.ts';

const missing = claudeNeeds();
const noTmux = claudeNeeds({ program: 'tmux' });

interface Row {
  readonly alias: string;
  readonly verdict: string;
  readonly finding: { readonly code: string } | null;
  readonly client: {
    readonly verdict: string;
    readonly servedModel: string;
    readonly shownModel: string;
    readonly usedTool: boolean;
    readonly version: string;
  };
}

interface Document {
  readonly data: { readonly aliases: readonly Row[] };
  readonly findings: readonly { readonly code: string }[];
}

describe.skipIf(missing)('`orcc test --via claude`, the built program against `orcc simulate`', () => {
  const realm = useRealm();
  const simulation = useSimulation(realm);
  const faulty = useSimulation(realm, ['no-tool-support@z-ai/glm-4.7-flash']);
  const slow = useSimulation(realm, ['slow']);

  const makeSetUp = (to: Simulation, ...mapping: readonly string[]): Promise<RealmHome> =>
    setUpIn(realm, to, [...mapping, '--target', 'user']);

  async function viaClaude(
    box: RealmHome,
  ): Promise<{ readonly code: number | null; readonly rows: readonly Row[]; readonly findings: readonly { readonly code: string }[] }> {
    const { code, stdout, stderr } = await realm.run('orcc', ['test', '--via', 'claude', '--json'], {
      env: { ...box.env, ...QUIET },
      cwd: box.cwd,
      timeout: 120_000,
    });
    expect(stdout, stderr).not.toBe('');
    const { data, findings } = JSON.parse(stdout) as Document;
    return { code, rows: data.aliases, findings };
  }

  const scratchFolders = (box: RealmHome): string[] =>
    readdirSync(box.env['TMPDIR'] ?? '').filter((name) => name.startsWith('orcc-claude-'));

  it("compares the served model of each alias, and loads neither the user's hooks nor MCP servers nor the project's", async () => {
    const box = await makeSetUp(simulation, '--preset', 'guide');
    const mark = (name: string): string => path.join(box.home, `${name}.ran`);
    const hooks = (name: string) => ({
      SessionStart: [{ hooks: [{ type: 'command', command: `touch '${mark(name)}'` }] }],
      UserPromptSubmit: [{ hooks: [{ type: 'command', command: `touch '${mark(name)}'` }] }],
    });
    const server = (name: string) => ({ mcpServers: { [name]: { type: 'stdio', command: 'touch', args: [mark(name)] } } });
    const write = (file: string, value: unknown): void => {
      mkdirSync(path.dirname(file), { recursive: true });
      writeFileSync(file, JSON.stringify(value));
    };
    const settings = path.join(box.home, '.claude/settings.json');
    write(settings, { ...JSON.parse(readFileSync(settings, 'utf8')), hooks: hooks('user-hook') });
    write(path.join(box.home, '.claude.json'), { ...server('user-mcp'), projects: { [box.cwd]: { hasTrustDialogAccepted: true } } });
    write(path.join(box.cwd, '.claude/settings.json'), { hooks: hooks('project-hook'), enableAllProjectMcpServers: true });
    write(path.join(box.cwd, '.mcp.json'), server('project-mcp'));
    const ran = (): string[] =>
      readdirSync(box.home)
        .filter((name) => name.endsWith('.ran'))
        .sort();

    simulation.takeCalls();
    const { code, rows, findings } = await viaClaude(box);
    expect({ code, findings }).toEqual({ code: 0, findings: [] });
    expect(
      rows.map(({ alias, verdict, client }) => [
        alias,
        verdict,
        client.verdict,
        // The dated name of the same model.
        client.servedModel.replace(/-\d{8}$/, ''),
        client.shownModel.replace('[1m]', ''),
        client.usedTool,
      ]),
    ).toEqual(
      Object.entries({ opus: 'z-ai/glm-4.7', sonnet: 'qwen/qwen3-coder-next', haiku: 'z-ai/glm-4.7-flash', fable: 'z-ai/glm-4.7' }).map(
        ([alias, model]) => [alias, 'ok', 'ok', model, model, true],
      ),
    );
    expect(ran()).toEqual([]);
    expect(scratchFolders(box)).toEqual([]);
    expect(simulation.problems()).toEqual([]);

    // The same hooks and servers do run when the user starts Claude Code: so the silence above means something.
    await realm.run('claude', ['-p', 'hi'], { env: { ...box.env, ...QUIET }, cwd: box.cwd });
    expect(ran()).toEqual(['project-hook.ran', 'project-mcp.ran', 'user-hook.ran', 'user-mcp.ran']);
  });

  it('has nothing to say where Claude Code shows a name instead of an id, as for models of Anthropic', async () => {
    const box = await makeSetUp(
      simulation,
      '--opus',
      'anthropic/claude-opus-5.5',
      '--sonnet',
      'anthropic/claude-sonnet-4.6',
      '--haiku',
      '~anthropic/claude-haiku-latest',
    );
    const { code, rows, findings } = await viaClaude(box);
    expect({ code, findings }).toEqual({ code: 0, findings: [] });
    expect(rows.map(({ client }) => client.verdict)).toEqual(['ok', 'ok', 'ok', 'ok']);
  });

  it('tells which alias fails, and keeps the cause that Claude Code hides', async () => {
    const { code, rows } = await viaClaude(await makeSetUp(faulty, '--preset', 'guide'));
    expect(code).toBe(1);
    expect(rows.map(({ alias, verdict, finding, client }) => [alias, verdict, finding?.code, client.verdict])).toEqual([
      ['opus', 'ok', undefined, 'ok'],
      ['sonnet', 'ok', undefined, 'ok'],
      ['haiku', 'failed', 'NO_TOOLS', 'failed'],
      ['fable', 'ok', undefined, 'ok'],
    ]);
  });

  describe('stopped while Claude Code waits for an answer', () => {
    /** A gateway that is slow with each answer, so that there is time. */

    /** Ids of the processes whose environment names the box: orcc, and every client that it started. */
    function processesOf(box: RealmHome, wanted: RegExp): number[] {
      return readdirSync('/proc').flatMap((name) => {
        if (!/^\d+$/.test(name)) return [];
        try {
          const isOurs = readFileSync(`/proc/${name}/environ`, 'utf8').includes(box.env['TMPDIR'] ?? '/');
          return isOurs && wanted.test(readFileSync(`/proc/${name}/cmdline`, 'utf8')) ? [Number(name)] : [];
        } catch {
          return [];
        }
      });
    }

    const CLIENT = /stream-json/;

    async function waitForClients(box: RealmHome): Promise<readonly number[]> {
      await expect.poll(() => processesOf(box, CLIENT).length, { timeout: 60_000, interval: 50 }).toBeGreaterThan(0);
      return processesOf(box, CLIENT);
    }

    async function expectNothingRuns(box: RealmHome): Promise<void> {
      // They were told to end before orcc did; the system may take a moment to bury them.
      await expect.poll(() => processesOf(box, /./), { timeout: 3000, interval: 50 }).toEqual([]);
      expect(scratchFolders(box)).toEqual([]);
    }

    it.each([
      ['SIGINT', 130],
      ['SIGTERM', 143],
    ] as const)('by %s to orcc alone: exit %i, no client is left, no folder either', async (signal, wanted) => {
      const box = await makeSetUp(slow, '--preset', 'guide');
      const child = realm.start('orcc', ['test', 'opus', 'sonnet', '--via', 'claude', '--quick'], { ...box.env, ...QUIET });
      const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
      const clients = await waitForClients(box);
      expect(clients.length).toBeGreaterThan(0);
      const started = Date.now();
      child.kill(signal);
      expect(await ended).toBe(wanted);
      expect(Date.now() - started).toBeLessThan(3000);
      await expectNothingRuns(box);
    });

    it.skipIf(noTmux)('by Ctrl-C in a terminal: exit 130, what is known is shown, no client is left', async () => {
      const box = await makeSetUp(slow, '--preset', 'guide');
      const tmux = await openTmux(realm, ['bash', '--norc'], { ...box.env, ...QUIET, HISTFILE: '/dev/null' }, box.cwd);
      await tmux.type('orcc test opus --via claude --quick; echo "ended with $?"');
      await tmux.press('Enter');
      await waitForClients(box);
      await tmux.press('C-c');
      const screen = await tmux.waitFor(/^ended with \d+$/m);
      expect(screen).toContain('ended with 130');
      expect(screen).toMatch(/opus\s.*z-ai\/glm-4\.7/);
      await tmux.kill();
      await expectNothingRuns(box);
    });
  });

  it('without Claude Code says so, and tests all the same', async () => {
    const box = await makeSetUp(simulation, '--preset', 'guide');
    const bare = (box.env['PATH'] ?? '')
      .split(':')
      .filter((folder) => !existsSync(path.join(folder, 'claude')))
      .join(':');
    const { code, stdout } = await realm.run(process.execPath, [realm.orcc, 'test', '--via', 'claude', '--json'], {
      env: { ...box.env, PATH: bare },
      cwd: box.cwd,
    });
    const { data, findings } = JSON.parse(stdout) as Document;
    expect({ code, findings: findings.map((each) => each.code) }).toEqual({ code: 1, findings: ['CLAUDE_MISSING'] });
    expect(data.aliases.map((each) => each.verdict)).toEqual(['ok', 'ok', 'ok', 'ok']);
  });
});
