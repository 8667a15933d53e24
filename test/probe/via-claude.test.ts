import { existsSync, lstatSync, readFileSync, realpathSync, symlinkSync, writeFileSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, it, onTestFinished } from 'vitest';
import type { ExecOptions, ExecResult } from '../../src/core/context.ts';
import { runTest, type TestOutcome } from '../../src/probe/test.ts';
import type { AliasReport } from '../../src/probe/report.ts';
import { makeScratch } from '../../src/probe/scratch.ts';
import { type ClientResult, probeViaClaude, readClientStream } from '../../src/probe/via-claude.ts';
import { plainStyle } from '../../src/text/style.ts';
import { fakeExec, makeTestContext, type TestContext } from './support-context.ts';
import { makeTempHome } from '../support/temp-home.ts';
import { simulate } from '../simulator/support.ts';
import { keyed } from '../support/keyed.ts';

const KEY = `sk-or-v1-${'a1'.repeat(32)}`;
let ctx: TestContext | undefined;
afterEach(() => ctx?.close());

const line = (value: unknown): string => `${JSON.stringify(value)}\n`;
/** What Claude Code 2.1.330 prints, cut down. */
function said(result: string, more: { readonly model?: string; readonly error?: number } = {}): string {
  return (
    line({ type: 'system', subtype: 'init', model: 'z-ai/glm-4.7' }) +
    'not json\n' +
    line({
      type: 'assistant',
      message: { model: more.model ?? 'z-ai/glm-4.7', content: [{ type: 'tool_use', id: 't', name: 'Read', input: {} }] },
    }) +
    line({
      type: 'assistant',
      message: {
        model: more.error === undefined ? (more.model ?? 'z-ai/glm-4.7') : '<synthetic>',
        content: [{ type: 'text', text: result }],
      },
    }) +
    line({
      type: 'result',
      subtype: 'success',
      is_error: more.error !== undefined,
      result,
      ...(more.error === undefined ? {} : { api_error_status: more.error }),
    })
  );
}
/** The word of the file that the prompt names. */
function wordOf(options: ExecOptions): string {
  const file = (JSON.parse(/JSON: (\{.*\})/.exec(options.input ?? '')?.[1] ?? '{}') as { file_path: string }).file_path;
  return readFileSync(file, 'utf8').trim();
}
const isPrompt = (args: readonly string[]): boolean => args.includes('stream-json');
const asWanted = (args: readonly string[], options: ExecOptions): Partial<ExecResult> => ({
  stdout: isPrompt(args) ? said(wordOf(options)) : 'Current model: `z-ai/glm-4.7`\n',
});

function probe(
  answer: Parameters<typeof fakeExec>[0],
  more: Partial<Parameters<typeof probeViaClaude>[1]> = {},
): { readonly result: Promise<ClientResult>; readonly calls: ReturnType<typeof fakeExec>['calls'] } {
  const exec = fakeExec(answer);
  const env = {
    PATH: '/bin',
    TMPDIR: tmpdir(),
    ANTHROPIC_API_KEY: 'sk-ant-x',
    ANTHROPIC_MODEL: 'opus',
    CLAUDECODE: '1',
    CLAUDE_CODE_USE_BEDROCK: '1',
    GITHUB_TOKEN: 'ghp_x',
    HTTPS_PROXY: 'http://p:1',
  };
  ctx = makeTestContext({ exec, env });
  const result = probeViaClaude(ctx, {
    claude: { installed: true, path: '/usr/bin/claude', version: '2.1.330', support: 'supported' },
    endpoint: keyed('http://127.0.0.1:9/api', KEY),
    alias: 'opus',
    model: 'z-ai/glm-4.7',
    maxTokens: 16000,
    variables: { ANTHROPIC_DEFAULT_OPUS_MODEL: 'z-ai/glm-4.7' },
    ...more,
  });
  return { result, calls: exec.calls };
}

describe('the real client', () => {
  it('passes when it read the file and said its word', async () => {
    expect(await probe(asWanted).result).toMatchObject({
      verdict: 'ok',
      shownModel: 'z-ai/glm-4.7',
      servedModel: 'z-ai/glm-4.7',
      usedTool: true,
      correct: true,
      version: '2.1.330',
    });
  });

  it('gets neither the key nor the prompt as an argument, and nothing that skips permissions', async () => {
    const { result, calls } = probe(asWanted);
    await result;
    for (const { args } of calls) expect(args.join(' ')).not.toMatch(/sk-or|word-|skip-permissions|bypass|permission-mode|allowed-?tools/i);
    expect(calls.at(-1)?.args).toContain('--strict-mcp-config');
  });

  it("runs in an empty folder with a configuration of its own and without the user's variables and secrets", async () => {
    let work: string[] = [];
    const { result, calls } = probe((args, options) => {
      work = isPrompt(args) ? [options.cwd ?? '', options.env['CLAUDE_CONFIG_DIR'] ?? '', options.env['HOME'] ?? ''] : work;
      for (const folder of work) expect(lstatSync(folder).mode & 0o777).toBe(0o700);
      return asWanted(args, options);
    });
    await result;
    const env = calls.at(-1)?.options.env ?? {};
    expect(env).toMatchObject({
      ANTHROPIC_BASE_URL: 'http://127.0.0.1:9/api',
      ANTHROPIC_AUTH_TOKEN: KEY,
      ANTHROPIC_API_KEY: '',
      CLAUDE_CODE_MAX_RETRIES: '0',
      CLAUDE_CODE_MAX_OUTPUT_TOKENS: '16000',
      HTTPS_PROXY: 'http://p:1',
      ANTHROPIC_DEFAULT_OPUS_MODEL: 'z-ai/glm-4.7',
    });
    for (const name of ['ANTHROPIC_MODEL', 'CLAUDECODE', 'CLAUDE_CODE_USE_BEDROCK', 'GITHUB_TOKEN']) expect(env).not.toHaveProperty(name);
    expect(work.filter((folder) => folder === '' || existsSync(folder))).toEqual([]);
  });

  it.each<[string, Partial<ExecResult>, Partial<ClientResult>]>([
    ['an API error', { code: 1, stdout: said("There's an issue with the selected model", { error: 404 }) }, { apiStatus: 404 }],
    ['a wrong word', { stdout: said('word-000000-not') }, { correct: false }],
    ['no end in time', { code: null, timedOut: true, stdout: '' }, { servedModel: null }],
    ['a program that cannot be started', { code: null, notFound: true }, { said: null }],
    ['text that is no JSON', { code: 0, stdout: 'hello\n' }, { servedModel: null }],
  ])('fails with %s', async (_what, ran, expected) => {
    const result = await probe((args) => (isPrompt(args) ? ran : {})).result;
    expect(result).toMatchObject({ verdict: 'failed', finding: { code: 'CLAUDE_FAILED' }, ...expected });
  });

  it('is not believed where it prints the key or terminal escapes', async () => {
    const result = await probe((args) =>
      isPrompt(args)
        ? { code: 1, stdout: said(`\u001b[2J${KEY}`, { error: 400, model: '\u001b[31mm' }) }
        : { stdout: `Current model: \`\u001b[31m${KEY}\`` },
    ).result;
    expect(JSON.stringify(result)).not.toMatch(/\\u001b|a1a1a1a1a1/);
  });

  it('is not asked for its model where that would be a paid prompt', async () => {
    const { result, calls } = probe(asWanted, {
      claude: { installed: true, path: '/usr/bin/claude', version: '2.1.200', support: 'limited' },
    });
    expect((await result).shownModel).toBeNull();
    expect(calls).toHaveLength(1);
  });

  it.each([
    ['haiku', '2.1.330', 'haiku'],
    ['fable', '2.1.330', 'fable'],
    ['fable', '2.1.166', 'z-ai/glm-4.7'],
    ['subagent', '2.1.330', 'z-ai/glm-4.7'],
  ])('%s on %s is asked for as %s', async (alias, version, name) => {
    const { result, calls } = probe(asWanted, { alias, claude: { installed: true, path: '/usr/bin/claude', version, support: 'limited' } });
    await result;
    const args = calls.at(-1)?.args ?? [];
    expect(args[args.indexOf('--model') + 1]).toBe(name);
  });

  it('leaves no folder behind when it was stopped', async () => {
    const controller = new AbortController();
    let folder = '';
    const { result } = probe(
      (_args, options) => {
        folder = path.dirname(options.cwd ?? '');
        controller.abort();
        return { code: null };
      },
      { signal: controller.signal },
    );
    expect(await result).toMatchObject({ verdict: 'inconclusive' });
    expect(folder).toContain('orcc-claude-');
    expect(existsSync(folder)).toBe(false);
  });
});

describe('`orcc test --via claude`', () => {
  async function test(
    answer: Parameters<typeof fakeExec>[0],
    fault?: string,
    model = 'z-ai/glm-4.7',
    signal = new AbortController().signal,
  ): Promise<TestOutcome> {
    const simulator = await simulate({ faults: fault === undefined ? [] : [{ code: fault }] });
    ctx = makeTestContext({
      signal,
      exec: fakeExec((args, options) => (args[0] === '--version' ? { stdout: '2.1.330 (Claude Code)\n' } : answer(args, options))),
      env: { PATH: '', TMPDIR: tmpdir() },
    });
    return await runTest(ctx, {
      endpoint: keyed(simulator.baseUrl, simulator.key),
      aliases: [{ alias: 'opus', model }],
      maxTokens: 16000,
      toolSearch: false,
      via: 'claude',
      timeoutMs: 4000,
    });
  }
  const report = (outcome: TestOutcome): AliasReport | undefined => (outcome.data as { aliases: AliasReport[] }).aliases[0];

  it('settles a gate that orcc could not pass', async () => {
    const outcome = await test(asWanted, 'harness-gate');
    expect(outcome).toMatchObject({ exit: 'ok', findings: [] });
    expect(report(outcome)).toMatchObject({ verdict: 'ok', client: { verdict: 'ok' } });
    expect(outcome.text(plainStyle(120))).toContain(' 2.1.330 passed ');
  });

  it.each([
    ['provider-400', 'TRANSLATION_400'],
    ['thinking-signature', 'THINKING_SIGNATURE'],
    ['no-tool-call', 'TOOL_CALL_MISSING'],
  ])("counts where it passes, and orcc's own complaint (%s) is a remark", async (fault, code) => {
    const outcome = await test(asWanted, fault);
    expect(outcome).toMatchObject({ exit: 'ok', findings: [] });
    expect(report(outcome)).toMatchObject({
      verdict: 'ok',
      finding: null,
      overruled: { code },
      toolCall: { made: true, correct: true },
      client: { verdict: 'ok' },
    });
    const text = outcome.text(plainStyle(200));
    expect(text).toMatch(new RegExp(`opus: works .*\\(${code}\\b`));
    expect(text).toMatch(/^1 of 1\b/m);
    expect(`${text}${ctx?.written() ?? ''}`).not.toMatch(/^(?:failed|error)|\bfailed\b/m);
    expect(outcome.junit).toContain('failures="0"');
  });

  it('says that it was stopped, and what is known, where Ctrl-C meets the client', async () => {
    const controller = new AbortController();
    const stop = (): Partial<ExecResult> => {
      controller.abort();
      return { code: null };
    };
    const outcome = await test(stop, undefined, 'z-ai/glm-4.7', controller.signal);
    expect(outcome.exit).toBe('cancelled');
    expect(outcome.text(plainStyle(120))).toMatch(/\bstopped after \d+ ms[^]*\b1 of 1\b/);
  });

  it('is red where the client fails and orcc passed', async () => {
    const outcome = await test((args) => (isPrompt(args) ? { code: 1, stdout: said('API Error: 400 x', { error: 400 }) } : {}));
    expect(outcome).toMatchObject({ exit: 'problems', findings: [{ code: 'CLAUDE_FAILED', subject: 'opus' }] });
  });

  it("keeps orcc's own finding where both fail, since the client hides the cause", async () => {
    const outcome = await test(
      (args) => (isPrompt(args) ? { code: 1, stdout: said("There's an issue with the selected model", { error: 404 }) } : {}),
      'no-tool-support',
    );
    expect(outcome.findings).toMatchObject([{ code: 'NO_TOOLS' }]);
  });

  it('warns where the client was served by another model', async () => {
    const outcome = await test((args, options) => (isPrompt(args) ? { stdout: said(wordOf(options), { model: 'other/model' }) } : {}));
    expect(outcome).toMatchObject({ exit: 'ok', findings: [{ code: 'CLAUDE_DIFFERS', severity: 'warning' }] });
  });

  it('warns where the client would ask for another model', async () => {
    const outcome = await test((args, options) =>
      isPrompt(args) ? { stdout: said(wordOf(options)) } : { stdout: 'Current model: `other/model[1m] (default)`' },
    );
    expect(outcome.findings).toMatchObject([{ code: 'CLAUDE_DIFFERS' }]);
  });

  it.each([
    ['anthropic/claude-sonnet-4.6', []],
    ['z-ai/glm-4.7', ['CLAUDE_DIFFERS']],
  ])('takes a name that it shows for a model it knows: %s', async (model, codes) => {
    const outcome = await test(
      (args, options) =>
        isPrompt(args) ? { stdout: said(wordOf(options), { model }) } : { stdout: 'Current model: `Sonnet 4.6 (default)`\n' },
      undefined,
      model,
    );
    expect(outcome.findings.map(({ code }) => code)).toEqual(codes);
    expect(report(outcome)).toMatchObject({ client: { shownModel: 'Sonnet 4.6' } });
  });
});

it('the stream of the client is read leniently', () => {
  expect(readClientStream('')).toMatchObject({ isError: true, model: undefined, text: '' });
  expect(readClientStream('{"type":1}\n{"type":"assistant","message":{"content":7}}\n{broken')).toMatchObject({ usedTool: false });
});

it('no scratch folder is made where there is none for temporary files, and the error says which variable names it', () => {
  const missing = path.join(makeTempHome().home, 'missing');
  ctx = makeTestContext({ env: { TMPDIR: missing } });
  const made = ctx;
  expect(() => makeScratch(made)).toThrow(
    expect.objectContaining({ exit: 'refused', message: expect.stringContaining(missing), hint: expect.stringContaining('TMPDIR') }),
  );
  const usual = makeScratch({ ...made, env: { TMPDIR: '' } });
  expect(path.dirname(usual.root)).toBe(realpathSync('/tmp'));
  usual.remove();
});

it('a scratch folder is removed with what is in it, and what a link leads to stays', () => {
  const home = makeTempHome();
  onTestFinished(() => home.remove());
  const outside = home.write('kept', 'x');
  ctx = makeTestContext({ env: { TMPDIR: tmpdir() } });
  const scratch = makeScratch(ctx);
  mkdirSync(path.join(scratch.config, 'a', 'b'), { recursive: true });
  writeFileSync(path.join(scratch.config, 'a', 'b', 'c'), 'x');
  symlinkSync(outside, path.join(scratch.work, 'link'));
  symlinkSync(path.dirname(outside), path.join(scratch.work, 'folder'));
  scratch.remove();
  expect(existsSync(scratch.root)).toBe(false);
  expect(readFileSync(outside, 'utf8')).toBe('x');
});
