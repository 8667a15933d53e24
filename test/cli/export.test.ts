import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv } from 'ajv';
import { beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { createBox, type Ran } from '../support/box.ts';
import { initIn, useBox, useSimulator } from '../support/use.ts';

const simulator = await useSimulator();
const box = useBox('file');
beforeAll(async () => {
  const ran = await initIn(box, simulator, ['--target', 'user']);
  expect(ran.code).toBe(0);
});

const exportAs = (...args: string[]): Promise<Ran> => box.orcc(['export', ...args]);

describe('orcc export', () => {
  it('prints managed settings without URL and key, since a URL alone would get everyone’s login', async () => {
    const ran = await exportAs('--managed');
    expect(ran.code).toBe(0);
    const settings = JSON.parse(ran.stdout);
    expect(settings.env).toMatchObject({
      ANTHROPIC_DEFAULT_OPUS_MODEL: 'z-ai/glm-4.7',
      ANTHROPIC_MODEL: 'sonnet',
      CLAUDE_CODE_MAX_OUTPUT_TOKENS: '32000',
    });
    expect(ran.stdout).not.toMatch(/BASE_URL|AUTH_TOKEN|sk-or/);
  });

  it('adds URL, helper and manual mode where a helper is given', async () => {
    const settings = JSON.parse((await exportAs('--managed', '--api-key-helper', '/opt/company/key')).stdout);
    expect(settings).toMatchObject({
      apiKeyHelper: '/opt/company/key',
      env: { ANTHROPIC_BASE_URL: simulator.baseUrl, ANTHROPIC_AUTH_TOKEN: '', ANTHROPIC_API_KEY: '' },
      permissions: { disableAutoMode: 'disable' },
    });
  });

  it('prints an orcc.json that its own schema and check take', async () => {
    const ran = await exportAs('--team', '--profile', 'value');
    const value = JSON.parse(ran.stdout);
    expect(value).toMatchObject({ schemaVersion: 1, mapping: { opus: 'z-ai/glm-5.3' }, defaultAlias: 'sonnet' });
    const schema = JSON.parse(readFileSync(new URL('../../schemas/orcc.schema.json', import.meta.url), 'utf8'));
    expect(new Ajv({ strict: false }).compile(schema)(value)).toBe(true);
  });

  it('prints the variables for VS Code, without URL and key', async () => {
    const ran = await exportAs('--vscode');
    const settings = JSON.parse(ran.stdout);
    expect(settings['claudeCode.environmentVariables']).toContainEqual({ name: 'ANTHROPIC_DEFAULT_OPUS_MODEL', value: 'z-ai/glm-4.7' });
    expect(settings['claudeCode.disableLoginPrompt']).toBe(true);
    expect(ran.stdout).not.toMatch(/BASE_URL|AUTH_TOKEN|sk-or/);
  });

  it('gives the same under --json, and writes nothing', async () => {
    const before = box.traces();
    const plain = JSON.parse((await exportAs('--managed')).stdout);
    expect(JSON.parse((await exportAs('--managed', '--json')).stdout).data).toEqual({ kind: 'managed', content: plain, to: null });
    expect(box.traces()).toEqual(before);
  });

  it('prints a step for claude-code-action that YAML reads, whose settings hold URL and secret and blank the API key', async () => {
    const ran = await exportAs('--action');
    expect([ran.code, ran.stderr]).toEqual([0, expect.stringContaining(simulator.baseUrl)]);
    expect(ran.stdout).not.toContain(simulator.key);
    const [step] = parse(ran.stdout) as { uses: string; with: { settings: string; anthropic_api_key: string } }[];
    expect(step?.uses).toBe('anthropics/claude-code-action@v1');
    expect(step?.with.anthropic_api_key).toBe('${{ secrets.OPENROUTER_API_KEY }}');
    expect(JSON.parse(step?.with.settings ?? '')).toMatchObject({
      env: {
        ANTHROPIC_BASE_URL: simulator.baseUrl,
        ANTHROPIC_AUTH_TOKEN: '${{ secrets.OPENROUTER_API_KEY }}',
        ANTHROPIC_API_KEY: '',
        ANTHROPIC_DEFAULT_OPUS_MODEL: 'z-ai/glm-4.7',
      },
      permissions: { disableAutoMode: 'disable' },
    });
    const bare = createBox();
    const preset = await bare.orcc(['export', '--action', '--profile', 'value']);
    expect(preset.stdout).toContain('"ANTHROPIC_BASE_URL": "https://openrouter.ai/api"');
    await bare.dispose();
  });

  it.each(['--action', '--managed', '--team', '--vscode'])(
    'writes %s to a new file, and over one that is there only after a question',
    async (kind) => {
      const printed = (await exportAs(kind)).stdout;
      const ran = await exportAs(kind, '--to', 'new.txt');
      expect([ran.code, ran.stdout, ran.stderr]).toEqual([0, '', expect.stringContaining('Wrote new.txt')]);
      const file = path.join(box.cwd, 'new.txt');
      expect(readFileSync(file, 'utf8')).toBe(printed);
      writeFileSync(file, 'mine');
      for (const options of [{}, { answers: [{ to: /Replace new\.txt/, give: false }] }]) {
        const again = await box.orcc(['export', kind, '--to', 'new.txt'], options);
        expect([again.code, readFileSync(file, 'utf8')]).toEqual([6, 'mine']);
      }
      const agreed = await box.orcc(['export', kind, '--to', 'new.txt'], { answers: [{ to: /Replace new\.txt/, give: true }] });
      expect([agreed.code, readFileSync(file, 'utf8')]).toEqual([0, printed]);
      rmSync(file);
    },
  );

  it('refuses a key in place of a helper, two forms, and none', async () => {
    const key = await exportAs('--managed', '--api-key-helper', simulator.key);
    expect(key.code).toBe(2);
    expect(key.stderr).not.toContain(simulator.key);
    expect(await exportAs('--managed', '--api-key-helper', 'a\nb')).toMatchObject({ code: 2 });
    expect(await exportAs('--team', '--api-key-helper', 'x')).toMatchObject({ code: 2 });
    expect(await exportAs('--managed', '--team')).toMatchObject({ code: 2 });
    expect(await exportAs()).toMatchObject({ code: 2 });
  });

  it('needs no set-up for a preset', async () => {
    const bare = createBox();
    expect(await bare.orcc(['export', '--managed'])).toMatchObject({ code: 3 });
    expect(await bare.orcc(['export', '--team', '--profile', 'guide'])).toMatchObject({ code: 0 });
    await bare.dispose();
  });
});

describe('orcc env for another machine', () => {
  it('has the smallest window, since user settings with a window for each model are not there', async () => {
    const windowOf = async (shell: string): Promise<string | undefined> =>
      /CLAUDE_CODE_MAX_CONTEXT_TOKENS='?(\d+)/.exec((await box.orcc(['env', '--shell', shell])).stdout)?.[1];
    expect(await windowOf('bash')).toBe('256144');
    expect(await windowOf('github')).toBe('198800');
    expect(await windowOf('dotenv')).toBe('198800');
  });
});
