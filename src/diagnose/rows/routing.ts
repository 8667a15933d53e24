import { USUAL_OUTPUT } from '../../claude/compaction.ts';
import { PAGES } from '../../core/hosts.ts';
import { type FindingRow, modelName, quoteSaid, switchCommand, testCommand } from '../row.ts';
import { dropRules, ownRules, PRIVACY, PROVIDERS, REST } from './own-rules.ts';

const HIDDEN_403 = 'it says "Failed to authenticate", although the key is valid';
const HIDDEN_404 = 'it hides OpenRouter\'s text: "There\'s an issue with the selected model"';

/** The account's or the model's own rules leave no provider. */
export const ROUTING_ROWS = [
  {
    code: 'HARNESS_GATE',
    severity: 'warning',
    title: 'The model only answers known coding agents',
    recognised: '`failed_routing_step` Gate Free Endpoints by Agentic Harness, or HTTP 403 `is only available on agentic harnesses`',
    clues: [
      { step: /agentic harness/i },
      {
        text: /only (?:available|served|offered|open) (?:on|to|for|in|through)[^\n]{0,40}(?:agentic harness|coding agents?\b|coding harness)/i,
      },
    ],
    cause: (a) =>
      `${modelName(a)} only answers programs that OpenRouter lists as coding agents; orcc honestly says that it is not one, so it can't tell whether Claude Code would work`,
    fix: (a) => `try the real client: ${testCommand(a, ' --via claude')}`,
    hidden: HIDDEN_403,
  },
  {
    code: 'ATTESTATION',
    title: 'OpenRouter requires a confirmation first',
    recognised: '`failed_routing_step` Gate Endpoints with Attestations, or `requires you to complete the following before use`',
    clues: [{ step: /attestation/i }, { text: /requires you to complete the following before use/i }],
    cause: (a) => `${modelName(a)} may only be used after a confirmation in the account (age or terms)`,
    fix: (a) => `confirm it on ${a.link ?? PAGES.preferences}`,
    hidden: HIDDEN_403,
  },
  {
    code: 'REGION',
    title: 'Not offered in this region',
    recognised: '`availability.code` region_restricted, or a refusal that names the region or country',
    clues: [
      { reason: /region|country|residency/i },
      { availability: /^region_restricted$/ },
      { excluded: /region|country|residency/ },
      {
        text: /\b(?:user )?location\b[^\n]{0,30}\bnot (?:supported|available|allowed)|unsupported[ _](?:location|country)|\b(?:region|country)\b[^\n]{0,60}(?:not|un)[ -]?(?:available|supported|allowed)|(?:not|un)[ -]?(?:available|supported|allowed)[^\n]{0,60}\b(?:region|country|territory)\b|region[ _]restricted/i,
        status: [200, 400, 401, 403, 404, 410, 422, 451],
      },
    ],
    cause: (a) => `${modelName(a)} is not offered where this request comes from, or not in the region that the key is bound to`,
    fix: (a) => `${switchCommand(a)} with a model of another author`,
    hidden: HIDDEN_403,
  },
  {
    code: 'GUARDRAIL',
    title: 'A guardrail of the account stopped the request',
    recognised: '`failed_routing_step` Filter by Guardrails, `Provider not allowed by guardrail`, or HTTP 403 `Request blocked: …`',
    clues: [
      { reason: /guardrail/i },
      { excluded: /guardrail/ },
      { step: /guardrail/i },
      {
        own: /^\s*request blocked|(?:blocked|allowed|excluded|denied|restricted) by (?:a |an |the |your )?(?:\w+ )?guardrail|prompt injection patterns/i,
      },
    ],
    cause: (a) => `a guardrail of the account or workspace stopped the request for ${modelName(a)}${quoteSaid(a)}`,
    fix: (a) => `check the rule at ${a.link ?? PAGES.guardrails}, or choose a model that it allows`,
    hidden: HIDDEN_403,
  },
  {
    code: 'DATA_POLICY',
    title: 'The privacy settings exclude every provider',
    recognised:
      '`availability.code` privacy_restricted, `failed_routing_step` Filter by Data Policy, or HTTP 404 `matching your data policy`',
    clues: [
      { reason: /training|retention|zdr|privacy|publication|data polic|logging/i },
      { availability: /^privacy_restricted$/ },
      { excluded: /data_?(?:policy|collection)|zdr|privacy|training|retention|distillable/ },
      { step: /data policy|zdr|zero data/i },
      { own: /matching your (?:guardrail restrictions and )?data policy|no endpoints[^\n]{0,60}(?:zero data retention|\bzdr\b)/i },
      { own: /data policy/i, status: [200, 400, 404, 503] },
    ],
    cause: (a) =>
      ownRules(a, PRIVACY) ??
      `every provider of ${modelName(a)} keeps or trains on prompts, and the account's privacy settings forbid that (typical for free models)`,
    fix: (a) =>
      dropRules(a, PRIVACY) ?? `change the setting on ${a.link ?? PAGES.privacy}, or ${switchCommand(a)} with a model that it allows`,
    hidden: HIDDEN_404,
  },
  {
    code: 'PROVIDER_ALLOWLIST',
    title: 'The allowed providers do not serve the model',
    recognised: '`failed_routing_step` Filter by Allowed Providers, or HTTP 404 `No allowed providers are available`',
    clues: [
      { reason: /provider/i },
      { excluded: /provider|^(?:only|order|ignore)\b|allow_?list|ignored/ },
      { step: /allowed providers|ignored providers/i },
      { own: /no allowed providers|all providers have been ignored|no endpoints[^\n]{0,40}\b(?:requested|allowed) providers/i },
    ],
    cause: (a) =>
      ownRules(a, PROVIDERS) ?? `the account allows or ignores certain providers, and none of the allowed ones serves ${modelName(a)}`,
    fix: (a) => dropRules(a, PROVIDERS) ?? `change the list on ${PAGES.preferences}, or ${switchCommand(a)} with a model that they serve`,
    hidden: HIDDEN_404,
  },
  {
    code: 'PARAMETERS_UNSUPPORTED',
    title: 'No provider supports everything Claude Code requests',
    recognised:
      '`failed_routing_step` Filter by Parameters, HTTP 404 `can handle the requested parameters`, or `No endpoints found that support …` for anything that no other row covers',
    clues: [
      { step: /by parameters/i },
      { excluded: /param|cache_control|quantization|thinking|reasoning|structured|response_format|logprobs/ },
      { own: /handle the requested parameters|no endpoints[^\n]{0,60}quantization/i },
      { text: /no endpoints (?:found|available) that support/i, broad: true },
    ],
    cause: (a) =>
      `no provider of ${modelName(a)} supports everything Claude Code sends: tools, thinking, cache_control and ${a.maxTokens ?? USUAL_OUTPUT} output tokens together${quoteSaid(a)}`,
    fix: (a) =>
      `\`orcc models show ${a.model ?? 'MODEL'}\` shows what each provider supports; lower \`CLAUDE_CODE_MAX_OUTPUT_TOKENS\` or choose another model`,
    hidden: HIDDEN_404,
  },
  {
    code: 'NO_MATCHING_PROVIDER',
    title: 'The request and the settings leave no provider',
    recognised:
      '`availability.code` constraint_filtered, any other `failed_routing_step`, or `No endpoints found with …` for anything that no other row covers',
    clues: [
      { availability: /^constraint_filtered$/, broad: true },
      { step: /./, broad: true },
      { own: /no endpoints (?:found|available) (?!for\b|that support)\w/i, broad: true },
    ],
    cause: (a) =>
      ownRules(a, REST) ?? `the request and the account's settings together leave no provider of ${modelName(a)}${quoteSaid(a)}`,
    fix: (a) => dropRules(a, REST) ?? `see ${a.link ?? PAGES.preferences}, or choose another model with \`orcc models --tools\``,
    hidden: HIDDEN_404,
  },
  {
    code: 'ACCESS_REFUSED',
    title: 'OpenRouter refused access',
    recognised: 'HTTP 403 with a text that no other row covers',
    clues: [
      { type: /^permission_denied$/, provider: false, broad: true },
      { status: [403], provider: false },
    ],
    cause: (a) => `OpenRouter refused the request${a.model === undefined ? '' : ` for ${modelName(a)}`}${quoteSaid(a)}`,
    fix: (a) => `see ${a.link ?? PAGES.keys} and ${PAGES.preferences}`,
    hidden: HIDDEN_403,
  },
  {
    code: 'ROUTING_EMPTY',
    title: 'The routing rules leave a model without a provider',
    recognised: "the rules of `orcc route`, compared with OpenRouter's list of the model's providers",
    cause: (a) => ownRules(a, REST) ?? `the routing rules leave no provider of ${modelName(a)}`,
    fix: (a) =>
      dropRules(a, REST) ??
      '`orcc route --check` shows which providers are left; map another model, or remove a rule with `orcc route --drop RULE`',
  },
  {
    code: 'ROUTING_HIDDEN',
    title: 'A stronger layer hides routing rules',
    recognised: 'CLAUDE_CODE_EXTRA_BODY in effect lacks rules that `orcc route` set for this machine',
    cause: (a) =>
      `${a.file ?? 'a stronger layer'} sets CLAUDE_CODE_EXTRA_BODY as a whole, so these rules are not sent: ${(a.rules ?? []).map(({ text }) => text).join('; ')}`,
    fix: () => "`orcc doctor --fix ROUTING_HIDDEN` removes the value; `orcc route --here` with a folder's own rules writes both there",
  },
  {
    code: 'FALLBACK_UNFIT',
    severity: 'warning',
    title: 'A fallback that will not help',
    recognised:
      '`fallbackModel` names a model that OpenRouter does not have, that does not suit Claude Code, or of the same author as the first one',
    cause: (a) => `the fallback ${a.model ?? ''} ${a.reason ?? 'does not fit'}`,
    fix: () => '`orcc switch --fallback ID` with another model; `orcc models --tools` searches them',
  },
] as const satisfies readonly FindingRow[];
