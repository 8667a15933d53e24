// Writes man/orcc.1 from the table of commands.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './build/options.mjs';
import { importSource } from './import-source.mjs';

const { loadProgram, renderManPage } = await importSource('cli/commands.ts', '../scripts/docs/man-page.ts');
mkdirSync(join(root, 'man'), { recursive: true });
writeFileSync(join(root, 'man', 'orcc.1'), renderManPage(await loadProgram()));
