import type { Context } from '../core/context.ts';
import { decodeStartup } from '../edit/shell/block-encoding.ts';
import { inspectText, lineAt, type Inspection } from '../edit/shell/block.ts';
import { scanStartupText } from '../edit/shell/shell-assignments.ts';
import { placeBlock } from '../edit/shell/shell-placement.ts';
import type { Assignment } from '../edit/shell/shell-scan.ts';
import { expandPath } from './expand-path.ts';
import { pathsOf } from './read-start-file.ts';
import type { StartupChain } from './startup-chain.ts';

/** One thing that happens during a start, in order. */
export type StartupEvent =
  | { readonly kind: 'assignment'; readonly file: string; readonly assignment: Assignment }
  /** orcc's block; `planned` where it is not there yet and this is its place. */
  | { readonly kind: 'block'; readonly file: string; readonly line: number; readonly planned: boolean };

/** A start-up file that is there. */
export interface StartupFile {
  readonly file: string;
  readonly block: Inspection['kind'];
  /** Why it could not be looked into. */
  readonly problem?: string;
}

/** Files read in by files read in by files …: deeper is not followed. */
const DEEPEST = 4;
/** Bytes; a start-up file above this is not looked into. */
const LARGEST = 5 * 1024 * 1024;

type WalkContext = Pick<Context, 'fs' | 'platform'>;

/**
 * Follows one kind of start through its files and the files they read in by
 * plain name, without running anything. `names` are the variables looked for.
 */
export function walkStartup(
  ctx: WalkContext,
  chain: StartupChain,
  names: readonly string[],
): { readonly events: StartupEvent[]; readonly files: StartupFile[] } {
  const events: StartupEvent[] = [];
  const files: StartupFile[] = [];
  const seen = new Set<string>();
  const visit = (file: string, depth: number): void => {
    if (seen.has(file) || depth > DEEPEST) return;
    seen.add(file);
    const own = chain.blocks.find((each) => each.path === file);
    const read = readText(ctx.fs, file, chain);
    if (read === undefined) {
      if (own !== undefined) events.push({ kind: 'block', file, line: 1, planned: true });
      return;
    }
    if ('problem' in read) {
      files.push({ file, block: 'none', problem: read.problem });
      return;
    }
    const { text } = read;
    const inspection = inspectText(text);
    files.push({ file, block: inspection.kind });
    const blocks = inspection.kind === 'blocks' ? inspection.blocks : [];
    const scan = scanStartupText(text, chain.shell, names);
    const steps: { readonly offset: number; readonly run: () => void }[] = [
      ...scan.assignments
        .filter(({ offset }) => !blocks.some((block) => offset >= block.start && offset < block.end))
        .map((assignment) => ({ offset: assignment.offset, run: () => events.push({ kind: 'assignment', file, assignment }) })),
      ...scan.includes.map((include) => ({
        offset: include.offset,
        run: () => {
          const path = expandPath(include.raw, chain.variables, pathsOf(ctx.platform).join);
          if (path !== undefined) visit(path, depth + 1);
        },
      })),
      ...blocks.map((block) => ({
        offset: block.start,
        run: () => events.push({ kind: 'block', file, line: block.line, planned: false }),
      })),
    ];
    if (own !== undefined && blocks.length === 0) {
      const offset = placeBlock(text, chain.shell, own.placement, undefined);
      steps.push({ offset, run: () => events.push({ kind: 'block', file, line: lineAt(text, offset), planned: true }) });
    }
    // A stable sort: what stands at one offset runs in the order above, a planned block last but for the end of the file.
    for (const step of steps.sort((a, b) => a.offset - b.offset)) step.run();
  };
  for (const file of chain.files) visit(file, 0);
  return { events, files };
}

function readText(
  fs: Context['fs'],
  file: string,
  chain: StartupChain,
): { readonly text: string } | { readonly problem: string } | undefined {
  try {
    const stat = fs.stat(file);
    if (stat?.kind !== 'file') return undefined;
    if (stat.size > LARGEST) return { problem: 'is too big to be looked into' };
    const decoded = decodeStartup(fs.readFile(file), chain.shell);
    return decoded.ok ? decoded : { problem: decoded.reason };
  } catch (error) {
    return { problem: `can't be read (${error instanceof Error && 'code' in error ? String(error.code) : 'unknown'})` };
  }
}
