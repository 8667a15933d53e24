// One key press's worth of searching among 10 000 models, without the terminal: what `orcc models WORD` and the wizard's list do.
import { importSource } from '../import-source.mjs';
import { median } from './kit.mjs';

const MODELS = 10_000;
/** Words as they are typed, letter by letter; the last one is in no name, so that scattered letters are tried as well. */
const TERMS = ['qwen coder', 'glm 4.7', 'free', 'qwcoder'].flatMap((word) => [...word].map((_, i) => word.slice(0, i + 1)));
const ROUNDS = 15;

export async function* measure() {
  const { searchModels, narrowModels, BUILTIN_MODELS } = await importSource(
    'openrouter/search.ts',
    'openrouter/sort.ts',
    'openrouter/builtin.ts',
  );
  const rows = Array.from({ length: MODELS }, (_, i) => {
    const model = BUILTIN_MODELS[i % BUILTIN_MODELS.length];
    const prices = { inputPrice: model.input, outputPrice: model.output };
    return { ...model, ...prices, free: model.input === 0, id: model.id.replace('/', `-${i}/`), name: `${model.name} ${i}` };
  });
  // As when they are read from the cache.
  const models = JSON.parse(JSON.stringify(rows));
  const indexed = time(() => searchModels(models, 'a'));
  const times = [];
  for (let round = 0; round < ROUNDS; round++) for (const term of TERMS) times.push(time(() => searchModels(models, term)));
  const narrowed = Array.from({ length: times.length }, () =>
    time(() => narrowModels(models, { tools: true, minContext: 100_000, maxPrice: 1 })),
  );
  const slowest = Math.max(...times).toFixed(1);
  yield {
    what: `filter over ${MODELS} models, by words`,
    value: median(times),
    unit: ' ms',
    bar: 5,
    note: `slowest of ${times.length}: ${slowest} ms; its index, once a catalog: ${indexed.toFixed(0)} ms`,
  };
  yield { what: `filter over ${MODELS} models, by flags`, value: median(narrowed), unit: ' ms', bar: 5 };
}

function time(work) {
  const start = performance.now();
  work();
  return performance.now() - start;
}
