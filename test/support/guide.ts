/** Month and year of now, as the rows of Claude Code's picker name them. */
export const MONTH = new Date().toLocaleDateString('en-US', { month: 'short', year: 'numeric', timeZone: 'UTC' });

const opusRow = `200K, $0.60 in, $2.20 out per M (${MONTH})`;

/** What orcc writes for the guide's mapping, whose models the simulator has: all but connection, key and windows. */
export const GUIDE_VARIABLES: Readonly<Record<string, string>> = {
  ANTHROPIC_DEFAULT_OPUS_MODEL: 'z-ai/glm-4.7',
  ANTHROPIC_DEFAULT_SONNET_MODEL: 'qwen/qwen3-coder-next',
  ANTHROPIC_DEFAULT_HAIKU_MODEL: 'z-ai/glm-4.7-flash',
  ANTHROPIC_DEFAULT_FABLE_MODEL: 'z-ai/glm-4.7',
  ANTHROPIC_DEFAULT_OPUS_MODEL_NAME: 'GLM 4.7',
  ANTHROPIC_DEFAULT_OPUS_MODEL_DESCRIPTION: `opus, ${opusRow}`,
  ANTHROPIC_DEFAULT_SONNET_MODEL_NAME: 'Qwen3 Coder Next',
  ANTHROPIC_DEFAULT_SONNET_MODEL_DESCRIPTION: `sonnet, 256K, $0.12 in, $0.80 out per M (${MONTH})`,
  ANTHROPIC_DEFAULT_HAIKU_MODEL_NAME: 'GLM 4.7 Flash',
  ANTHROPIC_DEFAULT_HAIKU_MODEL_DESCRIPTION: `haiku, 128K, $0.0605 in, $0.40 out per M (${MONTH})`,
  ANTHROPIC_DEFAULT_FABLE_MODEL_NAME: 'GLM 4.7',
  ANTHROPIC_DEFAULT_FABLE_MODEL_DESCRIPTION: `fable, ${opusRow}`,
  ANTHROPIC_MODEL: 'sonnet',
  ANTHROPIC_DEFAULT_MODEL: 'qwen/qwen3-coder-next',
  CLAUDE_CODE_MAX_OUTPUT_TOKENS: '32000',
  ENABLE_TOOL_SEARCH: 'false',
  CLAUDE_CODE_ATTRIBUTION_HEADER: '0',
  CLAUDE_CODE_THINKING_DISPLAY_UPDATES: '0',
};
