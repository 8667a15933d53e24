import { PAGES } from '../../core/hosts.ts';
import { type FindingRow, modelName, quoteSaid, switchCommand } from '../row.ts';

/** The account's own keys for providers ("bring your own key"): neither the OpenRouter key nor its credits. */
export const BYOK_ROWS = [
  {
    code: 'BYOK_KEY_NEEDED',
    title: 'The model needs your own key for its provider',
    recognised: 'HTTP 403 `X is requiring a key to access this model, which you can add in https://openrouter.ai/settings/integrations`',
    clues: [
      {
        text: /\brequir(?:es|ing|ed)\b[^\n]{0,30}\bkey (?:to (?:access|use)|for this model)|\b(?:byok|your own (?:provider |api )?key) (?:is )?(?:required|needed)|\brequires? (?:byok|(?:you to (?:add|bring|provide) )?your own (?:provider |api )?key)|only available (?:with|through|via) (?:byok|your own)/i,
      },
    ],
    cause: (a) => `the provider of ${modelName(a)} serves it only with your own key${quoteSaid(a)}`,
    fix: (a) => `add your key for that provider on ${PAGES.integrations}, or ${switchCommand(a)} with another model`,
    hidden: 'it says "Failed to authenticate", although the OpenRouter key is valid',
  },
  {
    code: 'BYOK_KEY_REFUSED',
    title: 'A provider refuses your own key',
    recognised: '`Provider returned error` with 401, or `metadata.is_byok` true and a text about the key',
    clues: [
      { byok: true, provider: true, status: [401] },
      { byok: true, provider: true, status: [400, 403], text: /api[ _-]?key|credential|unauthori[sz]ed|authenticat|permission/i },
    ],
    cause: (a) =>
      `${a.provider ?? 'the provider'} refuses the key that your OpenRouter account has for it; the OpenRouter key itself is fine${quoteSaid(a)}`,
    fix: (a) => `replace or remove the key of ${a.provider ?? 'that provider'} on ${PAGES.integrations}`,
    hidden: 'it says "Failed to authenticate", although the OpenRouter key is valid',
  },
  {
    code: 'BYOK_NO_CREDITS',
    title: 'Your own account at a provider has run out of money',
    recognised: '`metadata.is_byok` true with HTTP 402, or a text about quota, billing or balance',
    clues: [
      { byok: true, status: [402] },
      {
        byok: true,
        status: [400, 403, 429],
        text: /insufficient[ _](?:quota|balance|funds|credits?)|exceeded your current quota|credit balance is too low|billing|payment/i,
      },
    ],
    cause: (a) =>
      `the account behind your own key at ${a.provider ?? 'the provider'} has no money or quota left; your OpenRouter credits are not used${quoteSaid(a)}`,
    fix: (a) =>
      `top up at ${a.provider ?? 'that provider'}, or remove its key on ${PAGES.integrations}, so that your OpenRouter credits are used`,
  },
  {
    code: 'BYOK_RATE_LIMITED',
    severity: 'warning',
    title: 'Your own key has reached its rate limit at a provider',
    recognised: '`metadata.is_byok` true, or a `limit_source` that names it, with HTTP 429',
    clues: [{ byok: true, status: [429, 529] }, { limit: /byok/ }],
    cause: (a) => `your own key at ${a.provider ?? 'the provider'} has reached its rate limit for now${quoteSaid(a)}`,
    fix: (a) =>
      `wait ${a.retryAfterMs === undefined ? 'a little' : `${Math.ceil(a.retryAfterMs / 1000)} s`}, or raise the limit at ${a.provider ?? 'that provider'}`,
    transient: true,
    hidden: 'it retries a 429 for about three minutes',
  },
] as const satisfies readonly FindingRow[];
