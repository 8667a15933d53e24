import type { CommandRow } from '../../core/command.ts';
import { SHARED } from '../shared-flags.ts';

/** `orcc models`. */
export const modelsCommand: CommandRow = {
  name: 'models',
  summary: 'search the catalog, show or compare models',
  arguments: [{ name: 'words', shape: '[words...]', note: 'words to search for; `show ID`; `compare [ID...]`' }],
  flags: [
    { flags: '--tools', note: 'only models with tool support' },
    { flags: '--free', note: 'only free models' },
    { flags: '--min-context <tokens>', note: 'smallest window' },
    { flags: '--max-price <usd>', note: 'highest price per million tokens, in or out' },
    { flags: '--author <name>', note: "only this author's models" },
    { flags: '--sort <by>', note: 'price, context, new or score' },
    { flags: '--tokens-in <tokens>', note: 'compare: input tokens of a typical day' },
    { flags: '--tokens-out <tokens>', note: 'compare: output tokens of a typical day' },
    { flags: '--refresh', note: 'fetch the catalog again' },
    { flags: '--offline', note: 'use the cached catalog' },
    { flags: '--csv', note: 'print comma-separated values' },
    SHARED.json,
  ],
  examples: ['orcc models coder --tools --max-price 1', 'orcc models show z-ai/glm-4.7', 'orcc models compare'],
  load: async () => (await import('./models-command.ts')).runModelsCommand,
};
