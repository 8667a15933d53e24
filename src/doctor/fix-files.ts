import { dirname, join } from 'node:path';
import { OUR_VARIABLES } from '../claude/variables.ts';
import { scrubShellHistory } from '../keys/leaks/shell-history.ts';
import type { State } from '../config/state.ts';
import { isOwnFile, NO_FILE, type FileNow, type Machine } from '../change/machine.ts';
import { repairBlock } from '../edit/shell/block-repair.ts';
import { addIgnoreLine } from '../edit/gitignore.ts';
import { planAdoption } from '../edit/shell/shell-adopt.ts';
import { shellIdOf, type TargetId } from '../targets/types.ts';
import type { FixRequest } from './check.ts';
import { isMemberFix, fixMembers, targetOfSettings, type MemberFix } from './fix-settings.ts';

/** A fix that could not be made, with the reason. */
export interface Unfixed {
  readonly code: string;
  readonly path: string;
  readonly reason: string;
}

/** The machine as it would be after the fixes of single files; the planner starts from there. */
interface Fixed {
  readonly machine: Machine;
  readonly failed: readonly Unfixed[];
}

/** Every path that a fix may change, for observing it first. */
export function pathsOfFixes(fixes: readonly FixRequest[]): readonly string[] {
  return fixes.flatMap((fix) => {
    if (fix.kind === 'gitignore') return [ignoreOf(fix.path)];
    const from = fix.kind === 'legacy-to-env' && fix.from !== undefined ? [fix.from] : [];
    return fix.path === undefined ? [] : [fix.path, ...from];
  });
}

/** Whether a fix is part of a setup (auto mode, images): the planner writes it, so that `switch` and `remove` undo it. */
export function isPlanned(fix: FixRequest, { config }: Machine): boolean {
  const { code } = fix;
  return (
    (fix.kind === 'deny-images' && fix.place === 'machine') || (code === 'AUTO_MODE_BLOCKED' && config !== undefined && !config.native)
  );
}

/** The machine's files and records as the fixes have changed them so far. */
interface Bench {
  readonly files: Map<string, FileNow>;
  readonly replaced: Record<string, Readonly<Record<string, string>>>;
  targets: State['targets'];
  readonly adopted: State['adopted'];
  ignores: State['ignores'];
}

/**
 * Applies the fixes to the bytes that were observed, and records them, so that `remove` undoes them. Pure: nothing is written;
 * `rewrite` is left to the planner.
 *
 * @param user the path of user settings
 * @param key the key in use, whatever it looks like: `scrub-lines` removes it like OpenRouter's keys
 */
export function fixFiles(fixes: readonly FixRequest[], machine: Machine, user: string, key?: string): Fixed {
  const { state } = machine;
  const bench: Bench = {
    files: new Map(machine.files),
    replaced: { ...machine.replaced.files },
    targets: state.targets,
    adopted: [...state.adopted],
    ignores: state.ignores,
  };
  const failed: Unfixed[] = [];
  const stays = new Set<string>();
  for (const fix of fixes) {
    if (fix.kind === 'rewrite' || fix.kind === 'move-legacy' || isPlanned(fix, machine)) continue;
    const target = fix.kind === 'gitignore' ? ignoreOf(fix.path) : fix.path;
    const now = bench.files.get(target) ?? NO_FILE;
    // A block is removed from its file only once it is in another.
    if (fix.kind === 'remove-member' && stays.has(fix.path)) continue;
    const fixed = fix.kind === 'scrub-lines' ? scrub(fix, now, key) : fixFile(fix, now, bench, machine, user);
    if (typeof fixed === 'string') {
      failed.push({ code: fix.code, path: target, reason: fixed });
      if (fix.kind === 'legacy-to-env' && fix.from !== undefined) stays.add(fix.from);
    } else bench.files.set(target, fixed);
  }
  const { files, replaced, targets, adopted, ignores } = bench;
  return {
    machine: { ...machine, files, replaced: { ...machine.replaced, files: replaced }, state: { ...state, targets, adopted, ignores } },
    failed,
  };
}

function fixFile(
  fix: Exclude<FixRequest, { kind: 'rewrite' | 'move-legacy' | 'scrub-lines' }>,
  now: FileNow,
  bench: Bench,
  machine: Machine,
  user: string,
): FileNow | string {
  if (isMemberFix(fix)) return fixSettings(fix, now, bench, machine, user);
  switch (fix.kind) {
    case 'adopt':
      return adopt(fix.path, now, bench, machine);
    case 'chmod':
      return chmod(fix, now, bench, machine, user);
    case 'delete-backup':
      return { ...now, bytes: null, mode: null, holdsKey: true };
    case 'gitignore': {
      const path = ignoreOf(fix.path);
      const { after, added } = addIgnoreLine(now.bytes);
      const old = bench.ignores.find((ignore) => ignore.path === path);
      bench.ignores = [...bench.ignores.filter((ignore) => ignore !== old), { path, created: old?.created ?? now.bytes === null, added }];
      return { ...now, bytes: after };
    }
    case 'repair-block': {
      const shell = shellIdOf(fix.target);
      if (shell === undefined || now.bytes === null) return GONE;
      const repaired = repairBlock(now.bytes, shell, { home: machine.home, platform: machine.platform });
      return repaired.ok ? { ...now, bytes: repaired.after } : repaired.reason;
    }
  }
}

const GONE = 'the file no longer exists';

function scrub({ syntax }: Extract<FixRequest, { kind: 'scrub-lines' }>, now: FileNow, key: string | undefined): FileNow | string {
  if (now.bytes === null) return now.problem?.message ?? GONE;
  return { ...now, bytes: scrubShellHistory(now.bytes, syntax, key === undefined ? [] : [key]), holdsKey: true };
}

function fixSettings(fix: MemberFix, now: FileNow, bench: Bench, machine: Machine, user: string): FileNow | string {
  const state = { ...machine.state, targets: bench.targets };
  const fixed = fixMembers(
    fix,
    now,
    { ...machine, files: bench.files, state, replaced: { ...machine.replaced, files: bench.replaced } },
    user,
  );
  if (typeof fixed === 'string') return fixed;
  bench.targets = [...bench.targets.filter(({ path }) => path !== fix.path), fixed.state];
  if (Object.keys(fixed.replaced).length > 0) bench.replaced[fix.path] = fixed.replaced;
  return fixed.now;
}

/** Records the former mode of a file that is not orcc's. */
function chmod(
  { path, mode }: Extract<FixRequest, { kind: 'chmod' }>,
  now: FileNow,
  bench: Bench,
  machine: Machine,
  user: string,
): FileNow {
  const isKnown = bench.targets.some((target) => target.path === path) || isOwnFile(machine, path);
  if (!isKnown && path.endsWith('.json')) {
    const id = targetOfSettings(path, user, machine);
    bench.targets = [...bench.targets, { id, path, created: false, modeBefore: now.mode, carries: 'extras', members: [] }];
  }
  return { ...now, mode };
}

function adopt(file: string, { bytes, ...now }: FileNow, bench: Bench, machine: Machine): FileNow | string {
  if (bytes === null) return GONE;
  const target = targetOfFile(file, machine);
  const result = planAdoption(file, shellIdOf(target) ?? 'sh', bytes, OUR_VARIABLES, bench.replaced[file] ?? {});
  if (!result.ok) return result.message;
  if (Object.keys(result.hidden).length > 0) bench.replaced[file] = result.hidden;
  // A target's own file gets its lines back along with its block; any other file has to be recorded.
  const isKnown = [...bench.targets, ...bench.adopted].some((each) => each.path === file);
  if (!isKnown) bench.adopted.push({ target, path: file });
  return { ...now, bytes: result.after };
}

/** The target that a start-up file belongs to: by orcc's records, else by the shells that it wrote to, else by its name. */
function targetOfFile(file: string, { state }: Machine): TargetId {
  const own = state.targets.find((each) => each.path === file);
  if (own !== undefined) return own.id;
  if (file.endsWith('.fish')) return 'fish';
  if (file.endsWith('.ps1')) return 'powershell';
  const used = state.targets.map(({ id }) => id).filter((id) => shellIdOf(id) === 'sh');
  const named = /[\\/]\.?z[^\\/]*$/.test(file) ? 'zsh' : 'bash';
  return used.includes(named) ? named : (used[0] ?? named);
}

/** `.claude/settings.local.json` is ignored by the .gitignore in the folder above `.claude`. */
function ignoreOf(settings: string): string {
  return join(dirname(dirname(settings)), '.gitignore');
}
