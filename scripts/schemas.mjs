// Writes schemas/*.json from the zod schemas of the files that people share, so that editors can complete and check them.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { importSource } from './import-source.mjs';
import { root } from './build/options.mjs';

const { renderSchemas } = await importSource('../scripts/docs/schemas.ts');
mkdirSync(join(root, 'schemas'), { recursive: true });
for (const [name, text] of Object.entries(renderSchemas())) writeFileSync(join(root, 'schemas', name), text);
