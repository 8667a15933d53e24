import { beforeEach, describe, expect, it } from 'vitest';
import { initIn, useBox, useSimulator } from '../support/use.ts';

const simulator = await useSimulator();
const box = useBox();

const USER = '.claude/settings.json';
const SWITCH = ['switch', 'opus=minimax/minimax-m3', '--yes'];

/** Another tool's values in place of orcc's. */
function change(values: Readonly<Record<string, string>>): void {
  const settings = box.settings(USER);
  Object.assign(settings.env, values);
  box.write(USER, `${JSON.stringify(settings, null, 2)}\n`);
}
const envAfterRemove = async (): Promise<unknown> => {
  expect((await box.orcc(['remove', '--yes'])).code).toBe(0);
  return box.settings(USER);
};

describe('a value of orcc that another tool has changed since', () => {
  const THEIRS = { ANTHROPIC_BASE_URL: 'https://other.example', ANTHROPIC_AUTH_TOKEN: 'theirs', ANTHROPIC_DEFAULT_OPUS_MODEL: 'kimi' };
  beforeEach(async () => {
    box.write(USER, '{\n  "theme": "dark"\n}\n');
    expect((await initIn(box, simulator, ['--target', 'user'])).code).toBe(0);
  });

  it('stops a switch, gives way to --replace, and comes back with remove', async () => {
    change(THEIRS);
    expect((await box.orcc(SWITCH)).code).toBe(6);
    expect((await box.orcc([...SWITCH, '--replace'])).code).toBe(0);
    // A second change does not lose it.
    expect((await box.orcc(['switch', 'haiku=z-ai/glm-4.7', '--yes'])).code).toBe(0);
    expect(await envAfterRemove()).toEqual({ theme: 'dark', env: THEIRS });
  });

  it('is lost where --force was given', async () => {
    change(THEIRS);
    expect((await box.orcc([...SWITCH, '--force'])).code).toBe(0);
    expect(await envAfterRemove()).toEqual({ theme: 'dark' });
  });

  it('stays away where it is a base URL alone, which would draw a saved login', async () => {
    change({ ANTHROPIC_BASE_URL: 'https://other.example' });
    const { stderr, code } = await box.orcc([...SWITCH, '--replace']);
    expect([code, stderr]).toEqual([0, expect.not.stringMatching(/ANTHROPIC_BASE_URL`.*`orcc remove`/)]);
    expect(await envAfterRemove()).toEqual({ theme: 'dark' });
  });
});
