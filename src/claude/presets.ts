import type { Mapping } from './aliases.ts';

/** A mapping that ships with orcc. Read-only: a profile may not take its name. */
export interface Preset {
  readonly name: string;
  readonly title: string;
  /** When its choice and its figures were last looked at, `YYYY-MM`. */
  readonly asOf: string;
  readonly mapping: Mapping;
  /** One sentence on what to expect. */
  readonly note: string;
}

/** One row each; the wizard, `switch` and `models compare` show them in this order. */
export const PRESETS: readonly Preset[] = [
  {
    name: 'guide',
    title: 'the guide: GLM 4.7, Qwen3 Coder Next, GLM 4.7 Flash',
    asOf: '2026-11',
    mapping: {
      models: { opus: 'z-ai/glm-4.7', sonnet: 'qwen/qwen3-coder-next', haiku: 'z-ai/glm-4.7-flash' },
      defaultAlias: 'sonnet',
    },
    note: 'The mapping of the original how-to; newer models do better at agent work for similar money',
  },
  {
    name: 'value',
    title: 'value: GLM 5.3, MiniMax M3, DeepSeek V4 Flash',
    asOf: '2026-11',
    mapping: {
      models: { opus: 'z-ai/glm-5.3', sonnet: 'minimax/minimax-m3', haiku: 'deepseek/deepseek-v4-flash-0731' },
      defaultAlias: 'sonnet',
    },
    note: 'High agent scores and large windows at a fraction of the price of Claude, at prices that held still from August to November 2026',
  },
  {
    name: 'anthropic',
    title: "anthropic: Claude's own models through OpenRouter",
    asOf: '2026-11',
    mapping: {
      models: {
        opus: '~anthropic/claude-opus-latest',
        sonnet: '~anthropic/claude-sonnet-latest',
        haiku: '~anthropic/claude-haiku-latest',
      },
      defaultAlias: 'sonnet',
    },
    note: 'The only models that OpenRouter guarantees to work with Claude Code; the ids follow the newest release',
  },
  {
    name: 'free',
    title: 'free: models that cost nothing, about 50 calls a day',
    asOf: '2026-11',
    mapping: {
      models: {
        opus: 'nvidia/nemotron-3-ultra-550b-a55b:free',
        sonnet: 'google/gemma-4-31b-it:free',
        haiku: 'nvidia/nemotron-3.5-lightning:free',
      },
      defaultAlias: 'sonnet',
    },
    note: 'Good for a look, not for work: 50 calls a day (1000 after buying 10 USD of credit), prompts may be used for training, and free models come and go',
  },
];

/** Names in the order of the table. */
export const PRESET_NAMES: readonly string[] = PRESETS.map((preset) => preset.name);

/** The preset of that name, or undefined. */
export function findPreset(name: string): Preset | undefined {
  return PRESETS.find((preset) => preset.name === name);
}
