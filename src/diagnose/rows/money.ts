import { PAGES } from '../../core/hosts.ts';
import { USUAL_OUTPUT } from '../../claude/compaction.ts';
import { type FindingRow, modelName, quoteSaid, switchCommand } from '../row.ts';
import { dropRules, ownRules, PRICE } from './own-rules.ts';

/** A budget of a workspace, a guardrail, an organisation or a member: neither the key's own limit nor the credits. */
const BUDGET =
  /\b(?:workspace|guardrail|organi[sz]ation|team|member|project)\b[^\n]{0,40}\bbudget\b[^\n]{0,80}\b(?:exceeded|reached|exhausted|used up)\b|\bbudget\b[^\n]{0,60}\b(?:exceeded|reached|exhausted)\b|settings\/guardrails[^\n]{0,40}\bbudget|workspaces\/[\w-]+\/budgets/i;
/** A cap on one model's calls a day. */
const MODEL_A_DAY =
  /\blimit_rpd\b|\bdaily (?:request )?(?:limit|quota|cap) (?:reached|exceeded|hit|exhausted)|requests?[ _-]?per[ _-]?(?:model[ _-]?per[ _-]?)?day|per_model_per_day/i;

/** Credits and free quotas. */
export const MONEY_ROWS = [
  {
    code: 'IN_FLIGHT_BUDGET',
    severity: 'warning',
    title: 'Requests in progress have reserved the balance',
    recognised: '`limit_source` openrouter_in_flight_budget, or a 402 about in-flight requests',
    clues: [{ limit: /in_flight/ }, { own: /in[- ]flight/i, status: [200, 402, 403, 429] }],
    account: true,
    cause: () => 'the balance is small, and running requests have reserved what is left of it',
    fix: () => `wait a few seconds and try again, or top up on ${PAGES.credits}`,
    transient: true,
  },
  {
    code: 'BUDGET_LIMIT',
    title: 'A budget of the workspace or a guardrail is used up',
    recognised: '`limit_source` naming a budget, or HTTP 402 or 403 `Workspace budget exceeded`, `Guardrail budget limit exceeded`',
    clues: [{ limit: /./, own: BUDGET }, { limit: /budget|workspace|guardrail/ }, { own: BUDGET }],
    account: true,
    cause: (a) =>
      `a ${a.period === undefined ? '' : `${a.period} `}budget set by the workspace or a guardrail is used up; the key and the credits are not the cause${quoteSaid(a)}`,
    fix: (a) =>
      `raise it on ${a.link ?? PAGES.guardrails} (whoever administers the workspace can), or wait until it resets${a.resetAt === undefined ? '' : ` (${a.resetAt})`}`,
    hidden: 'after a 403 it says "Failed to authenticate", although the key is valid',
  },
  {
    code: 'CREDITS_TOO_LOW_FOR_MAX_TOKENS',
    title: 'The balance is too small for the requested output',
    recognised: 'HTTP 402 `requires more credits, or fewer max_tokens … can only afford N`, or `Prompt tokens limit exceeded`',
    clues: [
      { limit: /^openrouter_credits$/, own: /can only afford|fewer max_tokens|prompt tokens limit exceeded/i },
      { own: /can only afford|fewer max_tokens|prompt tokens limit exceeded/i },
    ],
    cause: (a) =>
      a.affordable === undefined
        ? 'OpenRouter reserves the price of the whole output before it starts, and the balance does not cover that'
        : `OpenRouter reserves the price of the whole output (${a.maxTokens ?? USUAL_OUTPUT} tokens) before it starts, and the balance covers ${a.affordable}`,
    fix: (a) =>
      `top up on ${PAGES.credits}, or set \`CLAUDE_CODE_MAX_OUTPUT_TOKENS\`${a.affordable === undefined ? ' lower' : ` to at most ${a.affordable}`}`,
  },
  {
    code: 'NO_CREDITS',
    title: 'No credits left',
    recognised: '`limit_source` openrouter_credits, or HTTP 402 `Insufficient credits`',
    clues: [
      { limit: /^openrouter_credits$/ },
      { own: /insufficient credits|never purchased credits|negative balance/i },
      { type: /^payment_required$/, provider: false, broad: true },
      { status: [402], provider: false },
    ],
    account: true,
    cause: () => 'the OpenRouter account has no credits left (a negative balance blocks free models too)',
    fix: () => `top up on ${PAGES.credits}`,
  },
  {
    code: 'RATE_LIMITED',
    severity: 'warning',
    title: 'OpenRouter accepts no more calls for now',
    recognised: 'HTTP 429 from Cloudflare, or on a request for the key, the credits or the catalog',
    clues: [
      { edge: true, status: [429] },
      { general: true, status: [429] },
    ],
    account: true,
    cause: () => 'too many calls came from this key or this network in a short time; the model and the provider are not the cause',
    fix: (a) => `wait ${a.retryAfterMs === undefined ? 'a minute' : `${Math.ceil(a.retryAfterMs / 1000)} s`} and try again`,
    transient: true,
    hidden: 'it retries a 429 for about three minutes',
  },
  {
    code: 'FREE_QUOTA_MINUTE',
    severity: 'warning',
    title: 'Too many free calls in one minute',
    recognised: '`limit_source` openrouter_free_tier_per_minute, or HTTP 429 `free-models-per-min`',
    clues: [
      { limit: /free_tier_(?:per_?)?(?:min|rpm)/ },
      { own: /free-models-per-min|(?<!:)\bfree\b[^\n]{0,40}\bper minute\b|\bper minute\b[^\n]{0,40}(?<!:)\bfree\b/i },
    ],
    account: true,
    cause: () => 'free models allow about 20 calls a minute for the whole account, and Claude Code makes more',
    fix: () => 'wait a minute, or use the paid model: the same id without `:free`',
    transient: true,
    hidden: 'it retries a 429 for about three minutes',
  },
  {
    code: 'FREE_QUOTA_DAY',
    title: "Today's free calls are used up",
    recognised: '`limit_source` openrouter_free_tier_daily, or HTTP 429 `free-models-per-day`',
    clues: [
      { limit: /free_tier_(?:per_?)?(?:day|daily|rpd)/ },
      {
        own: /free-models-per-day|\b(?:daily|per day|today)\b[^\n]{0,40}(?<!:)\bfree\b|(?<!:)\bfree\b[^\n]{0,40}\b(?:daily|per day|today)\b/i,
        status: [200, 402, 403, 429],
      },
      { limit: /^openrouter_free_tier/, broad: true },
    ],
    account: true,
    cause: (a) =>
      `the account's free calls for today are used up${a.resetAt === undefined ? '; they reset at 00:00 UTC' : `; they reset at ${a.resetAt}`}`,
    fix: (a) =>
      `wait until then, use ${a.model?.endsWith(':free') === true ? `\`${a.model.slice(0, -':free'.length)}\`` : 'a paid model'}, or buy 10 credits once for 1000 free calls a day: ${PAGES.credits}`,
    hidden: 'it retries a 429 for about three minutes',
  },
  {
    code: 'MODEL_DAILY_LIMIT',
    title: "Today's calls to this model are used up",
    recognised: 'HTTP 429 `limit_rpd/…`, `Daily limit reached for X`, or a quota of requests per day at the provider',
    clues: [
      { limit: /./, text: MODEL_A_DAY, status: [200, 402, 403, 429] },
      { text: MODEL_A_DAY, status: [200, 402, 403, 429] },
    ],
    cause: (a) =>
      `the provider allows ${modelName(a)} a limited number of calls a day, and today's are used up${a.resetAt === undefined ? '' : `; they reset at ${a.resetAt}`} (credits do not change that)`,
    fix: (a) =>
      `until then another model: ${switchCommand(a, a.model?.endsWith(':free') === true ? a.model.slice(0, -':free'.length) : undefined)}`,
    hidden: 'it retries a 429 for about three minutes',
  },
  {
    code: 'MAX_PRICE',
    title: 'Every provider costs more than the allowed price',
    recognised: '`failed_routing_step` Filter by Max Price, `excluded_by` max_price, or HTTP 404 `under your max price`',
    clues: [
      { step: /max price/i },
      { excluded: /price/ },
      { reason: /price/i },
      { own: /\bmax(?:imum)?[ _]price\b/i, status: [200, 402, 403, 404, 503] },
    ],
    cause: (a) => ownRules(a, PRICE) ?? `a maximum price in the account, preset or guardrail excludes every provider of ${modelName(a)}`,
    fix: (a) => dropRules(a, PRICE) ?? `raise it on ${PAGES.preferences}, or choose a cheaper model with \`orcc models\``,
    hidden: 'it says the model may not exist',
  },
] as const satisfies readonly FindingRow[];
