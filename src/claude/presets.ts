import type { Mapping } from './aliases.ts';

/** A mapping that ships with orcc. It can't be changed, and a profile can't have its name. */
export interface Preset {
  readonly name: string;
  readonly title: string;
  /** When its models and figures were last checked, `YYYY-MM`. */
  readonly asOf: string;
  readonly mapping: Mapping;
  /** One sentence on what to expect. */
  readonly note: string;
  /** The one that orcc recommends: marked in the wizard, which offers it first, and in `profile list`. Only one preset has it. */
  readonly recommended?: true;
}

/** The presets, in the order in which the wizard, `switch` and `models compare` show them. */
export const PRESETS: readonly Preset[] = [
  {
    name: 'guide',
    title: 'the guide: GLM 4.7, Qwen3 Coder Next, GLM 4.7 Flash',
    asOf: '2026-11',
    mapping: {
      models: { opus: 'z-ai/glm-4.7', sonnet: 'qwen/qwen3-coder-next', haiku: 'z-ai/glm-4.7-flash' },
      defaultAlias: 'sonnet',
    },
    note: 'The mapping of the original guide; newer models do better agent work for a similar price',
  },
  {
    name: 'value',
    title: 'value: GLM 5.3 and DeepSeek V4 Flash',
    asOf: '2026-11',
    mapping: {
      models: { opus: 'z-ai/glm-5.3', sonnet: 'deepseek/deepseek-v4-flash-0731', haiku: 'deepseek/deepseek-v4-flash-0731' },
      defaultAlias: 'sonnet',
    },
    note: "High agent scores and windows of a million tokens at a fraction of Claude's price; text only, no images",
    recommended: true,
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
    title: 'free: models that cost nothing',
    asOf: '2026-11',
    mapping: {
      models: {
        opus: 'nvidia/nemotron-3-ultra-550b-a55b:free',
        sonnet: 'nvidia/nemotron-3-ultra-550b-a55b:free',
        haiku: 'google/gemma-4-31b-it:free',
      },
      defaultAlias: 'sonnet',
    },
    note: 'Good for a look, not for work: 50 calls a day (1000 after buying 10 USD of credit), prompts may be used for training, and free models come and go',
  },
];

/** The names of all presets, in the order of the table. */
export const PRESET_NAMES: readonly string[] = PRESETS.map((preset) => preset.name);

/** The recommended preset. */
export const RECOMMENDED: Preset | undefined = PRESETS.find((preset) => preset.recommended === true);

/** The preset of that name; undefined if there is none. */
export function findPreset(name: string): Preset | undefined {
  return PRESETS.find((preset) => preset.name === name);
}
