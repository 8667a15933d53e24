import { describe, expect, it } from 'vitest';
import type { Env, Exec, ExecOptions, ExecResult } from '../../../src/core/context.ts';
import { askClaude, type ClaudeSays } from '../../../src/commands/status/ask-claude.ts';

interface Call {
  readonly args: readonly string[];
  readonly options: ExecOptions;
}

const result = (stdout: string, more: Partial<ExecResult> = {}): ExecResult => ({
  code: 0,
  stdout,
  stderr: '',
  timedOut: false,
  notFound: false,
  ...more,
});
const MODEL = result('Current model: `v/o[1m] (default)`\nUsage: /model <name>\n');
const AUTH = result('{"loggedIn": true, "authMethod": "oauth_token", "apiProvider": "firstParty"}');
const TEXT = result('Auth token: ANTHROPIC_AUTH_TOKEN\nAnthropic base URL: https://openrouter.ai/api\nProxy: http://127.0.0.1:9\n');

async function ask(
  version: string,
  answers: { readonly model?: ExecResult; readonly auth?: ExecResult } = {},
  env: Env = {},
  variables: Parameters<typeof askClaude>[2] = 'as they are',
): Promise<{ readonly says: ClaudeSays; readonly calls: readonly Call[] }> {
  const calls: Call[] = [];
  const exec: Exec = {
    find: () => undefined,
    run: (_file, args, options) => {
      calls.push({ args, options });
      return Promise.resolve(args[0] === '-p' ? (answers.model ?? MODEL) : args.includes('--text') ? TEXT : (answers.auth ?? AUTH));
    },
  };
  const says = await askClaude({ exec, env, signal: new AbortController().signal }, { path: '/bin/claude', version }, variables);
  return { says, calls };
}

describe('Claude Code, asked', () => {
  it('says model, credential and base URL, from outside every folder, with a limit for time and output', async () => {
    const { says, calls } = await ask('2.1.330');
    expect(says).toEqual({
      model: 'v/o[1m]',
      dropped: [],
      apiKey: 'none',
      credential: 'oauth_token',
      baseUrl: 'https://openrouter.ai/api',
      silent: [],
    });
    for (const { options } of calls) {
      expect(options).toMatchObject({ group: true });
      // The program port then starts it at the root of the disk.
      expect(options.cwd).toBeUndefined();
      expect(options.timeoutMs).toBeLessThanOrEqual(20_000);
      expect(options.maxBytes).toBeLessThanOrEqual(64 * 1024);
    }
  });

  it.each([
    ['1.0.128', []],
    ['2.1.1', []],
    ['2.1.54', ['auth status']],
    ['2.1.211', ['auth status']],
    ['2.1.212', ['-p /model', 'auth status', 'auth status --text']],
  ])('in version %s is only asked what it does not take for a prompt', async (version, wanted) => {
    const { calls } = await ask(version);
    expect(
      calls.map(({ args }) =>
        args
          .filter((arg) => !arg.startsWith('{'))
          .join(' ')
          .replace(/ --settings.*/, ''),
      ),
    ).toEqual(wanted);
  });

  it('starts no hook, no MCP server, in no mode that bypasses permissions, and keeps no session', async () => {
    const args = (await ask('2.1.330')).calls[0]?.args ?? [];
    expect(JSON.parse(args[args.indexOf('--settings') + 1] ?? '')).toEqual({
      disableAllHooks: true,
      permissions: { defaultMode: 'default' },
    });
    expect(args).toEqual(expect.arrayContaining(['--strict-mcp-config', '--no-session-persistence']));
    expect(args.join(' ')).toContain('--setting-sources user');
    expect(args.join(' ')).not.toMatch(/dangerously|bypass/);
  });

  it('reaches nothing outside, whatever the environment says', async () => {
    const { calls } = await ask('2.1.330', {}, { https_proxy: 'http://real:1', NO_PROXY: '*', no_proxy: 'openrouter.ai' });
    for (const { options } of calls) {
      expect(options.env).toMatchObject({
        HTTPS_PROXY: 'http://127.0.0.1:9',
        https_proxy: 'http://127.0.0.1:9',
        NO_PROXY: '',
        no_proxy: '',
        CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
        DISABLE_AUTOUPDATER: '1',
      });
    }
  });

  it('gets this terminal’s variables, or others in their place; of a session around it nothing', async () => {
    const env = { ANTHROPIC_MODEL: 'opus', ANTHROPIC_API_KEY: 'k', OTHER: '1', CLAUDECODE: '1', CLAUDE_CODE_ENTRYPOINT: 'cli' };
    const here = (await ask('2.1.330', {}, env)).calls[0]?.options.env;
    expect(here).toMatchObject({ ANTHROPIC_MODEL: 'opus', OTHER: '1' });
    const later = (await ask('2.1.330', {}, env, { ANTHROPIC_MODEL: 'sonnet' })).calls[0]?.options.env;
    expect(later).toMatchObject({ ANTHROPIC_MODEL: 'sonnet', OTHER: '1' });
    expect(later).not.toHaveProperty('ANTHROPIC_API_KEY');
    for (const each of [here, later]) expect(Object.keys(each ?? {})).not.toEqual(expect.arrayContaining(['CLAUDECODE']));
  });

  it('tells of the settings files that did not load', async () => {
    const stderr =
      'These settings did not load, so nothing in them is in effect:\n  /w/.claude/settings.json: Invalid or malformed JSON\n  /h/a b/settings.json (model): Expected string\nFix each problem\n';
    expect((await ask('2.1.330', { model: { ...MODEL, stderr } })).says.dropped).toEqual([
      '/w/.claude/settings.json',
      '/h/a b/settings.json',
    ]);
  });

  it.each<[string, ExecResult, RegExp]>([
    ['takes too long', result('', { code: null, timedOut: true }), /nothing within 20 s/],
    [
      'fails',
      result('', { code: 1, stderr: '\u001b[31mno such key sk-or-v1-0123456789abcdef\u001b[0m' }),
      /^no such key \S*\(?hidden\)?|^no such key/,
    ],
    ['says something else', result('/model is not available here'), /not available/],
  ])('that %s is silent, and why is safe to print', async (_what, model, why) => {
    const { says } = await ask('2.1.330', { model });
    expect(says).toMatchObject({ credential: 'oauth_token', silent: [{ question: 'claude -p /model', said: expect.stringMatching(why) }] });
    expect(says.model).toBeUndefined();
    expect(JSON.stringify(says)).not.toMatch(/0123456789abcdef|\\u001b/);
  });

  it('that is not logged in has no credential, and nonsense is no answer', async () => {
    expect((await ask('2.1.330', { auth: result('{"loggedIn": false, "authMethod": "none"}', { code: 1 }) })).says.credential).toBe('none');
    expect((await ask('2.1.330', { auth: result('Hello! How can I help?') })).says.silent).toMatchObject([
      { question: 'claude auth status' },
    ]);
  });
});
