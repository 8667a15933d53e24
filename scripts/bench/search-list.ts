// The list of models that the wizard shows, alone: for search.mjs, which bundles it and runs it with the number of models. In TypeScript,
// so that the typechecker reports when something that it imports has moved.
import { askModel } from '../../src/commands/init/model-picker.ts';
import { createCatalog } from '../../src/openrouter/catalog.ts';
import { loadCatalog } from '../../src/openrouter/load-catalog.ts';
import { createContext } from '../../src/system/index.ts';

const ctx = createContext(new AbortController().signal, () => 'cancelled');
const own = await loadCatalog(ctx, { folder: '/nowhere', endpoint: { baseUrl: 'https://openrouter.ai/api' }, offline: true });
const models = Array.from({ length: Math.ceil(Number(process.argv[2]) / own.models.length) }, (_, round) =>
  own.models.map((model) => (round === 0 ? model : { ...model, id: model.id.replace('/', `-${round}/`), name: `${model.name} ${round}` })),
).flat();
await askModel(ctx, 'opus', { present: undefined }, createCatalog(models, { source: 'cache', asOf: 0, stale: false }));
