import { beforeAll, describe, expect, it } from 'vitest';
import { compareVersions } from '../../src/claude/version.ts';
import type { ApiFault, FaultFacts } from '../../src/simulator/fault.ts';
import { API_FAULTS } from '../../src/simulator/faults.ts';
import { claudeNeeds, QUIET, type RealmHome } from '../support/realm.ts';
import type { TestEnv } from '../support/sandbox.ts';
import { useRealm, useSimulation } from '../support/stage.ts';

const missing = claudeNeeds();

/** What the client says at its end, without the advice that is its own. */
interface Said {
  readonly text: string;
  readonly status: number | null;
  readonly requests: number;
}

/** Each fault has a model of its own, so that one simulator serves them all. */
const modelOf = (id: string): string => `fault/${id}`;

/** Faults of an answer that has begun need a model that answers. */
const STREAM_MODELS: Readonly<Record<string, string>> = {
  slow: 'z-ai/glm-4.7',
  'midstream-error*1': 'qwen/qwen3-coder-next',
  'midstream-error': 'z-ai/glm-4.7-flash',
  html: 'z-ai/glm-5.3',
  'error-as-200': 'z-ai/glm-5.3-flash',
  cut: 'minimax/minimax-m3',
  'cut*1': 'moonshotai/kimi-k3',
  'ended-early': 'qwen/qwen3.8-27b',
  'no-body': 'openai/gpt-oss-120b',
  'html-body': 'openai/gpt-6-luna',
  malformed: 'deepseek/deepseek-v4-flash',
  empty: 'google/gemma-4-31b-it',
  refusal: 'openai/gpt-5.6-luna',
};

type ByVersion = (version: string) => string | RegExp;

const EMPTY_OR_MALFORMED =
  /^API Error: API returned an empty or malformed response \(HTTP 200\) — check for a proxy or gateway intercepting the request\./;

/** Conversations that do not add up have words of the client's own. */
const TOOL_ID_WORDS: Readonly<Record<string, string>> = {
  'tool-result-orphan': 'orphaned tool_result in conversation history.',
  'tool-call-unanswered': 'due to tool use concurrency issues.',
  'tool-id-doubled': 'duplicate tool_use ID in conversation history.',
};
/** Refusals whose text it can read: it sends once again, without what was refused. */
const READABLE = new Set(['adaptive-thinking-unsupported', 'effort-unsupported']);

/** Texts of Claude Code 2.1.330 and 2.1.332, measured with no retries; `said` is the gateway's own text. */
function expected(fault: ApiFault, said: string): Omit<Said, 'text'> & { readonly text: string | RegExp } {
  const { id, status } = fault;
  switch (id) {
    case 'context-exceeded':
      return { status, requests: 1, text: `Prompt is too long · the provider said: ${said}` };
    case 'too-large':
    case 'cloudflare-too-large':
      return { status, requests: 1, text: /^Request too large \(max 32MB\)/ };
    case 'thinking-signature':
      return { status, requests: 1, text: `API Error: 400 ${said}` };
    default:
  }
  switch (status) {
    case 401:
    case 403:
      return { status, requests: 1, text: `Failed to authenticate. API Error: ${String(status)} ${said}` };
    case 404:
      // Asked again without streaming; the gateway's own text, which has the cause, is hidden.
      return {
        status,
        requests: 2,
        text: `There's an issue with the selected model (${modelOf(id)}). It may not exist or you may not have access to it. Run --model to pick a different model.`,
      };
    case 400:
    case 422:
      return { status, requests: READABLE.has(id) ? 2 : 6, text: `API Error: ${String(status)} ${TOOL_ID_WORDS[id] ?? said}` };
    case 429:
      return { status, requests: 1, text: `API Error: Request rejected (429) · ${said}` };
    default:
      if (status < 500) return { status, requests: 1, text: `API Error: ${String(status)} ${said}` };
      return {
        status,
        requests: 1,
        text: new RegExp(
          `^API Error: (?:${String(status)} )?${literal(said.replace(/\.$/, ''))}\\. This is a server-side issue, usually temporary .* check your inference gateway \\(127\\.0\\.0\\.1:\\d+\\)\\.$`,
        ),
      };
  }
}

const literal = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** The gateway's own words for `POST /messages`. */
function wordsOf(fault: ApiFault): string {
  const facts: FaultFacts = {
    model: modelOf(fault.id),
    slug: modelOf(fault.id),
    maxTokens: 32_000,
    now: 0,
    tool: 'Agent',
    requestId: 'gen-1',
  };
  const plain = typeof fault.message === 'string' ? fault.message : fault.message(facts);
  return fault.envelope === null ? plain : (fault.envelopeMessage ?? plain);
}

/** What orcc writes for these models: without it three refused requests come before each answer. */
const UNDEFERRED: TestEnv = { ENABLE_TOOL_SEARCH: 'false' };

describe.skipIf(missing)('what the real Claude Code makes of each fault of the simulator', () => {
  const realm = useRealm();
  const simulation = useSimulation(realm, [
    ...API_FAULTS.map(({ id }) => `${id}@${modelOf(id)}`),
    // One with a count comes before the same one without.
    ...Object.entries(STREAM_MODELS).map(([fault, model]) => fault.replace(/(\*\d+)?$/, `@${model}$1`)),
  ]);
  let box: RealmHome;
  let env: TestEnv;
  let version: string;
  beforeAll(async () => {
    const told = await realm.run('claude', ['--version'], { env: realm.makeHome().env, cwd: realm.folder });
    version = /\d+\.\d+\.\d+/.exec(told.stdout)?.[0] ?? '';
    box = realm.makeHome();
    env = {
      ...box.env,
      ...QUIET,
      ANTHROPIC_BASE_URL: simulation.baseUrl,
      ANTHROPIC_AUTH_TOKEN: simulation.key,
      ANTHROPIC_API_KEY: '',
    };
  });

  async function ask(model: string, more: TestEnv = {}): Promise<Said & { readonly code: number | null; readonly isError: boolean }> {
    const before = simulation.lines.length;
    const { code, stdout, stderr } = await realm.run('claude', ['-p', 'hi', '--model', model, '--output-format', 'json'], {
      env: { ...env, ...more },
      cwd: box.cwd,
    });
    const answer = stdout.startsWith('{') ? JSON.parse(stdout) : { result: stdout + stderr };
    return {
      code,
      text: answer.result,
      isError: answer.is_error,
      status: answer.api_error_status ?? null,
      requests: simulation.lines.slice(before).filter((line) => /^POST \S*\/v1\/messages(\?\S*)? /.test(line)).length,
    };
  }

  it.each(API_FAULTS.map((fault) => [fault.id, fault.status, fault] as const))('%s (%i)', async (id, _status, fault) => {
    const { text, ...wanted } = expected(fault, wordsOf(fault));
    const said = await ask(modelOf(id));
    expect(said).toMatchObject({ code: 1, isError: true, ...wanted });
    if (typeof text === 'string') expect(said.text.trim()).toBe(text.trim());
    else expect(said.text).toMatch(text);
  });

  /** A text that changed with a version. */
  const since =
    (first: string, text: string | RegExp, before: string | RegExp): ByVersion =>
    (running) =>
      compareVersions(running, first) < 0 ? before : text;

  const OK = (model: string): string => `Hello from the simulator: ${model} answers.`;

  it.each<readonly [string, number, number, string | RegExp | ByVersion]>([
    ['slow', 0, 1, OK('z-ai/glm-4.7')],
    ['midstream-error*1', 0, 2, OK('qwen/qwen3-coder-next')],
    ['midstream-error', 1, 4, 'API Error: Server error mid-response. The response above may be incomplete.'],
    ['cut*1', 0, 2, OK('moonshotai/kimi-k3')],
    ['html', 1, 2, EMPTY_OR_MALFORMED],
    ['error-as-200', 1, 2, EMPTY_OR_MALFORMED],
    ['no-body', 1, 2, since('2.1.332', EMPTY_OR_MALFORMED, 'API Error: Unexpected end of JSON input')],
    ['ended-early', 1, 4, 'API Error: Connection lost mid-response. The response above may be incomplete.'],
    [
      'malformed',
      1,
      2,
      since('2.1.332', EMPTY_OR_MALFORMED, "API Error: JSON Parse error: Expected ':' before value in object property definition"),
    ],
    // Nothing at all, and it calls that a success.
    ['empty', 0, 2, ''],
    ['refusal', 1, 2, /^API Error: openai\/gpt-5\.6-luna's safeguards flagged this message/],
    ['html-body', 1, 2, /^There's an issue with the selected model \(openai\/gpt-6-luna\)/],
  ])('an answer that goes wrong: %s (exit %i, %i requests)', async (fault, code, requests, given) => {
    const text = typeof given === 'function' ? given(version) : given;
    const said = await ask(STREAM_MODELS[fault] ?? '', UNDEFERRED);
    expect(said, said.text).toMatchObject({ code, requests, isError: code !== 0 });
    if (typeof text === 'string') expect(said.text).toBe(text);
    else expect(said.text).toMatch(text);
  });

  it('an answer whose connection is cut for good: asked again, however much of it came through', async () => {
    const { code, isError, requests, text } = await ask(STREAM_MODELS['cut'] ?? '', UNDEFERRED);
    expect({ code, isError }).toEqual({ code: 1, isError: true });
    // In each try the reset may overtake the first bytes: then it is a lost connection, else a lost answer, which costs one try more.
    expect([2, 3, 4]).toContain(requests);
    expect(text).toMatch(/^API Error: Connection (?:to the API was lost \(ECONNRESET\)|lost mid-response)/);
  });

  it.each<readonly [string, TestEnv, number, RegExp]>([
    ['no key and no login: it asks nobody', { ANTHROPIC_AUTH_TOKEN: '' }, 0, /^Not logged in · Please run \/login/],
    [
      'a key that OpenRouter does not know',
      { ANTHROPIC_AUTH_TOKEN: `sk-or-v1-${'0'.repeat(64)}` },
      1,
      /^Failed to authenticate\. API Error: 401 User not found\./,
    ],
    ['nobody listens at the base URL', { ANTHROPIC_BASE_URL: 'http://127.0.0.1:9/api' }, 0, /Connection refused.*ECONNREFUSED/],
    ['a host that does not exist', { ANTHROPIC_BASE_URL: 'http://nowhere.invalid/api' }, 0, /^API Error: Can't reach the API server/],
  ])('%s', async (_name, variables, requests, text) => {
    const said = await ask('z-ai/glm-4.5', variables);
    expect(said, said.text).toMatchObject({ code: 1, requests });
    expect(said.text).toMatch(text);
  });

  it('a base URL that ends in /v1 asks for /v1/v1 and hides it behind the model', async () => {
    const said = await ask('z-ai/glm-4.5', { ANTHROPIC_BASE_URL: `${simulation.baseUrl}/v1` });
    expect(said.text).toMatch(/^There's an issue with the selected model \(z-ai\/glm-4\.5\)/);
    expect(simulation.lines.at(-1)).toMatch(/\/api\/v1\/v1\/messages/);
  });

  it('with one retry it asks twice where the fault may pass, and once where it may not', async () => {
    const retry = { CLAUDE_CODE_MAX_RETRIES: '1' };
    expect((await ask(modelOf('overloaded'), retry)).requests).toBe(2);
    expect((await ask(modelOf('auth-unknown-key'), retry)).requests).toBe(2);
    expect((await ask(modelOf('credits-empty'), retry)).requests).toBe(1);
  });

  it('a fallback model serves once the first is overloaded for good', async () => {
    const { code, stdout } = await realm.run('claude', ['-p', 'hi', '--model', modelOf('overloaded'), '--fallback-model', 'z-ai/glm-4.5'], {
      env: { ...env, CLAUDE_CODE_MAX_RETRIES: '3' },
      cwd: box.cwd,
    });
    expect({ code, stdout }).toEqual({ code: 0, stdout: `${OK('z-ai/glm-4.5')}\n` });
  });
});
