import { isBuiltin } from 'node:module';
import { rolldown } from 'rolldown';
import { sourceOptions } from '../../scripts/build/options.mjs';

/**
 * Bundles a source with all that it imports, read as the build reads it, into one file that Node runs by itself: Node 20 runs no
 * TypeScript.
 * @throws Error where it imports the test runner: that one is never bundled, and a file elsewhere does not find it
 */
export async function bundleProgram(input: string, file: string): Promise<void> {
  const bundle = await rolldown({ input, external: ['vitest'], platform: 'node', resolve: sourceOptions('0.0.0').resolve ?? {} });
  const { output } = await bundle.write({ file, format: 'esm', codeSplitting: false });
  const [missing] = output.flatMap((part) => (part.type === 'chunk' ? part.imports.filter((name) => !isBuiltin(name)) : []));
  if (missing !== undefined) throw new Error(`${input} imports ${missing}, which ${file} does not find where it runs`);
}
