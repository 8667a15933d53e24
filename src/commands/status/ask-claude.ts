import * as z from 'zod/mini';
import { QUIET_ENV } from '../../claude/quiet-env.ts';
import { isSecretVariable, WATCHED_VARIABLES } from '../../claude/variables.ts';
import { answersAuth, answersQuestions } from '../../claude/version.ts';
import type { Context, Env, ExecResult } from '../../core/context.ts';
import { clip, escapeInvisible, redact, stripControls } from '../../text/text.ts';
import { tryJson } from '../../text/json.ts';

type Deps = Pick<Context, 'exec' | 'env' | 'signal'>;

/** What Claude Code reports about itself. Absent if this version can't be asked; otherwise `silent` says why there is no answer. */
export interface ClaudeSays {
  /** An id, or a name such as `Opus 5.5` for a model that it knows. */
  readonly model?: string;
  /** Settings files that did not load; reported from 2.1.300 on. */
  readonly dropped?: readonly string[];
  /** Its `authMethod`. */
  readonly credential?: string;
  /** Its `apiKeySource`: where the key comes from that it sends as `x-api-key`, with or without a token. */
  readonly apiKey?: string;
  /** Empty if it would ask Anthropic. */
  readonly baseUrl?: string;
  readonly silent: ReadonlyArray<{ readonly question: string; readonly said: string }>;
}

/**
 * Beats every layer but the administrator's. Keeps out the user's hooks, and a mode that bypasses permissions, with which Claude
 * Code refuses to start as a superuser (measured). No model, credential or URL depends on these settings.
 */
const SETTINGS = JSON.stringify({ disableAllHooks: true, permissions: { defaultMode: 'default' } });

/**
 * Keeps no session, starts no MCP server, and reads only the user's and the administrator's settings: with a folder's, its helpers,
 * plugins and a skill named `model` would run with the key in their environment (measured on 2.1.212 and 2.1.332).
 */
const ALONE = ['--settings', SETTINGS, '--strict-mcp-config', '--no-session-persistence', '--setting-sources', 'user'];

/** A proxy where nothing listens: none of these questions needs an answer from outside, whatever the client may want to send. */
const NOWHERE = 'http://127.0.0.1:9';
const OFFLINE = Object.fromEntries(
  ['HTTPS_PROXY', 'HTTP_PROXY', 'ALL_PROXY', 'NO_PROXY'].flatMap((name) => {
    const value = name === 'NO_PROXY' ? '' : NOWHERE;
    return [
      [name, value],
      [name.toLowerCase(), value],
    ];
  }),
);

/** Variables that a Claude Code session sets for the programs that it starts, one of which may be orcc. */
const NESTED = /^(?:CLAUDECODE|CLAUDE_CODE_(?:ENTRYPOINT|SSE_PORT|SESSION_ID|CHILD_SESSION|EXECPATH)|CLAUDE_PID)$/;

const LIMIT = 20_000;
const authSchema = z.looseObject({ loggedIn: z.boolean(), authMethod: z.string(), apiKeySource: z.optional(z.string()) });

/**
 * Asks the installed Claude Code, with these variables in place of the terminal's, which model it would use, and whom it would ask
 * with which credential. Never asks a version that would take the question for a prompt (measured over 31 versions). Starts no
 * hook, MCP server or plugin of the user's, and sends nothing. Runs in the root folder of the disk, where no folder that someone
 * else wrote has any effect, so its answer leaves out what this folder sets. Never throws.
 */
export async function askClaude(
  deps: Deps,
  claude: { readonly path: string; readonly version: string },
  variables: Readonly<Record<string, string>> | 'as they are',
): Promise<ClaudeSays> {
  const env = clientEnv(deps.env, variables);
  const secrets = Object.entries(env).flatMap(([name, value]) => (value !== undefined && isSecretVariable(name) ? [value] : []));
  const silent: { question: string; said: string }[] = [];
  const ask = async (...args: readonly string[]): Promise<ExecResult> =>
    deps.exec.run(claude.path, args, { env, timeoutMs: LIMIT, maxBytes: 64 * 1024, group: true, signal: deps.signal });
  const noAnswer = (question: string, { stdout, stderr, timedOut }: ExecResult): void => {
    const said = timedOut ? `nothing within ${LIMIT / 1000} s` : stripControls(`${stderr} ${stdout}`.trim());
    silent.push({ question, said: clip(redact(said, secrets), 200) });
  };
  let says: Partial<ClaudeSays> = {};

  if (answersQuestions(claude.version)) {
    const shown = await ask('-p', '/model', ...ALONE);
    const model = /^Current model:(.+)$/m
      .exec(shown.stdout)?.[1]
      ?.replaceAll('`', '')
      .replace(/\(default\)\s*$/, '');
    if (shown.code !== 0 || model === undefined) noAnswer('claude -p /model', shown);
    else says = { model: stripControls(model).trim(), dropped: droppedFiles(shown.stderr) };
  }
  if (answersAuth(claude.version) && !deps.signal.aborted) {
    const status = await ask('auth', 'status');
    const auth = authSchema.safeParse(tryJson(status.stdout));
    if (auth.success) {
      const { loggedIn, authMethod, apiKeySource } = auth.data;
      says = { ...says, credential: loggedIn ? stripControls(authMethod) : 'none', apiKey: stripControls(apiKeySource ?? 'none') };
    } else noAnswer('claude auth status', status);
    // The JSON does not contain the base URL.
    const text =
      auth.success && answersQuestions(claude.version) && !deps.signal.aborted ? await ask('auth', 'status', '--text') : undefined;
    if (text?.timedOut === true) noAnswer('claude auth status --text', text);
    else if (text !== undefined)
      says = { ...says, baseUrl: stripControls(/^Anthropic base URL: (.+)$/m.exec(text.stdout)?.[1] ?? '').trim() };
  }
  return { ...says, silent };
}

function clientEnv(env: Env, variables: Readonly<Record<string, string>> | 'as they are'): Env {
  const isKept = (name: string): boolean => !NESTED.test(name) && (variables === 'as they are' || !WATCHED_VARIABLES.includes(name));
  const kept = Object.entries(env).filter(([name]) => isKept(name));
  return { ...Object.fromEntries(kept), ...(variables === 'as they are' ? {} : variables), ...QUIET_ENV, ...OFFLINE };
}

/** `  /path/settings.json (member): reason`: one line for each file, below a line that says what they mean. */
function droppedFiles(stderr: string): readonly string[] {
  if (!stderr.includes('did not load')) return [];
  return [...stderr.matchAll(/^ {2}(\S.*?\.json)(?: \([^)]*\))?: /gm)].map(([, path = '']) => escapeInvisible(path));
}
