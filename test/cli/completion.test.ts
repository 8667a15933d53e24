import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { createBox } from '../support/box.ts';
import { initIn, useBox, useSimulator } from '../support/use.ts';

const simulator = await useSimulator();
const box = useBox('file');
beforeAll(async () => {
  await initIn(box, simulator, ['--target', 'user']);
  await box.orcc(['profile', 'save', 'work']);
});

const ask = async (shell: string, ...words: string[]): Promise<string[]> => {
  const ran = await box.orcc(['__complete', '--shell', shell, '--', ...words], {
    http: () => ({ request: () => Promise.reject(new Error('nobody may be asked')), proxyFor: () => undefined }),
  });
  expect(ran).toMatchObject({ code: 0, stderr: '' });
  return ran.stdout.split('\n').filter((line) => line !== '');
};

describe('orcc __complete', () => {
  it('gives the profiles of this machine and the models of its cached catalog, and writes nothing', async () => {
    const before = box.traces();
    expect(await ask('bash', 'switch', 'w')).toEqual(['work\tprofile']);
    const models = await ask('zsh', 'switch', 'opus=z-ai/');
    expect(models.length).toBeGreaterThan(2);
    expect(models.every((line) => line.startsWith('opus=z-ai/'))).toBe(true);
    expect(box.traces()).toEqual(before);
  });

  it('gives addresses where a flag takes one, and files where it takes a file', async () => {
    expect((await ask('bash', 'usage', '--to', '')).map((line) => line.split('\t')[0])).toEqual([
      simulator.baseUrl,
      'https://openrouter.ai/api',
    ]);
    expect(await ask('bash', 'profile', 'export', '--to', '')).toEqual([':files']);
    expect(await ask('bash', 'doctor', '--fix', 'SETTINGS_OV')).toEqual([expect.stringContaining('SETTINGS_OVERRIDE')]);
  });

  it('gives fish everything, since fish looks for the typed text itself', async () => {
    expect((await ask('fish', 'switch', 'wo')).length).toBeGreaterThan(5);
  });

  it('takes words of any kind, flags of its own and quotes among them', async () => {
    expect(await ask('bash', 'switch', '--y')).toEqual([expect.stringMatching(/^--yes\t\S/)]);
    expect(await ask('bash', "it's", '"', '$(x)', '')).toEqual([]);
    expect(await ask('bash')).toContainEqual(expect.stringMatching(/^init\t\S/));
  });

  it('is silent about everything that is broken', async () => {
    const broken = createBox();
    mkdirSync(path.join(broken.home, '.config', 'orcc', 'cache'), { recursive: true });
    for (const name of ['config.json', 'cache/models.json']) writeFileSync(path.join(broken.home, '.config', 'orcc', name), '{');
    writeFileSync(path.join(broken.cwd, 'orcc.json'), '{');
    const ran = await broken.orcc(['__complete', '--shell', 'bash', '--', 'switch', '']);
    expect(ran).toMatchObject({ code: 0, stderr: '' });
    expect(ran.stdout).toContain('guide');
    await broken.dispose();
  });

  it('stays out of the help', async () => {
    expect((await box.orcc(['--help'])).stdout).not.toContain('__complete');
  });

  it('refuses a shell that it does not know', async () => {
    expect(await box.orcc(['completion', 'tcsh'])).toMatchObject({ code: 2 });
    expect(await box.orcc(['completion'])).toMatchObject({ code: 2 });
  });
});
