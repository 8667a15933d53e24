import type { CommandRow } from '../../core/command.ts';

export const simulateCommand: CommandRow = {
  name: 'simulate',
  summary: 'run a local OpenRouter to try things out',
  flags: [
    { flags: '--port <number>', note: 'port on 127.0.0.1 (default: any free one)' },
    { flags: '--fault <code>', note: 'answer with this fault: CODE[@model][*times] (repeatable)', isRepeatable: true },
    { flags: '--lenient', note: 'accept what OpenRouter refuses because of the model: deferred tools, images, odd tool ids' },
  ],
  examples: ['orcc simulate --port 8787', 'orcc simulate --fault NO_CREDITS@z-ai/glm-4.7'],
  isUnguarded: true,
  load: async () => (await import('./simulate.ts')).runSimulate,
};
