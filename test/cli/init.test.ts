import { describe, expect, it } from 'vitest';
import { parseFaultSpec } from '../../src/simulator/fault-spec.ts';
import type { Ran, RunInBox } from '../support/box.ts';
import { GUIDE_VARIABLES } from '../support/guide.ts';
import { variablesAfter } from '../support/in-bash.ts';
import { initIn, useBox, useSimulator } from '../support/use.ts';

const simulator = await useSimulator();
const failing = await useSimulator({ faults: [parseFaultSpec('NO_CREDITS')] });
const box = useBox();

/** `orcc init --yes` with a good key and the guide's mapping, without the live test. */
function init(args: readonly string[], options: RunInBox = {}): Promise<Ran> {
  return initIn(box, simulator, args, options);
}

/** What bash has after reading .bashrc. */
const variablesOfBash = (): Record<string, string> => variablesAfter('. "$HOME/.bashrc"', box.env);

const EXPECTED = { ...GUIDE_VARIABLES, ANTHROPIC_API_KEY: '' };

/** A test that runs leaves how it went in the cache. */
const withoutCache = (traces: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(traces).filter(([name]) => !name.includes('/orcc/cache')));

describe('orcc init without a terminal', () => {
  it('gives a new bash exactly the variables of the mapping, the key from its file', async () => {
    expect(await init(['--target', 'bash'])).toMatchObject({ code: 0 });
    // Without user settings no model can have a window of its own, so the smallest that counts is everyone's.
    expect(variablesOfBash()).toEqual({
      ...EXPECTED,
      ANTHROPIC_BASE_URL: simulator.baseUrl,
      ANTHROPIC_AUTH_TOKEN: simulator.key,
      CLAUDE_CODE_MAX_CONTEXT_TOKENS: '198800',
    });
    expect(box.read('.bashrc')).not.toContain(simulator.key);
    expect(box.mode('.config/orcc/key')).toBe(0o600);
    expect(box.mode('.config/orcc')).toBe(0o700);
  });

  it('writes the same variables to user settings, with the key in it and a private mode', async () => {
    expect(await init(['--target', 'user'])).toMatchObject({ code: 0 });
    const settings = box.settings();
    expect(settings).toEqual({
      env: {
        ...EXPECTED,
        ANTHROPIC_BASE_URL: simulator.baseUrl,
        ANTHROPIC_AUTH_TOKEN: simulator.key,
        CLAUDE_CODE_MAX_CONTEXT_TOKENS: '256144',
      },
      modelSettings: { 'z-ai/glm-4.7': { autoCompactWindow: 198800 }, 'z-ai/glm-4.7-flash': { autoCompactWindow: 125072 } },
    });
    expect(box.mode('.claude/settings.json')).toBe(0o600);
  });

  it('keeps the key in the key file and in settings that hold it, both private, and nowhere else', async () => {
    const ran = await init(['--target', 'bash', '--target', 'user', '--target', 'fish', '--json']);
    expect(ran.code).toBe(0);
    await init(['--target', 'zsh', '--haiku', 'deepseek/deepseek-v4-flash']);
    const holding = box.holding(simulator.key);
    const outside = holding.filter((file) => !file.startsWith('.config/orcc/history/'));
    expect(outside).toEqual(['.claude/settings.json', '.config/orcc/key']);
    for (const file of holding) expect([file, box.mode(file)]).toEqual([file, 0o600]);
    const receipts = Object.keys(box.tree()).filter((file) => file.endsWith('receipt.json'));
    expect(receipts).toHaveLength(2);
    expect(holding.filter((file) => file.endsWith('receipt.json'))).toEqual([]);
  });

  it('shows the key in no stream and no document', async () => {
    for (const args of [
      ['--target', 'bash', '--target', 'user', '--dry-run'],
      ['--target', 'bash', '--target', 'user', '--json', '--dry-run'],
      ['--target', 'user'],
    ]) {
      const { stdout, stderr } = await init(args);
      expect(stdout + stderr).not.toContain(simulator.key);
      expect(stdout + stderr).not.toContain(simulator.key.slice(12, -4));
    }
  });

  it('says nothing to change at the same answers, and no byte or time of any file but the cache is another', async () => {
    await init(['--target', 'bash', '--target', 'user', '--no-auto-mode']);
    const before = withoutCache(box.traces());
    const again = await init(['--target', 'bash', '--target', 'user', '--no-auto-mode', '--json']);
    expect(again.code).toBe(0);
    expect(again.json().data['kind']).toBe('unchanged');
    expect(withoutCache(box.traces())).toEqual(before);
    const asked = await box.orcc(['init', '--json']);
    expect(asked.json().data['kind']).toBe('unchanged');
    expect(withoutCache(box.traces())).toEqual(before);
  });

  it('tests all the same with nothing to change: what failed before fails again', async () => {
    expect((await init(['--target', 'user'])).code).toBe(0);
    const tested = (...args: string[]): Promise<Ran> => initIn(box, failing, ['--quick', '--target', 'user', '--json', ...args]);
    const first = await tested();
    expect([first.json().data['kind'], first.code]).toEqual(['applied', 1]);
    const again = await tested();
    expect([again.json().data['kind'], again.code]).toEqual(['unchanged', 1]);
    expect(again.codes()).toEqual(first.codes());
    const asked = failing.requests.length;
    const before = box.traces();
    const dry = await tested('--dry-run');
    expect([dry.json().data['kind'], dry.code]).toEqual(['unchanged', 0]);
    expect(failing.requests.slice(asked).filter(({ url }) => url.includes('/messages'))).toEqual([]);
    expect(box.traces()).toEqual(before);
    const without = await tested('--no-test');
    expect([without.json().data['kind'], without.code]).toEqual(['unchanged', 0]);
  });

  it('says nothing to change after a switch to a profile, too', async () => {
    await init(['--target', 'user']);
    await box.orcc(['switch', 'value', '--yes']);
    const before = withoutCache(box.traces());
    expect((await box.orcc(['init', '--yes', '--json'])).json().data['kind']).toBe('unchanged');
    expect(withoutCache(box.traces())).toEqual(before);
  });

  it('writes nothing at all under --dry-run', async () => {
    box.write('.bashrc', 'alias ll="ls -l"\n');
    const before = box.traces();
    const ran = await init(['--target', 'bash', '--target', 'user', '--dry-run']);
    expect(ran.code).toBe(0);
    expect(ran.stdout).toMatch(/^ *\+ +export ANTHROPIC_MODEL='sonnet'$/m);
    expect(box.traces()).toEqual(before);
  });

  it('needs --yes for its consent, names it, and has written nothing by then', async () => {
    const before = box.traces();
    const ran = await box.orcc(['init', '--key-env', 'K', '--base-url', simulator.baseUrl, '--preset', 'guide', '--target', 'bash'], {
      env: { K: simulator.key },
    });
    expect(ran.code).toBe(2);
    expect(ran.stderr).toContain('--yes');
    expect(box.traces()).toEqual(before);
  });

  it('takes the key from standard input, with quotes, blanks and a CR around it', async () => {
    expect(await init(['--key-stdin', '--target', 'bash'], { input: `  "${simulator.key}"\r\n` })).toMatchObject({ code: 0 });
    expect(box.read('.config/orcc/key')).toBe(`${simulator.key}\n`);
  });

  it('takes each alias, the default and a storage from flags', async () => {
    const flags = ['--opus', 'z-ai/glm-5.3', '--sonnet', 'minimax/minimax-m3', '--haiku', 'z-ai/glm-4.7-flash', '--fable', 'z-ai/glm-5.2'];
    const ran = await init([...flags, '--subagent', 'z-ai/glm-4.7', '--default', 'haiku', '--target', 'bash']);
    expect(ran.code).toBe(0);
    expect(variablesOfBash()).toMatchObject({
      ANTHROPIC_DEFAULT_OPUS_MODEL: 'z-ai/glm-5.3',
      ANTHROPIC_DEFAULT_SONNET_MODEL: 'minimax/minimax-m3',
      ANTHROPIC_DEFAULT_HAIKU_MODEL: 'z-ai/glm-4.7-flash',
      ANTHROPIC_DEFAULT_FABLE_MODEL: 'z-ai/glm-5.2',
      CLAUDE_CODE_SUBAGENT_MODEL: 'z-ai/glm-4.7',
      ANTHROPIC_MODEL: 'haiku',
    });
  });

  it('lays single aliases over a preset', async () => {
    await init(['--haiku', 'deepseek/deepseek-v4-flash', '--default', 'opus', '--target', 'bash']);
    expect(variablesOfBash()).toMatchObject({
      ANTHROPIC_DEFAULT_OPUS_MODEL: 'z-ai/glm-4.7',
      ANTHROPIC_DEFAULT_HAIKU_MODEL: 'deepseek/deepseek-v4-flash',
      ANTHROPIC_MODEL: 'opus',
    });
  });

  it('leaves the limits out under --limits none', async () => {
    await init(['--limits', 'none', '--target', 'user']);
    expect(box.read('.claude/settings.json')).not.toMatch(/TOKENS|autoCompactWindow|1M_CONTEXT/);
  });

  it('turns auto mode off in user settings for a shell target too, and takes that back with remove', async () => {
    box.write('.claude/settings.json', '{\n    "theme": "dark"\n}\n', 0o640);
    const before = box.tree();
    await init(['--target', 'bash', '--no-auto-mode']);
    expect(box.settings()).toEqual({ theme: 'dark', permissions: { disableAutoMode: 'disable' } });
    expect(box.mode('.claude/settings.json')).toBe(0o640);
    await box.orcc(['remove', '--yes']);
    expect(box.tree()).toEqual(before);
  });

  it('sets up without a network under --no-check, and says that nothing was checked', async () => {
    const ran = await init(['--no-check', '--base-url', 'http://127.0.0.1:9/api', '--target', 'bash'], {
      http: () => ({ request: () => Promise.reject(new Error('the network must not be used')), proxyFor: () => undefined }),
    });
    expect(ran.code).toBe(0);
    expect(variablesOfBash()).toMatchObject({ ...EXPECTED, ANTHROPIC_BASE_URL: 'http://127.0.0.1:9/api' });
  });

  it('adds a place at a second run and keeps the first', async () => {
    await init(['--target', 'bash']);
    await init(['--target', 'user', '--haiku', 'deepseek/deepseek-v4-flash']);
    expect(variablesOfBash()).toMatchObject({ ANTHROPIC_DEFAULT_HAIKU_MODEL: 'deepseek/deepseek-v4-flash' });
    expect(box.read('.claude/settings.json')).toContain('deepseek/deepseek-v4-flash');
  });

  it('ends with the live test of each alias; one that fails leaves the files and exits 1', async () => {
    simulator.setFaults([{ code: 'NO_TOOLS', model: 'qwen/qwen3-coder-next' }]);
    const ran = await init(['--target', 'bash', '--quick', '--json']);
    expect(ran.code).toBe(1);
    expect(ran.json().ok).toBe(false);
    expect(ran.codes()).toContain('NO_TOOLS');
    expect(variablesOfBash()).toMatchObject(EXPECTED);
  });

  it('prints one JSON document on stdout and nothing else', async () => {
    const ran = await init(['--target', 'bash', '--quick', '--json']);
    expect(ran.stderr).toBe('');
    expect(ran.json()).toMatchObject({
      schemaVersion: 1,
      command: 'init',
      ok: true,
      findings: [],
      data: { kind: 'applied', targets: ['bash'] },
    });
  });
});
