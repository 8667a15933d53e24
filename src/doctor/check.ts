import type { FindingArgs } from '../diagnose/row.ts';
import type { FindingCode } from '../diagnose/table.ts';
import type { Finding } from '../core/finding.ts';
import { isSecretVariable } from '../claude/variables.ts';
import type { HistorySyntax } from '../keys/leaks/shell-history.ts';
import type { Placement } from '../claude/layers.ts';
import { clip, escapeInvisible, maskKey, stripControls } from '../text/text.ts';
import type { TargetId } from '../targets/types.ts';
import type { Observed, View } from './observed.ts';

/** A member of a settings file that goes with a mapping. */
export interface LimitMember {
  readonly member: readonly string[];
  readonly value: string | number;
}

/** A settings file to which a legacy block's URL, key and mapping can be moved, all three together. */
export interface LegacyPlace {
  readonly id: 'user' | 'local';
  readonly path: string;
  readonly limits: readonly LimitMember[];
  /** True if it already has an address or a key. */
  readonly isTaken: boolean;
}

/** What would fix a finding, as data for the planner. Holds no key. */
export type FixRequest = { readonly code: string } & (
  | { readonly kind: 'set-member'; readonly path: string; readonly member: readonly string[]; readonly value: string }
  | { readonly kind: 'remove-member'; readonly path: string; readonly member: readonly string[] }
  /** `limits`: what keeps Claude Code inside the real limits of that block's models. `from`: the file that holds the block, if another. */
  | { readonly kind: 'legacy-to-env'; readonly path: string; readonly limits: readonly LimitMember[]; readonly from?: string }
  /** Moves such a block from a project's file to one of these places; the user is asked which (`settleShared`). */
  | { readonly kind: 'move-legacy'; readonly path: string; readonly places: readonly LegacyPlace[] }
  /** Moves an OpenRouter key from ANTHROPIC_API_KEY to the token, and leaves the former empty. */
  | { readonly kind: 'key-to-token'; readonly path: string }
  | { readonly kind: 'chmod'; readonly path: string; readonly mode: number }
  /** Removes the commands that hold a key from a shell's history. */
  | { readonly kind: 'scrub-lines'; readonly path: string; readonly syntax: HistorySyntax }
  /** Deletes one of orcc's own backups. */
  | { readonly kind: 'delete-backup'; readonly path: string }
  | { readonly kind: 'gitignore'; readonly path: string }
  /** Removes the remains of a damaged block (`repairBlock`); a `rewrite` follows. */
  | { readonly kind: 'repair-block'; readonly path: string; readonly target: TargetId }
  /** Comments a hand-written line out, as `--adopt` does. */
  | { readonly kind: 'adopt'; readonly path: string; readonly line: number }
  /** Adds rules against reading images: to user settings as part of the setup, or beside a folder's own mapping. */
  | { readonly kind: 'deny-images'; readonly path: string; readonly place: 'machine' | 'folder' }
  /** Writes orcc's own setup to its targets again; `path` if only one file needs it. */
  | { readonly kind: 'rewrite'; readonly path?: string }
);

/** `Omit` over each member of the union, so that a fix keeps the fields of its kind. */
type WithoutCode<T> = T extends unknown ? Omit<T, 'code'> : never;
export type Fix = WithoutCode<FixRequest>;

export interface Result {
  readonly finding: Finding;
  /** Absent or empty if only the user can fix it. */
  readonly fixes?: readonly Fix[];
  /** What to do in that case, if the table's row mentions `doctor --fix`. */
  readonly byHand?: string;
}

/** One check of doctor: its code, what it says when all is well, and how it finds out. Pure. */
export interface Check {
  readonly code: FindingCode;
  /** Follows "ok" under `--all`. */
  readonly fine: string;
  /** Absent: always. If it returns false there is nothing to check here, and `fine` is not shown. */
  readonly applies?: (observed: Observed) => boolean;
  readonly run: (observed: Observed) => readonly Result[];
}

/** Where a value is set: `/path:line`, or the layer's name. */
export function describePlace(placement: Pick<Placement, 'layer' | 'file' | 'line'>): string {
  if (placement.file === undefined) return placement.layer === 'shell' ? 'this terminal' : placement.layer;
  const file = escapeInvisible(placement.file);
  return placement.line === undefined ? file : `${file}:${placement.line}`;
}

/** A variable's value as it may be shown: masked if it is secret. */
export function showValue(name: string, value: string): string {
  if (value === '') return 'nothing';
  return isSecretVariable(name) ? maskKey(value) : `\`${clip(stripControls(value), 120)}\``;
}

/** The fields of a finding's arguments that say where a value is set. */
export function placeArgs({ layer, file, line }: Pick<Placement, 'layer' | 'file' | 'line'>): Pick<FindingArgs, 'layer' | 'file' | 'line'> {
  return { layer: layer === 'shell' ? 'the environment' : `${layer} settings`, file, line };
}

/** For a value of managed settings, which orcc never changes. */
export const ASK_ADMINISTRATOR = 'it is in managed settings: ask whoever manages this machine';

/** Whether a base URL leads away from Anthropic; only then do the findings about it make sense. */
export function isForeign(baseUrl: string): boolean {
  if (!URL.canParse(baseUrl)) return true;
  const { hostname } = new URL(baseUrl);
  return hostname !== 'anthropic.com' && !hostname.endsWith('.anthropic.com');
}

/** Whether something sets a base URL: only then can what depends on it be right or wrong. */
export function hasBaseUrl({ views }: Observed): boolean {
  return views.some(({ mapping }) => mapping.baseUrl !== undefined);
}

/** The views in which requests go elsewhere than to Anthropic. */
export function foreign(views: readonly View[]): readonly View[] {
  return views.filter(({ mapping }) => mapping.baseUrl !== undefined && isForeign(mapping.baseUrl.value));
}

/** What `find` returns for the views in which requests go elsewhere than to Anthropic, each result once. */
export function inForeign({ views }: Pick<Observed, 'views'>, find: (view: View) => readonly Result[]): readonly Result[] {
  return once(foreign(views).flatMap(find));
}

/** One result for each subject: the same finding in both terminals is reported once. */
export function once(results: readonly Result[]): readonly Result[] {
  const seen = new Set<string>();
  return results.filter(({ finding }) => {
    const key = `${finding.code} ${finding.subject ?? ''}`;
    return seen.has(key) ? false : seen.add(key);
  });
}
