import type { Machine } from '../observe/machine.ts';
import { inspectBlock } from '../plan/block.ts';
import { targetOf } from '../targets/index.ts';
import type { TargetId } from '../targets/types.ts';
import type { BrokenBlock } from './observed.ts';

const DAMAGE = {
  'no-end': 'has a start and no end',
  'no-begin': 'has an end and no start',
  nested: 'starts inside another one',
} as const;

/** The blocks of orcc that are not as it left them, in every shell target that it wrote. Pure. */
export function readBlocks(machine: Machine): readonly BrokenBlock[] {
  return machine.state.targets.flatMap(({ id, path, carries }) => {
    const { shell } = targetOf(id);
    if (shell === undefined || carries !== 'setup') return [];
    const bytes = machine.files.get(path)?.bytes ?? null;
    return bytes === null
      ? [{ target: id, path, reason: 'is gone, with the whole file', mend: 'rewrite' as const }]
      : readBlock(id, path, bytes, shell);
  });
}

function readBlock(target: TargetId, path: string, bytes: Uint8Array, shell: Parameters<typeof inspectBlock>[1]): readonly BrokenBlock[] {
  const found = inspectBlock(bytes, shell);
  switch (found.kind) {
    case 'none':
      return [{ target, path, reason: 'is gone', mend: 'rewrite' }];
    case 'unreadable':
      return [{ target, path, reason: `cannot be read: the file ${found.reason}`, mend: 'none' }];
    case 'newer':
      return [{ target, path, line: found.line, reason: `was written by a newer orcc (v=${found.version})`, mend: 'none' }];
    case 'damaged':
      return [{ target, path, line: found.line, reason: DAMAGE[found.damage], mend: 'repair' }];
    case 'blocks': {
      const edited = found.blocks.find((block) => block.edited);
      if (edited !== undefined) return [{ target, path, line: edited.line, reason: 'was changed by hand', mend: 'rewrite' }];
      const [, second] = found.blocks;
      return second === undefined
        ? []
        : [{ target, path, line: second.line, reason: `is there ${found.blocks.length} times`, mend: 'rewrite' }];
    }
  }
}
