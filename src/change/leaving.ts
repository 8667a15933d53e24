import { BASE_URL } from '../claude/variables.ts';
import { editOf, NO_FILE, type Machine } from './machine.ts';
import type { ShellId, HiddenLines } from '../edit/shell/types.ts';
import { shellIdOf } from '../targets/types.ts';
import { decodeStartup } from '../edit/shell/block.ts';
import { isRecorded, recordsOfAll } from '../edit/shell/shell-adopt.ts';
import { sameBytes } from '../text/same-bytes.ts';
import type { Edit } from '../apply/types.ts';
import { isPresentSchema } from '../config/own-json.ts';
import type { Replaced } from '../config/state.ts';

type ReplacedFiles = Machine['replaced']['files'];

/** What orcc keeps for restoring, without the keys that are to leave this machine's files. */
export function forgetReplaced(files: ReplacedFiles, secrets: readonly string[]): ReplacedFiles {
  const kept = Object.entries(files).flatMap(([path, members]) => {
    const rest = Object.entries(members).filter(([, raw]) => !holds(raw, secrets));
    // A base URL must never come back without its token (design D4).
    const isCut = rest.length < Object.keys(members).length;
    const safe = isCut ? rest.filter(([member]) => member !== JSON.stringify(['env', BASE_URL])) : rest;
    return safe.length === 0 ? [] : [[path, Object.fromEntries(safe)] as const];
  });
  return Object.fromEntries(kept);
}

/** The records of the lines that orcc disabled in one file: all of them, and those without a key that leaves. */
interface Disabled {
  readonly recorded: HiddenLines;
  readonly kept: HiddenLines;
}

/**
 * A start-up file without the disabled lines that hold a key which leaves, and without the base URL that goes with
 * them: they are copies of the key, and would come back on removal. A line that orcc has no record of disabling is
 * someone's own, and stays.
 */
export function dropDisabled(bytes: Uint8Array | null, shell: ShellId, { recorded, kept }: Disabled): Uint8Array | null {
  if (bytes === null || Object.keys(recorded).length === Object.keys(kept).length) return bytes;
  const decoded = decodeStartup(bytes, shell);
  if (!decoded.ok) return bytes;
  const lines = decoded.text.split(/(?<=\n)/);
  const isLeaving = (line: string): boolean => isRecorded(line, recorded) && !isRecorded(line, kept);
  if (!lines.some(isLeaving)) return bytes;
  const left = lines.filter((line) => !isLeaving(line) && !(isRecorded(line, kept) && line.includes(BASE_URL)));
  return decoded.encode(left.join(''));
}

/** Edits that remove such lines from start-up files that no target's edit touches; `recorded` still has the keys that leave. */
export function planLeaving(recorded: ReplacedFiles, machine: Machine, edits: readonly Edit[]): readonly Edit[] {
  const files = [...machine.state.targets.map(({ id, path }) => ({ target: id, path })), ...machine.state.adopted];
  return files.flatMap(({ target, path }, index): Edit[] => {
    const shell = shellIdOf(target);
    const isTaken = edits.some((edit) => edit.path === path) || files.findIndex((each) => each.path === path) !== index;
    if (shell === undefined || isTaken) return [];
    const now = machine.files.get(path) ?? NO_FILE;
    const after = dropDisabled(now.bytes, shell, { recorded: recorded[path] ?? {}, kept: machine.replaced.files[path] ?? {} });
    if (now.problem !== undefined || sameBytes(now.bytes, after)) return [];
    return [editOf({ path, owner: target, summary: `${target}: the key removed from your own lines` }, now, after)];
  });
}

function holds(text: string, secrets: readonly string[]): boolean {
  return secrets.some((secret) => secret !== '' && text.includes(secret));
}

/**
 * What orcc has replaced, including the lines that orcc 0.1.0 disabled: it recorded only those that held a key. As long as its record
 * (schemaVersion 1) has not been rewritten, every disabled line in a file that it names is orcc's. Pure.
 */
export function withOldLines({ own, files, state, replaced }: Machine): Replaced['files'] {
  if (isPresentSchema((files.get(own.state) ?? NO_FILE).bytes)) return replaced.files;
  const named = [...state.targets.map(({ id, path }) => ({ id, path })), ...state.adopted.map(({ target: id, path }) => ({ id, path }))];
  const added = named.map(({ id, path }) => {
    const shell = shellIdOf(id);
    const lines = shell === undefined ? {} : recordsOfAll((files.get(path) ?? NO_FILE).bytes, shell);
    return [path, { ...lines, ...replaced.files[path] }] as const;
  });
  return { ...replaced.files, ...Object.fromEntries(added) };
}
