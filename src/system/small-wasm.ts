import { setFlagsFromString } from 'node:v8';

/** Whose V8 takes the flag: an unknown one prints an error. */
const NEWEST_TRIED = 26;

/**
 * Keeps V8 from compiling undici's HTTP parser, which is WebAssembly, a second time for speed: that takes 34 MiB of the
 * 92 of an `orcc test` (Node 20.20), and the parser has a few hundred kilobytes to read. To be called before undici is loaded.
 */
export function keepWasmSmall(versions: NodeJS.ProcessVersions): void {
  if (versions['bun'] === undefined && Number.parseInt(versions.node, 10) <= NEWEST_TRIED) setFlagsFromString('--liftoff-only');
}
