import { isObject } from '../text/json.ts';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { BuiltinModel } from '../openrouter/builtin.ts';
import { type Account, allowsModel, makeAccounts } from './accounts.ts';
import { describeCredits, describeGeneration, describeKey, type PastCall } from './account-routes.ts';
import { type Answer, jsonAnswer, plainError } from './answer.ts';
import { SimulatorCatalog } from './catalog.ts';
import { FaultQueue } from './fault-spec.ts';
import { answerFault, findApiFault, notFoundPage } from './faults.ts';
import { LoginDesk } from './login-routes.ts';
import { answerMessages, factsOf, generationId } from './messages-route.ts';
import { listZdr } from './providers.ts';
import { listModels, listProviders, modelEndpoints, oneModel } from './model-routes.ts';
import { listPresets, onePreset } from './presets.ts';
import { isMood } from './reply.ts';
import { findStreamFault } from './stream-faults.ts';
import { sendAnswer, type Wire } from './wire.ts';
import { attempt } from '../text/attempt.ts';
import type { RecordedRequest, SiteOptions } from './options.ts';

/** Bytes of a request body; OpenRouter refuses larger ones with 413. */
const MAX_BODY = 32 * 1024 * 1024;

/** Everything behind the port: accounts, catalog, past calls, and the routing of paths. */
export class Site {
  readonly requests: RecordedRequest[] = [];
  readonly faults: FaultQueue;
  /** This server under another host name. */
  otherHost = '';
  readonly #options: SiteOptions;
  readonly #catalog: SimulatorCatalog;
  readonly #accounts: Map<string, Account> = makeAccounts();
  readonly #login: LoginDesk;
  readonly #calls = new Map<string, PastCall>();
  readonly #cache = new Set<string>();
  readonly #sessions = new Map<string, string>();
  #serial = 0;

  constructor(options: SiteOptions) {
    this.#options = options;
    this.#catalog = new SimulatorCatalog(options.models);
    this.faults = new FaultQueue(options.faults);
    this.#login = new LoginDesk(options.now, (account) => this.#accounts.set(account.key, account));
  }

  async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    const text = await readBody(request);
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://simulator');
    const record: RecordedRequest = {
      method: request.method ?? 'GET',
      url: request.url ?? '/',
      path: pathname,
      headers: joinHeaders(request.headers),
      body: parseBody(text),
      at: this.#options.now(),
      status: undefined,
      fault: undefined,
      problem: undefined,
    };
    if (this.#options.requestLog) this.requests.push(record);
    const wire: Wire = {
      response,
      signal: AbortSignal.any([gone.signal, this.#options.closing]),
      otherHost: this.otherHost,
      path: record.url,
    };
    if (record.method === 'HEAD') {
      response.writeHead(200).end();
      this.#note(record, 200);
      return;
    }
    const code = this.faults.take(pathname, modelOf(record.body));
    record.fault = code;
    const answer =
      text === undefined ? this.#refuse('too-large', record) : (this.#refuse(code, record) ?? this.#answer(record, searchParams));
    const spoil = code === undefined ? undefined : findStreamFault(code);
    this.#note(record, spoil !== undefined ? 0 : answer?.kind === 'body' ? answer.status : 200);
    if (answer === undefined) return;
    if (spoil !== undefined) await spoil(wire, answer);
    else await sendAnswer(wire, answer, pathname.endsWith('/messages') ? this.#options.delayMs : 0);
  }

  #note(record: RecordedRequest, status: number): void {
    record.status = status;
    this.#options.onRequest?.(record);
  }

  /** The answer of a fault that refuses the request; undefined for a fault that spoils an answer, and without a fault. */
  #refuse(code: string | undefined, record: RecordedRequest): Answer | undefined {
    if (code === 'html-body') return notFoundPage();
    const fault = code === undefined ? undefined : findApiFault(code);
    if (fault === undefined) return undefined;
    const body = isObject(record.body) ? record.body : {};
    const model = modelOf(body);
    const max = body['max_tokens'];
    const facts = factsOf(
      { ...(model === undefined ? {} : { model }), ...(typeof max === 'number' ? { max_tokens: max } : {}) },
      this.#options.now(),
      generationId(this.#serial),
      this.#catalog,
    );
    return answerFault(fault, facts, record.path.endsWith('/messages') ? this.#options.errorShape : 'plain');
  }

  #answer(record: RecordedRequest, query: URLSearchParams): Answer {
    const { method, path } = record;
    if (path === '/auth' && method === 'GET') return this.#login.showPage(query, this.#options.autoApprove);
    const route = /^\/api\/v1(\/.*)$/.exec(path)?.[1];
    if (route === undefined) return notFoundPage();
    if (route === '/auth/keys') return this.#login.exchange(method, record.body);
    if (route === '/messages')
      return method === 'POST' ? this.#messages(record) : plainError(405, 'Method Not Allowed', {}, { allow: 'POST' });
    if (route === '/messages/count_tokens') return plainError(404, 'Not Found');
    if (method !== 'GET') return notFoundPage();
    if (route === '/models') return listModels(this.#catalog, path, query, record.headers['if-none-match']);
    if (route === '/models/count') return jsonAnswer(200, { data: { count: this.#catalog.models.length } });
    if (route === '/endpoints/zdr') return listZdr(this.#catalog);
    if (route === '/providers') return listProviders(this.#catalog);
    const one = /^\/model\/([^/]+\/[^/]+)$/.exec(route)?.[1];
    if (one !== undefined) return oneModel(this.#catalog, decode(one));
    const endpoints = /^\/models\/([^/]+\/[^/]+)\/endpoints$/.exec(route)?.[1];
    if (endpoints !== undefined) return modelEndpoints(this.#catalog, decode(endpoints));
    return this.#withKey(record, route, query);
  }

  /** The paths that need a key. */
  #withKey(record: RecordedRequest, route: string, query: URLSearchParams): Answer {
    const preset = /^\/presets\/([^/]+)$/.exec(route)?.[1];
    if (preset === undefined && !['/models/user', '/key', '/auth/key', '/credits', '/generation', '/presets'].includes(route))
      return notFoundPage();
    const account = this.#accountOf(record);
    if (account === 'missing') return plainError(401, 'Missing Authentication header');
    if (account === undefined) return plainError(401, 'User not found.');
    // How OpenRouter answers an expired key is not documented: here /key still says when it expired, the rest is refused.
    if (route === '/key' || route === '/auth/key') return describeKey(account);
    if (this.#isExpired(account)) return plainError(401, 'User not found.');
    if (route === '/credits') return describeCredits(account);
    if (preset !== undefined) return onePreset(decode(preset));
    if (route === '/presets') return listPresets();
    if (route === '/models/user') {
      const allows = ({ id }: BuiltinModel): boolean => allowsModel(account, id);
      return listModels(this.#catalog, record.path, query, record.headers['if-none-match'], allows);
    }
    const call = this.#calls.get(query.get('id') ?? '');
    return call === undefined ? plainError(404, 'Generation not found') : describeGeneration(call);
  }

  #messages(record: RecordedRequest): Answer {
    const account = this.#accountOf(record);
    const denial =
      account === 'missing' ? 'auth-missing' : account === undefined || this.#isExpired(account) ? 'auth-unknown-key' : undefined;
    const denied = this.#refuse(denial ?? (account !== 'missing' && account?.isManagement === true ? 'management-key' : undefined), record);
    if (denied !== undefined || account === 'missing' || account === undefined) return denied ?? notFoundPage();
    this.#serial += 1;
    const { answer, past, problem } = answerMessages({
      ...this.#options,
      catalog: this.#catalog,
      account,
      body: record.body,
      userAgent: record.headers['user-agent'] ?? '',
      wantsMetadata: record.headers['x-openrouter-metadata'] === 'enabled',
      now: this.#options.now(),
      serial: this.#serial,
      mood: isMood(record.fault) ? record.fault : undefined,
      cache: this.#cache,
      sessions: this.#sessions,
    });
    record.problem = problem;
    if (past !== undefined) this.#remember(past);
    return answer;
  }

  #remember(call: PastCall): void {
    this.#calls.set(call.generation.id, call);
    const [oldest] = this.#calls.keys();
    if (this.#calls.size > 500 && oldest !== undefined) this.#calls.delete(oldest);
  }

  #accountOf(record: RecordedRequest): Account | 'missing' | undefined {
    const bearer = /^Bearer\s+(\S+)\s*$/i.exec(record.headers['authorization'] ?? '')?.[1];
    const key = bearer ?? record.headers['x-api-key'];
    return key === undefined || key === '' ? 'missing' : this.#accounts.get(key);
  }

  #isExpired(account: Account): boolean {
    return account.expiresAt !== null && Date.parse(account.expiresAt) <= this.#options.now();
  }
}

/** Reads the whole body; undefined if it is larger than OpenRouter accepts. */
async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    if (!Buffer.isBuffer(chunk)) continue;
    size += chunk.length;
    if (size <= MAX_BODY) chunks.push(chunk);
  }
  return size > MAX_BODY ? undefined : Buffer.concat(chunks).toString('utf8');
}

function parseBody(text: string | undefined): unknown {
  if (text === undefined || text === '') return undefined;
  return attempt((): unknown => JSON.parse(text), text);
}

function modelOf(body: unknown): string | undefined {
  return isObject(body) && typeof body['model'] === 'string' ? body['model'] : undefined;
}

function joinHeaders(headers: IncomingMessage['headers']): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : (value ?? '')]),
  );
}

function decode(text: string): string {
  return attempt(() => decodeURIComponent(text), text);
}
