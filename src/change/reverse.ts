import type { Reversal } from '../apply/plan-undo.ts';
import { EMPTY_REPLACED, parseReplaced, type Replaced } from '../config/replaced.ts';
import { EMPTY_STATE, parseState, type State } from '../config/state.ts';
import type { Machine } from './machine.ts';
import { targetOf } from '../targets/index.ts';
import { removeIgnoreLine } from '../edit/gitignore.ts';
import { isTargetOwner } from '../apply/owner.ts';
import { reverseBlock } from './reverse-block.ts';
import type { Recorded } from './types.ts';
import { reverseMembers } from './reverse-members.ts';

/**
 * For a file that someone else changed since orcc wrote it: takes back what one change did to orcc's own block,
 * members or line, where these are still as orcc left them. Undefined where that can't be done without touching
 * what is not orcc's; `undo` then refuses, naming the file.
 */
export function reverseOwnPart(reversal: Reversal, machine: Machine): Uint8Array | null | undefined {
  const { edit, now, before } = reversal;
  if (now === null) return undefined;
  const { path } = edit;
  const [then, later] = [recordsAt(reversal, machine, 'before'), recordsAt(reversal, machine, 'after')];
  if (edit.owner === 'gitignore') return reverseLine(before, now, later.state.ignores.find((ignore) => ignore.path === path)?.added);
  if (!isTargetOwner(edit.owner)) return undefined;
  const [wanted, owned] = [recordedOf(path, then), recordedOf(path, later)];
  const isCreated = owned.target?.created ?? !edit.existed;
  const { shell } = targetOf(edit.owner);
  return shell === undefined
    ? reverseMembers({ path, now, before, owned, wanted, isCreated })
    : reverseBlock({ path, shell, isWhole: edit.owner === 'fish', now, before, isCreated, place: machine });
}

interface Records {
  readonly state: State;
  readonly replaced: Replaced;
}

/** orcc's records before or after the change that is taken back. */
function recordsAt({ other }: Reversal, { own, state, replaced, home }: Machine, when: 'before' | 'after'): Records {
  const read = <T>(path: string, parse: (text: string, path: string) => T, present: T, none: T): T => {
    const found = other(path);
    if (found === undefined) return present;
    const bytes = found[when];
    return bytes === null ? none : parse(Buffer.from(bytes).toString('utf8'), path);
  };
  return {
    state: read(own.state, (text, path) => parseState(text, path, home), state, EMPTY_STATE),
    replaced: read(own.replaced, (text, path) => parseReplaced(text, path, { home }), replaced, EMPTY_REPLACED),
  };
}

function recordedOf(path: string, { state, replaced }: Records): Recorded {
  return { target: state.targets.find((target) => target.path === path), replaced: replaced.files[path] ?? {} };
}

/** Only for a change that added the line: one that took it out can't be told from someone who did not want it. */
function reverseLine(before: Uint8Array | null, now: Uint8Array, added: string | undefined): Uint8Array | null | undefined {
  const wasThere = before !== null && removeIgnoreLine(before, added ?? '') !== undefined;
  if (added === undefined || wasThere) return undefined;
  const without = removeIgnoreLine(now, added);
  return without?.length === 0 && before === null ? null : without;
}
