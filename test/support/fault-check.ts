import * as fs from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import { KEYS, type FaultCase } from './fault-cases.ts';
import type { TempHome } from './temp-home.ts';

/** No file that holds a key, finished or half-written, can be read by others. */
export function expectNoOpenKey(home: TempHome): void {
  for (const [name, seen] of Object.entries(home.tree())) {
    if (seen.startsWith('folder') || seen.startsWith('->')) continue;
    const text = fs.readFileSync(home.path(name), 'latin1');
    if (KEYS.some((key) => text.includes(key))) expect(`${name} ${(home.mode(name) & 0o077).toString(8)}`).toBe(`${name} 0`);
  }
}

/** All files old or all files new; beside them nothing but a finished entry of the history. */
export function expectWhole(testCase: FaultCase, home: TempHome, before: Record<string, string>, wasKilled: boolean): 'old' | 'new' {
  // Death between the first folder and the journal leaves an empty folder, which nothing can know of.
  if (wasKilled) dropEmptyFolders(home, before);
  const after = home.tree();
  const own = path.relative(home.home, home.folder);
  const isHistory = (name: string): boolean => name.startsWith(path.join(own, 'history'));
  const users = Object.fromEntries(Object.entries(after).filter(([name]) => !isHistory(name)));
  const isNew = JSON.stringify(users) === JSON.stringify(testCase.goal(home, before));
  if (!isNew) expect(users).toEqual(before);
  const receipts = Object.keys(after).filter((name) => name.endsWith('receipt.json'));
  expect(receipts).toHaveLength(isNew ? 1 : 0);
  for (const name of Object.keys(after).filter(isHistory)) {
    if (isNew) expect(name).toMatch(/history(\/[^/]+(\/(receipt\.json|\d+\.bak))?)?$/);
    else expect(name).toMatch(/history$/);
  }
  if (isNew) expect(home.read(receipts[0] ?? '')).toContain('"status": "done"');
  return isNew ? 'new' : 'old';
}

function dropEmptyFolders(home: TempHome, before: Record<string, string>): void {
  for (const [name, seen] of Object.entries(home.tree()).toReversed()) {
    if (seen.startsWith('folder') && before[name] === undefined && fs.readdirSync(home.path(name)).length === 0)
      fs.rmdirSync(home.path(name));
  }
}
