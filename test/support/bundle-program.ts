import { rolldown } from 'rolldown';

/** Bundles a source with all that it imports into one file that Node runs by itself: Node 20 runs no TypeScript. */
export async function bundleProgram(input: string, file: string, external: string[] = []): Promise<void> {
  const bundle = await rolldown({ input, external, platform: 'node', resolve: { mainFields: ['module', 'main'] } });
  await bundle.write({ file, format: 'esm', codeSplitting: false });
}
