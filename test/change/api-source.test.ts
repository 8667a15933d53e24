import { describe, expect, it } from 'vitest';
import type { Ran } from '../support/box.ts';
import { initIn, useBox, useSimulator, useStranger } from '../support/use.ts';

/** Whose key is sent where: what a command that asks OpenRouter takes for the key's own address (design D23). */
const simulator = await useSimulator();
const { url: elsewhere, expectRefused: refused } = await useStranger();
const box = useBox();

const USER = '.claude/settings.json';
const env = (url: string | undefined, token?: string): string =>
  JSON.stringify(
    { env: { ...(url === undefined ? {} : { ANTHROPIC_BASE_URL: url }), ...(token === undefined ? {} : { ANTHROPIC_AUTH_TOKEN: token }) } },
    null,
    2,
  );
const usage = (more: Record<string, string> = {}): Promise<Ran> => box.orcc(['usage', '--json'], { env: more });

describe('a token that somebody put beside a base URL by hand', () => {
  it('goes to that URL', async () => {
    box.write(USER, env(simulator.baseUrl, simulator.key));
    expect(await usage()).toMatchObject({ code: 0 });
  });

  it('goes to the URL of a folder only where both stand in the same file', async () => {
    box.writeHere(USER, env(simulator.baseUrl, simulator.key));
    expect(await usage()).toMatchObject({ code: 0 });
    box.writeHere(USER, env(elsewhere));
    box.write(USER, env(simulator.baseUrl, simulator.key));
    refused(await usage());
    box.write(USER, env('', simulator.key));
    refused(await usage());
  });

  it('belongs to the URL below the folder’s that is not blank', async () => {
    box.write('.bashrc', `export ANTHROPIC_BASE_URL=${simulator.baseUrl}\n`);
    box.write(USER, env('', simulator.key));
    box.writeHere(USER, env(simulator.baseUrl));
    expect(await usage()).toMatchObject({ code: 0 });
  });

  it('and a base URL, both exported in this terminal, belong together', async () => {
    expect(await usage({ ANTHROPIC_BASE_URL: simulator.baseUrl, ANTHROPIC_AUTH_TOKEN: simulator.key })).toMatchObject({ code: 0 });
  });
});

describe('the key that orcc stored', () => {
  it.each([
    ["this terminal's environment", { ANTHROPIC_BASE_URL: elsewhere }, undefined],
    ['project settings (', {}, USER],
  ] as const)('goes nowhere by a base URL of %s', async (place, exported, file) => {
    expect(await initIn(box, simulator, ['--target', file === undefined ? 'bash' : 'user'])).toMatchObject({ code: 0 });
    if (file !== undefined) box.writeHere(file, env(elsewhere));
    const token = file === undefined ? { ANTHROPIC_AUTH_TOKEN: simulator.key } : {};
    // The profile of bash is not read by this terminal: its own variables are what it has.
    if (file === undefined) box.write('.bashrc', '');
    const ran = await usage({ ...exported, ...token });
    refused(ran);
    expect(JSON.stringify(ran.json())).toContain(place);
  });

  it('goes nowhere by a line that a start-up file got since, which is named', async () => {
    expect(await initIn(box, simulator, ['--target', 'bash'])).toMatchObject({ code: 0 });
    const block = box.read('.bashrc') ?? '';
    box.write('.bashrc', `${block}export ANTHROPIC_BASE_URL=${elsewhere}\n`);
    const ran = await usage();
    refused(ran);
    expect(JSON.stringify(ran.json())).toMatch(new RegExp(` ~/\\.bashrc:${block.split('\n').length}\\b`));
  });
});
