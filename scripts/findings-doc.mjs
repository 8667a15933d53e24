// Writes docs/findings.md from the table in src/diagnose/.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { importSource } from './import-source.mjs';
import { root } from './build/options.mjs';

const { renderFindingsDoc } = await importSource('../scripts/docs/findings.ts');
mkdirSync(join(root, 'docs'), { recursive: true });
writeFileSync(join(root, 'docs', 'findings.md'), renderFindingsDoc());
