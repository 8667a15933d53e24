import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** A script that bundles sources of orcc, with the paths below `src/` and the names that it takes of them. */
interface Taking {
  readonly script: string;
  readonly paths: readonly string[];
  readonly names: readonly string[];
}

const scripts = readdirSync(path.join(root, 'scripts'), { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.mjs'));
const takings = scripts.flatMap((script): readonly Taking[] => {
  const text = readFileSync(path.join(root, 'scripts', script), 'utf8');
  const taken = /const (?:\{(?<names>[^}]+)\}|(?<all>\w+)) = await importSource\(/.exec(text)?.groups;
  if (taken === undefined) return [];
  const members = text.matchAll(new RegExp(`(?<![-.])\\b${taken['all'] ?? '$'}\\.(\\w+)`, 'g'));
  return [
    {
      script,
      paths: [...text.matchAll(/'([a-z0-9./-]+\/[a-z0-9-]+\.ts)'/g)].flatMap(([, each = '']) => each),
      names: taken['names']?.split(',').map((name) => name.trim()) ?? [...members].map(([, name = '']) => name),
    },
  ];
});

// The scripts are no TypeScript, so that no typechecker says when something that they take has moved.
describe('what a script takes of the sources is there', () => {
  it('in the scripts that are known', () => {
    expect(takings.map(({ script }) => path.basename(script))).toEqual(
      expect.arrayContaining(['kit.mjs', 'filter.mjs', 'edit.mjs', 'test-run.mjs', 'probe-overhead.mjs', 'man-page.mjs', 'schemas.mjs']),
    );
    for (const { paths, names } of takings) expect(Math.min(paths.length, names.length)).toBeGreaterThan(0);
  });

  it.each(takings)('$script', async ({ paths, names }) => {
    const modules = await Promise.all(paths.map(async (each) => Object.keys((await import(path.join(root, 'src', each))) as object)));
    const exported = new Set(modules.flat());
    expect(names.filter((name) => !exported.has(name))).toEqual([]);
  });
});
