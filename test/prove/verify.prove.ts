import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { compareVersions } from '../../src/claude/version.ts';
import type { StatusData } from '../../src/commands/status/data.ts';
import { canMount, claudeNeeds, QUIET, type RealmHome } from '../support/realm.ts';
import { setUpIn, useRealm, useSimulation } from '../support/stage.ts';

const missing = claudeNeeds();
const managed = canMount();

interface Printed {
  readonly ok: boolean;
  readonly data: StatusData;
  readonly findings: readonly { readonly code: string; readonly subject?: string; readonly evidence: readonly string[] }[];
}

describe.skipIf(missing)('orcc status --verify with the real Claude Code', () => {
  const realm = useRealm({ managed });
  const simulation = useSimulation(realm);

  const setUp = (target: string): Promise<RealmHome> => setUpIn(realm, simulation, ['--target', target]);

  async function verify(box: RealmHome, more: Readonly<Record<string, string>> = {}): Promise<Printed & { readonly code: number | null }> {
    const { code, stdout } = await realm.run('orcc', ['status', '--verify', '--json'], { env: { ...box.env, ...more }, cwd: box.cwd });
    return { code, ...(JSON.parse(stdout) as Printed) };
  }

  const put = (box: RealmHome, name: string, settings: unknown): void => {
    const file = path.join(box.cwd, '.claude', name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, typeof settings === 'string' ? settings : JSON.stringify(settings));
  };
  const agrees = ({ data }: Printed): readonly unknown[] =>
    data.verify?.views.flatMap(({ from, compared }) => compared.map(({ what, claude, agrees: yes }) => [from, what, claude, yes])) ?? [];

  it('agrees with a set-up in bash, in a new terminal and in this one, and asks no model', async () => {
    const box = await setUp('bash');
    simulation.takeCalls();
    const printed = await verify(box);
    expect(agrees(printed)).toEqual([
      ['startup', 'model', 'qwen/qwen3-coder-next', true],
      ['startup', 'credential', 'oauth_token', true],
      ['startup', 'base URL', simulation.baseUrl, true],
      ['process', 'model', expect.stringMatching(/^Opus \d/), true],
      ['process', 'credential', 'none', true],
      ['process', 'base URL', 'none', true],
    ]);
    expect([printed.code, printed.ok, printed.findings]).toEqual([0, true, []]);
    expect(simulation.takeCalls()).toEqual([]);
  });

  it('agrees with user settings, leaves a project that maps out and says so, and names a file that Claude Code drops', async () => {
    const box = await setUp('user');
    put(box, 'settings.json', { env: { ANTHROPIC_DEFAULT_SONNET_MODEL: 'minimax/minimax-m3' } });
    put(box, 'settings.local.json', '{"env": {"ANTHROPIC_DEFAULT_SONNET_MODEL": "x/y",}}');
    const printed = await verify(box);
    expect(agrees(printed)).toEqual([
      ['process', 'model', 'qwen/qwen3-coder-next', true],
      ['process', 'credential', 'oauth_token', true],
      ['process', 'base URL', simulation.baseUrl, true],
    ]);
    expect(printed.data.verify?.leftOut).toEqual(
      ['settings.local.json', 'settings.json'].map((name) => path.join(box.cwd, '.claude', name)),
    );
    const user = path.join(box.home, '.claude', 'settings.json');
    writeFileSync(user, '{"env": {"A": "b",}}');
    // Older versions drop it without a word.
    const dropped =
      compareVersions(printed.data.verify?.version ?? '', '2.1.300') < 0 ? [] : [['process', 'settings that did not load', user, true]];
    expect(agrees(await verify(box)).slice(-dropped.length || Infinity)).toEqual(dropped);
    expect(printed.code).toBe(0);
  });

  it.skipIf(claudeNeeds({ fact: managed, factName: 'private mounts (unshare -rnm)' }))('agrees with managed settings', async () => {
    const box = await setUp('user');
    const folder = path.join(realm.folder, 'etc', 'claude-code');
    mkdirSync(folder, { recursive: true });
    writeFileSync(
      path.join(folder, 'managed-settings.json'),
      JSON.stringify({ env: { ANTHROPIC_MODEL: 'z-ai/glm-5.3', ANTHROPIC_BASE_URL: 'https://managed.example' } }),
    );
    try {
      const printed = await verify(box);
      expect(agrees(printed)).toEqual([
        ['process', 'model', 'z-ai/glm-5.3', true],
        ['process', 'credential', 'oauth_token', true],
        ['process', 'base URL', 'https://managed.example', true],
      ]);
    } finally {
      rmSync(path.join(folder, 'managed-settings.json'));
    }
  });

  it('runs no hook, MCP server or status line of the user’s, bypasses nothing, and keeps no session', async () => {
    const box = await setUp('user');
    const mark = path.join(box.home, 'MARK');
    const hook = [{ hooks: [{ type: 'command', command: `touch ${mark}` }] }];
    put(box, 'settings.json', {
      hooks: { SessionStart: hook, UserPromptSubmit: hook, SessionEnd: hook },
      permissions: { defaultMode: 'bypassPermissions' },
      statusLine: { type: 'command', command: `touch ${mark}` },
      enableAllProjectMcpServers: true,
    });
    writeFileSync(path.join(box.cwd, '.mcp.json'), JSON.stringify({ mcpServers: { m: { command: 'touch', args: [mark] } } }));
    expect((await verify(box)).code).toBe(0);
    expect(existsSync(mark)).toBe(false);
    const projects = path.join(box.home, '.claude', 'projects');
    const kept = existsSync(projects) ? readdirSync(projects, { recursive: true, encoding: 'utf8' }) : [];
    expect(kept.filter((name) => name.endsWith('.jsonl'))).toEqual([]);
  });

  it('finds what only running a start-up file shows', async () => {
    const box = await setUp('bash');
    const file = path.join(box.home, '.bashrc');
    writeFileSync(file, `${readFileSync(file, 'utf8')}\nv=ANTHROPIC_DEFAULT_SONNET_MODEL; export "$v=else/model"\n`);
    const printed = await verify(box);
    expect([printed.code, printed.findings.map(({ code }) => code)]).toEqual([1, ['SHELL_DIFFERS', 'STATUS_DIFFERS']]);
    expect(printed.findings[1]?.evidence.join('\n')).toMatch(/else\/model[\s\S]*qwen\/qwen3-coder-next/);
  });

  it('finds that Claude Code does otherwise than the files say', async () => {
    const box = await setUp('user');
    // A wrapper that changes what Claude Code gets is what no reading of the files can see.
    const bin = path.join(box.home, 'bin');
    mkdirSync(bin);
    writeFileSync(path.join(bin, 'claude'), `#!/bin/sh\nexec "${path.join(realm.folder, 'bin', 'claude')}" --model other/model "$@"\n`, {
      mode: 0o755,
    });
    const env = { PATH: `${bin}${path.delimiter}${realm.path}` };
    const version = await realm.run('claude', ['--version'], { env: { ...box.env, ...QUIET, ...env }, cwd: box.cwd });
    expect(version.stdout).toMatch(/^\d/);
    const printed = await verify(box, env);
    expect(printed.code).toBe(1);
    expect(printed.findings.map(({ code, subject }) => [code, subject])).toContainEqual(['STATUS_DIFFERS', 'model']);
  });

  it('never asks an old version anything but its version', async () => {
    const box = await setUp('user');
    const bin = path.join(box.home, 'bin');
    const log = path.join(box.home, 'asked');
    mkdirSync(bin);
    writeFileSync(path.join(bin, 'claude'), `#!/bin/sh\necho "$*" >> '${log}'\necho '2.1.1 (Claude Code)'\n`, { mode: 0o755 });
    const printed = await verify(box, { PATH: `${bin}${path.delimiter}${realm.path}` });
    expect([printed.code, printed.findings.map(({ code }) => code)]).toEqual([1, ['CLAUDE_TOO_OLD']]);
    expect(readFileSync(log, 'utf8')).toBe('--version\n');
  });

  describe('subagents', () => {
    const agent = (name: string, more: string): string => `---\nname: ${name}\ndescription: d\n${more}---\nbody\n`;

    it('are those that Claude Code itself has', async () => {
      const box = await setUp('user');
      const put2 = (at: string, text: string): void => {
        mkdirSync(path.dirname(path.join(box.cwd, at)), { recursive: true });
        writeFileSync(path.join(box.cwd, at), text);
      };
      mkdirSync(path.join(box.cwd, 'sub', 'deep'), { recursive: true });
      put2('.git/HEAD', 'ref: refs/heads/main\n');
      put2('.claude/agents/top.md', agent('top', 'model: opus\n'));
      put2('.claude/agents/.x.y/nested.md', agent('nested', ''));
      put2('.claude/agents/nameless.md', '---\ndescription: d\n---\nbody\n');
      put2('.claude/agents/silent.md', '---\nname: silent\n---\nbody\n');
      put2('.claude/agents/upper.MD', agent('upper', ''));
      put2('sub/.claude/agents/near.md', agent('near', 'model: haiku # small\n'));
      mkdirSync(path.join(box.home, '.claude', 'agents'), { recursive: true });
      writeFileSync(path.join(box.home, '.claude', 'agents', 'mine.md'), agent('mine', 'model: fable\n'));
      const cwd = path.join(box.cwd, 'sub', 'deep');
      const env = { ...box.env, ...QUIET };
      const said = await realm.run('claude', ['-p', 'hi', '--output-format', 'stream-json', '--verbose'], { env, cwd });
      const init = said.stdout.split('\n').find((line) => line.includes('"init"')) ?? '{}';
      const own = new Set(['claude', 'Explore', 'general-purpose', 'Plan', 'statusline-setup', 'output-style-setup']);
      const wanted = ((JSON.parse(init) as { agents?: string[] }).agents ?? []).filter((name) => !own.has(name));
      const { stdout } = await realm.run('orcc', ['status', '--json'], { env: box.env, cwd });
      const found = (JSON.parse(stdout) as Printed).data.agents.map(({ name }) => name);
      expect([...found].sort()).toEqual([...wanted].sort());
      expect(found).toEqual(expect.arrayContaining(['top', 'near', 'mine', 'nested']));
    });
  });
});
