import { AUTH_TOKEN, BASE_URL, MAX_OUTPUT, OUR_VARIABLES } from '../claude/variables.ts';
import type { Context } from '../core/context.ts';
import { readKeyFile } from '../config/storage.ts';
import type { KeySource } from '../edit/shell/types.ts';
import { detectShell, type DetectedShell } from '../targets/detect-shell.ts';
import { effectiveMapping, inEffect, type EffectiveMapping } from '../claude/effective.ts';
import { readLayers, type Layers, type ShellAssignment, type ShellView } from '../claude/layers.ts';
import type { Machine } from './machine.ts';
import { scanStartup, type StartupStep } from '../targets/startup.ts';

type Shell = DetectedShell['target'];

/** What Claude Code would use: in a new terminal where a profile sets the base URL, else in this one. */
export interface InEffect {
  readonly layers: Layers;
  readonly view: ShellView;
  /** The shell that the start-up files are of. */
  readonly shell: Shell;
  readonly mapping: EffectiveMapping;
  /** The token itself: never to be printed. Undefined where there is none. */
  readonly token: string | undefined;
  /** Tokens that Claude Code will ask for in an answer. */
  readonly maxTokens: number;
  /** Variables that new terminals will have and this one has not, or otherwise. */
  readonly notLoaded: readonly string[];
}

/** Tokens that Claude Code asks for where nothing is set (measured on 2.1.330). */
const USUAL_OUTPUT = 32_000;

type Slice = Pick<Context, 'fs' | 'env' | 'home' | 'platform' | 'cwd' | 'exec' | 'pid'>;

/** Works out what is in effect from files and this process's environment; starts nothing. */
export async function readInEffect(ctx: Slice, machine: Machine): Promise<InEffect> {
  const recorded = machine.state.targets.flatMap(({ id, carries }) =>
    carries !== 'setup' || id === 'user' || id === 'project' || id === 'local' ? [] : [id],
  );
  const shell = shellHere(ctx, recorded);
  const startup = shell === undefined ? [] : await startupAssignments(ctx, machine, shell, recorded.includes(shell));
  const layers = readLayers(ctx, { shellAssignments: startup });
  const view: ShellView = startup.some((each) => each.name === BASE_URL && each.value !== null) ? 'startup' : 'process';
  const limit = Number(inEffect(layers, MAX_OUTPUT, view)?.value ?? '');
  const last = new Map(startup.map((each) => [each.name, each.value]));
  const notLoaded = [...last]
    .filter(([name, value]) => OUR_VARIABLES.includes(name) && (layers.process.get(name) ?? null) !== value)
    .map(([name]) => name);
  return {
    layers,
    view,
    shell,
    mapping: effectiveMapping(layers, view),
    token: inEffect(layers, AUTH_TOKEN, view)?.value ?? helperKey(layers, machine, ctx),
    maxTokens: Number.isSafeInteger(limit) && limit > 0 ? limit : USUAL_OUTPUT,
    notLoaded,
  };
}

/** Of the shells that orcc wrote to, the one that this terminal runs, else the first; else this terminal's. */
function shellHere(ctx: Slice, recorded: ReadonlyArray<NonNullable<Shell>>): Shell {
  const here = detectShell(ctx).target;
  return recorded.find((id) => id === here) ?? recorded[0] ?? here;
}

/** What an interactive start of that shell leaves behind: hand-written assignments and orcc's block, in their order. */
async function startupAssignments(
  ctx: Slice,
  machine: Machine,
  shell: NonNullable<Shell>,
  isOwn: boolean,
): Promise<readonly ShellAssignment[]> {
  const { steps } = await scanStartup(ctx, [shell], isOwn ? { located: machine.located } : {});
  const source = steps.find((step) => step.keyRef !== undefined)?.keyRef;
  // The block exports nothing where its key is missing (design D4).
  const isDead = source !== undefined && (readSource(ctx, source) ?? '') === '';
  const keyed = steps.find((step) => step.keyRef !== undefined);
  return steps
    .filter((step) => !(isDead && step.file === keyed?.file && isOwnLine(steps, step)))
    .map((step) => ({
      name: step.name,
      value: step.keyRef === undefined ? step.value : (readSource(ctx, step.keyRef) ?? null),
      file: step.file,
      line: step.line,
      shell: step.shell,
    }));
}

/** Whether a step lies in the run of lines of orcc's block: from the base URL before the key on. */
function isOwnLine(steps: readonly StartupStep[], step: StartupStep): boolean {
  const at = steps.findIndex((each) => each.keyRef !== undefined);
  return steps.indexOf(step) >= at - 1;
}

function readSource(ctx: Pick<Context, 'fs' | 'env'>, source: KeySource): string | undefined {
  if (source.kind === 'literal') return source.value;
  return source.kind === 'env' ? ctx.env[source.name] : readKeyFile(ctx.fs, source.path);
}

/** With `apiKeyHelper` of orcc's own the key is what the helper would print: the key file. */
function helperKey(layers: Layers, machine: Machine, ctx: Pick<Context, 'fs'>): string | undefined {
  const helper = layers.settings.find((file) => file.members.apiKeyHelper !== undefined)?.members.apiKeyHelper?.value;
  return helper?.includes(machine.own.key) === true ? readKeyFile(ctx.fs, machine.own.key) : undefined;
}
