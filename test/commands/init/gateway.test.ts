import { rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Ran } from '../../support/box.ts';
import { listen } from '../../support/http-servers.ts';
import { initIn, useBox, useSimulator } from '../../support/use.ts';

/** Names of a company's models, as LiteLLM lists them: no slash, no window, no price. */
const MODELS = ['big-coder', 'small-coder', 'qwen3:32b'];
/** And one behind a provider's region, as Bedrock has them. */
const REGIONAL = 'bedrock/us/anthropic.claude-v1:0';
const KEY = 'sk-litellm-1234567890';

const simulator = await useSimulator();
/** LiteLLM before the simulator: its own names and key outside, OpenRouter's inside. */
const asked: { url: string; model: unknown; authorization: string | undefined }[] = [];
let gateway: Awaited<ReturnType<typeof listen>>;
let baseUrl = '';
const box = useBox();

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = request.url ?? '';
  const body = await text(request);
  const given = body === '' ? undefined : (JSON.parse(body) as { model?: unknown });
  asked.push({ url, model: given?.model, authorization: request.headers.authorization });
  const send = (status: number, value: unknown): void =>
    void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
  if (request.headers.authorization !== `Bearer ${KEY}`)
    return send(401, { error: { message: 'Authentication Error, No api key passed in.', code: '401' } });
  if (url === '/v1/models')
    return send(200, {
      object: 'list',
      data: [...MODELS, REGIONAL].map((id) => ({ id, object: 'model', created: 1677610602, owned_by: 'openai' })),
    });
  if (!url.startsWith('/v1/messages')) return send(404, { detail: 'Not Found' });
  if (![...MODELS, REGIONAL].includes(String(given?.model)))
    return send(400, {
      error: { message: `Invalid model name passed in model=${String(given?.model)}`, type: 'invalid_request_error', code: '400' },
    });
  const behind = await fetch(`${simulator.baseUrl}${url}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${simulator.key}`, 'anthropic-version': '2023-06-01' },
    body: JSON.stringify({ ...given, model: 'z-ai/glm-4.7' }),
  });
  response
    .writeHead(behind.status, { 'content-type': behind.headers.get('content-type') ?? '' })
    .end(Buffer.from(await behind.arrayBuffer()));
}

beforeAll(async () => {
  gateway = await listen(createServer((request, response) => void answer(request, response)));
  baseUrl = `http://127.0.0.1:${gateway.port}`;
});
afterAll(() => gateway.close());
beforeEach(() => {
  asked.length = 0;
});

const init = (models: readonly string[], more: readonly string[] = []): Promise<Ran> =>
  box.orcc(
    [
      'init',
      '--yes',
      '--base-url',
      baseUrl,
      '--key-stdin',
      '--target',
      'user',
      '--no-test',
      ...models.flatMap((each) => each.split('=')),
      ...more,
    ],
    { input: KEY },
  );
const NAMES = ['--opus=big-coder', '--sonnet=qwen3:32b', '--haiku=small-coder'];
const env = (): Record<string, string> => box.settings().env ?? {};

describe('a gateway whose models have no author', () => {
  it('is set up with its own names, which stand in the settings as they were typed', async () => {
    const { code, stderr } = await init(NAMES);
    expect(code, stderr).toBe(0);
    expect(env()).toMatchObject({
      ANTHROPIC_BASE_URL: baseUrl,
      ANTHROPIC_AUTH_TOKEN: KEY,
      ANTHROPIC_DEFAULT_OPUS_MODEL: 'big-coder',
      ANTHROPIC_DEFAULT_SONNET_MODEL: 'qwen3:32b',
      ANTHROPIC_DEFAULT_HAIKU_MODEL: 'small-coder',
    });
    expect(stderr).not.toContain(KEY);
  });

  it('answers the test by those names, and status, doctor, switch, run’s mapping and remove know them', async () => {
    await init(NAMES);
    const tested = await box.orcc(['test', '--quick', '--json']);
    expect(tested.code, tested.stderr + tested.stdout).toBe(0);
    expect(new Set(asked.filter(({ url }) => url.startsWith('/v1/messages')).map(({ model }) => model))).toEqual(new Set(MODELS));
    expect((await box.orcc(['status'])).stdout).toContain('big-coder');
    expect((await box.orcc(['doctor', '--json'])).json().findings.filter(({ severity }) => severity === 'error')).toEqual([]);
    const switched = await box.orcc(['switch', 'opus=small-coder', '--yes']);
    expect(switched.code, switched.stderr).toBe(0);
    expect(env()['ANTHROPIC_DEFAULT_OPUS_MODEL']).toBe('small-coder');
    expect((await box.orcc(['profile', 'save', 'work'])).code).toBe(0);
    const exported = await box.orcc(['profile', 'export', 'work', '--to', 'work.json']);
    expect(exported.code, exported.stderr).toBe(0);
    expect((await box.orcc(['profile', 'import', 'work.json', '--yes'])).code).toBe(0);
    expect((await box.orcc(['undo', '--yes'])).code).toBe(0);
    expect((await box.orcc(['remove', '--yes'])).code).toBe(0);
    expect(box.read('.claude/settings.json')).toBeNull();
  });

  it('may have more slashes, and names fallbacks, pins and auto mode’s model like aliases', async () => {
    const beside = ['--fallback=small-coder', `--pin=${REGIONAL},big-coder`, '--auto-mode-model=small-coder', '--force'];
    const { code, stderr } = await init([`--opus=${REGIONAL}`, '--sonnet=big-coder', '--haiku=small-coder'], beside);
    expect(code, stderr).toBe(0);
    expect(env()).toMatchObject({ ANTHROPIC_DEFAULT_OPUS_MODEL: REGIONAL });
    const { fallbackModel, modelPicker } = box.settings();
    expect(fallbackModel).toEqual(['small-coder']);
    expect(modelPicker).toMatchObject({ options: [{ model: REGIONAL }, { model: 'big-coder' }] });
    expect((await box.orcc(['switch', `sonnet=${REGIONAL}`, '--fallback=qwen3:32b', '--yes'])).code).toBe(0);
    expect((await box.orcc(['models', 'pin', 'small-coder', '--yes'])).code).toBe(0);
    const unknown = await box.orcc(['switch', '--fallback=no-such', '--yes']);
    expect([unknown.code, unknown.stderr]).toEqual([2, expect.stringMatching(/error: 127\.0\.0\.1.*`no-such`.*\[MODEL_UNKNOWN\]/)]);
  });

  it('are shown and compared by those names, in a list that is asked for with the key', async () => {
    await init(NAMES);
    asked.length = 0;
    for (const id of ['big-coder', REGIONAL]) {
      const shown = await box.orcc(['models', 'show', id, '--refresh', '--json']);
      expect([shown.code, shown.json().data['model']]).toEqual([0, expect.objectContaining({ id })]);
    }
    expect(asked.map(({ url, authorization }) => [url, authorization])).toContainEqual(['/v1/models', `Bearer ${KEY}`]);
    expect((await box.orcc(['models', 'compare', 'big-coder', REGIONAL])).stdout).toContain(REGIONAL);
    expect((await box.orcc(['models', 'show', 'big-codr'])).code).toBe(2);
  });

  it.each([
    'switch opus=small-coder --yes',
    'doctor --all',
    'doctor --fix AUTO_MODE_BLOCKED --yes',
    'run opus=small-coder -- -p hello',
    'check',
    'usage --by model',
  ])('are asked for with the key by `orcc %s`, where no list is kept', async (words) => {
    await init(NAMES);
    box.writeHere(
      'orcc.json',
      JSON.stringify({ schemaVersion: 1, mapping: { opus: 'big-coder', sonnet: 'qwen3:32b', haiku: 'small-coder' } }),
    );
    box.write('bin/claude', '#!/bin/sh\nexit 0\n', 0o755);
    box.write('.claude/projects/a/b.jsonl', '');
    rmSync(box.at('.config/orcc/cache'), { recursive: true, force: true });
    asked.length = 0;
    await box.orcc(words.split(' '), { env: { PATH: `${box.at('bin')}:${box.env['PATH'] ?? ''}` } });
    const lists = asked.filter(({ url }) => url === '/v1/models').map(({ authorization }) => authorization);
    expect([lists.length > 0, new Set(lists)]).toEqual([true, new Set([`Bearer ${KEY}`])]);
  });

  it('says in one sentence that it does not know a name, by its own host, and writes nothing', async () => {
    const before = box.tree();
    const { code, stderr } = await init(['--opus=big-codr', '--sonnet=qwen3:32b', '--haiku=small-coder']);
    expect([code, stderr]).toEqual([2, expect.stringMatching(/error: 127\.0\.0\.1.*`big-codr`.*\[MODEL_UNKNOWN\]/)]);
    expect(stderr).toContain('`big-coder`');
    expect(box.tree()).toEqual(before);
    expect((await init(['--opus=big-codr', '--sonnet=qwen3:32b', '--haiku=small-coder'], ['--force'])).code).toBe(0);
    const tested = await box.orcc(['test', 'opus', '--quick', '--json']);
    expect(tested.code).toBe(1);
    expect(tested.codes()).toEqual(['MODEL_UNKNOWN']);
  });

  it('is reached over https alone, this machine apart', async () => {
    const { code, stderr } = await initIn(box, { key: KEY, baseUrl: 'http://llm.example' }, ['--target', 'user']);
    expect([code, stderr]).toEqual([2, expect.stringContaining('[BASE_URL_WRONG]')]);
  });

  it('gets its key and nobody else: the list of models is asked with it there alone', async () => {
    await init(NAMES);
    expect(asked.every(({ authorization }) => authorization === `Bearer ${KEY}` || authorization === undefined)).toBe(true);
    expect(asked.some(({ url, authorization }) => url === '/v1/models' && authorization !== undefined)).toBe(true);
  });
});
