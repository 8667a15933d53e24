import { NO_FILE, type Machine } from '../change/machine.ts';
import { unreachedBlock } from '../edit/shell/block-repair.ts';
import { inspectText, decodeStartup } from '../edit/shell/block.ts';
import { foreignLines } from '../edit/shell/read-body.ts';
import { quoteLines } from '../edit/shell/shell-refusals.ts';
import type { ShellId, ShellPlace } from '../edit/shell/types.ts';
import { defined } from '../text/defined.ts';
import { shellIdOf, type TargetId } from '../targets/types.ts';
import type { BrokenBlock } from './observed.ts';

const DAMAGE = {
  'no-end': 'has a start and no end',
  'no-begin': 'has an end and no start',
  nested: 'starts inside another one',
} as const;

/** The blocks of orcc that are not as it left them, in every shell target that it wrote. Pure. */
export function readBlocks(machine: Machine): readonly BrokenBlock[] {
  return machine.state.targets.flatMap(({ id, path, carries }) => {
    const shell = shellIdOf(id);
    if (shell === undefined || carries !== 'setup') return [];
    const { bytes, problem } = machine.files.get(path) ?? NO_FILE;
    if (problem !== undefined) return [{ target: id, path, reason: `can't be read: ${problem.message}`, fix: 'none' as const }];
    return bytes === null
      ? [{ target: id, path, reason: 'is gone, with the whole file', fix: 'rewrite' as const }]
      : readBlock(id, path, bytes, shell, machine);
  });
}

function readBlock(target: TargetId, path: string, bytes: Uint8Array, shell: ShellId, machine: ShellPlace): readonly BrokenBlock[] {
  const decoded = decodeStartup(bytes, shell);
  if (!decoded.ok) return [{ target, path, reason: `can't be read: the file ${decoded.reason}`, fix: 'none' }];
  const found = inspectText(decoded.text, shell);
  switch (found.kind) {
    case 'none':
      return [{ target, path, reason: 'is gone', fix: 'rewrite' }];
    case 'newer':
      return [{ target, path, line: found.line, reason: `was written by a newer orcc (v=${found.version})`, fix: 'none' }];
    case 'damaged':
      return [{ target, path, line: found.line, reason: DAMAGE[found.damage], fix: 'repair' }];
    case 'blocks': {
      const edited = found.blocks.find((block) => block.edited);
      if (edited !== undefined) {
        const theirs = foreignLines(edited.body, shell, machine);
        const seen = defined({ seen: theirs.length === 0 ? undefined : `${path} ${quoteLines(edited, theirs)}` });
        return [{ target, path, line: edited.line, reason: 'was changed by hand', ...seen, fix: 'rewrite' }];
      }
      const [{ line, eol }, second] = found.blocks;
      if (second !== undefined)
        return [{ target, path, line: second.line, reason: `is there ${found.blocks.length} times`, fix: 'rewrite' }];
      if (shell === 'sh' && eol === '\r\n') return [{ target, path, line, reason: 'has Windows line endings', fix: 'rewrite' }];
      const isLost = unreachedBlock(decoded.text, shell) !== undefined;
      return isLost ? [{ target, path, line, reason: 'comes after a line that ends the file', fix: 'repair' }] : [];
    }
  }
}
