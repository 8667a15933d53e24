// Writes schemas/*.json from the zod schemas of the files that people pass around, so that editors complete and check them.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const result = await build({
  absWorkingDir: root,
  stdin: { contents: "export { renderSchemas } from './src/config/schemas.ts';", resolveDir: root, loader: 'ts' },
  bundle: true,
  format: 'esm',
  platform: 'node',
  mainFields: ['module', 'main'],
  write: false,
});
const { renderSchemas } = await import(`data:text/javascript;base64,${Buffer.from(result.outputFiles[0].contents).toString('base64')}`);
mkdirSync(join(root, 'schemas'), { recursive: true });
for (const [name, text] of Object.entries(renderSchemas())) writeFileSync(join(root, 'schemas', name), text);
