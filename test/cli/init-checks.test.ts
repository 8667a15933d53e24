import { describe, expect, it } from 'vitest';
import { credentialAdded } from '../../src/doctor/checks/credential-added.ts';
import { initIn, useBox, useSimulator } from '../support/use.ts';

const simulator = await useSimulator();
const box = useBox();

/** What `orcc init` ends with: its exit code and the findings. */
async function end(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<readonly [number, readonly string[]]> {
  const ran = await initIn(box, simulator, [...args, '--json'], { env });
  return [ran.code, ran.json().findings.map(({ code, severity }) => `${code} ${severity}`)];
}

describe('orcc init ends with what doctor says of the set-up', () => {
  it.each([
    [{ CLAUDE_CODE_USE_BEDROCK: '1' }, 1, ['SETTINGS_OVERRIDE error']],
    [{ ANTHROPIC_SMALL_FAST_MODEL: 'claude-haiku-4-5' }, 1, ['REQUEST_CHANGED error']],
    [{ CLAUDE_CODE_SUBAGENT_MODEL: 'moonshotai/kimi-k2.5' }, 0, ['REQUEST_CHANGED warning']],
    [{ CLAUDE_CODE_EFFORT_LEVEL: 'low' }, 0, []],
  ])('%j in user settings', async (env, code, findings) => {
    box.write('.claude/settings.json', JSON.stringify({ env }));
    expect(await end(['--target', 'user'])).toEqual([code, findings]);
    // With nothing to change as well.
    expect(await end(['--target', 'user'])).toEqual([code, findings]);
  });

  it('counts this terminal as if it had loaded its start-up file again', async () => {
    expect(await end(['--target', 'bash'], { ANTHROPIC_BASE_URL: 'https://old.example/api', ANTHROPIC_AUTH_TOKEN: 'x' })).toEqual([0, []]);
    expect(await end(['--target', 'bash'], { CLAUDE_CODE_USE_VERTEX: '1' })).toEqual([1, ['SETTINGS_OVERRIDE error']]);
  });

  it('says that a proxy stands before a base URL on this machine', async () => {
    expect(await end(['--target', 'user'], { HTTP_PROXY: 'http://127.0.0.1:9', NO_PROXY: '127.0.0.1' })).toEqual([0, []]);
    const [code, findings] = await end(['--target', 'user'], { HTTPS_PROXY: 'http://127.0.0.1:9' });
    expect([code, findings]).toEqual([0, ['PROXY_ON_LOOPBACK warning']]);
  });

  it.each<[string, () => Record<string, string>]>([
    [
      'an API key that `/login` saved',
      () => {
        box.write('.claude.json', '{"primaryApiKey":"sk-ant-api03-0123456789abcdef0123456789"}');
        return {};
      },
    ],
    [
      'a header with a credential in settings',
      () => {
        box.write('.claude/settings.json', '{"env":{"ANTHROPIC_CUSTOM_HEADERS":"x-api-key: sk-ant-api03-0123456789abcdef0123456789"}}');
        return {};
      },
    ],
    [
      'a header with a credential of this terminal',
      () => ({ ANTHROPIC_CUSTOM_HEADERS: 'x-api-key: sk-ant-api03-0123456789abcdef0123456789' }),
    ],
    ['an API key in an open file', () => ({ CLAUDE_CODE_API_KEY_FILE_DESCRIPTOR: '3' })],
  ])('names a credential that goes along: %s', async (_what, leave) => {
    const env = leave();
    expect((await end(['--target', 'user'], env))[1]).toContainEqual(expect.stringMatching(/^CREDENTIAL_ADDED /));
    const { stdout } = await box.orcc(['doctor', '--all', '--offline'], { env });
    expect(stdout).toContain('CREDENTIAL_ADDED');
    expect(stdout).not.toContain(credentialAdded.fine);
  });
});
