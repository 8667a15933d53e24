import { describe, expect, it } from 'vitest';
import { listSessions, readSessions } from '../../src/claude/sessions.ts';
import type { Context, Exec } from '../../src/core/context.ts';
import type { MemoryFile } from '../support/memory-files.ts';
import { memoryFiles } from '../support/memory-files.ts';

type Table = Record<string, string | MemoryFile>;

const NOW = 1_000_000_000;

function contextOf(platform: NodeJS.Platform, files: Table, stdout = ''): { ctx: Parameters<typeof listSessions>[0]; calls: string[] } {
  const calls: string[] = [];
  const exec: Exec = {
    find: () => undefined,
    run: (file) => {
      calls.push(file);
      return Promise.resolve({ code: 0, stdout, stderr: '', timedOut: false, notFound: false });
    },
  };
  const clock: Context['clock'] = { now: () => NOW, monotonic: () => 0, sleep: () => Promise.resolve() };
  const home = platform === 'win32' ? 'C:\\Users\\u' : '/home/u';
  return {
    ctx: {
      fs: memoryFiles(files, platform),
      env: {},
      home,
      platform,
      cwd: platform === 'win32' ? 'C:\\w' : '/w',
      exec,
      clock,
      uid: 1000,
      pid: 9,
    },
    calls,
  };
}

function proc(pid: number, args: readonly string[], startTicks: number, cwd = '/w'): Table {
  const fields = Array.from({ length: 20 }, (_, index) => (index === 19 ? startTicks : 0));
  return {
    [`/proc/${pid}/cmdline`]: `${args.join('\0')}\0`,
    [`/proc/${pid}/stat`]: `${pid} (a) b) ${fields.join(' ')}`,
    [`/proc/${pid}/cwd`]: { link: cwd },
  };
}

describe('running sessions of Claude Code', () => {
  it('are found in /proc with folder and age, this process and other programs left out', async () => {
    const { ctx, calls } = contextOf('linux', {
      '/proc/uptime': '5000.00 9999.00\n',
      ...proc(11, ['/opt/claude/claude', '-p', 'hi'], 400_000, '/project'),
      ...proc(12, ['node', '/usr/lib/node_modules/@anthropic-ai/claude-code/cli.js'], 490_000),
      ...proc(9, ['claude'], 1),
      ...proc(13, ['vim', '/opt/claude'], 1),
      ...proc(14, ['claude', '--version'], 1),
      ...proc(15, ['/usr/bin/claude-desktop'], 1),
      '/proc/16/cmdline': { fails: 'EACCES' },
    });
    expect(await listSessions(ctx)).toEqual([
      { pid: 11, cwd: '/project', ageMs: 1_000_000 },
      { pid: 12, cwd: '/w', ageMs: 100_000 },
    ]);
    expect(calls).toEqual([]);
  });

  it('of other users are left out', async () => {
    const { ctx } = contextOf('linux', { '/proc/uptime': '5000 1', ...proc(11, ['claude'], 1) });
    expect(await listSessions({ ...ctx, uid: 1001 })).toEqual([]);
  });

  const own = (pid: number): string => JSON.stringify({ pid, cwd: '/project', startedAt: NOW - 60_000, version: '2.1.330' });

  it('come from ps on macOS, the folder from the file that each keeps of itself', async () => {
    const ps =
      '   11 01-02:03:04 /Users/u/.local/bin/claude\n   12    05:06 /Users/u/.local/share/claude/versions/2.1.330\n   13    05:06 zsh\n  bad line\n';
    const { ctx } = contextOf('darwin', { '/home/u/.claude/sessions/12.json': own(12), '/home/u/.claude/sessions/99.json': own(99) }, ps);
    expect(await listSessions(ctx)).toEqual(
      [
        { pid: 11, ageMs: (((24 + 2) * 60 + 3) * 60 + 4) * 1000, cwd: undefined },
        { pid: 12, ageMs: 306_000, cwd: '/project' },
      ].map((each) => JSON.parse(JSON.stringify(each)) as unknown),
    );
  });

  it('come from PowerShell on Windows', async () => {
    const { ctx } = contextOf('win32', { 'C:\\Users\\u\\.claude\\sessions\\21.json': own(21) }, '21 5000\r\nnoise\r\n');
    expect(await listSessions(ctx)).toEqual([{ pid: 21, ageMs: 5000, cwd: '/project' }]);
  });

  it('are none where nothing can be read', async () => {
    expect(await listSessions(contextOf('linux', {}).ctx)).toEqual([]);
    expect(await listSessions(contextOf('darwin', { '/home/u/.claude/sessions/1.json': 'no json' }, '').ctx)).toEqual([]);
  });

  describe('that keep a file of themselves, without starting a program', () => {
    const file = (pid: number, procStart?: string): string => JSON.stringify({ ...(JSON.parse(own(pid)) as object), procStart });

    it('are found on Linux while they are the same process', () => {
      const { ctx, calls } = contextOf('linux', {
        '/proc/uptime': '5000.00 9999.00\n',
        ...proc(11, ['claude'], 400_000, '/elsewhere'),
        ...proc(12, ['claude'], 400_000),
        ...proc(13, ['vim'], 400_000),
        ...proc(14, ['claude'], 400_000),
        '/home/u/.claude/sessions/11.json': file(11, '400000'),
        '/home/u/.claude/sessions/12.json': file(12, '399999'),
        '/home/u/.claude/sessions/13.json': file(13),
        '/home/u/.claude/sessions/14.json': file(14),
        '/home/u/.claude/sessions/15.json': file(15),
        '/home/u/.claude/sessions/11.abc.key': 'x',
      });
      expect(readSessions(ctx)).toEqual([11, 14].map((pid) => ({ pid, cwd: '/project', ageMs: 1_000_000 })));
      expect(calls).toEqual([]);
    });

    it.each(['darwin', 'win32'] as const)('are found on %s while their number is taken', (platform) => {
      const folder = platform === 'win32' ? 'C:\\Users\\u\\.claude\\sessions\\' : '/home/u/.claude/sessions/';
      const { ctx, calls } = contextOf(platform, { [`${folder}21.json`]: own(21), [`${folder}22.json`]: own(22) });
      const processes = { host: 'h', isRunning: (pid: number) => pid === 21 };
      expect(readSessions({ ...ctx, processes })).toEqual([{ pid: 21, cwd: '/project', ageMs: 60_000 }]);
      expect(readSessions(ctx)).toEqual([]);
      expect(calls).toEqual([]);
    });
  });
});
