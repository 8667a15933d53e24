import * as z from 'zod/mini';
import { makeRouting } from '../openrouter/routing.ts';

/**
 * The body of `POST /messages` as OpenRouter's OpenAPI description (August 2026)
 * has it: required members, types and enumerations. Unknown members are allowed
 * there, so they are here.
 */
const cacheControl = z.looseObject({ type: z.literal('ephemeral'), ttl: z.optional(z.enum(['5m', '1h'])) });
const cached = { cache_control: z.optional(cacheControl) };
const source = z.looseObject({ type: z.string() });

const textBlock = z.looseObject({ type: z.literal('text'), text: z.string(), ...cached });
const imageBlock = z.looseObject({ type: z.literal('image'), source, ...cached });
const documentBlock = z.looseObject({
  type: z.literal('document'),
  source,
  title: z.nullish(z.string()),
  context: z.nullish(z.string()),
  ...cached,
});
const searchResultBlock = z.looseObject({
  type: z.literal('search_result'),
  source: z.string(),
  title: z.string(),
  content: z.array(textBlock),
  ...cached,
});
const toolReference = z.looseObject({ type: z.literal('tool_reference'), tool_name: z.string() });
const toolChange = z.looseObject({ type: z.enum(['tool_reference', 'mcp_tool_reference', 'mcp_toolset_reference']) });
const object = z.looseObject({});

const contentBlock = z.discriminatedUnion('type', [
  textBlock,
  imageBlock,
  documentBlock,
  searchResultBlock,
  z.looseObject({ type: z.literal('tool_use'), id: z.string(), name: z.string(), ...cached }),
  z.looseObject({ type: z.literal('server_tool_use'), id: z.string(), name: z.string(), ...cached }),
  z.looseObject({
    type: z.literal('tool_result'),
    tool_use_id: z.string(),
    is_error: z.optional(z.boolean()),
    content: z.optional(
      z.union([
        z.string(),
        z.array(z.discriminatedUnion('type', [textBlock, imageBlock, toolReference, searchResultBlock, documentBlock])),
      ]),
    ),
    ...cached,
  }),
  z.looseObject({ type: z.literal('thinking'), thinking: z.string(), signature: z.string() }),
  z.looseObject({ type: z.literal('redacted_thinking'), data: z.string() }),
  z.looseObject({
    type: z.literal('web_search_tool_result'),
    tool_use_id: z.string(),
    content: z.union([z.array(object), object]),
    ...cached,
  }),
  z.looseObject({ type: z.literal('compaction'), content: z.nullable(z.string()), encrypted_content: z.nullish(z.string()), ...cached }),
  z.looseObject({ type: z.literal('advisor_tool_result'), tool_use_id: z.string(), content: object }),
  z.looseObject({ type: z.literal('openrouter_shell_tool_result'), tool_use_id: z.string(), content: object }),
  z.looseObject({ type: z.literal('openrouter_bash_tool_result'), tool_use_id: z.string(), content: object }),
  z.looseObject({ type: z.literal('tool_addition'), tool: toolChange, ...cached }),
  z.looseObject({ type: z.literal('tool_removal'), tool: toolChange, ...cached }),
]);

const message = z.looseObject({
  role: z.enum(['user', 'assistant', 'system']),
  content: z.union([z.string(), z.array(contentBlock)]),
});

const customTool = z.looseObject({
  name: z.string(),
  type: z.optional(z.literal('custom')),
  description: z.optional(z.string()),
  input_schema: z.looseObject({ type: z.optional(z.string()), required: z.nullish(z.array(z.string())) }),
  defer_loading: z.optional(z.boolean()),
  ...cached,
});
/** Server tools: the description allows any object with a type. */
const serverTool = z.looseObject({ type: z.string(), name: z.optional(z.string()) });

// `updates` is newer than the description: Claude Code 2.1.330 sends it in interactive sessions (measured).
const display = z.nullish(z.enum(['summarized', 'omitted', 'updates']));
const thinking = z.discriminatedUnion('type', [
  z.looseObject({ type: z.literal('enabled'), budget_tokens: z.int(), display }),
  z.looseObject({ type: z.literal('disabled') }),
  z.looseObject({ type: z.literal('adaptive'), display }),
]);

const parallel = { disable_parallel_tool_use: z.optional(z.boolean()) };
const toolChoice = z.discriminatedUnion('type', [
  z.looseObject({ type: z.literal('auto'), ...parallel }),
  z.looseObject({ type: z.literal('any'), ...parallel }),
  z.looseObject({ type: z.literal('none') }),
  z.looseObject({ type: z.literal('tool'), name: z.string(), ...parallel }),
]);

const contextEdit = z.looseObject({ type: z.enum(['clear_tool_uses_20250919', 'clear_thinking_20251015', 'compact_20260112']) });

/** The rules that choose the provider; no other members are allowed. orcc writes some of them (`routingSchema`). */
const providerRules = z.extend(makeRouting(), {
  enforce_distillable_text: z.nullish(z.boolean()),
  preferred_max_latency: z.nullish(z.union([z.number(), object])),
  preferred_min_throughput: z.nullish(z.union([z.number(), object])),
});

const messagesRequest = z.looseObject({
  model: z.string(),
  messages: z.nullable(z.array(message)),
  max_tokens: z.optional(z.int()),
  system: z.optional(z.union([z.string(), z.array(textBlock)])),
  tools: z.optional(z.array(z.union([customTool, serverTool]))),
  tool_choice: z.optional(toolChoice),
  thinking: z.optional(thinking),
  output_config: z.optional(z.looseObject({ effort: z.nullish(z.enum(['low', 'medium', 'high', 'xhigh', 'max'])) })),
  context_management: z.nullish(z.looseObject({ edits: z.optional(z.array(contextEdit)) })),
  cache_control: z.optional(cacheControl),
  metadata: z.optional(z.looseObject({ user_id: z.nullish(z.string()) })),
  stop_sequences: z.optional(z.array(z.string())),
  temperature: z.optional(z.number()),
  top_p: z.optional(z.number()),
  top_k: z.optional(z.int()),
  stream: z.optional(z.boolean()),
  service_tier: z.optional(z.string()),
  models: z.optional(z.array(z.string())),
  fallbacks: z.nullish(z.array(z.strictObject({ model: z.string() })).check(z.maxLength(3))),
  provider: z.nullish(providerRules),
  session_id: z.optional(z.string().check(z.maxLength(256))),
  user: z.optional(z.string().check(z.maxLength(256))),
});

export type MessagesRequest = z.infer<typeof messagesRequest>;

/** Returns the request, or where it violates the description (`path: message`). */
export function readMessagesRequest(body: unknown): { readonly request: MessagesRequest } | { readonly problem: string } {
  const parsed = messagesRequest.safeParse(body);
  if (parsed.success) return { request: parsed.data };
  const issue = parsed.error.issues[0];
  return { problem: issue === undefined ? 'no JSON object' : `${issue.path.join('.') || '(body)'}: ${issue.message}` };
}
