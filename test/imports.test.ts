import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const source = path.join(root, 'src');
const { ROOMS } = (await import(pathToFileURL(path.join(root, 'eslint.config.js')).href)) as { readonly ROOMS: readonly string[] };

/** Each file of src, and what it imports: types too, and by `import()` only where asked for. */
function readImports({ later }: { readonly later: boolean }): ReadonlyMap<string, readonly string[]> {
  const pattern = later ? /(?:from|import\() ?'(\.[^']+)'/g : /from '(\.[^']+)'/g;
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
  return new Map(
    files.map((name) => {
      const file = path.join(source, name);
      const named = [...readFileSync(file, 'utf8').matchAll(pattern)].map(([, from]) => from ?? '');
      return [file, named.map((from) => path.resolve(path.dirname(file), from))];
    }),
  );
}

const nameOf = (file: string): string => path.relative(source, file).split(path.sep).join('/');
const floorOf = (file: string): number => ROOMS.indexOf(nameOf(file).split('/')[0] ?? '');

/** The first circle of imports, as the files that it leads through; undefined if there is none. */
function findCircle(imports: ReadonlyMap<string, readonly string[]>): readonly string[] | undefined {
  const done = new Set<string>();
  const visit = (file: string, above: readonly string[]): readonly string[] | undefined => {
    if (above.includes(file)) return [...above.slice(above.indexOf(file)), file].map(nameOf);
    if (done.has(file)) return undefined;
    for (const next of imports.get(file) ?? []) {
      const circle = visit(next, [...above, file]);
      if (circle !== undefined) return circle;
    }
    done.add(file);
    return undefined;
  };
  for (const file of imports.keys()) {
    const circle = visit(file, []);
    if (circle !== undefined) return circle;
  }
  return undefined;
}

describe('the imports of src', () => {
  it('lead down the rooms, never up', () => {
    const imports = readImports({ later: true });
    expect(imports.size).toBeGreaterThan(100);
    const up = [...imports].flatMap(([file, named]) =>
      named.filter((each) => floorOf(each) > floorOf(file) || floorOf(each) < 0).map((each) => `${nameOf(file)} imports ${nameOf(each)}`),
    );
    expect(up).toEqual([]);
  });

  it('lead in no circle, those of types included; only what is loaded later may lead back', () => {
    expect(findCircle(readImports({ later: false }))).toBeUndefined();
  });

  it('are looked through to the end: a circle is found', () => {
    const paths = ['a', 'b', 'c'].map((name) => path.join(source, name));
    const [a = '', b = '', c = ''] = paths;
    expect(
      findCircle(
        new Map([
          [a, [b]],
          [b, [c]],
          [c, [b]],
        ]),
      ),
    ).toEqual(['b', 'c', 'b']);
  });
});
