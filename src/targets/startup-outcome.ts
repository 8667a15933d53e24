import type { ShellTargetId } from './types.ts';
import { isSecretVariable } from '../claude/variables.ts';
import type { ShellAssignment } from '../claude/layers.ts';
import { readKeyFile } from '../core/look.ts';
import type { Context } from '../core/context.ts';
import type { Assignment } from '../edit/shell/shell-scan.ts';
import type { KeySource, ShellId } from '../edit/shell/types.ts';
import { clip, maskKey, redact, stripControls } from '../text/text.ts';
import type { OpenCondition, StartupEvent, StartupLine } from './startup-walk.ts';
import { blockExports, COMMAND_TOKEN, assignmentsOf } from './startup-block.ts';

/** A line in a start-up file, outside orcc's own block, that sets or unsets a watched variable. */
export interface StartupAssignment {
  readonly target: ShellTargetId;
  readonly file: string;
  /** Counted from 1. */
  readonly line: number;
  readonly name: string;
  readonly kind: 'set' | 'unset';
  /** As written, keys included: never print it. Undefined if only running the file would tell, and for `unset`. */
  readonly value: string | undefined;
  /** Relative to orcc's block, or to where it would go. `no-block`: this start reads no file with a block. */
  readonly position: 'before-block' | 'after-block' | 'no-block';
  /** Whether it sets a variable that orcc writes too, and overrides the block in at least one kind of start if its conditions hold. */
  readonly wins: boolean;
  /** Whether `--adopt` can comment the line out. */
  readonly adoptable: boolean;
  /** The conditions for this line that reading can't decide; empty: it runs at every start. */
  readonly conditions: readonly OpenCondition[];
}

/** An assignment that takes effect only under conditions that reading can't decide. */
export interface MaySet extends Pick<StartupAssignment, 'name' | 'file' | 'line' | 'conditions'> {
  /** null: unset; undefined: only running it would tell. May be a key. */
  readonly value: string | null | undefined;
}

/** A line after which reading can't tell what some variables are; keys in its text are masked. */
export interface NotKnown extends StartupLine {
  /** The variables affected; undefined: any. */
  readonly names: readonly string[] | undefined;
  /** Those of them that are set again later and so are known after all. */
  readonly settled: readonly string[];
}

/** The variables that a start leaves behind, as far as reading tells. Plain data. */
export interface StartupOutcome {
  /** The last certain assignment of each variable, in the order they run; null: unset, not exported, or its value can't be told. */
  readonly sure: readonly ShellAssignment[];
  readonly may: readonly MaySet[];
  readonly unknown: readonly NotKnown[];
}

export const NOTHING_SAID: StartupOutcome = { sure: [], may: [], unknown: [] };

/** What keeps a variable's value from being certain; if both lists are empty, `sure` is right. */
export function doubtsOf(
  { may, unknown }: StartupOutcome,
  name: string,
): { readonly may: readonly MaySet[]; readonly unknown: readonly NotKnown[] } {
  return {
    may: may.filter((each) => each.name === name),
    unknown: unknown.filter(({ names, settled }) => (names?.includes(name) ?? true) && !settled.includes(name)),
  };
}

interface Slot {
  value: string | null | undefined;
  isExported: boolean;
  readonly file: string;
  readonly line: number;
}

type OutcomeContext = Pick<Context, 'fs' | 'env' | 'home' | 'platform'>;

/** Works out what the events of one start leave behind. Reads orcc's blocks and its key file, starts nothing. */
export function outcomeOf(ctx: OutcomeContext, events: readonly StartupEvent[], target: ShellTargetId, shell: ShellId): StartupOutcome {
  const run = new Run(ctx, target, shell);
  for (const event of events) run.take(event);
  return run.result();
}

class Run {
  private readonly ctx: OutcomeContext;
  private readonly target: ShellTargetId;
  private readonly shell: ShellId;
  private readonly slots = new Map<string, Slot>();
  private may: MaySet[] = [];
  /** Variables that are certainly read-only, and those that may be. */
  private readonly fixed = { surely: new Set<string>(), perhaps: new Set<string>() };
  /** zsh stops reading a file that sets a read-only variable, so what follows may not run: the conditions for it. */
  private givenUp: readonly OpenCondition[] = [];
  private readonly unknown: { -readonly [K in keyof NotKnown]: NotKnown[K] }[] = [];

  constructor(ctx: OutcomeContext, target: ShellTargetId, shell: ShellId) {
    this.ctx = ctx;
    this.target = target;
    this.shell = shell;
  }

  result(): StartupOutcome {
    const sure = [...this.slots].map(([name, { value, isExported, file, line }]): ShellAssignment => {
      return { name, value: isExported ? (value ?? null) : null, file, line };
    });
    return { sure, may: this.may, unknown: this.unknown };
  }

  take(event: StartupEvent): void {
    const { file } = event;
    const open = [...event.open, ...this.givenUp];
    if (event.kind === 'assignment') this.assign(event.assignment, file, open);
    else if (event.kind === 'dynamic') this.doubt(event.text, file, event.line, undefined);
    else if (event.kind === 'block') this.block(event, open);
  }

  private block({ file, blocks }: Extract<StartupEvent, { kind: 'block' }>, open: readonly OpenCondition[]): void {
    const own = assignmentsOf(blocks, this.shell, this.ctx);
    const exports = blockExports(own, (source) => this.keyOf(source));
    for (const { name, line, value } of exports) {
      if (!this.isRefused(name, file, line)) this.trySet({ name, line, file, value, isExported: true }, [...open, ...this.givenUp]);
    }
  }

  private keyOf(source: KeySource): string {
    if (source.kind === 'literal') return source.value;
    if (source.kind === 'file') return readKeyFile(this.ctx.fs, source.path) ?? '';
    // The command is not run; the block counts as having a key, so the rest of it is exported.
    if (source.kind === 'command') return COMMAND_TOKEN;
    const slot = this.slots.get(source.name);
    return slot?.value ?? this.ctx.env[source.name] ?? '';
  }

  private assign({ kind, name, value, from, exported, line }: Assignment, file: string, open: readonly OpenCondition[]): void {
    const before = this.slots.get(name);
    if (kind === 'fix') {
      this.fixed[open.length === 0 ? 'surely' : 'perhaps'].add(name);
      return;
    }
    if (kind !== 'export' && this.isRefused(name, file, line)) return;
    if (kind === 'export') {
      if (before !== undefined) {
        this.set({ name, line: before.line, file: before.file, value: before.value, isExported: true }, open);
        // It is exported from here on, but only running the file tells its value.
        if (before.value === undefined && open.length === 0) this.doubt(`export ${name}`, file, line, [name]);
      } else if (this.isDoubted(name)) this.doubt(`export ${name}`, file, line, [name]);
      return;
    }
    const isExported = kind === 'set' && (exported || before?.isExported === true);
    // If something else may have exported the variable already, a plain `N=v` changes it for programs too.
    if (kind === 'set' && !isExported && this.isDoubted(name)) this.doubt(`${name}=`, file, line, [name]);
    const set = { name, line, file, value: kind === 'unset' ? null : (value ?? this.valueOf(from)), isExported };
    this.trySet(set, open);
    if (set.value === undefined && open.length === 0) this.doubt(`${name}=…`, file, line, [name]);
  }

  /** Sets a variable. If it may be read-only, its value is not known afterwards. */
  private trySet(slot: { readonly name: string } & Readonly<Slot>, open: readonly OpenCondition[]): void {
    const { name, file, line } = slot;
    this.set(slot, open);
    if (this.fixed.perhaps.has(name)) this.doubt(`${name}=`, file, line, [name]);
  }

  /** Whether setting a variable fails because it is certainly read-only; in zsh, what follows then becomes uncertain. */
  private isRefused(name: string, file: string, line: number): boolean {
    if (!this.fixed.surely.has(name)) return false;
    if (this.target === 'zsh') this.givenUp = [...this.givenUp, { text: `${name} may be set`, file, line }];
    return true;
  }

  /** The value of another variable if it is certain, else undefined. */
  private valueOf(name: string | undefined): string | undefined {
    if (name === undefined || this.isDoubted(name)) return undefined;
    return this.slots.get(name)?.value ?? undefined;
  }

  private isDoubted(name: string): boolean {
    const { may, unknown } = doubtsOf({ sure: [], may: this.may, unknown: this.unknown }, name);
    return may.length + unknown.length > 0;
  }

  private set({ name, line, file, value, isExported }: { readonly name: string } & Readonly<Slot>, open: readonly OpenCondition[]): void {
    if (open.length > 0) {
      const isSame = this.slots.get(name)?.value === value && this.slots.get(name)?.isExported === isExported && value !== undefined;
      if (!isSame || this.isDoubted(name)) this.may.push({ name, value: isExported ? value : null, file, line, conditions: open });
      return;
    }
    this.may = this.may.filter((each) => each.name !== name);
    // A line that reading can't tell may have exported the variable, so after a plain `N=v` the doubt stays.
    if (isExported || value === null) for (const each of this.unknown) each.settled = [...each.settled, name];
    this.slots.delete(name);
    this.slots.set(name, { value, isExported, file, line });
  }

  private doubt(text: string, file: string, line: number, names: readonly string[] | undefined): void {
    this.unknown.push({ text: clip(stripControls(redact(text)), 80), file, line, names, settled: [] });
  }
}

/** A value that may be printed: keys masked, control characters dropped, long text cut. */
export function showStartupValue(name: string, value: string | undefined): string {
  if (value === undefined) return '(computed)';
  if (value === '') return '(empty)';
  const isSecret = isSecretVariable(name) || name === 'OPENROUTER_API_KEY' || /^sk-/.test(value);
  return isSecret ? maskKey(value) : clip(stripControls(value), 80);
}
