import { dirname, join } from 'node:path';
import { OUR_VARIABLES } from '../claude/variables.ts';
import { scrubShellHistory } from '../keys/leaks/shell-history.ts';
import { NO_FILE, type FileNow, type Machine } from '../change/machine.ts';
import { repairBlock } from '../edit/shell/block-repair.ts';
import { addIgnoreLine } from '../edit/gitignore.ts';
import { planAdoption } from '../edit/shell/shell-adopt.ts';
import { targetOf } from '../targets/index.ts';
import type { TargetId } from '../targets/types.ts';
import type { FixRequest } from './check.ts';
import { dropMember, keyToToken, legacyToEnv, setMember } from './mend-settings.ts';

/** A mend that could not be made, with the reason. */
export interface Unmended {
  readonly code: string;
  readonly path: string;
  readonly reason: string;
}

/** The machine as it would be after the mends of single files; the planner goes on from there. */
export interface Mended {
  readonly machine: Machine;
  readonly failed: readonly Unmended[];
}

/** Every path that a fix may change, for observing it first. */
export function pathsOfFixes(fixes: readonly FixRequest[]): readonly string[] {
  return fixes.flatMap((fix) => (fix.kind === 'gitignore' ? [ignoreOf(fix.path)] : fix.path === undefined ? [] : [fix.path]));
}

/** Auto mode is part of a set-up: the planner turns it off, so that `remove` turns it on again. */
export function isPlanned({ code }: FixRequest, { config }: Machine): boolean {
  return code === 'AUTO_MODE_BLOCKED' && config !== undefined && !config.native;
}

/** Makes the mends on the bytes that were observed. Pure: nothing is written; `rewrite` is the planner's. */
export function mendFiles(fixes: readonly FixRequest[], machine: Machine): Mended {
  const files = new Map(machine.files);
  const replaced = { ...machine.replaced.files };
  const adopted = [...machine.state.adopted];
  const failed: Unmended[] = [];
  const adopt = (file: string, { bytes, ...now }: FileNow): FileNow | string => {
    if (bytes === null) return 'there is no such file any more';
    const target = targetOfFile(file, machine);
    const result = planAdoption(file, targetOf(target).shell ?? 'sh', bytes, OUR_VARIABLES, replaced[file] ?? {});
    if (!result.ok) return result.message;
    if (Object.keys(result.hidden).length > 0) replaced[file] = result.hidden;
    // A target's own file gives its lines back with its block; any other has to be remembered.
    const isKnown = [...machine.state.targets, ...adopted].some((each) => each.path === file);
    if (!isKnown) adopted.push({ target, path: file });
    return { ...now, bytes: result.after };
  };
  for (const fix of fixes) {
    if (fix.kind === 'rewrite' || isPlanned(fix, machine)) continue;
    const target = fix.kind === 'gitignore' ? ignoreOf(fix.path) : fix.path;
    const now = files.get(target) ?? NO_FILE;
    const mended = fix.kind === 'adopt' ? adopt(fix.path, now) : mend(fix, now, machine);
    if (typeof mended === 'string') failed.push({ code: fix.code, path: target, reason: mended });
    else files.set(target, mended);
  }
  return {
    machine: { ...machine, files, replaced: { ...machine.replaced, files: replaced }, state: { ...machine.state, adopted } },
    failed,
  };
}

function mend(fix: Exclude<FixRequest, { kind: 'rewrite' | 'adopt' }>, now: FileNow, machine: Machine): FileNow | string {
  const place = { home: machine.home, platform: machine.platform };
  switch (fix.kind) {
    case 'set-member':
      return changed(now, setMember(now.bytes, fix.member, fix.value));
    case 'remove-member':
      return changed(now, dropMember(now.bytes, fix.member));
    case 'key-to-token': {
      const result = changed(now, keyToToken(now.bytes));
      return typeof result === 'string' || machine.platform === 'win32' ? result : { ...result, mode: 0o600 };
    }
    case 'legacy-to-env': {
      const bytes = legacyToEnv(now.bytes);
      if (bytes === undefined) return 'the file does not parse, or its `env` has a base URL or a key already: mend it by hand';
      return { ...now, bytes, ...(machine.platform === 'win32' ? {} : { mode: 0o600 }) };
    }
    case 'chmod':
      return { ...now, mode: fix.mode };
    case 'scrub-lines':
      return now.bytes === null
        ? (now.problem?.message ?? 'there is no such file any more')
        : { ...now, bytes: scrubShellHistory(now.bytes, fix.syntax), holdsKey: true };
    case 'delete-backup':
      return { ...now, bytes: null, mode: null, holdsKey: true };
    case 'gitignore':
      return { ...now, bytes: addIgnoreLine(now.bytes).after };
    case 'repair-block': {
      const shell = targetOf(fix.target).shell;
      if (shell === undefined || now.bytes === null) return 'there is no such file any more';
      const repaired = repairBlock(now.bytes, shell, place);
      return repaired.ok ? { ...now, bytes: repaired.after } : repaired.reason;
    }
  }
}

function changed(now: FileNow, bytes: Uint8Array | undefined): FileNow | string {
  return bytes === undefined ? 'the file does not parse: fix it by hand first' : { ...now, bytes };
}

/** The target that a start-up file belongs to: by orcc's records, else by the shells that it wrote to, else by its name. */
function targetOfFile(file: string, { state }: Machine): TargetId {
  const own = state.targets.find((each) => each.path === file);
  if (own !== undefined) return own.id;
  if (file.endsWith('.fish')) return 'fish';
  if (file.endsWith('.ps1')) return 'powershell';
  const used = state.targets.map(({ id }) => id).filter((id) => targetOf(id).shell === 'sh');
  const named = /[\\/]\.?z[^\\/]*$/.test(file) ? 'zsh' : 'bash';
  return used.includes(named) ? named : (used[0] ?? named);
}

/** `.claude/settings.local.json` is ignored by the .gitignore of the folder above `.claude`. */
function ignoreOf(settings: string): string {
  return join(dirname(dirname(settings)), '.gitignore');
}
