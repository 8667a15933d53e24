import type { ArgumentRow, CommandRow } from '../../core/command.ts';
import { SHARED, WRITING } from '../shared-flags.ts';

const refresh = { flags: '--refresh', note: 'download the catalog again' };
const offline = { flags: '--offline', note: 'use the cached catalog' };
const csv = { flags: '--csv', note: 'print comma-separated values' };
const pinning = [
  offline,
  { flags: '--replace', note: 'replace a row that orcc did not write' },
  SHARED.adopt,
  { flags: '--force', note: 'continue if a model is not in the catalog or a block was edited by hand' },
  ...WRITING,
];
const ofModel: ArgumentRow = { name: 'id', shape: '<id>', note: 'model id, author/name' };

export const modelsCommand: CommandRow = {
  name: 'models',
  summary: 'search the catalog, show or compare models',
  description: "Search OpenRouter's catalog. Without words, list all models.",
  arguments: [{ name: 'words', shape: '[words...]', note: 'words to search for, in any order' }],
  flags: [
    { flags: '--tools', note: 'only models with tool support' },
    { flags: '--free', note: 'only free models' },
    { flags: '--min-context <tokens>', note: 'smallest window: 200K, 1M' },
    { flags: '--max-price <usd>', note: 'highest price per million tokens, input or output' },
    { flags: '--author <name>', note: "only this author's models" },
    { flags: '--sort <by>', note: 'order', choices: ['price', 'context', 'new', 'score'] },
    refresh,
    offline,
    csv,
    SHARED.noPager,
    SHARED.json,
  ],
  examples: ['orcc models coder --tools --max-price 1', 'orcc models glm --min-context 200K', 'orcc models show z-ai/glm-4.7'],
  load: async () => (await import('./models-command.ts')).runModelsSearch,
  commands: [
    {
      name: 'show',
      summary: 'show one model: limits, price, providers, and whether it suits Claude Code',
      arguments: [ofModel],
      flags: [refresh, offline, SHARED.noPager, SHARED.json],
      examples: ['orcc models show z-ai/glm-4.7', 'orcc models show z-ai/glm-4.7 --offline --json'],
      load: async () => (await import('./models-command.ts')).runModelsShow,
    },
    {
      name: 'compare',
      summary: 'compare models and what a day would cost',
      description: "Show the mapping's models, or the given ones, side by side with what a typical day costs.",
      arguments: [{ name: 'ids', shape: '[id...]', note: 'model ids (default: those of the mapping)' }],
      flags: [
        { flags: '--tokens-in <tokens>', note: 'input tokens of a typical day: 5M' },
        { flags: '--tokens-out <tokens>', note: 'output tokens of a typical day: 200K' },
        refresh,
        offline,
        csv,
        SHARED.noPager,
        SHARED.json,
      ],
      examples: ['orcc models compare', 'orcc models compare z-ai/glm-4.7 qwen/qwen3-coder-next'],
      load: async () => (await import('./models-command.ts')).runModelsCompare,
    },
    {
      name: 'pin',
      summary: "give models their own row in Claude Code's /model",
      description:
        "Give models a row of their own in Claude Code's /model, with name, window and price, through user settings. `orcc profile save` remembers them.",
      arguments: [{ name: 'ids', shape: '<id...>', note: 'model ids' }],
      flags: [...pinning],
      examples: ['orcc models pin z-ai/glm-5.3 x-ai/grok-4.6'],
      load: async () => (await import('./pin.ts')).runPin,
    },
    {
      name: 'unpin',
      summary: 'remove pinned models from /model',
      arguments: [{ name: 'ids', shape: '<id...>', note: 'pinned ids, or all' }],
      flags: [...pinning],
      load: async () => (await import('./pin.ts')).runUnpin,
    },
    {
      name: 'pins',
      summary: 'list the pinned models',
      flags: [SHARED.json],
      load: async () => (await import('./pin.ts')).runPins,
    },
  ],
};
