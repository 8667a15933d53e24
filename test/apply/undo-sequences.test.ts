import * as fc from 'fast-check';
import { it } from 'vitest';
import { undoSequences } from '../support/edit-sequences.ts';

it('random sequences of changes and undos on disk end in exactly the states that were there', async () => {
  await fc.assert(undoSequences, { numRuns: 80 });
});
