// Writes man/orcc.1 from the tree of commands.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { importSource } from './import-source.mjs';
import { root } from './build/options.mjs';

const { defineProgram, renderManPage } = await importSource('cli/cli.ts', 'cli/man-page.ts');
const stdout = { write: () => undefined, isTty: false, columns: 100, colorLevel: 0 };
mkdirSync(join(root, 'man'), { recursive: true });
writeFileSync(join(root, 'man', 'orcc.1'), renderManPage(defineProgram({ version: '0.0.0', stdout }, (command) => command)));
