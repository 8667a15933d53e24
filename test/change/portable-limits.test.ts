import { describe, expect, it } from 'vitest';
import { isOfOlderOrcc, portableLimits, presentLimits } from '../../src/change/portable-limits.ts';
import { MAX_CONTEXT, RETIRED_VARIABLES, type Variable } from '../../src/claude/variables.ts';
import type { Config } from '../../src/config/config.ts';
import { createCatalog } from '../../src/openrouter/catalog.ts';
import { keepCatalog } from '../../src/openrouter/load-catalog.ts';
import { CONFIG } from '../support/machine.ts';
import { makeModel } from '../support/models.ts';
import { useTempHome } from '../support/use.ts';

const home = useTempHome();
const [RETIRED = ''] = RETIRED_VARIABLES;
const LARGE = makeModel({ id: 'acme/large', context: 400_000 });
const SMALL = makeModel({ id: 'acme/small', context: 150_000 });
/** What is left of the smaller window where it counts for all. */
const SMALLEST = 144_000;

/** A configuration with these limits; the catalog, which knows both models, is in the cache. */
function configured(variables: readonly Variable[], how: Config['limits']['how'] = 'derived'): Config {
  const models = createCatalog([LARGE, SMALL], { source: 'live', asOf: Date.now(), stale: false });
  keepCatalog(home.ctx, { folder: home.folder, endpoint: { baseUrl: CONFIG.baseUrl } }, models);
  return {
    ...CONFIG,
    mapping: { opus: 'acme/large', sonnet: 'acme/small', haiku: 'acme/large' },
    limits: { how, variables: [...variables] },
  };
}
const windowIn = (limits: readonly Variable[]): readonly string[] =>
  limits.flatMap(({ name, value }) => (name === MAX_CONTEXT ? [value] : []));
const window = (value: number): Variable => ({ name: MAX_CONTEXT, value: String(value) });
const OTHER: Variable = { name: 'MAX_THINKING_TOKENS', value: '1' };
const OLD: Variable = { name: RETIRED, value: '1' };

describe('the limits for a place without this machine’s user settings', () => {
  const portable = (config: Config) => portableLimits(home.ctx, config, home.folder);

  it('have the smallest window of all models, since none has its own there', async () => {
    expect(await portable(configured([OTHER, window(400_000)]))).toEqual([OTHER, window(SMALLEST)]);
    expect(await portable(configured([window(SMALLEST + 1)]))).toEqual([window(SMALLEST)]);
  });

  it.each([SMALLEST, SMALLEST - 1, 90_000])('keep a window that is no larger: %i', async (configuredWindow) => {
    const config = configured([window(configuredWindow), OTHER]);
    expect(await portable(config)).toBe(config.limits.variables);
  });

  it('have none where none is configured, and the configured one where no model is known', async () => {
    expect(await portable(configured([OTHER]))).toEqual([OTHER]);
    const unknown = { ...configured([window(400_000)]), mapping: { opus: 'x/a', sonnet: 'x/b', haiku: 'x/c' } };
    expect(windowIn(await portable(unknown))).toEqual(['400000']);
  });
});

describe('the configured limits', () => {
  const present = (config: Config) => presentLimits(home.ctx, config, home.folder);

  it('stay as they were recorded, whatever the catalog says', async () => {
    const config = configured([OTHER, window(400_000)]);
    expect([isOfOlderOrcc(config), await present(config)]).toEqual([false, config.limits.variables]);
  });

  it('are derived again where an older orcc recorded them; what the catalog does not tell stays', async () => {
    const config = configured([OLD, OTHER, window(400_000)]);
    const limits = await present(config);
    expect(isOfOlderOrcc(config)).toBe(true);
    expect(windowIn(limits)).toEqual([String(SMALLEST)]);
    expect(limits.filter(({ name }) => name === OTHER.name || name === RETIRED)).toEqual([OTHER]);
    for (const limit of limits) expect(Object.keys(limit)).toEqual(['name', 'value']);
    const unknown = { ...config, mapping: { opus: 'x/a', sonnet: 'x/b', haiku: 'x/c' } };
    expect(windowIn(await present(unknown))).toHaveLength(1);
  });

  it('are left alone where none are wanted', async () => {
    const config = configured([OLD, window(400_000)], 'none');
    expect(await present(config)).toBe(config.limits.variables);
  });
});
