import * as fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { initIn, initWords, useBox, useSimulator } from '../support/use.ts';

/** A repository, a configuration or a variable names a server of a stranger's: the key must not get there. */
const simulator = await useSimulator();
let stranger: http.Server;
/** What reached the stranger: request lines and headers. */
let heard: string[] = [];
let evil = '';
const box = useBox();

beforeAll(async () => {
  stranger = http.createServer((request, response) => {
    heard.push(`${request.method ?? ''} ${request.url ?? ''} ${JSON.stringify(request.headers)}`);
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end('{"data":{"label":"x"}}');
  });
  await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve));
  const at = stranger.address();
  evil = `127.0.0.1:${typeof at === 'object' && at !== null ? at.port : 0}/api`;
});
afterAll(async () => {
  await new Promise((resolve) => stranger.close(resolve));
});
beforeEach(() => {
  heard = [];
});

const setUp = async (...more: string[]): Promise<void> => {
  const { code, stderr } = await initIn(box, simulator, ['--target', 'user', ...more]);
  expect(code, stderr).toBe(0);
};
const plantSettings = (url: string, file = '.claude/settings.json'): void => {
  box.writeHere(file, JSON.stringify({ env: { ANTHROPIC_BASE_URL: url } }, null, 2));
};
/** The built program, without a terminal. */
const run = async (...args: string[]): Promise<{ code: number | null; all: string }> => {
  const { code, stdout, stderr } = await box.bin(args, { cwd: box.cwd });
  return { code, all: stdout + stderr };
};
const expectNoKey = (): void => expect(heard.filter((line) => line.includes('sk-or-') || /authorization|api-key/.test(line))).toEqual([]);

describe('a repository with a base URL in its settings', () => {
  it.each([
    ['test', '.claude/settings.json'],
    ['test --quick --json', '.claude/settings.local.json'],
    ['test --via claude', '.claude/settings.json'],
    ['usage', '.claude/settings.json'],
    ['usage --json', '.claude/settings.local.json'],
  ])('`orcc %s` with %s: exit 6, the layer, the line, and no request', async (command, file) => {
    await setUp();
    plantSettings(`http://${evil}`, file);
    const { code, all } = await run(...command.split(' '));
    expect([code, all]).toEqual([6, expect.stringContaining('KEY_OTHER_ADDRESS')]);
    expect(all).toContain(`${file.includes('local') ? 'local' : 'project'} settings (`);
    expect(all).toContain(`${file}:3`);
    expect(heard).toEqual([]);
  });

  it.each(['test', 'usage', 'doctor'])('with user and password in the URL `orcc %s` sends nothing either', async (command) => {
    await setUp();
    plantSettings(`http://user:secret@${evil}`);
    const { code, all } = await run(command);
    expect(code).toBe(command === 'doctor' ? 1 : 6);
    expect(all).toContain('BASE_URL_WRONG');
    expect(all).not.toContain('secret@');
    expect(heard).toEqual([]);
  });

  it('doctor says so and goes on offline', async () => {
    await setUp();
    plantSettings(`http://${evil}`);
    const { code, all } = await run('doctor', '--json');
    expect(code).toBe(1);
    const { data, findings } = JSON.parse(all) as { data: { offline: boolean }; findings: { code: string; evidence: string[] }[] };
    expect(data.offline).toBe(true);
    const found = findings.find((each) => each.code === 'KEY_OTHER_ADDRESS');
    expect(found?.evidence.join(' ')).toContain('settings.json:3');
    expect(heard).toEqual([]);
  });

  it('`--to URL` agrees for one run, and for that URL alone', async () => {
    await setUp();
    plantSettings(`http://${evil}`);
    expect((await run('usage', '--to', simulator.baseUrl)).code).toBe(6);
    expect(heard).toEqual([]);
    await run('usage', '--to', `http://${evil}`);
    expect(heard.some((line) => line.includes(simulator.key))).toBe(true);
    heard = [];
    expect((await run('usage')).code).toBe(6);
    expect(heard).toEqual([]);
  });

  it('on a terminal it is asked each time, and No is the default', async () => {
    await setUp();
    plantSettings(`http://${evil}`);
    for (const command of ['usage', 'usage']) {
      const { code, stderr, questions } = await box.orcc([command], { answers: [{ to: /Send the key to/, give: false }] });
      expect(code).toBe(6);
      expect(stderr).toContain('settings.json:3');
      expect(questions).toHaveLength(1);
    }
    expect(heard).toEqual([]);
  });

  it('decides nothing where nothing is set up: the catalog comes from OpenRouter', async () => {
    plantSettings(`http://${evil}`);
    box.write('.config/orcc/key', `${simulator.key}\n`, 0o600);
    await run('models', 'coder', '--refresh');
    expect(heard).toEqual([]);
  });

  it.each(['status', 'switch haiku=deepseek/deepseek-v4-flash --yes --offline', 'env', 'models coder', 'key show'])(
    '`orcc %s` does not go there at all',
    async (command) => {
      await setUp();
      plantSettings(`http://${evil}`);
      await run(...command.split(' '));
      expect(heard).toEqual([]);
    },
  );
});

describe('a token that somebody set by hand', () => {
  const theirs = 'sk-or-v1-'.padEnd(73, 'b');
  it('goes to the base URL beside it, and not to the one of a folder', async () => {
    box.write('.claude/settings.json', JSON.stringify({ env: { ANTHROPIC_BASE_URL: simulator.baseUrl, ANTHROPIC_AUTH_TOKEN: theirs } }));
    expect((await run('usage')).code).toBe(4);
    plantSettings(`http://${evil}`);
    expect((await run('usage')).code).toBe(6);
    expect(heard).toEqual([]);
  });

  it('in this terminal alone is for OpenRouter', async () => {
    plantSettings(`http://${evil}`);
    const { code } = await box.bin(['usage'], { cwd: box.cwd, env: { ...box.env, ANTHROPIC_AUTH_TOKEN: theirs } });
    expect(code).toBe(6);
    expect(heard).toEqual([]);
  });
});

describe('a configuration that names a stranger', () => {
  const plantConfig = (): void => {
    const file = box.at('.config/orcc/config.json');
    const config = JSON.parse(fs.readFileSync(file, 'utf8')) as Record<string, unknown>;
    fs.writeFileSync(file, JSON.stringify({ ...config, baseUrl: `http://${evil}` }, null, 2));
  };

  it.each([
    'key show',
    'switch haiku=deepseek/deepseek-v4-flash --yes --offline',
    'switch haiku=deepseek/deepseek-v4-flash --yes',
    'env',
    'env --with-key --shell dotenv',
    'init --yes --no-test --preset guide --target user',
  ])('gets the stored key from no `orcc %s`', async (command) => {
    await setUp();
    plantConfig();
    const { code, all } = await run(...command.split(' '));
    expect([code, all]).toEqual([6, expect.stringContaining('KEY_OTHER_ADDRESS')]);
    expect(all).toContain('config.json:3');
    expectNoKey();
    expect(box.holding(evil)).toEqual(['.config/orcc/config.json']);
  });

  it('gets it from no `orcc run`', async () => {
    await setUp();
    plantConfig();
    box.write('../programs/claude', '#!/bin/sh\necho started\n', 0o755);
    const { code, all } = await run('run', '--', '-p', 'hi');
    expect([code, all]).toEqual([6, expect.stringContaining('KEY_OTHER_ADDRESS')]);
    expect(all).not.toContain('started');
  });

  it.each(['key set', 'key rotate'])('gets no new key from `orcc %s`, the URL of the old one written beside it too', async (command) => {
    await setUp();
    plantConfig();
    const file = box.at('.config/orcc/config.json');
    for (const keyUrl of [simulator.baseUrl, `http://${evil}`, undefined]) {
      const config = JSON.parse(fs.readFileSync(file, 'utf8')) as Record<string, unknown>;
      fs.writeFileSync(file, JSON.stringify({ ...config, keyUrl }));
      const { code, stdout, stderr } = await box.bin([...command.split(' '), '--key-stdin', '--yes'], { input: simulator.keys.free });
      expect([code, stdout + stderr]).toEqual([6, expect.stringContaining('KEY_OTHER_ADDRESS')]);
    }
    expect(heard).toEqual([]);
  });

  it('is no place to log in', async () => {
    await setUp();
    plantConfig();
    const { code, all } = await run('login');
    expect([code, all]).toEqual([6, expect.stringContaining('KEY_OTHER_ADDRESS')]);
    expect(heard).toEqual([]);
  });

  it('of an older orcc keeps its base URL for the key', async () => {
    await setUp();
    const file = box.at('.config/orcc/config.json');
    const { keyUrl, ...older } = JSON.parse(fs.readFileSync(file, 'utf8')) as Record<string, unknown>;
    expect(keyUrl).toBe(simulator.baseUrl);
    fs.writeFileSync(file, JSON.stringify(older));
    expect((await run('usage')).code).toBe(0);
    plantSettings(`http://${evil}`);
    expect((await run('usage')).code).toBe(6);
  });
});

describe('a variable as key storage', () => {
  it('belongs to the base URL of init', async () => {
    const env = { ...box.env, MY_KEY: simulator.key };
    const init = ['init', '--yes', '--no-test', '--preset', 'guide', '--target', 'bash', '--key-storage', 'env:MY_KEY'];
    expect((await box.bin([...init, '--base-url', simulator.baseUrl], { env })).code).toBe(0);
    expect((await box.bin(['usage'], { env, cwd: box.cwd })).code).toBe(0);
    plantSettings(`http://${evil}`);
    expect((await box.bin(['usage'], { env, cwd: box.cwd })).code).toBe(6);
    expect(heard).toEqual([]);
    // Again without the flag: the same variable for the same URL. The checks at its end name what the folder sets.
    expect((await box.bin(init, { env })).code).toBe(1);
    expect(heard).toEqual([]);
    expect((await box.bin(init, { env, cwd: box.home })).code).toBe(0);
  });

  it.each(["'KEY'", '"KEY"', ' KEY', 'KEY\n', 'Bearer KEY'])('is tested as it stands: %j is refused', async (form) => {
    const env = { ...box.env, MY_KEY: form.replace('KEY', simulator.key) };
    const init = initWords(['--target', 'bash', '--key-storage', 'env:MY_KEY'], simulator.baseUrl);
    const { code, stderr } = await box.bin(init, { env });
    expect(code, stderr).toBe(2);
    expect(stderr).not.toContain(simulator.key);
    expect(fs.existsSync(box.at('.config/orcc'))).toBe(false);
  });
});

describe('a stored key and another base URL at init', () => {
  it('needs the key again, or --to', async () => {
    await setUp();
    const again = ['init', '--yes', '--no-test', '--preset', 'guide', '--target', 'user', '--base-url', `http://${evil}`];
    const { code, all } = await run(...again);
    expect([code, all]).toEqual([6, expect.stringContaining('KEY_OTHER_ADDRESS')]);
    expect(heard).toEqual([]);
    expect((await box.bin([...again, '--key-stdin', '--no-check'], { input: simulator.keys.free })).code).toBe(0);
  });
});

describe("another vendor's key", () => {
  it.each([
    ['sk-ant-api03-'.padEnd(60, 'a'), 'an Anthropic key'],
    ['sk-proj-'.padEnd(60, 'a'), 'an OpenAI key'],
    ['ghp_'.padEnd(40, 'a'), 'a GitHub key'],
    ['AKIAIOSFODNN7EXAMPLE', 'an AWS key'],
    ['AIzaSy'.padEnd(39, 'a'), 'a Google key'],
    ['key=sk-ant-api03-'.padEnd(60, 'a'), 'an Anthropic key'],
    ['x_key=ghp_'.padEnd(46, 'a'), 'a GitHub key'],
    ['Bearer%20sk-ant-api03-'.padEnd(60, 'a'), 'an Anthropic key'],
  ])('%s is neither sent nor written', async (key, name) => {
    const before = simulator.requests.length;
    const init = initWords(['--key-stdin', '--target', 'user'], simulator.baseUrl);
    for (const args of [init, [...init, '--no-check']]) {
      const { code, stderr } = await box.bin(args, { input: key });
      expect([code, stderr]).toEqual([4, expect.stringContaining(`is ${name}; `)]);
    }
    await setUp();
    const after = simulator.requests.length;
    const { code } = await box.bin(['key', 'set', '--key-stdin', '--yes', '--no-check', '--to', simulator.baseUrl], { input: key });
    expect(code).toBe(4);
    expect(simulator.requests.length).toBe(after);
    expect(simulator.requests.slice(before).some(({ headers }) => JSON.stringify(headers).includes(key))).toBe(false);
    expect(box.holding(key)).toEqual([]);
  });

  it('given with `--to` goes nowhere else where nothing is configured', async () => {
    const args = ['key', 'set', '--key-stdin', '--yes', '--to', simulator.baseUrl];
    const { code, stderr } = await box.bin(args, { input: 'gateway-own-key-1' });
    expect([code, stderr]).toEqual([6, expect.stringContaining('KEY_OTHER_ADDRESS')]);
  });

  it.each([
    ['key', 'set'],
    ['key', 'rotate'],
    ['login', '--timeout', '1'],
    ['usage'],
    ['test'],
    ['key', 'show'],
    ['switch', 'haiku=deepseek/deepseek-v4-flash', '--yes'],
    ['env', '--with-key'],
  ])('given with `--to` beside a configured address `orcc %s %s` goes there or nowhere', async (...words) => {
    await setUp();
    const before = simulator.requests.length;
    const given = words[0] === 'key' && words[1] !== 'show' ? ['--key-stdin', '--yes'] : [];
    const to = ['--to', `http://${evil}`];
    const { code, stdout, stderr } = await box.bin([...words, ...given, ...to], {
      input: 'gateway-own-0123456789-new',
    });
    expect([code, stderr]).toEqual([6, expect.stringContaining('KEY_OTHER_ADDRESS')]);
    expect(stdout).toBe('');
    expect([heard, simulator.requests.length]).toEqual([[], before]);
    expect(box.holding('gateway-own-0123456789-new')).toEqual([]);
  });

  it('given with `--to` on a terminal is asked about nowhere else', async () => {
    await setUp();
    const { code, questions } = await box.orcc(['usage', '--to', `http://${evil}`], { answers: [] });
    expect([code, questions]).toEqual([6, []]);
  });

  it('is refused on a terminal too, and asked for again', async () => {
    await setUp();
    const typed = 'sk-ant-api03-'.padEnd(60, 'a');
    const { code } = await box.orcc(['key', 'set', '--to', simulator.baseUrl], { answers: [{ to: /OpenRouter key/, give: typed }] });
    expect(code).toBe(4);
    expect(box.holding(typed)).toEqual([]);
  });

  it('in effect by hand is not sent to OpenRouter', async () => {
    const env = { ...box.env, ANTHROPIC_BASE_URL: simulator.baseUrl, ANTHROPIC_AUTH_TOKEN: 'sk-ant-oat01-'.padEnd(60, 'a') };
    const before = simulator.requests.length;
    for (const command of ['test', 'usage']) expect((await box.bin([command], { env })).code).toBe(4);
    await box.bin(['doctor'], { env });
    expect(simulator.requests.slice(before).some(({ headers }) => JSON.stringify(headers).includes('sk-ant'))).toBe(false);
  });

  it('but a gateway’s own goes to its gateway', async () => {
    const init = initWords(['--key-stdin', '--no-check', '--target', 'user'], 'https://gateway.test/api');
    const { code, stderr } = await box.bin(init, { input: 'sk-1234' });
    expect(code, stderr).toBe(0);
    expect(path.basename(box.at('.config/orcc/key'))).toBe('key');
    expect(box.read('.config/orcc/key')?.trim()).toBe('sk-1234');
  });
});

describe('a key that is pasted with what stands around it', () => {
  it.each([
    'export OPENROUTER_API_KEY="<>"',
    'OPENROUTER_API_KEY=<>',
    'openrouter_key=<>',
    "OPENROUTER_API_KEY='<>';",
    'Bearer <>',
    'Authorization: Bearer <>',
    '  "ANTHROPIC_AUTH_TOKEN": "<>",',
    '{"key":"<>"}',
    '$env:OPENROUTER_API_KEY = "<>"',
    'set -gx OPENROUTER_API_KEY <>',
    '`<>`',
  ])('%s: the key alone is tested and written', async (form) => {
    const init = initWords(['--key-stdin', '--target', 'user'], simulator.baseUrl);
    const { code, stderr } = await box.orcc(init, { input: form.replace('<>', () => simulator.key) });
    expect(code, stderr).toBe(0);
    expect(box.read('.config/orcc/key')?.trim()).toBe(simulator.key);
  });
});
