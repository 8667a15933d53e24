import { PAGES } from '../../core/hosts.ts';
import { USUAL_OUTPUT } from '../../claude/compaction.ts';
import { type FindingArgs, type FindingRow, modelName, OUTPUT_RANGE, quoteSaid, switchCommand } from '../row.ts';

const HIDDEN_404 =
  'it hides OpenRouter\'s text: "There\'s an issue with the selected model. It may not exist or you may not have access to it"';

function chooseNearest(args: FindingArgs): string {
  const [best, ...others] = args.nearest ?? [];
  if (best === undefined) return `${switchCommand(args)} with an id from \`orcc models\``;
  const also =
    others.length === 0
      ? ''
      : ` (or ${others
          .slice(0, 3)
          .map((id) => `\`${id}\``)
          .join(', ')})`;
  return `${switchCommand(args, best)}${also}`;
}

/** The model behind an alias: unknown, gone, unfit. */
export const MODEL_ROWS = [
  {
    code: 'FREE_ENDED',
    title: 'The model is no longer free',
    recognised: '`availability.code` free_variant_ended, or HTTP 404 `This model is unavailable for free`, `The free X period has ended`',
    clues: [
      { availability: /^free_variant_ended$/ },
      {
        text: /unavailable for free|no longer (?:available for )?free|\bfree\b[^\n]{0,60}\b(?:period|promotion|trial|preview|access|variant|version|tier)\b[^\n]{0,30}\b(?:ended|over|expired)\b|migrate to the paid/i,
      },
    ],
    cause: (a) => `the free variant ${a.model === undefined ? '' : `${modelName(a)} `}has ended; the paid one continues`,
    fix: (a) => `${switchCommand(a, a.successor ?? a.model?.replace(/:free$/, ''))}, or another free model: \`orcc models --free --tools\``,
    hidden: HIDDEN_404,
  },
  {
    code: 'PRESET_MISSING',
    title: 'The account does not have that preset',
    recognised: 'HTTP 404 `Preset not found: X`, or a refused id that begins with `@preset/`',
    clues: [
      { preset: true, availability: /^model_not_found$/ },
      {
        own: /\bpreset\b[^\n]{0,80}\b(?:not found|does ?n.t exist|does not exist|unknown|deleted|disabled|not valid|invalid)\b|(?:no such|unknown|invalid|not find(?: the)?) preset/i,
      },
      { preset: true, own: /not a valid model|model not found/i },
      { preset: true, type: /^not_found$/, broad: true },
    ],
    cause: (a) =>
      `this key's account has no preset ${a.model === undefined ? 'of that name' : modelName(a)}: mistyped, deleted, or in another workspace`,
    fix: (a) => `see your presets on ${PAGES.presets}, then ${switchCommand(a)} with its \`@preset/name\``,
    hidden: HIDDEN_404,
  },
  {
    code: 'MODEL_UNKNOWN',
    title: 'OpenRouter does not know the model',
    recognised: '`availability.code` model_not_found, or HTTP 400 `X is not a valid model ID`, `No models provided`',
    clues: [
      { availability: /^model_not_found$/ },
      {
        own: /is not a valid model(?: id)?|invalid model(?: name|:)|model not found|unknown model|\bmodel\b[^\n]{0,100}\bdoes not exist|no models? (?:was |were )?(?:provided|specified|given)|\bmodel\b[`'"]? (?:field )?is (?:required|missing)/i,
      },
    ],
    cause: (a) =>
      `OpenRouter has no model with the id ${a.model === undefined ? 'that is set' : modelName(a)} (an id is \`author/name\`, with dots and dashes as in the catalog)`,
    fix: chooseNearest,
  },
  {
    code: 'MODEL_RETIRED',
    title: 'No provider serves the model',
    recognised:
      '`availability.code` model_deprecated or model_unavailable_upstream, HTTP 404 `No endpoints found for X`, or `no_endpoints` and `not_found` with no other reason given',
    clues: [
      { availability: /^model_(?:deprecated|unavailable_upstream)$/ },
      {
        text: /no endpoints found for|has been (?:deprecated|retired|removed)|no longer available|every provider of this model answered 404/i,
      },
      { availability: /^no_endpoints$/, broad: true },
      { type: /^not_found$/, general: false, broad: true },
      { status: [404, 410], shaped: true, general: false },
    ],
    cause: (a) => `no provider serves ${modelName(a)} any more, or none that this account may use`,
    fix: (a) => (a.successor === undefined ? chooseNearest(a) : switchCommand(a, a.successor)),
    hidden: HIDDEN_404,
  },
  {
    code: 'MODEL_EXPIRING',
    severity: 'warning',
    title: 'The model will be retired soon',
    recognised: "the catalog's `expiration_date` is within 30 days",
    cause: (a) => `${modelName(a)} will be retired${a.date === undefined ? ' soon' : ` on ${a.date}`}`,
    fix: (a) => (a.successor === undefined ? chooseNearest(a) : switchCommand(a, a.successor)),
  },
  {
    code: 'MODEL_UNSUITED',
    title: 'The model does not suit Claude Code well',
    recognised: 'the rules of `orcc models show` on window, output cap, tools and price; a note if it works with a drawback',
    cause: (a) => `${modelName(a)}: ${a.reason ?? 'its window or its answers are too small, or it only answers in batches'}`,
    fix: (a) => `${switchCommand(a)} with one from \`orcc models --tools\`, if that is a problem`,
  },
  {
    code: 'IMAGES_UNGUARDED',
    severity: 'info',
    title: 'One image would end a session',
    recognised: 'every mapped model takes text only, and nothing keeps Claude Code from reading images',
    cause: () =>
      'after one image OpenRouter refuses every later request of the session, even when resumed, and Claude Code reads images on its own when it finds them',
    fix: () =>
      '`orcc doctor --fix IMAGES_UNGUARDED` blocks reading them in the settings of the machine or of the mapped folder; that does not cover a picture pasted from the clipboard (Ctrl+V)',
  },
  {
    code: 'MODEL_NAME_HIDES',
    title: 'Claude Code does not recognise the model by its name',
    recognised:
      'a full name (`anthropic/claude-4.5-haiku-20251001`) or a preset of a Claude up to 4.5: Claude Code goes by the text of the id and sends what those models refuse',
    cause: (a) =>
      `Claude Code does not recognise the Claude behind ${modelName(a)} and sends ${a.reason ?? 'adaptive thinking and an effort'}, which it refuses`,
    fix: (a) =>
      a.successor === undefined
        ? `give the preset a name without a model name in it at ${PAGES.presets}, then ${switchCommand(a)} with it`
        : a.successor.includes('@')
          ? `\`orcc switch ${a.alias ?? 'ALIAS'}=${a.successor}\``
          : switchCommand(a, a.successor),
  },
  {
    code: 'MODEL_NOT_ALLOWED',
    severity: 'warning',
    title: 'The account does not allow this key to use the model',
    recognised: 'OpenRouter lists the model, but not for this key (`GET /models/user`)',
    cause: (a) => `the account's privacy settings or guardrails leave no provider of ${modelName(a)} for this key`,
    fix: (a) => `change them on ${PAGES.privacy} or ${PAGES.guardrails}, or ${switchCommand(a)} with a model that they allow`,
  },
  {
    code: 'PRESET_STALE',
    severity: 'warning',
    title: 'A preset names a model that is being retired',
    recognised: "a model of one of orcc's presets is not in the catalog, or its last day is within 30 days",
    cause: (a) =>
      `the preset \`${a.value ?? 'NAME'}\`${a.date === undefined ? '' : `, chosen in ${a.date},`} names a model that is gone or will be retired soon`,
    fix: () => 'use another preset or model (`orcc models --tools --sort score`), or a newer orcc: `npm install -g orcc`',
  },
  {
    code: 'MODEL_NOT_CHAT',
    title: 'The model does not answer with text',
    recognised: '`availability.code` wrong_endpoint, or `failed_routing_step` Filter by Model Output Modalities',
    clues: [{ availability: /^wrong_endpoint$/ }, { excluded: /output_modalit/ }, { step: /output modalit/i }],
    cause: (a) => `${modelName(a)} is not a model for conversations (it makes images, sound or embeddings)`,
    fix: chooseNearest,
    hidden: HIDDEN_404,
  },
  {
    code: 'NO_TOOLS',
    title: "The model can't use tools",
    recognised:
      '`failed_routing_step` Filter by Tool Compatibility, or HTTP 404 `No endpoints found that support tool use`; the catalog lists no `tools`',
    clues: [
      { excluded: /^tools?\b|tool_(?:use|choice|call)|function_call/m },
      { step: /tool compatib/i },
      {
        text: /support tool use|support the provided '?tool_choice|does(?: not|n't) support (?:tools|tool use|tool calls|tool calling|function calling)|tools? (?:is|are) not supported|tool choice requires --enable-auto-tool-choice/i,
      },
    ],
    cause: (a) => `no provider of ${modelName(a)} supports tools, and Claude Code does everything with tools`,
    fix: (a) => `${switchCommand(a)} with one from \`orcc models --tools\``,
    hidden: HIDDEN_404,
  },
  {
    code: 'NO_IMAGES',
    title: "The model can't see images",
    recognised: '`failed_routing_step` Filter by Image Support, or HTTP 404 `No endpoints found that support image input`',
    clues: [
      { excluded: /image|vision|input_modalit/ },
      { step: /image support/i },
      {
        text: /support image inputs?|image_url is only supported|at most 0 images?\b|images? (?:is|are) not supported|does(?: not|n't) support images?\b/i,
      },
    ],
    cause: (a) => `the conversation contains an image, and ${modelName(a)} takes text only`,
    fix: (a) => `start a new session without the image, or ${switchCommand(a)} with a model that takes images`,
    hidden: HIDDEN_404,
  },
  {
    code: 'MAX_OUTPUT_TOO_BIG',
    title: 'More output is requested than the model can give',
    recognised:
      '`error_type` max_tokens_exceeded, a provider text about max_tokens, or a cap in the catalog below `CLAUDE_CODE_MAX_OUTPUT_TOKENS`',
    clues: [
      { excluded: /max_(?:completion_|output_)?tokens|output_(?:length|tokens)/ },
      { type: /^max_tokens_exceeded$/ },
      {
        text: /max_(?:completion_|output_)?tokens\b[^\n]{0,80}(?:must be|between|too (?:large|big|high)|exceeds?|at most|maximum (?:allowed|value|of)|less than|is the maximum|out of range|valid range)/i,
      },
      { text: OUTPUT_RANGE },
      { text: /max_tokens: \d+ > \d+/i },
    ],
    cause: (a) =>
      `Claude Code asks for ${a.maxTokens ?? USUAL_OUTPUT} output tokens, and ${modelName(a)}${a.provider === undefined ? '' : ` at ${a.provider}`} gives at most ${a.cap ?? 'fewer'}`,
    fix: (a) =>
      `let orcc write \`CLAUDE_CODE_MAX_OUTPUT_TOKENS${a.cap === undefined ? '' : `=${a.cap}`}\`: \`orcc doctor --fix MAX_OUTPUT_TOO_BIG\``,
    hidden: 'it tries six times, then shows "API Error: 400"',
  },
  {
    code: 'CONTEXT_MISMATCH',
    title: "The model's window is smaller than Claude Code assumes",
    recognised:
      '`error_type` context_length_exceeded, `maximum context length is N tokens`, or a window in the catalog below what the settings say',
    clues: [
      { excluded: /context|prompt_tokens|input_(?:tokens|length)/ },
      { type: /^(?:context_length_exceeded|token_limit_exceeded)$/ },
      {
        text: /support the requested context|maximum (?:context|model) length|token count[^\n]{0,40}exceeds the maximum|range of input length|max_new_tokens[`'" ]* must be <=|context[_ ]length[_ ]exceeded|prompt is too long|exceed(?:s)? (?:the )?context (?:limit|window|length)|input length and `?max_tokens`? exceed/i,
      },
    ],
    cause: (a) =>
      `${modelName(a)} has ${a.window === undefined ? 'a smaller window' : `a window of ${a.window} tokens`}, and Claude Code${a.version === undefined ? ', which assumes 1M for ids that it does not know, compacts' : ` ${a.version} compacts`} too late${a.version === undefined ? '' : ': it ignores the windows of individual models in `modelSettings`'}`,
    fix: (a) =>
      a.version === undefined
        ? 'let orcc derive the limits: `orcc doctor --fix CONTEXT_MISMATCH`; in a running session `/compact`'
        : '`claude update` (2.1.260 and newer use those windows); until then run `/compact` early',
    hidden: 'it compacts and tries again; a first prompt that is too long ends with "Prompt is too long"',
  },
  {
    code: 'REFUSAL',
    title: 'The model refused to answer',
    recognised: '`error_type` content_policy_violation or refusal, HTTP 403 `Your input was flagged`, or `stop_reason` refusal',
    clues: [
      { flagged: true, text: /./ },
      { provider: true, text: /\bguardrail/i },
      { type: /^(?:content_policy_violation|refusal)$/ },
      {
        text: /(?:violat|against|flagged|blocked|refus|reject|filter)\w*[^\n]{0,80}\bcontent (?:management )?policy|content policy violation|flagged by moderation|requires moderation|blocked for safety|prohibited_content|\bsafety system|\b(?:input|prompt|content|request|message)s? (?:was|were|has been|is) flagged\b/i,
      },
    ],
    cause: (a) => `${modelName(a)} or its moderation refused a harmless request${quoteSaid(a)}`,
    fix: (a) => `${switchCommand(a)} with another model`,
  },
] as const satisfies readonly FindingRow[];
