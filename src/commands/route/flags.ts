import type { CommandRow } from '../../core/command.ts';
import { QUANTIZATIONS, SORTS } from '../../openrouter/routing-words.ts';
import { SHARED, WRITING } from '../shared-flags.ts';

/** The flags that set rules, for `route` and `init`. */
export const ROUTING_FLAGS = [
  { flags: '--zdr', note: 'only providers that keep no prompts (zero data retention)' },
  { flags: '--no-training', note: 'only providers that do not collect prompts or train on them' },
  { flags: '--sort <by>', note: `best first: ${SORTS.join(', ')}` },
  { flags: '--order <providers>', note: 'providers to try first, in this order: deepinfra,together' },
  { flags: '--only <providers>', note: 'no other providers' },
  { flags: '--ignore <providers>', note: 'never these providers' },
  { flags: '--quantizations <kinds>', note: `only these: ${QUANTIZATIONS.join(', ')}` },
  { flags: '--max-price <in/out>', note: 'highest price in USD per million tokens: 0.5/2' },
  { flags: '--require-parameters', note: 'only providers that support every parameter of a request' },
  { flags: '--no-fallbacks', note: 'no other provider if the first one fails' },
] as const;

export const routeCommand: CommandRow = {
  name: 'route',
  summary: "OpenRouter's routing and privacy rules: which providers may answer",
  description:
    'Show or change the rules sent with every request, for all aliases. New rules are added to the old ones. They survive `orcc switch`; `--native` and `orcc remove` remove them.',
  flags: [
    ...ROUTING_FLAGS,
    { flags: '--drop <rules>', note: 'remove rules: zdr, training, sort, order, only, …' },
    { flags: '--reset', note: 'remove all rules, then set any given ones' },
    { flags: '--check', note: 'show which providers of each mapped model the rules allow' },
    { flags: '--here', note: "this folder's settings only; the machine's rules apply there too" },
    { flags: '--target <target>', note: 'with --here: project or local (repeatable)', isRepeatable: true },
    SHARED.fromCache,
    SHARED.to,
    { flags: '--replace', note: 'replace rules that orcc did not write' },
    SHARED.adopt,
    { flags: '--force', note: 'continue if a model is left without a provider or a block was edited by hand' },
    ...WRITING,
  ],
  examples: ['orcc route --zdr --no-training', 'orcc route --sort throughput --max-price 1/4', 'orcc route --check'],
  load: async () => (await import('./route.ts')).runRoute,
};
