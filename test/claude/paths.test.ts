import { describe, expect, it } from 'vitest';
import { claudePaths } from '../../src/claude/paths.ts';

const at = (platform: NodeJS.Platform, env: Record<string, string> = {}) =>
  claudePaths({ platform, env, home: platform === 'win32' ? 'C:\\Users\\u' : '/home/u', cwd: platform === 'win32' ? 'D:\\w' : '/w' });

describe("the places of Claude Code's files", () => {
  it.each([
    ['linux', '/home/u/.claude/settings.json', '/w/.claude/settings.local.json', '/etc/claude-code/managed-settings.json'],
    [
      'darwin',
      '/home/u/.claude/settings.json',
      '/w/.claude/settings.local.json',
      '/Library/Application Support/ClaudeCode/managed-settings.json',
    ],
    [
      'win32',
      'C:\\Users\\u\\.claude\\settings.json',
      'D:\\w\\.claude\\settings.local.json',
      'C:\\Program Files\\ClaudeCode\\managed-settings.json',
    ],
  ] as const)('on %s', (platform, user, local, managed) => {
    expect(at(platform)).toMatchObject({ user, local, managed, folderDependsOnCwd: false });
  });

  it.each([
    ['/moved', '/moved/settings.json', false],
    ['cfg', '/w/cfg/settings.json', true],
    ['', '/w/settings.json', true],
  ])('follow CLAUDE_CONFIG_DIR=%j as Claude Code does', (value, user, depends) => {
    expect(at('linux', { CLAUDE_CONFIG_DIR: value })).toMatchObject({ user, folderDependsOnCwd: depends });
  });
});
