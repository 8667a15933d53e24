import { writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { GUIDE_VARIABLES } from '../support/guide.ts';
import { variablesAfter } from '../support/in-bash.ts';
import { initIn, useSetUps, useSimulator } from '../support/use.ts';

const simulator = await useSimulator();
const [box, init] = useSetUps((box, ...args: string[]) => initIn(box, simulator, ['--target', 'bash', ...args]));

const bash = (script: string, env: Record<string, string> = {}): Record<string, string> => variablesAfter(script, { ...box.env, ...env });

const written = { ...GUIDE_VARIABLES, CLAUDE_CODE_MAX_CONTEXT_TOKENS: '198800' };
/** The same for a file that goes elsewhere: a price there would age unseen. */
const priceless = Object.fromEntries(Object.entries(written).map(([name, value]) => [name, value.replace(/, \$.*/, '')]));
const connection = (): Record<string, string> => ({
  ANTHROPIC_BASE_URL: simulator.baseUrl,
  ANTHROPIC_AUTH_TOKEN: simulator.key,
  ANTHROPIC_API_KEY: '',
});

describe('orcc env', () => {
  it('gives eval the same variables as the profile, and never prints the key', async () => {
    await init();
    const { stdout, stderr } = await box.orcc(['env']);
    expect(stdout + stderr).not.toContain(simulator.key);
    expect(bash(stdout)).toEqual({ ...connection(), ...written });
    expect(bash('. "$HOME/.bashrc"')).toEqual(bash(stdout));
  });

  it('derives limits anew that an older orcc recorded by other rules', async () => {
    await init();
    const config = JSON.parse(box.read('.config/orcc/config.json') ?? '') as { limits: { variables: unknown } };
    config.limits.variables = [
      { name: 'CLAUDE_CODE_MAX_CONTEXT_TOKENS', value: '170000' },
      { name: 'CLAUDE_CODE_DISABLE_1M_CONTEXT', value: '1' },
    ];
    box.write('.config/orcc/config.json', JSON.stringify(config), 0o600);
    const variables = bash((await box.orcc(['env'])).stdout);
    expect(variables).toMatchObject({ CLAUDE_CODE_MAX_CONTEXT_TOKENS: '198800', CLAUDE_CODE_MAX_OUTPUT_TOKENS: '32000' });
    expect(variables).not.toHaveProperty('CLAUDE_CODE_DISABLE_1M_CONTEXT');
  });

  it('takes out what an older orcc exported and this terminal still has, in the syntax of the shell', async () => {
    await init();
    const env = { CLAUDE_CODE_DISABLE_1M_CONTEXT: '1' };
    const { stdout } = await box.orcc(['env'], { env });
    expect(bash(stdout, env)).toEqual({ ...connection(), ...written });
    expect((await box.orcc(['env', '--shell', 'fish'], { env })).stdout).toMatch(/^set -e\S* CLAUDE_CODE_DISABLE_1M_CONTEXT/m);
    expect((await box.orcc(['env', '--shell', 'dotenv'], { env })).stdout).not.toContain('DISABLE_1M');
    expect((await box.orcc(['env'])).stdout).not.toContain('DISABLE_1M');
  });

  it('sets nothing at all where the key file is gone, under set -eu too', async () => {
    await init();
    const { stdout } = await box.orcc(['env']);
    writeFileSync(box.at('.config/orcc/key'), '');
    expect(bash(stdout)).toEqual({});
  });

  it('keeps a key with odd characters as it is', async () => {
    const odd = 'gw_#%&()*;<>?[]^{|}~!-0123456789';
    await initIn(box, { ...simulator, key: odd }, ['--no-check', '--target', 'bash']);
    expect(bash((await box.orcc(['env'])).stdout)['ANTHROPIC_AUTH_TOKEN']).toBe(odd);
    expect(bash((await box.orcc(['env', '--with-key'])).stdout)['ANTHROPIC_AUTH_TOKEN']).toBe(odd);
  });

  it('prints the key itself under --with-key alone', async () => {
    await init();
    const { stdout } = await box.orcc(['env', '--with-key']);
    expect(stdout).toContain(simulator.key);
    expect(bash(stdout)).toEqual({ ...connection(), ...written });
  });

  it('refers to the variable of an env storage', async () => {
    await init('--key-storage', 'env:MY_KEY');
    const { stdout } = await box.orcc(['env']);
    expect(bash(stdout, { MY_KEY: simulator.key })).toEqual({ ...connection(), ...written });
    expect(bash(stdout)).toEqual({});
  });

  it('says that the key of a profile storage has no file to refer to', async () => {
    await init('--key-storage', 'profile');
    const ran = await box.orcc(['env']);
    expect(ran.code).toBe(2);
    expect(ran.stderr).toContain('--with-key');
    const whole = await box.orcc(['env', '--with-key']);
    expect(bash(whole.stdout)).toEqual({ ...connection(), ...written });
    await box.orcc(['switch', '--native', '--yes']);
    expect(bash((await box.orcc(['env', '--with-key'])).stdout)).toEqual({ ...connection(), ...written });
  });

  it.each(['dotenv', 'github'])('leaves URL and token out of %s, which can not refer to a file, and says so', async (shell) => {
    await init();
    const { stdout, stderr } = await box.orcc(['env', '--shell', shell]);
    expect(stdout).not.toMatch(/BASE_URL|AUTH_TOKEN|API_KEY/);
    expect(stdout).toMatch(/^ANTHROPIC_MODEL='?sonnet'?$/m);
    expect(stderr).toContain('--with-key');
    const whole = await box.orcc(['env', '--shell', shell, '--with-key']);
    expect(whole.stdout).toContain(simulator.key);
  });

  it('writes a dotenv file that bash reads as the same values', async () => {
    await init();
    const file = box.write('vars.env', (await box.orcc(['env', '--shell', 'dotenv', '--with-key'])).stdout);
    expect(bash(`set -a; . "${file}"`)).toEqual({ ...connection(), ...priceless });
  });

  it('takes the syntax of the shell in use', async () => {
    await init();
    expect((await box.orcc(['env'], { env: { SHELL: '/usr/bin/fish' } })).stdout).toContain('set -gx ANTHROPIC_MODEL');
    expect((await box.orcc(['env', '--shell', 'powershell'])).stdout).toContain('$env:ANTHROPIC_MODEL = ');
  });

  it('is the new mapping after a switch, and exit 3 before init', async () => {
    expect((await box.orcc(['env'])).code).toBe(3);
    await init();
    await box.orcc(['switch', 'value', '--yes']);
    expect(bash((await box.orcc(['env'])).stdout)['ANTHROPIC_DEFAULT_OPUS_MODEL']).toBe('z-ai/glm-5.3');
  });

  it('masks the key in its document', async () => {
    await init();
    const { stdout } = await box.orcc(['env', '--json']);
    expect(stdout).not.toContain(simulator.key);
    expect(JSON.parse(stdout).data.variables).toMatchObject(written);
  });
});
