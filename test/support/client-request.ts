/**
 * What a request of Claude Code 2.1.330 holds through a gateway, as it was measured with `claude --model opus -p hi` against a server of
 * our own, texts and tools made short. It names a model that takes deferred tools: nothing held them back.
 */
export const CLIENT_BODY = {
  model: 'anthropic/claude-opus-5.5',
  messages: [
    { role: 'user', content: [{ type: 'text', text: 'hi' }] },
    { role: 'system', content: [{ type: 'text', text: 'Be brief.', cache_control: { type: 'ephemeral' } }] },
  ],
  system: [{ type: 'text', text: 'You are a stand-in.', cache_control: { type: 'ephemeral' } }],
  tools: [
    { name: 'Read', description: 'Reads.', input_schema: { type: 'object', properties: { path: { type: 'string' } }, required: ['path'] } },
    { name: 'Later', description: 'Waits.', input_schema: { type: 'object', properties: {} }, defer_loading: true },
  ],
  metadata: { user_id: '{}' },
  max_tokens: 32_000,
  thinking: { type: 'adaptive', display: 'omitted' },
  context_management: { edits: [{ type: 'clear_thinking_20251015', keep: 'all' }] },
  output_config: { effort: 'high' },
  stream: true,
} as const;

export const CLIENT_VERSION = '2023-06-01';

/** Its `anthropic-beta`. */
export const CLIENT_BETAS: readonly string[] = [
  'claude-code-20250219',
  'interleaved-thinking-2025-05-14',
  'context-management-2025-06-27',
  'mid-conversation-tool-changes-2026-07-01',
  'thinking-token-count-2026-05-13',
  'advanced-tool-use-2025-11-20',
  'effort-2025-11-24',
];

/** Headers that say who sends it, of which a probe has none. */
export const CLIENT_NAMES_ITSELF: readonly string[] = [
  'anthropic-dangerous-direct-browser-access',
  'x-app',
  'x-claude-code-session-id',
  ...['arch', 'lang', 'os', 'package-version', 'retry-count', 'runtime', 'runtime-version', 'timeout'].map((each) => `x-stainless-${each}`),
];
