import type { CatalogModel } from './catalog-model.ts';

/**
 * A small list of models for when neither OpenRouter nor a cache can be
 * reached: ids and figures, nothing else. Prices move weekly, so anything
 * fresher wins. It is also the catalog of the built-in simulator.
 */
export interface BuiltinModel extends Pick<
  CatalogModel,
  'id' | 'name' | 'created' | 'maxOutput' | 'tools' | 'reasoning' | 'aliasTarget' | 'expires'
> {
  readonly context: number;
  /** USD per million tokens; null for a router, whose price is that of the model it picks. */
  readonly input: number | null;
  readonly output: number | null;
}

/** Month of the figures below. */
export const BUILTIN_AS_OF = '2026-11';

/** An approximate `created` (Unix seconds) for models first listed between September and November 2026. */
const AUTUMN_2026 = 1790000000;

type Extra = Partial<Pick<BuiltinModel, 'tools' | 'reasoning' | 'aliasTarget' | 'expires'>>;

function row(
  id: string,
  name: string,
  created: number,
  context: number,
  maxOutput: number | null,
  input: number | null,
  output: number | null,
  extra: Extra = {},
): BuiltinModel {
  return { id, name, created, context, maxOutput, input, output, tools: true, reasoning: true, ...extra };
}

// Sources: OpenRouter's public model list of August 2026 and three later public catalogs (September, two of November). If the
// later ones mix the prices of several providers in one row, the price of a single provider is used here.
export const BUILTIN_MODELS: readonly BuiltinModel[] = [
  row('z-ai/glm-5.3-flash', 'Z.ai: GLM 5.3 Flash', AUTUMN_2026, 1048576, 131072, 0.15, 0.5),
  row('qwen/qwen3.8-flash', 'Qwen: Qwen3.8 Flash', AUTUMN_2026, 1000000, 131072, 0.15, 0.47),
  row('openai/gpt-6-luna', 'OpenAI: GPT-6 Luna', AUTUMN_2026, 1050000, 128000, 0.1, 0.5),
  row('anthropic/claude-opus-5.5', 'Anthropic: Claude Opus 5.5', AUTUMN_2026, 1000000, 128000, 4, 20),
  row('anthropic/claude-sonnet-5.5', 'Anthropic: Claude Sonnet 5.5', AUTUMN_2026, 1000000, 128000, 2, 10),
  row('anthropic/claude-haiku-5.5', 'Anthropic: Claude Haiku 5.5', AUTUMN_2026, 1000000, 128000, 0.1, 0.5),
  row('anthropic/claude-fable-5.2', 'Anthropic: Claude Fable 5.2', AUTUMN_2026, 1000000, 128000, 8, 40),
  row('nvidia/nemotron-3.5-super-vl:free', 'NVIDIA: Nemotron 3.5 Super VL (free)', AUTUMN_2026, 1000000, 131072, 0, 0),
  row('z-ai/glm-5.3', 'Z.ai: GLM 5.3', 1787086655, 1048576, 131072, 0.84, 2.64),
  row('qwen/qwen3.8-27b', 'Qwen: Qwen3.8 27B', 1786722910, 262144, 131072, 0.15, 1.88),
  row('deepseek/deepseek-v4-pro-0813', 'DeepSeek: DeepSeek V4 Pro 0813', 1786549364, 1048575, null, 1.188, 3.564),
  row('nvidia/nemotron-3.5-lightning', 'NVIDIA: Nemotron 3.5 Lightning', 1786452751, 262144, 131072, 0.08, 0.2),
  row('nvidia/nemotron-3.5-lightning:free', 'NVIDIA: Nemotron 3.5 Lightning (free)', 1786452751, 1000000, 65536, 0, 0),
  row('deepseek/deepseek-v4-flash-0731', 'DeepSeek: DeepSeek V4 Flash 0731', 1785478908, 1048576, 384000, 0.08, 0.18),
  row('anthropic/claude-opus-5', 'Anthropic: Claude Opus 5', 1784912544, 1000000, 128000, 5, 25),
  row('thinkingmachines/inkling:free', 'Thinking Machines: Inkling (free)', 1784325956, 262144, 262144, 0, 0),
  row('moonshotai/kimi-k3', 'MoonshotAI: Kimi K3', 1784215858, 1048576, null, 3, 15),
  row('openai/gpt-5.6-luna', 'OpenAI: GPT-5.6 Luna', 1783590864, 1050000, 128000, 0.2, 1.2),
  row('z-ai/glm-5.2', 'Z.ai: GLM 5.2', 1781631930, 1048576, 131072, 0.966, 3.036),
  row('z-ai/glm-5.2:batch', 'Z.ai: GLM 5.2 (batch)', 1781631930, 1048575, null, 1.4, 4.4),
  row('anthropic/claude-fable-5', 'Anthropic: Claude Fable 5', 1781007515, 1000000, 128000, 10, 50),
  row('nvidia/nemotron-3-ultra-550b-a55b:free', 'NVIDIA: Nemotron 3 Ultra (free)', 1780551208, 1000000, 65536, 0, 0),
  row('minimax/minimax-m3', 'MiniMax: MiniMax M3', 1780245374, 524288, 512000, 0.3, 1.2),
  row('deepseek/deepseek-v4-flash', 'DeepSeek: DeepSeek V4 Flash 0423', 1777000666, 1024000, 384000, 0.081, 0.162),
  row('google/gemma-4-31b-it:free', 'Google: Gemma 4 31B (free)', 1775148486, 262144, 32768, 0, 0),
  row('google/gemma-4-31b-it', 'Google: Gemma 4 31B', 1775148486, 262144, 262144, 0.1, 0.34),
  row('anthropic/claude-sonnet-4.6', 'Anthropic: Claude Sonnet 4.6', 1771342990, 1000000, 128000, 3, 15),
  row('qwen/qwen3-coder-next', 'Qwen: Qwen3 Coder Next', 1770164101, 262144, 262144, 0.12, 0.8, { reasoning: false }),
  row('z-ai/glm-4.7-flash', 'Z.ai: GLM 4.7 Flash', 1768833913, 131072, 117964, 0.0605, 0.4),
  row('z-ai/glm-4.7', 'Z.ai: GLM 4.7', 1766378014, 204800, 131072, 0.6, 2.2),
  row('anthropic/claude-haiku-4.5', 'Anthropic: Claude Haiku 4.5', 1760547638, 200000, 64000, 1, 5),
  row('openai/gpt-oss-120b', 'OpenAI: gpt-oss-120b', 1754414231, 131072, 131072, 0.03, 0.17),
  row('z-ai/glm-4.5', 'Z.ai: GLM 4.5', 1753471347, 131072, 98304, 0.6, 2.2, { expires: '2026-12-31' }),
  row('perplexity/sonar-pro', 'Perplexity: Sonar Pro', 1741312423, 200000, 8000, 3, 15, { tools: false, reasoning: false }),
  row('qwen/qwen-2.5-72b-instruct', 'Qwen2.5 72B Instruct', 1726704000, 32768, 16384, 0.36, 0.4, { reasoning: false }),
  row('anthropic/claude-3-haiku', 'Anthropic: Claude 3 Haiku', 1710288000, 200000, 4096, 0.25, 1.25, { reasoning: false }),
  row('~anthropic/claude-opus-latest', 'Anthropic: Claude Opus Latest', 1776795361, 1000000, 128000, 4, 20, {
    aliasTarget: 'anthropic/claude-opus-5.5',
  }),
  row('~anthropic/claude-sonnet-latest', 'Anthropic: Claude Sonnet Latest', 1777318368, 1000000, 128000, 2, 10, {
    aliasTarget: 'anthropic/claude-sonnet-5.5',
  }),
  row('~anthropic/claude-haiku-latest', 'Anthropic: Claude Haiku Latest', 1777318492, 1000000, 128000, 0.1, 0.5, {
    aliasTarget: 'anthropic/claude-haiku-5.5',
  }),
  row('~anthropic/claude-fable-latest', 'Anthropic: Claude Fable Latest', 1781029944, 1000000, 128000, 8, 40, {
    aliasTarget: 'anthropic/claude-fable-5.2',
  }),
  row('openrouter/free', 'Free Models Router', 1769917427, 200000, null, 0, 0),
  row('openrouter/auto', 'Auto Router', 1699401600, 2000000, null, null, null, { reasoning: false }),
];
