import { describe, expect, it } from 'vitest';
import type { Ran } from '../support/box.ts';
import { initIn, useBox, useSimulator } from '../support/use.ts';

const simulator = await useSimulator();
const box = useBox();

const init = (...args: string[]): Promise<Ran> => initIn(box, simulator, ['--target', 'bash', ...args]);
const status = async (env: Record<string, string> = {}): Promise<Readonly<Record<string, unknown>>> =>
  (await box.orcc(['status', '--json'], { env })).json().data;
const append = (text: string): string => box.write('.bashrc', `${box.read('.bashrc') ?? ''}${text}`);
const guarded = (text: string): string => box.write('.bashrc', `case $- in *i*) ;; *) return ;; esac\n${text}`);

const WRAPPER = 'glm() {\n  export ANTHROPIC_BASE_URL=https://glm.example; export ANTHROPIC_MODEL=glm\n  claude "$@"\n}\n';
const OPEN = 'if [ -n "$WORK" ]; then export ANTHROPIC_MODEL=work; fi\n';

describe('orcc init and hand-written lines', () => {
  it('a wrapper function stands in nobody’s way', async () => {
    guarded(WRAPPER);
    expect((await init()).code).toBe(0);
    expect(await status()).toMatchObject({ connected: true, startup: { certain: true }, default: { named: 'sonnet' } });
  });

  it('a line under a condition is told, and `--force` goes on', async () => {
    guarded(OPEN);
    const refused = await init();
    expect([refused.code, refused.stderr]).toEqual([6, expect.stringMatching(/\.bashrc:2 sets ANTHROPIC_MODEL, if `\[ -n "\$WORK" \]`/)]);
    expect((await init('--adopt')).code).toBe(6);
    expect((await init('--force')).code).toBe(0);
    expect(box.read('.bashrc')).toContain(OPEN);
  });

  it('so does a yes', async () => {
    guarded(OPEN);
    const args = ['init', '--key-env', 'K', '--base-url', simulator.baseUrl, '--preset', 'guide', '--no-test', '--target', 'bash'];
    const answers = [
      { to: /Continue anyway/, give: true },
      { to: /Write this/, give: 'write' },
    ];
    expect((await box.orcc(args, { env: { K: simulator.key }, answers })).code).toBe(0);
    expect(box.read('.bashrc')).toContain('# >>> orcc >>>');
  });

  it('a line that runs in any case and cannot be commented out stops it, but for `--force`, whose end says that it wins', async () => {
    guarded('export ANTHROPIC_MODEL="a" OTHER=b\n');
    expect((await init('--adopt')).code).toBe(6);
    expect((await init('--adopt', '--force')).code).toBe(1);
    expect(box.read('.bashrc')).toContain('# >>> orcc >>>');
  });
});

describe('orcc status', () => {
  it('counts the models that a new terminal has where only a condition decides over its base URL', async () => {
    guarded(
      'export ANTHROPIC_DEFAULT_OPUS_MODEL=qwen/qwen3-coder-next\nif [ -n "$WORK" ]; then export ANTHROPIC_BASE_URL=https://glm.example; fi\n',
    );
    expect(await status()).toMatchObject({
      baseUrl: null,
      default: { model: 'qwen/qwen3-coder-next' },
      startup: { certain: false, may: [{ name: 'ANTHROPIC_BASE_URL' }] },
    });
  });

  it('takes lines of the user’s own below the block for what they are', async () => {
    await init();
    append('export ANTHROPIC_BASE_URL=https://other.example/api\nexport ANTHROPIC_AUTH_TOKEN=other-token\nexport ANTHROPIC_MODEL=other\n');
    expect(await status()).toMatchObject({
      connected: true,
      baseUrl: { value: 'https://other.example/api', from: expect.stringMatching(/^~\/\.bashrc:\d+$/) },
      default: { named: 'other' },
      startup: { certain: true, may: [], notKnown: [] },
    });
  });

  it('says under which condition something else counts, and what it does not know', async () => {
    await init();
    append(`${OPEN}eval "$(cat ~/.work)"\n`);
    const { startup } = await status();
    expect(startup).toMatchObject({
      certain: false,
      may: [{ name: 'ANTHROPIC_MODEL', value: 'work', conditions: [{ text: '[ -n "$WORK" ]' }] }],
      notKnown: [{ text: 'eval "$(cat ~/.work)"', names: null }],
    });
    const { stdout } = await box.orcc(['status']);
    expect(stdout).toMatch(/\bif `\[ -n "\$WORK" \]` \(~\/\.bashrc:\d+\): ANTHROPIC_MODEL/);
    const last = (box.read('.bashrc') ?? '').trimEnd().split('\n').length;
    expect(stdout).toMatch(new RegExp(`~/\\.bashrc:${last} .*\`eval .*~/\\.work.*\`orcc doctor\``));
  });

  it('leaves out what user settings decide anyway', async () => {
    await init('--target', 'user');
    append(OPEN);
    expect(await status()).toMatchObject({ startup: { certain: true } });
  });

  it('shows no key of a condition or a statement', async () => {
    append(`if [ "$A" = ${simulator.key} ]; then export ANTHROPIC_AUTH_TOKEN=${simulator.key}; fi\neval "$(x ${simulator.key})"\n`);
    const all = [await box.orcc(['status', '--json']), await box.orcc(['status'])].map(({ stdout }) => stdout).join('');
    expect(all).not.toContain(simulator.key);
  });

  it('after `switch --native` says that this terminal still goes elsewhere, and how to end that', async () => {
    await init();
    await box.orcc(['switch', '--native', '--yes']);
    const still = {
      ANTHROPIC_BASE_URL: simulator.baseUrl,
      ANTHROPIC_AUTH_TOKEN: simulator.key,
      ANTHROPIC_MODEL: 'sonnet',
      TMUX: '/tmp/x,1,0',
    };
    expect(await status(still)).toMatchObject({
      connected: false,
      here: { connected: true, baseUrl: simulator.baseUrl },
      thisTerminal: { stale: ['ANTHROPIC_BASE_URL', 'ANTHROPIC_AUTH_TOKEN', 'ANTHROPIC_MODEL'] },
      problems: [expect.stringContaining('unset ANTHROPIC_BASE_URL ANTHROPIC_AUTH_TOKEN ANTHROPIC_MODEL')],
    });
    const { stdout } = await box.orcc(['status'], { env: still });
    expect(stdout).not.toMatch(/✗|reload/);
    const folded = await box.orcc(['status'], { env: still, columns: 60, isTerminal: true });
    expect(folded.stdout).toMatch(/^ *`unset ANTHROPIC_BASE_URL ANTHROPIC_AUTH_TOKEN ANTHROPIC_MODEL`/m);
    expect(stdout.split('\n', 2)).toEqual([
      expect.stringContaining(new URL(simulator.baseUrl).hostname),
      expect.stringContaining('Anthropic'),
    ]);
    expect(stdout).toContain('tmux set-environment -gu ANTHROPIC_BASE_URL');
    expect(await status()).toMatchObject({ connected: false, here: { connected: false }, problems: [] });
  });

  it('after `switch --back` says that this terminal does not have it yet', async () => {
    await init();
    expect(await status()).toMatchObject({ connected: true, here: { connected: false } });
  });
});
