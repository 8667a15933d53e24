import { rolldown } from 'rolldown';
import { sourceOptions } from '../../scripts/build/options.mjs';

/**
 * Bundles a source with all that it imports, read as the build reads it, into one file that Node runs by itself: Node 20 runs no
 * TypeScript.
 */
export async function bundleProgram(input: string, file: string, external: string[] = []): Promise<void> {
  const bundle = await rolldown({ input, external, platform: 'node', resolve: sourceOptions('0.0.0').resolve ?? {} });
  await bundle.write({ file, format: 'esm', codeSplitting: false });
}
