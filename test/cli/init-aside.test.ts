import { describe, expect, it } from 'vitest';
import { IN_THE_WAY } from '../support/set-ups/fixes.ts';
import { initIn, useBox, useSimulator } from '../support/use.ts';

const simulator = await useSimulator();
const box = useBox();

const USER = '.claude/settings.json';

async function end(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<readonly [number, readonly string[]]> {
  const ran = await initIn(box, simulator, [...args, '--json'], { env });
  return [ran.code, ran.codes()];
}

const doctorFinds = async (): Promise<readonly string[]> => {
  const ran = await box.orcc(['doctor', '--offline', '--json']);
  return ran.json().findings.flatMap(({ code, severity }) => (severity === 'info' || code === 'CLAUDE_MISSING' ? [] : [code]));
};

describe('init --replace keeps empty what would get past the set-up', () => {
  it.each(Object.entries(IN_THE_WAY))('%s in user settings', async (name, value) => {
    const before = `{\n  "env": {"A": "1",  ${JSON.stringify(name)} :${JSON.stringify(value)}},\n "theme": "dark" }`;
    box.write(USER, before, 0o644);
    expect(await end(['--target', 'user', '--replace'])).toEqual([0, []]);
    expect(box.settings(USER).env[name]).toBe('');
    expect(await doctorFinds()).toEqual([]);
    // The same again, by a switch and by a second set-up without the flag.
    expect((await box.orcc(['switch', 'free', '--yes', '--offline'])).code).toBe(0);
    expect(box.settings(USER).env[name]).toBe('');
    expect((await end(['--target', 'user']))[0]).toBe(0);
    expect(box.settings(USER).env[name]).toBe('');
    expect((await box.orcc(['remove', '--yes'])).code).toBe(0);
    expect(box.read(USER)).toBe(before);
    expect(box.mode(USER)).toBe(0o644);
  });

  it.each(Object.entries(IN_THE_WAY))('%s in the profile, before and after the block', async (name, value) => {
    const line = `export ${name}='${value}'\n`;
    for (const isAfter of [false, true]) {
      box.write('.bashrc', isAfter ? 'alias a=b\n' : `${line}alias a=b\n`, 0o644);
      if (isAfter) {
        expect((await end(['--target', 'bash']))[0]).toBe(0);
        box.write('.bashrc', `${box.read('.bashrc') ?? ''}${line}`);
      }
      expect(await end(['--target', 'bash', '--replace', '--adopt'])).toEqual([0, []]);
      expect(box.read('.bashrc')).toContain(`export ${name}=''`);
      expect(await doctorFinds()).toEqual(['ENV_NOT_LOADED']);
      expect((await box.orcc(['remove', '--yes'])).code).toBe(0);
      expect(box.read('.bashrc')).toBe(isAfter ? `alias a=b\n${line}` : `${line}alias a=b\n`);
    }
  });

  it.each(['user', 'bash'])('a value of this environment alone, %s', async (target) => {
    for (const [name, value] of Object.entries(IN_THE_WAY)) {
      // No settings file takes these two out of the environment.
      if (target === 'user' && ['ANTHROPIC_UNIX_SOCKET', 'CLAUDE_CODE_PROVIDER_MANAGED_BY_HOST'].includes(name)) {
        expect([name, ...(await end(['--target', target, '--replace'], { [name]: value }))]).toEqual([name, 1, ['REQUEST_CHANGED']]);
        continue;
      }
      expect([name, ...(await end(['--target', target, '--replace'], { [name]: value }))]).toEqual([name, 0, []]);
    }
    expect((await box.orcc(['remove', '--yes'])).code).toBe(0);
    expect(box.read(USER)).toBeNull();
  });

  it("another program's helper, whose key would go along", async () => {
    const before = '{"apiKeyHelper": "/opt/key.sh"}\n';
    box.write(USER, before, 0o600);
    expect(await end(['--target', 'user'])).toEqual([0, ['AUTH_CONFLICT']]);
    expect(await end(['--target', 'user', '--replace'])).toEqual([0, []]);
    expect((await box.orcc(['run', '--', '--version'])).stderr).not.toContain('bug');
    expect((await box.orcc(['remove', '--yes'])).code).toBe(0);
    expect(box.read(USER)).toBe(before);
  });

  it('shells alone: user settings that would win become a place too', async () => {
    box.write(USER, '{"env": {"CLAUDE_CODE_USE_BEDROCK": "1"}}');
    expect(await end(['--target', 'bash', '--replace'])).toEqual([0, []]);
  });

  it('a mapping that names subagents later wins over the empty value', async () => {
    box.write(USER, '{"env": {"CLAUDE_CODE_SUBAGENT_MODEL": "x/y"}}');
    expect(await end(['--target', 'user', '--replace'])).toEqual([0, []]);
    expect((await box.orcc(['switch', 'subagent=z-ai/glm-4.7', '--yes', '--offline'])).code).toBe(0);
    expect(box.read(USER)).toContain('"CLAUDE_CODE_SUBAGENT_MODEL": "z-ai/glm-4.7"');
  });

  it('nothing of it without the flag, nor what a project shares', async () => {
    box.write(USER, '{"env": {"CLAUDE_CODE_USE_BEDROCK": "1"}}');
    expect(await end(['--target', 'user'])).toEqual([1, ['SETTINGS_OVERRIDE']]);
    expect(box.read(USER)).toContain('"CLAUDE_CODE_USE_BEDROCK": "1"');
    expect(await end(['--target', 'user', '--target', 'project', '--replace'])).toEqual([0, []]);
    expect(box.read('../work/.claude/settings.json')).not.toContain('BEDROCK');
  });

  it('asks on a terminal, and takes no for an answer', async () => {
    const before = '{"env": {"CLAUDE_CODE_USE_BEDROCK": "1"}}';
    for (const give of [true, false]) {
      box.write(USER, before);
      const ran = await box.orcc(['init', '--key-env', 'MY_KEY', '--base-url', simulator.baseUrl, '--preset', 'guide', '--no-test'], {
        env: { MY_KEY: simulator.key },
        answers: [
          { to: /Keep these empty/, give },
          { to: /Write this/, give: 'write' },
        ],
      });
      expect([ran.code, box.read(USER)?.includes('"CLAUDE_CODE_USE_BEDROCK": ""')]).toEqual([give ? 0 : 1, give]);
      await box.orcc(['remove', '--yes']);
      expect(box.read(USER)).toBe(before);
    }
  });
});
