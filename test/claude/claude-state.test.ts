import { describe, expect, it } from 'vitest';
import { readClaudeState } from '../../src/claude/claude-state.ts';
import type { MemoryFile } from '../support/memory-files.ts';
import { memoryFiles } from '../support/memory-files.ts';

const STATE = '/home/u/.claude.json';

function read(files: Record<string, string | MemoryFile>, cwd = '/w/deep', env: Record<string, string> = {}) {
  return readClaudeState({ fs: memoryFiles(files), env, home: '/home/u', platform: 'linux', cwd });
}

const trusting = (...folders: string[]): string =>
  JSON.stringify({
    hasCompletedOnboarding: true,
    projects: Object.fromEntries(folders.map((each) => [each, { hasTrustDialogAccepted: true }])),
  });

describe('what Claude Code remembers', () => {
  it('is nothing on a fresh machine', () => {
    expect(read({})).toEqual({ path: STATE, state: 'missing', onboarded: false, trusted: false, login: false, apiKey: false });
  });

  it.each<[string, string | MemoryFile]>([
    ['broken JSON', '{'],
    ['an array', '[]'],
    ['an unreadable file', { fails: 'EACCES' }],
    ['wrong types', '{"projects": 7}'],
  ])('is nothing usable in %s', (_what, file) => {
    expect(read({ [STATE]: file })).toMatchObject({ state: 'broken', onboarded: false, trusted: false });
  });

  it('tells trust of this folder and of one above it, but not above the git work tree', () => {
    expect(read({ [STATE]: trusting('/w/deep') })).toMatchObject({ onboarded: true, trusted: true });
    expect(read({ [STATE]: trusting('/w') }).trusted).toBe(true);
    expect(read({ [STATE]: trusting('/w'), '/w/deep/.git/HEAD': '' }).trusted).toBe(false);
    expect(read({ [STATE]: trusting('/w/other') }).trusted).toBe(false);
  });

  it('does not take any other value for yes', () => {
    expect(read({ [STATE]: '{"hasCompletedOnboarding": "yes", "projects": {"/w/deep": {"hasTrustDialogAccepted": 1}}}' })).toMatchObject({
      onboarded: false,
      trusted: false,
    });
  });

  it('tells a saved login, from its file or the account', () => {
    expect(read({ '/home/u/.claude/.credentials.json': '{"claudeAiOauth": {"accessToken": "sk-ant-oat01-x"}}' }).login).toBe(true);
    expect(read({ '/home/u/.claude/.credentials.json': '{"claudeAiOauth": {"accessToken": ""}}' }).login).toBe(false);
    expect(read({ [STATE]: '{"oauthAccount": {"emailAddress": "a@b"}}' }).login).toBe(true);
    expect(read({ [STATE]: '{"oauthAccount": null}' }).login).toBe(false);
  });

  it('moves with CLAUDE_CONFIG_DIR', () => {
    const files = { '/elsewhere/.claude.json': trusting('/w/deep'), [STATE]: '{}' };
    expect(read(files, '/w/deep', { CLAUDE_CONFIG_DIR: '/elsewhere' })).toMatchObject({ path: '/elsewhere/.claude.json', onboarded: true });
  });

  it('has an API key where `/login` saved one, and never in an empty or odd member', () => {
    expect(read({ [STATE]: '{"primaryApiKey": "sk-ant-api03-x"}' }).apiKey).toBe(true);
    for (const value of ['""', '" "', '42', 'null']) expect(read({ [STATE]: `{"primaryApiKey": ${value}}` }).apiKey).toBe(false);
  });

  it('is the file of the older name where that is there, and the other one does not count', () => {
    const older = '/home/u/.claude/.config.json';
    expect(read({ [STATE]: '{"primaryApiKey": "sk-ant-api03-x"}', [older]: trusting('/w') })).toMatchObject({
      path: older,
      trusted: true,
      apiKey: false,
    });
    const moved = read({ '/c/.config.json': '{"primaryApiKey": "sk-ant-api03-x"}' }, '/w', { CLAUDE_CONFIG_DIR: '/c' });
    expect(moved).toMatchObject({ path: '/c/.config.json', apiKey: true });
  });
});
