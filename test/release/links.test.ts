import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { brokenLinks } from '../../scripts/release/links.mjs';

let root: string;
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'orcc-links-'));
  mkdirSync(path.join(root, 'docs'));
  writeFileSync(
    path.join(root, 'docs', 'keys.md'),
    '# Keys\n\n## Where it lies: `file`, *and more*\n\n## Again\n\n## Again\n\n```\n## Not one\n```\n',
  );
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const linksIn = (text: string, file = 'README.md'): string[] => {
  writeFileSync(path.join(root, file), text);
  return brokenLinks(root, file);
};

it('a file that is there, one of its headings, a heading of the page itself and an https address lead somewhere', () => {
  expect(
    linksIn(
      '# Top\n[a](docs/keys.md) [b](docs/keys.md#where-it-lies-file-and-more) [c](#top) [d](https://example.org/x) [e](docs/keys.md#again-1)',
    ),
  ).toEqual([]);
});

it.each([
  ['[a](docs/none.md)', 'README.md: docs/none.md is not there'],
  ['[a](docs/keys.md#nowhere)', 'README.md: docs/keys.md#nowhere is no heading there'],
  ['[a](docs/keys.md#not-one)', 'README.md: docs/keys.md#not-one is no heading there'],
  ['[a](docs/keys.md#again-2)', 'README.md: docs/keys.md#again-2 is no heading there'],
  ['[a](#nowhere)', 'README.md: #nowhere is no heading there'],
  ['[a](http://example.org)', 'README.md: http://example.org is no https address'],
  ['<img src="docs/none.svg" alt="">', 'README.md: docs/none.svg is not there'],
  ['[a][b]\n\n[b]: docs/none.md', 'README.md: docs/none.md is not there'],
])('%s does not', (text, fault) => {
  expect(linksIn(text)).toEqual([fault]);
});

it('a link is taken from the folder of its page, and what stands in code is none', () => {
  expect(linksIn('[a](keys.md) [b](../README.md) `[c](none.md)`\n\n```\n[d](none.md)\n```\n', 'docs/more.md')).toEqual([
    expect.stringContaining('docs/more.md: ../README.md '),
  ]);
});
