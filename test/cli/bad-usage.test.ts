import { describe, expect, it } from 'vitest';
import { initWords, useBox, useSimulator } from '../support/use.ts';

const simulator = await useSimulator();
const box = useBox();

const KEY = 'sk-or-v1-'.padEnd(73, '0123456789abcdef');

/** Everything that a silent init needs but what the case is about. */
const full = (): readonly string[] => initWords(['--target', 'bash'], simulator.baseUrl);
const fromStdin = (): readonly string[] => initWords(['--key-stdin', '--target', 'bash'], simulator.baseUrl);

/** Runs it in an empty home and gives code and stderr; fails where anything was written. */
async function refuse(args: readonly string[], input = ''): Promise<{ code: number; stderr: string }> {
  const before = box.traces();
  const ran = await box.orcc(args, { input, env: { MY_KEY: simulator.key } });
  expect(box.traces()).toEqual(before);
  expect(ran.stdout).toBe('');
  return ran;
}

const flagsIn = (text: string): readonly string[] => text.match(/`--[\w-]+`/g) ?? [];

describe('unknown words are exit 2 with the nearest valid ones', () => {
  it.each([
    ['a command', ['swich'], '`switch`'],
    ['a flag', ['init', '--presett', 'guide'], '`--preset`'],
    ['a command as a flag', ['models', '--show', 'z-ai/glm-4.7'], '`orcc models show` is a command'],
    ['a preset', ['init', '--preset', 'guid'], '`guide`'],
    ['a target', ['init', '--target', 'zhs'], '`zsh`'],
    ['a target of remove', ['remove', '--target', 'fihs'], '`fish`'],
    ['a default alias', ['init', '--default', 'sonet'], '`sonnet`'],
    ['an alias to test', ['test', 'hiku'], '`haiku`'],
    ['an alias to switch', ['switch', 'hiku=z-ai/glm-4.7'], '`haiku`'],
    ['a key storage', ['init', '--key-storage', 'profil'], '`profile`'],
    ['a variable in lower case', ['key', 'storage', 'env:my_key'], 'Capitals, digits and underscores'],
    ['a finding', ['explain', 'NO_TOLS'], '`NO_TOOLS`'],
    ['an alias that is given twice', ['switch', 'haiku=z-ai/glm-4.7', 'haiku=z-ai/glm-5.3', '--yes'], '`haiku` is given twice'],
    ['an alias in place of a model to pin', ['models', 'pin', 'sonnet', '--yes'], '`sonnet` is an alias'],
    ['two kinds of export', ['export', '--team', '--managed'], '`--managed` and `--team`'],
  ])('%s', async (_what, args, nearest) => {
    const { code, stderr } = await refuse(args);
    expect(code).toBe(2);
    expect(stderr).toContain(nearest);
  });

  it('guesses no flag that only its dashes and two of four letters have in common', async () => {
    expect(flagsIn((await refuse(['init', '--bogus'])).stderr)).toEqual(['`--bogus`']);
    expect((await refuse(['init', '--opsu', 'a/b'])).stderr).toContain('`--opus`');
  });

  it('tells what the negative flag does where there is that alone', async () => {
    const { stderr } = await refuse(['init', '--auto-mode', 'nope']);
    expect(flagsIn(stderr)).toEqual(['`--auto-mode`', '`--no-auto-mode`']);
    expect(stderr).toMatch(/`--no-auto-mode`: \w/);
  });

  it('names the valid words where nothing is near', async () => {
    expect((await refuse(['init', '--target', 'emacs'])).stderr).toContain(
      'bash, zsh, fish, powershell, user, settings-file, project, local',
    );
    expect((await refuse(['init', '--preset', 'xyz'])).stderr).toContain('guide, value, anthropic, free');
    expect((await refuse(['env', '--shell', 'tcsh'])).stderr).toContain('bash, zsh, fish, powershell, github or dotenv');
  });

  it('a profile or preset to switch to, and lists the saved ones', async () => {
    await box.orcc(full(), { env: { MY_KEY: simulator.key } });
    const { code, stderr } = await box.orcc(['switch', 'valeu', '--yes']);
    expect(code).toBe(2);
    expect(stderr).toContain('`value`');
  });

  it('too many words, and a flag without its value', async () => {
    expect((await refuse(['init', 'extra'])).code).toBe(2);
    expect((await refuse(['init', '--preset'])).code).toBe(2);
    expect((await refuse(['undo', 'x'])).code).toBe(2);
    expect((await refuse(['test', '--timeout', '0'])).code).toBe(2);
    expect((await refuse(['help', 'nothing'])).code).toBe(2);
  });

  it("flags that can't be combined", async () => {
    expect((await refuse(['init', '--key-stdin', '--key-env', 'K'])).code).toBe(2);
    expect((await refuse(['switch', '--native', '--back'])).code).toBe(2);
    expect((await refuse(['switch', '--native', 'value'])).code).toBe(2);
    expect((await refuse(['switch', '--back', '--here'])).stderr).toContain('`--here`');
  });
});

describe('a word or flag of another program is exit 2 and leads to the command of orcc that does it', () => {
  it.each([
    ['a command that is misspelt before any flag', ['statsu', '--all'], '`status`'],
    ['set', ['set', 'haiku=z-ai/glm-4.7'], '`orcc switch haiku=z-ai/glm-4.7`'],
    ['use', ['use', 'value'], '`orcc switch value`'],
    ['install', ['install'], '`orcc init`'],
    ['uninstall', ['uninstall', '--yes'], '`orcc remove`'],
    ['-v', ['-v'], '`orcc --version`'],
    ['a flag for Claude Code', ['run', 'opus=z-ai/glm-5.3', '--continue'], '`orcc run opus=z-ai/glm-5.3 -- --continue`'],
    ['a flag of another command', ['status', '--junit'], '`orcc test`'],
    ['a command below another', ['key', 'rotat'], '`rotate`'],
    ['a window that is no number', ['models', '--min-context', 'big'], '200K'],
    ['a value that is left out', ['env', '--shell'], 'bash, zsh, fish, powershell, github or dotenv'],
    ['an argument that is left out', ['models', 'show'], '`orcc models show z-ai/glm-4.7`'],
    ['all that is missing, at once', ['init', '--yes'], /--preset.*--opus.*--sonnet.*--haiku.*--key-env.*--key-stdin/],
  ])('%s', async (_what, args, helps) => {
    const { code, stderr } = await refuse(args);
    expect(code).toBe(2);
    expect(stderr).toMatch(typeof helps === 'string' ? new RegExp(helps.replace(/[.`]/g, '\\$&')) : helps);
  });

  it.each([[['init', '--key', KEY]], [['init', `--api-key=${KEY}`]], [['key', 'set', KEY]], [[KEY]]])('a key: %j', async (args) => {
    const { code, stderr } = await refuse(args);
    expect(code).toBe(2);
    expect(stderr).toMatch(/--key-stdin.*--key-env/);
    expect(stderr).not.toContain(KEY);
  });

  it('and the document of --json names the command all the same', async () => {
    expect((await box.orcc(['init', '--nosuch', '--json'])).json()).toMatchObject({ command: 'init', ok: false });
    expect((await box.orcc(['remove', '--json', 'extra'])).json()).toMatchObject({ command: 'remove', ok: false });
    expect((await box.orcc(['key', 'set', '--nosuch', '--json'])).json()).toMatchObject({ command: 'key set', ok: false });
  });
});

describe('without a terminal a missing value is exit 2 and names the flag that gives it', () => {
  it('the mapping, before a key is looked at or anyone is called', async () => {
    const asked = simulator.requests.length;
    const { code, stderr } = await refuse([
      'init',
      '--yes',
      '--key-env',
      'MY_KEY',
      '--base-url',
      simulator.baseUrl,
      '--opus',
      'z-ai/glm-4.7',
    ]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/--preset.*--sonnet.*--haiku/);
    expect(simulator.requests).toHaveLength(asked);
  });

  it('the key', async () => {
    const { code, stderr } = await refuse(['init', '--yes', '--preset', 'guide', '--base-url', simulator.baseUrl]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/--key-stdin.*--key-env/);
  });

  it('the variable of --key-env', async () => {
    const { code, stderr } = await refuse(initWords(['--key-env', 'NOT_THERE']));
    expect(code).toBe(2);
    expect(stderr).toContain('NOT_THERE');
  });

  it('what to switch to', async () => {
    await box.orcc(full(), { env: { MY_KEY: simulator.key } });
    const { code, stderr } = await box.orcc(['switch', '--yes']);
    expect(code).toBe(2);
    expect(stderr).toContain('alias=model');
  });

  it('consent', async () => {
    await box.orcc(full(), { env: { MY_KEY: simulator.key } });
    for (const args of [['switch', 'value'], ['undo'], ['remove'], ['switch', '--native']]) {
      const before = box.tree();
      const { code, stderr } = await box.orcc(args);
      expect([args, code]).toEqual([args, 2]);
      expect(stderr).toContain('--yes');
      expect(box.tree()).toEqual(before);
    }
  });
});

describe('a base URL that Claude Code could not use is exit 2 with the right form', () => {
  it.each([
    ['http://example.com/api', 'https://example.com/api'],
    ['http://127.0.0.1.example.com/api', 'https://127.0.0.1.example.com/api'],
    ['https://openrouter.ai/api/v1', 'https://openrouter.ai/api'],
    ['https://openrouter.ai/api/v1/', 'https://openrouter.ai/api'],
    ['https://openrouter.ai/v1', 'https://openrouter.ai/api'],
    ['https://openrouter.ai', 'https://openrouter.ai/api'],
    ['https://gateway.example/llm/v1', 'https://gateway.example/llm'],
    ['http://localhost:8080/api/v1', 'http://localhost:8080/api'],
    ['openrouter.ai/api', 'https://openrouter.ai/api'],
    ['ftp://openrouter.ai/api', 'https://openrouter.ai/api'],
    ['https://open router.ai/api', 'https://openrouter.ai/api'],
    ['https://openrouter.ai/api?x=1', 'https://openrouter.ai/api'],
    ['', 'https://openrouter.ai/api'],
  ])('%s', async (url, right) => {
    const { code, stderr } = await refuse(initWords([], url));
    expect(code).toBe(2);
    expect(stderr).toContain(`\`${right}\``);
  });

  it('and shows no password of it', async () => {
    const { code, stderr } = await refuse(['init', '--base-url', 'https://me:hunter2@gateway.example/api']);
    expect(code).toBe(2);
    expect(stderr).not.toContain('hunter2');
  });

  it.each(['http://127.0.0.1:9/api', 'http://localhost:9/api', 'http://[::1]:9/api', 'https://gateway.example/api/'])(
    'but %s is fine',
    async (url) => {
      const before = box.traces();
      const args = initWords(['--no-check', '--dry-run', '--target', 'bash'], url);
      expect((await box.orcc(args, { env: { MY_KEY: simulator.key } })).code).toBe(0);
      expect(box.traces()).toEqual(before);
    },
  );
});

describe('a malformed model id is refused before anything is read or written', () => {
  const IDS: readonly [string, string][] = [
    ['no slug', 'z-ai/'],
    ['a newline', 'z-ai/glm\nexport X=1'],
    ['a double quote', 'z-ai/glm"x'],
    ['a single quote', "z-ai/glm'x"],
    ['a command substitution', 'z-ai/$(touch x)'],
    ['a control character', 'z-ai/glm\u0007'.concat('x')],
    ['an escape sequence', 'z-ai/\u001b[31mglm'],
    ['a space', 'z-ai/glm 4'],
    ['10 kB', `z-ai/${'x'.repeat(10_240)}`],
    ["Claude Code's own suffix", 'z-ai/glm-4.7[1m]'],
    ['other letters', 'z-ai/glmé'],
  ];
  it.each(IDS)('%s, in init', async (_what, id) => {
    const { code, stderr } = await refuse([...full(), '--opus', id]);
    expect(code).toBe(2);
    expect(stderr.length).toBeLessThan(600);

    expect(stderr).not.toMatch(/[\x00-\x09\x0b-\x1f]/);
  });

  it.each(IDS)('%s, in switch', async (_what, id) => {
    expect((await refuse(['switch', `opus=${id}`, '--yes'])).code).toBe(2);
  });

  // A slug alone is looked up: what is no model's ends the same way, once there is a catalog to look in.
  it('a slug of no model, in init', async () => {
    expect((await refuse([...full(), '--opus', 'no-such-model'])).code).toBe(2);
  });

  it('an unknown one stops with the nearest ids', async () => {
    const { code, stderr } = await refuse([...full(), '--opus', 'z-ai/glm-4.77']);
    expect(code).toBe(2);
    expect(stderr).toContain('`z-ai/glm-4.7`');
  });
});

describe('a key that can be none is refused unseen', () => {
  it.each([
    ['nothing', ''],
    ['blanks alone', ' \r\n'],
    ['empty quotes', '""'],
    ['a space inside', `${KEY.slice(0, 20)} ${KEY.slice(20)}`],
    ['two lines', `${KEY}\n${KEY}`],
    ['a control character', `${KEY.slice(0, 20)}\u0001${KEY.slice(20)}`],
    ['an escape sequence', `\u001b[200~${KEY}`],
    ['letters of another alphabet', `${KEY}é`],
    ['600 characters', 'x'.repeat(600)],
    ['70 kB', 'x'.repeat(70_000)],
  ])('%s', async (_what, input) => {
    const asked = simulator.requests.length;
    const { code, stderr } = await refuse(fromStdin(), input);
    expect(code).toBe(2);
    expect(stderr).not.toContain(KEY.slice(0, 20));
    expect(simulator.requests).toHaveLength(asked);
  });

  it('is never taken as the value of a flag, and not shown where someone tries', async () => {
    for (const args of [
      ['init', '--key', KEY],
      ['init', KEY],
      ['init', '--key-env', KEY],
      [`init`, `--key-stdin=${KEY}`],
      ['switch', KEY],
      ['switch', `opus=${KEY}`],
      [KEY],
    ]) {
      const { code, stderr } = await refuse(args);
      // Where nothing is set up, `switch` says that before it looks a word up.
      expect(code).toBe(args[0] === 'switch' ? 3 : 2);
      expect(stderr).not.toContain(KEY);
    }
  });
});

describe('a key that OpenRouter refuses is exit 4 with the reason', () => {
  it.each([
    ['bad', 'KEY_BAD'],
    ['expired', 'KEY_EXPIRED'],
    ['management', 'KEY_IS_MANAGEMENT'],
  ] as const)('%s', async (kind, finding) => {
    const { code, stderr } = await refuse(fromStdin(), simulator.keys[kind]);
    expect(code).toBe(4);
    expect(stderr).toContain(finding);
    expect(stderr).not.toContain(simulator.keys[kind]);
  });

  it('one of an unusual shape is warned about and asked about all the same', async () => {
    const { code, stderr } = await refuse(fromStdin(), 'gateway-0123456789');
    expect(code).toBe(4);
    expect(stderr).toContain('warning:');
  });
});

describe('errors under --json', () => {
  it('are one document too, with the finding and the fix', async () => {
    const ran = await box.orcc(['init', '--json', '--preset', 'guid']);
    expect(ran.code).toBe(2);
    expect(ran.stderr).toBe('');
    expect(JSON.parse(ran.stdout)).toMatchObject({ schemaVersion: 1, ok: false, findings: [{ severity: 'error' }] });
  });
});
