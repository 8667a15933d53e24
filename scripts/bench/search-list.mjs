// The list of models that the wizard shows, alone: for search.mjs, which bundles and runs it with the number of models.
import { askModel } from '../../src/commands/init/mapping-step.ts';
import { createSay } from '../../src/core/say.ts';
import { createStyle } from '../../src/text/style.ts';
import { createCatalog } from '../../src/openrouter/catalog.ts';
import { loadCatalog } from '../../src/openrouter/load-catalog.ts';
import { createContext } from '../../src/system/index.ts';
const stop = new AbortController();
const ctx = createContext(stop.signal, () => 'cancelled');
const few = await loadCatalog(ctx, { folder: '/nowhere', endpoint: { baseUrl: 'https://openrouter.ai/api' }, offline: true });
const models = Array.from({ length: Number(process.argv[2]) }, (_, i) => {
  const model = few.models[i % few.models.length];
  return i < few.models.length ? model : { ...model, id: model.id.replace('/', '-' + i + '/'), name: model.name + ' ' + i };
});
const say = createSay(ctx.stderr, await createStyle(ctx.stderr), false);
await askModel(ctx, 'opus', undefined, createCatalog(models, { source: 'cache', asOf: 0, stale: false }), undefined, say);
