import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Every file and folder below these, as the page writes them: `src/edit/json/` for a folder. */
const there = ['src', 'scripts', 'test', 'docs'].flatMap((folder) =>
  readdirSync(path.join(root, folder), { recursive: true, withFileTypes: true }).map((entry) => {
    const name = path.relative(root, path.join(entry.parentPath, entry.name)).split(path.sep).join('/');
    return entry.isDirectory() ? `${name}/` : name;
  }),
);

/** `NAME` and `*` stand for one part of a path. */
function patternOf(written: string): RegExp {
  return new RegExp(`^${written.replace(/[.+]/g, '\\$&').replace(/NAME|\*/g, '[^/]*')}$`);
}

const page = readFileSync(path.join(root, 'CONTRIBUTING.md'), 'utf8');
const table = /## Where a change goes\n\n(?<rows>(?:\|.*\n)+)/.exec(page)?.groups?.['rows'] ?? '';
const written = [...new Set([...table.matchAll(/`((?:src|scripts|test|docs)\/[^`]*)`/g)].map(([, name]) => name ?? ''))];

describe('"Where a change goes"', () => {
  it('has a row for every kind of change', () => {
    expect(table.split('\n').length).toBeGreaterThan(20);
    expect(written.length).toBeGreaterThan(20);
  });

  it.each(written)('names %s, which is there', (name) => {
    expect(there.some((each) => patternOf(name).test(each))).toBe(true);
  });
});

describe('the rooms', () => {
  it('are the folders of src', () => {
    const rooms = [...(/## The rooms of `src\/`\n(?<rest>[\s\S]*?)\n## /.exec(page)?.groups?.['rest'] ?? '').matchAll(/^\| `(\w+)` \|/gm)];
    const folders = readdirSync(path.join(root, 'src'), { withFileTypes: true }).filter((entry) => entry.isDirectory());
    expect(rooms.map(([, name]) => name).sort()).toEqual(folders.map(({ name }) => name).sort());
  });
});
