import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const design = readFileSync(path.join(root, 'docs/design.md'), 'utf8');
const sources = readdirSync(path.join(root, 'src'), { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));

it('docs/design.md holds every decision that a comment cites', () => {
  const cited = sources.flatMap((name) => {
    const text = readFileSync(path.join(root, 'src', name), 'utf8');
    return [...text.matchAll(/design (D\d+)/g)].map((match) => ({ name, decision: match[1] }));
  });
  expect(cited.length).toBeGreaterThan(20);
  expect(cited.filter(({ decision }) => !design.includes(`\n### ${decision} `))).toEqual([]);
});

it('no comment cites a page that a reader of the repository cannot open', () => {
  const citing = sources.filter((name) => /\bfacts\/[a-z-]+\.md|\bshared\//.test(readFileSync(path.join(root, 'src', name), 'utf8')));
  expect(citing).toEqual([]);
});
