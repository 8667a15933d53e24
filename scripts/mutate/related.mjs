import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';

/**
 * The test file with a source file's name, and those that reach it directly or through one other file, else the nearest ones: most
 * tests farther away start the whole program. Absolute paths.
 */
export function relatedTests(root) {
  const importers = new Map();
  for (const folder of ['src', 'test']) {
    for (const name of readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })) {
      if (!name.endsWith('.ts')) continue;
      const file = path.join(root, folder, name);
      for (const { fileName } of ts.preProcessFile(readFileSync(file, 'utf8')).importedFiles) {
        const target = path.resolve(path.dirname(file), fileName);
        if (fileName.startsWith('.') && existsSync(target)) importers.set(target, [...(importers.get(target) ?? []), file]);
      }
    }
  }
  return (source) => {
    const seen = new Set([source]);
    const own = path.join(root, 'test', path.relative(path.join(root, 'src'), source)).replace(/\.ts$/, '.test.ts');
    const tests = [];
    for (let [ring, distance] = [[source], 1]; ring.length > 0 && (distance <= 2 || tests.length === 0); distance += 1) {
      ring = [...new Set(ring.flatMap((file) => importers.get(file) ?? []))].filter((file) => !seen.has(file));
      for (const file of ring) seen.add(file);
      tests.push(...ring.filter((file) => file.endsWith('.test.ts')));
    }
    return [...new Set(existsSync(own) ? [own, ...tests] : tests)];
  };
}
