import { expect, it } from 'vitest';
import { askModel } from '../../../src/commands/init/model-picker.ts';
import type { Listed } from '../../../src/core/context.ts';
import { createCatalog } from '../../../src/openrouter/catalog.ts';
import { makeModel } from '../../support/models.ts';

it('lists the present model once, first, though the catalog finds a row that is not the same object', async () => {
  const all = createCatalog([makeModel({ id: 'a/one' }), makeModel({ id: 'b/two' })], { source: 'cache', asOf: 0, stale: false });
  const catalog = { ...all, find: (id: string) => ({ ...makeModel(), ...all.find(id) }) };
  let listed: readonly Listed<string>[] = [];
  const search = (_question: string, list: (term: string) => readonly Listed<string>[]): Promise<string> => {
    listed = list('');
    return Promise.resolve('b/two');
  };
  const ctx = { ask: { search }, clock: { now: () => 0 }, stderr: { columns: 80 } };
  await askModel(ctx as never, 'opus', { present: 'b/two' }, catalog);
  expect(listed.flatMap((each) => ('value' in each ? [each.value] : []))).toEqual(['b/two', 'a/one']);
  expect(listed.at(-1)).toMatchObject({ heading: expect.stringMatching(/^2 of 2 /) });
});
