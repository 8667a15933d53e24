import { expect } from 'vitest';
import { applyPlan } from '../../src/apply/apply-plan.ts';
import type { Edit } from '../../src/apply/types.ts';
import type { FileSystem } from '../../src/core/context.ts';
import { Killed } from './fault-fs.ts';
import { contextFor, quickFiles, type TempHome } from './temp-home.ts';

/** Applies in a process that dies right after a rename that `isLast` picks. */
export async function dieAfterRename(home: TempHome, isLast: (to: string) => boolean, edits: readonly Edit[]): Promise<void> {
  const files = quickFiles();
  let isDead = false;
  const mortal = new Proxy(files, {
    get:
      (target, name: keyof FileSystem) =>
      (...args: readonly never[]) => {
        if (isDead) throw new Killed('dead');
        const result: unknown = Reflect.apply(target[name], target, args);
        if (name === 'rename' && isLast(String(args[1]))) {
          isDead = true;
          throw new Killed('killed');
        }
        return result;
      },
  });
  const ctx = contextFor(home.home, { fs: mortal, pid: 1_000_001 });
  await expect(applyPlan(ctx, { edits }, { folder: home.folder, command: 'switch' })).rejects.toThrow();
  expect(isDead).toBe(true);
}
