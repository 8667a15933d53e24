import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it } from 'vitest';
import { bundleProgram } from './bundle-program.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'orcc-bundle-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const source = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

it.each(['apply-child.ts', 'edit-child.ts', '../prove/via-claude.driver.ts'])(
  '%s runs by itself, far from the test runner',
  async (name) => {
    await bundleProgram(source(name), path.join(folder, 'child.mjs'));
  },
);

it('a program that imports the test runner is refused', async () => {
  const program = path.join(folder, 'program.ts');
  writeFileSync(program, "import { expect } from 'vitest';\nexpect(1).toBe(1);\n");
  await expect(bundleProgram(program, path.join(folder, 'child.mjs'))).rejects.toThrow('imports vitest');
});
