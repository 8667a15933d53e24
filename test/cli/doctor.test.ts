import { chmodSync } from 'node:fs';
import { expect, it } from 'vitest';
import { initIn, useSetUp, useSimulator } from '../support/use.ts';

const simulator = await useSimulator();
const box = useSetUp((fresh) => initIn(fresh, simulator, ['--target', 'user']));
const codes = async (...words: string[]): Promise<readonly string[]> => (await box.orcc(['doctor', '--json', ...words])).codes();

it.each(['config.json', 'state.json', 'replaced.json'])(
  'a broken %s is one finding, and the rest is examined all the same',
  async (name) => {
    box.write(`.config/orcc/${name}`, '{');
    chmodSync(box.at('.config/orcc/key'), 0o644);
    for (const words of [[], ['--offline'], ['--fix', '--yes']])
      expect(await codes(...words)).toEqual(expect.arrayContaining(['CONFIG_BROKEN', 'MODE_TOO_OPEN']));
    const ran = await box.orcc(['doctor']);
    expect([ran.code, ran.stdout]).toEqual([1, expect.not.stringContaining('orcc is not set up here')]);
    // No command of orcc changes anything until then.
    const { findings } = (await box.orcc(['doctor', '--json'])).json();
    const told = findings.filter(({ code }) => code === 'CONFIG_BROKEN');
    expect(told.map(({ evidence }) => evidence.some((each) => each.includes(`${name}:1:2`)))).toEqual([true]);
    const early = findings.filter(
      ({ code, fix }) => code !== 'CONFIG_BROKEN' && fix.includes('`orcc ') && !/^first fix CONFIG_BROKEN/.test(fix),
    );
    expect(early.map(({ code }) => code)).toEqual([]);
  },
);

it('says that it set the mode where that is all it changed', async () => {
  chmodSync(box.at('.config/orcc/key'), 0o644);
  const { stderr } = await box.orcc(['doctor', '--fix', 'MODE_TOO_OPEN', '--yes']);
  expect(stderr).toMatch(/~\/\.config\/orcc\/key\b.*\b0600 \(MODE_TOO_OPEN\)/);
});

it("of a gateway's key that is refused names the gateway and which key it is, and none of OpenRouter's pages", async () => {
  const { baseUrl } = simulator;
  box.write('.config/orcc/key', `${simulator.key.slice(0, -4)}0000\n`);
  const settings = box.read('.claude/settings.json') ?? '';
  box.write('.claude/settings.json', settings.replace(simulator.key, `${simulator.key.slice(0, -4)}0000`));
  const doctor = await box.orcc(['doctor']);
  const test = await box.orcc(['test']);
  for (const { stdout } of [doctor, test]) expect(stdout.replace(/\s+/g, ' ')).toContain('(storage file)');
  const key = await box.orcc(['key']);
  const set = await box.orcc(['key', 'set', '--key-env', 'BAD', '--yes'], { env: { BAD: `${simulator.key.slice(0, -4)}0000` } });
  for (const text of [doctor.stdout, test.stdout, key.stdout + key.stderr, set.stderr]) {
    expect(text).toContain(new URL(baseUrl).hostname);
    expect(text).not.toContain('openrouter.ai');
  }
});

it('status warns of a key file without a key only where something that orcc wrote needs it', async () => {
  const said = async (): Promise<boolean> =>
    /^~\/\.config\/orcc\/key\b/m.test(((await box.orcc(['status', '--json'])).json().data['problems'] as readonly string[]).join('\n'));
  const key = box.read('.config/orcc/key') ?? '';
  box.write('.config/orcc/key', '');
  expect(await said()).toBe(true);
  box.write('.config/orcc/key', key);
  await box.orcc(['key', 'forget', '--yes']);
  expect(await said()).toBe(false);
  // Without it the mapping can't come back.
  for (const words of [['status'], ['test']]) {
    const { stdout, stderr } = await box.orcc(words);
    expect(stdout + stderr).toMatch(/`orcc key set`[^`]*`orcc switch --back`/);
  }
});

it('leaves the token of user settings where the key file was emptied, and its fix can be undone', async () => {
  box.write('.config/orcc/key', '');
  const [settings, mode] = [box.read('.claude/settings.json'), box.mode('.claude/settings.json')];
  const before = await codes('--offline');
  expect(await box.orcc(['doctor', '--fix', 'AUTO_MODE_BLOCKED', '--yes'])).toMatchObject({ code: 1 });
  expect(box.settings().env['ANTHROPIC_AUTH_TOKEN']).toBe(simulator.key);
  expect(await codes('--offline')).toEqual(before.filter((code) => code !== 'AUTO_MODE_BLOCKED'));
  expect(await box.orcc(['undo', '--yes'])).toMatchObject({ code: 0 });
  expect([box.read('.claude/settings.json'), box.mode('.claude/settings.json')]).toEqual([settings, mode]);
});
