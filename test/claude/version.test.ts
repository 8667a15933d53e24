import { describe, expect, it } from 'vitest';
import { compareVersions, shortcomingsOf, readClaudeVersion } from '../../src/claude/version.ts';
import type { Env, Exec } from '../../src/core/context.ts';
import { memoryFiles } from '../support/memory-files.ts';

function execOf(stdout: string | null, onPath = true) {
  const calls: { file: string; args: readonly string[]; env: Env }[] = [];
  const exec: Exec = {
    find: () => (onPath ? '/usr/bin/claude' : undefined),
    run: (file, args, options) => {
      calls.push({ file, args, env: options.env });
      return Promise.resolve({
        code: stdout === null ? null : 0,
        stdout: stdout ?? '',
        stderr: '',
        timedOut: stdout === null,
        notFound: false,
      });
    },
  };
  return { exec, calls };
}

describe('the version of Claude Code', () => {
  it.each([
    ['2.1.330 (Claude Code)\n', '2.1.330', 'supported'],
    ['2.1.212 (Claude Code)', '2.1.212', 'supported'],
    ['2.1.211 (Claude Code)', '2.1.211', 'limited'],
    ['2.1.54 (Claude Code)', '2.1.54', 'limited'],
    ['1.0.128 (Claude Code)', '1.0.128', 'old'],
  ])('is read from %j as %s: %s', async (stdout, version, support) => {
    const { exec, calls } = execOf(stdout);
    expect(await readClaudeVersion({ exec, env: {}, platform: 'linux' })).toEqual({
      installed: true,
      path: '/usr/bin/claude',
      version,
      support,
    });
    expect(calls.map(({ args }) => args)).toEqual([['--version']]);
  });

  it.each([['nonsense'], [null]])('is unknown where the program answers %j', async (stdout) => {
    expect(await readClaudeVersion({ exec: execOf(stdout).exec, env: {}, platform: 'linux' })).toMatchObject({
      installed: true,
      support: 'unknown',
    });
  });

  it('is asked for without handing over a token or a key', async () => {
    const { exec, calls } = execOf('2.1.330');
    await readClaudeVersion({
      exec,
      env: { PATH: '/bin', ANTHROPIC_AUTH_TOKEN: 'x', OPENROUTER_API_KEY: 'y', ANTHROPIC_API_KEY: 'z' },
      platform: 'linux',
    });
    expect(Object.keys(calls[0]?.env ?? {}).sort()).toEqual(['DISABLE_AUTOUPDATER', 'PATH']);
  });

  it('starts nothing where Claude Code is not there', async () => {
    const { exec, calls } = execOf('2.1.330', false);
    expect(await readClaudeVersion({ exec, env: {}, platform: 'linux', home: '/h', fs: memoryFiles({}) })).toEqual({
      installed: false,
      support: 'unknown',
    });
    expect(calls).toEqual([]);
  });

  it('is found where its installer puts it, off the PATH', async () => {
    const fs = memoryFiles({ '/h/.local/bin/claude': '' });
    expect(await readClaudeVersion({ exec: execOf('2.1.330', false).exec, env: {}, platform: 'linux', home: '/h', fs })).toMatchObject({
      path: '/h/.local/bin/claude',
      offPath: true,
      version: '2.1.330',
    });
  });

  it('compares by number, not by letter', () => {
    expect(compareVersions('2.1.54', '2.1.212')).toBeLessThan(0);
    expect(compareVersions('2.1.0', '2.1')).toBe(0);
    expect(compareVersions('3.0.0', '2.9.999')).toBeGreaterThan(0);
  });

  it('says less the newer it is', () => {
    const counts = ['2.0.0', '2.1.54', '2.1.212', '2.1.300', '2.1.330'].map((version) => shortcomingsOf(version).length);
    expect(counts).toEqual([...counts].sort((one, other) => other - one));
    expect(shortcomingsOf('2.1.330')).toEqual([]);
    expect(shortcomingsOf('2.1.169').join()).toContain('fable');
    expect(shortcomingsOf('2.1.170').join()).not.toContain('fable');
    expect(shortcomingsOf('2.1.246').join()).toContain('effort');
    expect(shortcomingsOf('2.1.260').join()).not.toContain('effort');
    expect(shortcomingsOf('2.1.329')).toEqual([expect.stringContaining('auto mode')]);
  });
});
