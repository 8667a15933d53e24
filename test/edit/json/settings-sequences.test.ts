import * as fc from 'fast-check';
import { it } from 'vitest';
import { memberSequences } from '../../support/edit-sequences.ts';

it('random settings files get their exact bytes back after random sequences of changes', () => {
  fc.assert(memberSequences, { numRuns: 1500 });
}, 120_000);
