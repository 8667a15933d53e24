import type { ShellId, ShellPlace } from '../edit/shell/types.ts';
import { replaceBlock } from '../edit/shell/block-edit.ts';
import { decodeStartup } from '../edit/shell/block-encoding.ts';
import { inspectText } from '../edit/shell/block.ts';
import { restoreFrom } from '../edit/shell/shell-adopt.ts';
import { planShellFile } from '../edit/shell/shell-edit.ts';

interface BlockReversal {
  /** Only for messages. */
  readonly path: string;
  readonly shell: ShellId;
  /** The file is orcc's own (fish's conf.d). */
  readonly isWhole: boolean;
  readonly now: Uint8Array;
  readonly before: Uint8Array | null;
  /** orcc made this file. */
  readonly isCreated: boolean;
  readonly place: ShellPlace;
}

/**
 * Gives a start-up file the block that it had before a change, or none, and keeps everything else as it is now. null: nothing
 * is left of a file that orcc made. Undefined where the block was edited by hand, is gone, or was another one of several.
 */
export function reverseBlock(reversal: BlockReversal): Uint8Array | null | undefined {
  const { shell, now, before, place } = reversal;
  const [present, former] = [decodeStartup(now, shell), decodeStartup(before ?? new Uint8Array(), shell)];
  if (!present.ok || !former.ok) return undefined;
  const [found, old] = [inspectText(present.text, shell), inspectText(former.text, shell)];
  if (found.kind === 'none' && old.kind === 'none') {
    // A file beside the targets' own: only lines of the user's were commented out in it.
    const text = restoreFrom(present.text, former.text);
    return text === present.text ? undefined : present.encode(text);
  }
  if (found.kind !== 'blocks' || found.blocks.length > 1 || found.blocks[0].edited) return undefined;
  if (old.kind === 'none') return takeOut({ ...reversal, now: present.encode(restoreFrom(present.text, former.text)) }, place);
  if (old.kind !== 'blocks' || old.blocks.length > 1 || old.blocks[0].edited) return undefined;
  const text = replaceBlock(present.text, found.blocks[0], old.blocks[0].body, found.blocks[0].eol, []);
  return present.encode(restoreFrom(text, former.text));
}

function takeOut({ path, shell, isWhole, now, isCreated }: BlockReversal, { home, platform }: ShellPlace): Uint8Array | null | undefined {
  const holds = isWhole ? 'whole' : 'block';
  const how = { placement: 'append', force: false, adopt: false } as const;
  const result = planShellFile({ path, shell, holds, before: now, desired: null, home, platform, created: isCreated, ...how });
  return result.ok ? result.after : undefined;
}
