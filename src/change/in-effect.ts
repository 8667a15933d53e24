import type { ShellTargetId } from '../targets/types.ts';
import { USUAL_OUTPUT } from '../claude/compaction.ts';
import { AUTH_TOKEN, BASE_URL, MAX_OUTPUT, OUR_VARIABLES, TOOL_SEARCH } from '../claude/variables.ts';
import type { Context } from '../core/context.ts';
import { readKeyFile } from '../core/look.ts';
import {
  placements,
  readLayers,
  type Layers,
  type ShellView,
  effectiveMapping,
  findHelper,
  inEffect,
  type EffectiveMapping,
} from '../claude/layers.ts';
import { doubtsOf, type MaySet, type NotKnown, type StartupOutcome } from '../targets/startup-outcome.ts';
import { COMMAND_TOKEN } from '../targets/startup-block.ts';
import type { Machine } from './machine.ts';
import { observeStartup } from './observe-startup.ts';

/** What Claude Code would use: in a new terminal where a profile sets the base URL, else in this one. */
export interface InEffect {
  readonly layers: Layers;
  readonly view: ShellView;
  /** The shell whose start-up files were read. */
  readonly shell: ShellTargetId | undefined;
  readonly mapping: EffectiveMapping;
  /** The token itself, never to be printed. undefined if there is none, `COMMAND_TOKEN` if only a command tells it. */
  readonly token: string | undefined;
  /** How many output tokens Claude Code asks for in an answer. */
  readonly maxTokens: number;
  /** Whether it defers tools, that is, `ENABLE_TOOL_SEARCH` does not say no. */
  readonly toolSearch: boolean;
  /** Variables that new terminals will have and this one lacks, or has with another value. */
  readonly notLoaded: readonly string[];
  /** Our variables that this terminal has but no start-up file sets. */
  readonly stale: readonly string[];
  /** What reading the start-up files left open about variables that no settings file decides. */
  readonly doubts: Doubts;
}

export interface Doubts {
  readonly may: readonly MaySet[];
  readonly unknown: readonly NotKnown[];
}

type Slice = Pick<Context, 'fs' | 'env' | 'home' | 'platform' | 'cwd' | 'exec' | 'pid' | 'random'>;

/** Works out what is in effect from files and this process's environment; starts nothing. */
export async function readInEffect(ctx: Slice, machine: Machine): Promise<InEffect> {
  const { shell, startup, outcome } = await observeStartup(ctx, machine, { ask: false, only: 'outcome' });
  const layers = readLayers(ctx, { shellAssignments: startup });
  const isSet = (name: string): boolean => startup.some((each) => each.name === name && each.value !== null);
  // If the address is in a settings file, or in a line that may run, what start-up files add to it holds for new terminals.
  const { may, unknown } = doubtsOf(outcome, BASE_URL);
  const isOpen = may.length > 0 || unknown.some(({ names }) => names !== undefined);
  const isLater = isSet(BASE_URL) || ((isOpen || isDecided(layers, BASE_URL)) && OUR_VARIABLES.some(isSet));
  // After `switch --native` a terminal may still have what it was started with.
  const view: ShellView = isLater || (machine.config?.native === true && shell !== undefined) ? 'startup' : 'process';
  const limit = Number(inEffect(layers, MAX_OUTPUT, view)?.value);
  const notLoaded = startup
    .filter(({ name, value }) => OUR_VARIABLES.includes(name) && !isLoaded(layers.process.get(name), value))
    .map(({ name }) => name);
  return {
    layers,
    view,
    shell,
    mapping: effectiveMapping(layers, view),
    token: inEffect(layers, AUTH_TOKEN, view)?.value ?? helperKey(layers, machine, ctx),
    maxTokens: Number.isSafeInteger(limit) && limit > 0 ? limit : USUAL_OUTPUT,
    toolSearch: !/^(?:false|0|no|off)$/i.test(inEffect(layers, TOOL_SEARCH, view)?.value.trim() ?? ''),
    notLoaded,
    stale: shell === undefined ? [] : staleNames(layers, outcome),
    doubts: openDoubts(layers, outcome),
  };
}

/** Whether this terminal has what a new one will have; for what a command will print, any value counts. */
function isLoaded(present: string | undefined, later: string | null): boolean {
  return later === COMMAND_TOKEN ? (present ?? '') !== '' : (present ?? null) === later;
}

function staleNames(layers: Layers, outcome: StartupOutcome): readonly string[] {
  return OUR_VARIABLES.filter((name) => {
    const isSet = layers.startup.some((each) => each.name === name && each.value !== null);
    const { may, unknown } = doubtsOf(outcome, name);
    return (layers.process.get(name) ?? '') !== '' && !isSet && may.length + unknown.length === 0;
  });
}

/** Whether a settings file sets a variable, whatever the shell has. */
export function isDecided(layers: Layers, name: string): boolean {
  return placements(layers, name, 'startup').some(({ layer }) => layer !== 'shell');
}

/** The doubts about variables that no settings file decides. */
function openDoubts(layers: Layers, outcome: StartupOutcome): Doubts {
  const isOpen = (name: string): boolean => OUR_VARIABLES.includes(name) && !isDecided(layers, name);
  const isOpenStatement = ({ names, settled }: NotKnown): boolean =>
    (names ?? OUR_VARIABLES).some((name) => isOpen(name) && !settled.includes(name));
  return { may: outcome.may.filter(({ name }) => isOpen(name)), unknown: outcome.unknown.filter(isOpenStatement) };
}

/** The key if `apiKeyHelper` is orcc's own, read from the key file that the helper prints; else undefined. */
function helperKey(layers: Layers, machine: Machine, ctx: Pick<Context, 'fs'>): string | undefined {
  const helper = findHelper(layers)?.members.apiKeyHelper?.value;
  return helper?.includes(machine.own.key) === true ? readKeyFile(ctx.fs, machine.own.key) : undefined;
}
