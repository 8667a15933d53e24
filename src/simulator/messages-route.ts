import { USUAL_OUTPUT } from '../claude/compaction.ts';
import { sha256 } from '../core/hash.ts';
import type { BuiltinModel } from '../openrouter/builtin.ts';
import { type Account, allowsModel } from './accounts.ts';
import type { PastCall } from './account-routes.ts';
import { type Answer, jsonAnswer } from './answer.ts';
import { thinkUpReply } from './brain.ts';
import { servedPricing, type SimulatorCatalog } from './catalog.ts';
import { chooseProvider } from './providers.ts';
import { type Generation, messageEvents, messageJson, type Usage } from './events.ts';
import type { FaultFacts } from './fault.ts';
import { affordMessage } from './faults-account.ts';
import { contextMessage, overCapMetadata, presetMessage } from './faults-model.ts';
import { answerFault, findApiFault } from './faults.ts';
import type { Json } from './json.ts';
import { reckonCharge, usdOf } from './ledger.ts';
import { canonicalSlug } from './model-traits.ts';
import { resolvePreset } from './presets.ts';
import type { Mood, Reply } from './reply.ts';
import { type MessagesRequest, readMessagesRequest } from './request-schema.ts';
import { type Refusal, refuseByProvider, refuseRouting } from './strict.ts';
import type { SiteOptions } from './options.ts';

/** What is needed to answer one call of the model. */
interface MessagesCall extends Pick<SiteOptions, 'errorShape' | 'messageShape' | 'lenient'> {
  readonly catalog: SimulatorCatalog;
  /** The account of the bearer token. */
  readonly account: Account;
  readonly body: unknown;
  readonly userAgent: string;
  readonly wantsMetadata: boolean;
  readonly now: number;
  /** Number of this call, for ids. */
  readonly serial: number;
  /** How the model answers badly, if it does. */
  readonly mood: Mood | undefined;
  /** Hashes of the prompt prefixes that were sent before. */
  readonly cache: Set<string>;
  /** The provider that each session (`session_id`) stays with. */
  readonly sessions: Map<string, string>;
}

interface MessagesOutcome {
  readonly answer: Answer;
  readonly past?: PastCall;
  /** Where the body violates the API's description. */
  readonly problem?: string;
}

/** Programs that the harness gate of some free models lets through. */
const KNOWN_HARNESS = /^claude-cli\//;

/** `POST /messages` for a key that exists: refuses as OpenRouter would, or answers and charges. */
export function answerMessages(call: MessagesCall): MessagesOutcome {
  const read = readMessagesRequest(call.body);
  if ('problem' in read) return { answer: refuse(call, 'invalid-request', undefined), problem: read.problem };
  const { request } = read;
  const routed = routeFirst(call, request);
  if ('code' in routed) return { answer: refuse(call, routed.code, request, routed.given) };
  const generation = generate(call, request, routed);
  charge(call.account, routed.model, generation.usage);
  const streamed = request.stream === true;
  const past = {
    generation,
    createdAt: new Date(call.now).toISOString(),
    streamed,
    userAgent: call.userAgent === '' ? null : call.userAgent,
  };
  const headers = { 'X-Generation-Id': generation.id };
  if (!streamed) return { answer: jsonAnswer(200, messageJson(generation, call.messageShape), headers), past };
  return { answer: { kind: 'events', headers, events: messageEvents(generation, call.messageShape), model: generation.model }, past };
}

type Found = { readonly model: BuiltinModel } | Refusal;
interface Served {
  readonly model: BuiltinModel;
  readonly provider: string;
}

/** The first requested model that can answer: `model`, then `fallbacks`, then `models`; the refusal of `model` if none can. */
function routeFirst(call: MessagesCall, request: MessagesRequest): Served | Refusal {
  const others = [...(request.fallbacks ?? []).map(({ model }) => model), ...(request.models ?? [])].filter((id) => id !== request.model);
  const first = checkRouting(call, request);
  if (!('code' in first)) return first;
  for (const model of others) {
    const next = checkRouting(call, { ...request, model });
    if (!('code' in next)) return next;
  }
  return first;
}

/** Makes OpenRouter's checks in its order: the id, the key, the money, then the endpoints that are left. */
function checkRouting(call: MessagesCall, request: MessagesRequest): Served | Refusal {
  if (!call.lenient && (request.messages ?? []).length === 0) return { code: 'messages-empty' };
  const found = findModel(call, request);
  if ('code' in found) return found;
  const refusal = checkMoney(call, found.model) ?? checkEndpoints(call, request, found.model);
  if (refusal !== undefined) return refusal;
  const chosen = chooseProvider(request, found.model, call.sessions);
  return 'code' in chosen ? chosen : { model: found.model, provider: chosen.provider };
}

/** The model that serves, after resolving presets, aliases and routers. */
function findModel({ catalog, account }: MessagesCall, request: MessagesRequest): Found {
  const asked = resolvePreset(request.model);
  if ('code' in asked) return asked.code === 'preset-unknown' ? { code: asked.code, given: { message: presetMessage(asked.slug) } } : asked;
  const listed = catalog.find(asked.id);
  if (listed === undefined) {
    const paid = asked.id.endsWith(':free') ? catalog.find(asked.id.slice(0, -':free'.length)) : undefined;
    return { code: paid === undefined ? 'model-unknown' : 'free-variant-ended' };
  }
  if (listed.id.endsWith(':batch')) return { code: 'model-no-endpoints' };
  const model = catalog.serving(listed);
  return allowsModel(account, model.id) ? { model } : { code: 'guardrail-restrictions' };
}

function isFree(model: BuiltinModel): boolean {
  return (model.input ?? 0) === 0 && (model.output ?? 0) === 0;
}

function checkMoney({ account }: MessagesCall, model: BuiltinModel): Refusal | undefined {
  if (account.limitRemaining !== null && account.limitRemaining <= 0) return { code: 'key-limit' };
  if (isFree(model) && account.freeUsed >= account.freeLimit) return { code: 'rate-free-day' };
  if (!isFree(model) && account.balance <= 0) return { code: 'credits-empty' };
  return undefined;
}

/** Checks whether an endpoint is left, then whether its provider accepts the request. */
function checkEndpoints(call: MessagesCall, request: MessagesRequest, model: BuiltinModel): Refusal | undefined {
  if (model.id.startsWith('thinkingmachines/') && model.id.endsWith(':free') && !KNOWN_HARNESS.test(call.userAgent))
    return { code: 'harness-gate' };
  if ((request.tools?.length ?? 0) > 0 && !model.tools) return { code: 'no-tool-support' };
  const refusal = call.lenient ? undefined : refuseRouting(request, model);
  if (refusal !== undefined) return refusal;

  const maxTokens = request.max_tokens ?? Math.min(model.maxOutput ?? 4096, 4096);
  if (model.maxOutput !== null && maxTokens > model.maxOutput) {
    return { code: 'max-tokens-over-provider-cap', given: { metadata: overCapMetadata(maxTokens, model.maxOutput) } };
  }
  const input = countTokens(promptOf(request));
  if (input + maxTokens > model.context)
    return { code: 'context-exceeded', given: { message: contextMessage(model.context, input, maxTokens) } };

  const { account } = call;
  const budget = Math.min(account.balance, account.limitRemaining ?? Number.POSITIVE_INFINITY);
  const afford = isFree(model) ? maxTokens : Math.floor((budget * 1_000_000 - input * (model.input ?? 0)) / (model.output ?? 1));
  if (afford < maxTokens)
    return { code: 'credits-not-enough-for-max-tokens', given: { message: affordMessage(maxTokens, Math.max(0, afford)) } };
  return call.lenient ? undefined : refuseByProvider(request, model);
}

function refuse(call: MessagesCall, code: string, request: MessagesRequest | undefined, given: Refusal['given'] = {}): Answer {
  const fault = findApiFault(code);
  if (fault === undefined) throw new Error(`no such fault: ${code}`);
  return answerFault(fault, factsOf(request, call.now, generationId(call.serial), call.catalog), call.errorShape, given);
}

/** What an error's text may mention; placeholders if the body did not parse. */
export function factsOf(
  request: Partial<Pick<MessagesRequest, 'model' | 'max_tokens' | 'tools'>> | undefined,
  now: number,
  requestId: string,
  catalog: SimulatorCatalog,
): FaultFacts {
  const model = request?.model ?? 'acme/model';
  const listed = catalog.find(model);
  return {
    model,
    slug: listed === undefined ? model : canonicalSlug(catalog.serving(listed)),
    maxTokens: request?.max_tokens ?? USUAL_OUTPUT,
    tool: request?.tools?.[0]?.name ?? 'tool',
    now,
    requestId,
  };
}

/** An id of OpenRouter's form; the same for the same serial. */
export function generationId(serial: number): string {
  const hash = sha256(`orcc simulator generation ${String(serial)}`, 'base64url').replaceAll(/[-_]/g, 'x');
  return `gen-${String(1_780_000_000 + serial)}-${hash.slice(0, 20)}`;
}

/** Estimates about four characters per token. */
function countTokens(text: string): number {
  return Math.ceil(text.length / 4);
}

function prefixOf(request: MessagesRequest): string {
  return JSON.stringify([request.tools ?? [], request.system ?? '']);
}

function promptOf(request: MessagesRequest): string {
  return prefixOf(request) + JSON.stringify(request.messages ?? []);
}

function generate(call: MessagesCall, request: MessagesRequest, { model, provider }: Served): Generation {
  const wanted = thinkUpReply({ ...request, model: model.id }, call.mood);
  const thinks = model.reasoning && wanted.kind !== 'nothing' && request.thinking !== undefined && request.thinking.type !== 'disabled';
  const hidden = request.thinking?.type !== 'disabled' && request.thinking?.display === 'omitted';
  const thinking = thinks ? (hidden ? '' : 'The user wants a short answer. One step is enough.') : undefined;
  const thought = thinks ? 12 : 0;
  const room = Math.max(0, (request.max_tokens ?? 4096) - thought);
  const reply: Reply = wanted.kind === 'text' ? { ...wanted, text: wanted.text.slice(0, room * 4) } : wanted;
  const wasCut =
    (reply.kind === 'text' && reply.cut === true) ||
    (reply.kind === 'text' && wanted.kind === 'text' && reply.text.length < wanted.text.length);
  const output = thought + countTokens(writtenBy(reply));
  return {
    id: generationId(call.serial),
    model: call.lenient ? model.id : canonicalSlug(model),
    provider,
    reply,
    thinking,
    stopReason: wasCut ? 'max_tokens' : stopReasonOf(reply),
    toolUseId: `toolu_sim${String(call.serial).padStart(8, '0')}`,
    usage: countUsage(call, request, { model, provider }, output, thought),
    metadata: call.wantsMetadata ? routingMetadata(request.model, { model, provider }) : undefined,
  };
}

function writtenBy(reply: Reply): string {
  if (reply.kind === 'text') return reply.text;
  return reply.kind === 'tool' ? JSON.stringify(reply.input) + reply.name : '';
}

function stopReasonOf(reply: Reply): 'tool_use' | 'refusal' | 'end_turn' {
  if (reply.kind === 'tool') return 'tool_use';
  return reply.kind === 'nothing' && reply.refuses ? 'refusal' : 'end_turn';
}

/** Counts tokens and cost. A prompt prefix with a cache mark is written to the cache the first time and read from it afterwards. */
function countUsage(call: MessagesCall, request: MessagesRequest, { model, provider }: Served, output: number, thinking: number): Usage {
  const prompt = promptOf(request);
  const total = countTokens(prompt);
  const marked = prompt.includes('"cache_control":{');
  const prefix = marked ? Math.min(total, countTokens(prefixOf(request))) : 0;
  const cacheKey = sha256(`${provider} ${model.id} ${prefixOf(request)}`);
  const hit = marked && call.cache.has(cacheKey);
  if (marked && call.cache.size < 1000) call.cache.add(cacheKey);
  const cacheRead = hit ? prefix : 0;
  const cacheWrite = marked && !hit ? prefix : 0;
  const fresh = total - cacheRead - cacheWrite;
  const charged = reckonCharge(servedPricing(model), { input: fresh, cacheRead, cacheWrite, output }, call.now);
  return { input: fresh, cacheRead, cacheWrite, output, thinking, inputCost: usdOf(charged.input), outputCost: usdOf(charged.output) };
}

function charge(account: Account, model: BuiltinModel, usage: Usage): void {
  const cost = usage.inputCost + usage.outputCost;
  account.balance -= cost;
  account.used += cost;
  if (account.limitRemaining !== null) account.limitRemaining -= cost;
  if (isFree(model)) account.freeUsed += 1;
}

function routingMetadata(requested: string, { model, provider }: Served): Json {
  return {
    requested,
    strategy: requested.startsWith('~') ? 'latest' : 'direct',
    region: null,
    summary: `1 attempt, served by ${provider}`,
    attempt: 1,
    is_byok: false,
    endpoints: { total: 1, available: [{ provider, model: model.id, selected: true }] },
    attempts: [{ provider, model: model.id, status: 200 }],
  };
}
