import { isSecretVariable, OUR_VARIABLES, WATCHED_VARIABLES } from '../claude/variables.ts';
import type { Context } from '../core/context.ts';
import { clip, maskKey, stripControls } from '../text/text.ts';
import type { KeySource, ShellId } from '../edit/shell/types.ts';
import { targetOf } from './index.ts';
import type { Located, TargetId } from './types.ts';
import { readBlockAssignments } from './startup-block.ts';
import { startupChains, type ShellTargetId, type StartupChain } from './startup-chain.ts';
import { walkStartup, type StartupEvent, type StartupFile } from './startup-walk.ts';

export { readBlockAssignments, type OwnAssignment } from './startup-block.ts';

/** A watched variable that a start-up file sets or takes away, orcc's own block left out. */
export interface StartupAssignment {
  readonly target: ShellTargetId;
  readonly shell: ShellId;
  readonly file: string;
  /** Counted from 1. */
  readonly line: number;
  readonly name: string;
  readonly kind: 'set' | 'unset';
  /** As it stands there, keys too: never print it. Undefined where only running the file would tell, and for `unset`. */
  readonly value: string | undefined;
  /** The value as it may be printed. */
  readonly shown: string;
  /** Seen from orcc's block, or from where it would go. `no-block`: that start reads no file with one. */
  readonly position: 'before-block' | 'after-block' | 'no-block';
  /** It is one of the variables that orcc writes, and the last word in at least one kind of start. */
  readonly wins: boolean;
  /** `--adopt` can comment the line out. */
  readonly adoptable: boolean;
  readonly conditional: boolean;
}

/** What a start leaves behind, one entry for each assignment in the order in which they run, orcc's own included. */
export interface StartupStep {
  readonly target: ShellTargetId;
  readonly shell: string;
  readonly name: string;
  /** null: taken away, or (where `computed`) known only by running it. For the key see `keyRef`. */
  readonly value: string | null;
  readonly computed: boolean;
  /** orcc's block takes the value from here. */
  readonly keyRef?: KeySource;
  readonly file: string;
  readonly line: number;
}

export interface StartupScan {
  /** Files of the start-up chains that are there, each once. */
  readonly files: readonly (StartupFile & { readonly target: ShellTargetId })[];
  readonly assignments: readonly StartupAssignment[];
  /** Of an interactive start of each shell; conditional assignments count as if they ran. */
  readonly steps: readonly StartupStep[];
}

type ScanContext = Pick<Context, 'fs' | 'env' | 'home' | 'platform' | 'cwd' | 'exec'>;

/** Looked for besides Claude Code's own: users keep their key there. */
const NAMES = [...WATCHED_VARIABLES, 'OPENROUTER_API_KEY'];

/**
 * Looks through the start-up files of the given shells (settings targets are passed over) for
 * assignments of watched variables. Reads text, runs no file; starts no shell unless `ask` is set. `located` saves
 * finding the files again.
 */
export async function scanStartup(
  ctx: ScanContext,
  targets: readonly TargetId[],
  options: { readonly located?: ReadonlyMap<TargetId, Located>; readonly ask?: boolean } = {},
): Promise<StartupScan> {
  const files = new Map<string, StartupScan['files'][number]>();
  const assignments = new Map<string, StartupAssignment>();
  const steps: StartupStep[] = [];
  for (const target of targets) {
    if (target !== 'bash' && target !== 'zsh' && target !== 'fish' && target !== 'powershell') continue;
    const located = options.located?.get(target) ?? (await targetOf(target).locate(ctx, { ask: options.ask ?? false }));
    for (const chain of startupChains(ctx, target, located)) {
      const walked = walkStartup(ctx, chain, NAMES);
      for (const file of walked.files) files.set(`${target} ${file.file}`, { ...file, target });
      for (const found of judge(walked.events, chain)) {
        const id = `${target} ${found.file}:${found.line} ${found.name}`;
        const before = assignments.get(id);
        if (before === undefined || (!before.wins && found.wins)) assignments.set(id, found);
      }
      if (chain.start === 'interactive') steps.push(...walked.events.flatMap((event) => stepsOf(ctx, chain, event)));
    }
  }
  return { files: [...files.values()], assignments: [...assignments.values()], steps };
}

function judge(events: readonly StartupEvent[], chain: StartupChain): StartupAssignment[] {
  const last = events.findLastIndex((event) => event.kind === 'block');
  return events.flatMap((event, index) => {
    if (event.kind !== 'assignment') return [];
    const { name, kind, line, value, conditional, adoptable } = event.assignment;
    const position = last === -1 ? 'no-block' : index < last ? 'before-block' : 'after-block';
    const wins = position === 'after-block' && OUR_VARIABLES.includes(name);
    return [
      {
        target: chain.target,
        shell: chain.shell,
        file: event.file,
        line,
        name,
        kind,
        value,
        shown: showValue(name, value),
        position,
        wins,
        adoptable,
        conditional,
      },
    ];
  });
}

function stepsOf(ctx: ScanContext, chain: StartupChain, event: StartupEvent): StartupStep[] {
  const base = { target: chain.target, shell: chain.target, file: event.file };
  if (event.kind === 'assignment') {
    const { name, kind, line, value } = event.assignment;
    return [{ ...base, name, line, value: value ?? null, computed: kind === 'set' && value === undefined }];
  }
  if (event.planned) return [];
  return readBlockAssignments(ctx.fs.readFile(event.file), chain.shell, ctx).map((each) => ({
    ...base,
    name: each.name,
    line: each.line,
    value: 'value' in each ? each.value : null,
    computed: 'keyRef' in each,
    ...('keyRef' in each ? { keyRef: each.keyRef } : {}),
  }));
}

/** A value that may be printed: keys masked, control characters dropped, long text cut. */
function showValue(name: string, value: string | undefined): string {
  if (value === undefined) return '(computed)';
  if (value === '') return '(empty)';
  const isSecret = isSecretVariable(name) || name === 'OPENROUTER_API_KEY' || /^sk-/.test(value);
  return isSecret ? maskKey(value) : clip(stripControls(value), 80);
}
