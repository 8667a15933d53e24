import { pathToFileURL } from 'node:url';
import path from 'node:path';

/** Bundles undici and execa as the product holds them, before the tests of the project `trimmed`. */
export default async function setup(): Promise<void> {
  const script = pathToFileURL(path.resolve(import.meta.dirname, '../../scripts/build/trimmed.mjs')).href;
  const { buildTrimmed } = (await import(script)) as { buildTrimmed: () => Promise<void> };
  await buildTrimmed();
}
