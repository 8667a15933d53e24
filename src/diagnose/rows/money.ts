import { type FindingRow, modelName } from '../row.ts';

const CREDITS_PAGE = 'https://openrouter.ai/settings/credits';

/** Credits and free quotas. */
export const MONEY_ROWS = [
  {
    code: 'IN_FLIGHT_BUDGET',
    severity: 'warning',
    title: 'Requests under way have reserved the balance',
    recognised: '`limit_source` openrouter_in_flight_budget, or a 402 about in-flight requests',
    clues: [{ limit: /^openrouter_in_flight_budget$/ }, { text: /in[- ]flight/i }],
    cause: () => 'the balance is small, and requests that are still running have reserved what is left of it',
    fix: () => `wait a few seconds and try again, or top up on ${CREDITS_PAGE}`,
    transient: true,
  },
  {
    code: 'CREDITS_TOO_LOW_FOR_MAX_TOKENS',
    severity: 'error',
    title: 'The balance is too small for the output that is asked for',
    recognised: 'HTTP 402 `requires more credits, or fewer max_tokens … can only afford N`, or `Prompt tokens limit exceeded`',
    clues: [
      { limit: /^openrouter_credits$/, text: /can only afford|fewer max_tokens|prompt tokens limit exceeded/i },
      { text: /can only afford|fewer max_tokens|prompt tokens limit exceeded/i },
    ],
    cause: (a) =>
      a.affordable === undefined
        ? 'OpenRouter reserves the price of the whole output before it starts, and the balance does not cover that'
        : `OpenRouter reserves the price of the whole output (${a.maxTokens ?? 32000} tokens) before it starts, and the balance covers ${a.affordable}`,
    fix: (a) =>
      `top up on ${CREDITS_PAGE}, or set \`CLAUDE_CODE_MAX_OUTPUT_TOKENS\`${a.affordable === undefined ? ' lower' : ` to at most ${a.affordable}`}`,
  },
  {
    code: 'NO_CREDITS',
    severity: 'error',
    title: 'No credits left',
    recognised: '`limit_source` openrouter_credits, or HTTP 402 `Insufficient credits`',
    clues: [
      { limit: /^openrouter_credits$/ },
      { text: /insufficient credits|never purchased credits|negative balance/i },
      { type: /^payment_required$/, broad: true },
      { status: [402] },
    ],
    cause: () => 'the OpenRouter account has no credits left (a negative balance blocks free models too)',
    fix: () => `top up on ${CREDITS_PAGE}`,
  },
  {
    code: 'FREE_QUOTA_MINUTE',
    severity: 'warning',
    title: 'Too many free calls in one minute',
    recognised: 'HTTP 429 `free-models-per-min`',
    clues: [{ limit: /free_tier_min/ }, { text: /free-models-per-min/i }],
    cause: () => 'free models take about 20 calls a minute for the whole account, and Claude Code makes more',
    fix: () => 'wait a minute, or use the paid model: the same id without `:free`',
    transient: true,
    hidden: 'it retries a 429 for about three minutes',
  },
  {
    code: 'FREE_QUOTA_DAY',
    severity: 'error',
    title: "Today's free calls are used up",
    recognised: '`limit_source` openrouter_free_tier_daily, or HTTP 429 `free-models-per-day`',
    clues: [{ limit: /^openrouter_free_tier/ }, { text: /free-models-per-day/i }],
    cause: (a) =>
      `the account's free calls of today are used up${a.resetAt === undefined ? '; they come back at 00:00 UTC' : `; they come back at ${a.resetAt}`}`,
    fix: (a) =>
      `wait until then, use ${a.model?.endsWith(':free') === true ? `\`${a.model.slice(0, -':free'.length)}\`` : 'a paid model'}, or buy 10 credits once for 1000 free calls a day: ${CREDITS_PAGE}`,
    hidden: 'it retries a 429 for about three minutes',
  },
  {
    code: 'MAX_PRICE',
    severity: 'error',
    title: 'Every provider costs more than the allowed price',
    recognised: '`failed_routing_step` Filter by Max Price',
    clues: [{ step: /max price/i }],
    cause: (a) => `a maximum price in the account, preset or guardrail excludes every provider of ${modelName(a)}`,
    fix: () => 'raise it on https://openrouter.ai/settings/preferences, or choose a cheaper model with `orcc models`',
    hidden: 'it says that the model may not exist',
  },
] as const satisfies readonly FindingRow[];
