import * as z from 'zod/mini';
import { QUIET_ENV } from '../claude/quiet-env.ts';
import { ALIASES } from '../claude/aliases.ts';
import { maps } from '../claude/resolve-model.ts';
import { type ClaudeVersion, answersQuestions } from '../claude/version.ts';
import type { Context, Env, ExecResult } from '../core/context.ts';
import { findingOf } from '../diagnose/build.ts';
import type { Finding } from '../core/finding.ts';
import { tryJson } from '../text/json.ts';
import { clip, redactForeign, stripControls } from '../text/text.ts';
import { makeScratch, type Scratch } from './scratch.ts';
import type { ProbeInput } from './input.ts';

/** Milliseconds for one session of the client: start-up, two calls, and its own tools. */
const CLIENT_TIMEOUT_MS = 180_000;
const MOST_OUTPUT = 4 * 1024 * 1024;

/** What the real Claude Code made of one alias. */
export interface ClientResult {
  readonly alias: string;
  readonly model: string;
  readonly verdict: 'ok' | 'failed' | 'inconclusive';
  readonly version: string | null;
  /** What `claude -p /model` says: an id, or a name such as `Opus 5.5` for a model it knows; null if this version can't say it. */
  readonly shownModel: string | null;
  /** `message.model` of its answers: the model that served. */
  readonly servedModel: string | null;
  readonly usedTool: boolean;
  /** Whether it said the word that only the tool could tell it. */
  readonly correct: boolean;
  /** The HTTP status that it reports; null if no call failed. */
  readonly apiStatus: number | null;
  /** Its own last words, safe to print, at most 300 characters. */
  readonly said: string | null;
  readonly totalMs: number;
  readonly finding?: Finding;
}

type Deps = Pick<Context, 'exec' | 'fs' | 'env' | 'clock' | 'random' | 'platform'>;

interface ClientInput extends Pick<ProbeInput, 'endpoint' | 'model' | 'maxTokens' | 'timeoutMs' | 'signal'> {
  readonly claude: ClaudeVersion & { readonly path: string };
  readonly alias: string;
  /** True for a fallback: the client starts with a model that nobody has, and this one has to answer. */
  readonly standsIn?: boolean;
  /** Model of each alias, as `ANTHROPIC_DEFAULT_*_MODEL`. */
  readonly variables: Readonly<Record<string, string>>;
}

/**
 * Runs the installed Claude Code once for an alias: an empty temporary folder, a configuration folder of its
 * own (so no hooks, MCP servers, plugins or rules of the user), no permission bypass, no retries, a time limit,
 * bounded output. It is asked to read a file, which needs no permission inside its folder, and to say the
 * word in it. The key goes through the environment, never through an argument. A failure is returned; throws
 * only if the temporary folder can't be made.
 */
export async function probeViaClaude(deps: Deps, input: ClientInput): Promise<ClientResult> {
  const started = deps.clock.monotonic();
  let scratch: Scratch | undefined;
  try {
    scratch = makeScratch(deps);
    const word = `word-${Buffer.from(deps.random(3)).toString('hex')}`;
    const file = scratch.write('word.txt', `${word}\n`);
    const env = clientEnv(deps.env, scratch, input);
    const name = modelArgument(input);
    const options = { env, cwd: scratch.work, maxBytes: MOST_OUTPUT, ...(input.signal === undefined ? {} : { signal: input.signal }) };
    // The folders above the scratch folder may be anybody's: nothing in them must count as a project's settings.
    const settings = input.standsIn === true ? ['--settings', JSON.stringify({ fallbackModel: [input.model] })] : [];
    const alone = ['--model', name, '--strict-mcp-config', '--setting-sources', 'user', ...settings];
    const shown =
      input.standsIn !== true && answersQuestions(input.claude.version)
        ? await deps.exec.run(input.claude.path, ['-p', '/model', ...alone], { ...options, timeoutMs: 20_000 })
        : undefined;
    const prompt = `Call the tool Read with exactly this JSON: ${JSON.stringify({ file_path: file })}\nThen answer with the word in that file and nothing else.`;
    const args = ['-p', '--output-format', 'stream-json', '--verbose', ...alone];
    const ran = await deps.exec.run(input.claude.path, args, {
      ...options,
      input: prompt,
      timeoutMs: input.timeoutMs ?? CLIENT_TIMEOUT_MS,
    });
    return judge(input, ran, shown, word, Math.round(deps.clock.monotonic() - started));
  } finally {
    scratch?.remove();
  }
}

function judge(input: ClientInput, ran: ExecResult, shown: ExecResult | undefined, word: string, totalMs: number): ClientResult {
  const stream = readClientStream(ran.stdout);
  const secrets = input.endpoint.key === undefined ? [] : [input.endpoint.key];
  const clean = (text: string): string => clip(redactForeign(stripControls(text.trim()), secrets), 300);
  const shownModel =
    shown?.code === 0 ? (/Current model:\s*`?([^`\n]+)/.exec(shown.stdout)?.[1]?.replace(/\s*\(default\)\s*$/, '') ?? null) : null;
  const correct = (stream.result ?? stream.text).toLowerCase().includes(word);
  const said = clean(stream.result ?? (stream.text !== '' ? stream.text : ran.stderr));
  const cancelled = input.signal?.aborted === true;
  const failed = !cancelled && (ran.timedOut || ran.code !== 0 || stream.isError || !correct);
  const base = {
    alias: input.alias,
    model: input.model,
    version: input.claude.version ?? null,
    shownModel: shownModel === null ? null : clean(shownModel),
    servedModel: stream.model === undefined ? null : clean(stream.model),
    usedTool: stream.usedTool,
    correct,
    apiStatus: stream.apiStatus ?? null,
    said: said === '' ? null : said,
    totalMs,
  };
  if (cancelled) return { ...base, verdict: 'inconclusive' };
  if (!failed) return { ...base, verdict: 'ok' };
  const reason = ran.notFound
    ? 'it could not be started'
    : ran.timedOut
      ? `not finished within ${Math.round((input.timeoutMs ?? CLIENT_TIMEOUT_MS) / 1000)} s`
      : said === ''
        ? `it exited with code ${String(ran.code)}`
        : said;
  const finding = findingOf(
    'CLAUDE_FAILED',
    { model: input.model, alias: input.alias, said: reason, version: input.claude.version },
    [`claude exited with code ${String(ran.code)}`, ...(said === '' ? [] : [`it said: ${said}`])],
    input.alias,
  );
  return { ...base, verdict: 'failed', finding };
}

/** A model that no gateway has, so that a fallback has to answer. */
const NOBODYS = 'orcc/no-such-model';

/** The alias if this version maps it, else the model's id. */
function modelArgument(input: ClientInput): string {
  if (input.standsIn === true) return NOBODYS;
  const row = ALIASES.find(({ id }) => id === input.alias);
  return row?.selectable === true && maps(input.claude.version ?? '0', row.id) ? row.id : input.model;
}

/** The user's environment without anything that configures Claude Code or holds a secret, then what is tested. */
function clientEnv(env: Env, scratch: Scratch, input: ClientInput): Env {
  const kept = Object.entries(env).filter(
    ([name]) =>
      !/^(?:ANTHROPIC|CLAUDE|OPENROUTER|ORCC|MCP|AWS|GOOGLE|VERTEX|AZURE)/i.test(name) && !/(?:_KEY|_TOKEN|_SECRET|_PASSWORD)$/i.test(name),
  );
  const bash = env['CLAUDE_CODE_GIT_BASH_PATH'];
  // With retries off the client turns to its fallbacks only after a 5xx (measured on 2.1.332).
  const { CLAUDE_CODE_MAX_RETRIES: retries, ...quiet } = QUIET_ENV;
  return {
    ...Object.fromEntries(kept),
    ...(bash === undefined ? {} : { CLAUDE_CODE_GIT_BASH_PATH: bash }),
    HOME: scratch.home,
    USERPROFILE: scratch.home,
    TMPDIR: scratch.temp,
    TEMP: scratch.temp,
    TMP: scratch.temp,
    CLAUDE_CONFIG_DIR: scratch.config,
    ...input.variables,
    ANTHROPIC_BASE_URL: input.endpoint.baseUrl,
    ANTHROPIC_AUTH_TOKEN: input.endpoint.key,
    ANTHROPIC_API_KEY: '',
    CLAUDE_CODE_MAX_OUTPUT_TOKENS: String(input.maxTokens),
    ...quiet,
    ...(input.standsIn === true ? {} : { CLAUDE_CODE_MAX_RETRIES: retries }),
  };
}

const optional = z.optional(z.unknown());
const line = z.looseObject({
  type: z.string(),
  message: z.optional(z.looseObject({ model: optional, content: optional })),
  result: optional,
  is_error: optional,
  api_error_status: optional,
});
const block = z.looseObject({ type: z.string(), text: optional });

/** What `claude -p --output-format stream-json` said (measured on 2.1.330). */
interface ClientStream {
  /** `message.model` of the last answer: the model that served, not the one that was asked for. */
  readonly model: string | undefined;
  readonly text: string;
  readonly usedTool: boolean;
  /** The text of the `result` line, errors included. */
  readonly result: string | undefined;
  readonly isError: boolean;
  readonly apiStatus: number | undefined;
}

/** Reads the lines leniently: what is not JSON, or of another kind, is skipped. */
export function readClientStream(stdout: string): ClientStream {
  let model: string | undefined;
  let text = '';
  let usedTool = false;
  let result: string | undefined;
  let isError = true;
  let apiStatus: number | undefined;
  for (const raw of stdout.split('\n')) {
    const value = parse(raw);
    if (value === undefined) continue;
    if (value.type === 'assistant' && value.message !== undefined) {
      // Claude Code gives this model to a message that it makes up to report an error.
      if (typeof value.message.model === 'string' && value.message.model !== '<synthetic>') model = value.message.model;
      const content = Array.isArray(value.message.content) ? value.message.content : [];
      for (const each of content) {
        const read = block.safeParse(each);
        if (!read.success) continue;
        usedTool ||= read.data.type === 'tool_use';
        if (read.data.type === 'text' && typeof read.data.text === 'string') text = read.data.text;
      }
    }
    if (value.type === 'result') {
      result = typeof value.result === 'string' ? value.result : undefined;
      isError = value.is_error !== false;
      if (typeof value.api_error_status === 'number') apiStatus = value.api_error_status;
    }
  }
  return { model, text, usedTool, result, isError, apiStatus };
}

function parse(raw: string): z.infer<typeof line> | undefined {
  const parsed = line.safeParse(tryJson(raw));
  return parsed.success ? parsed.data : undefined;
}
