import { isObject } from '../text/json.ts';
import { ALIASES } from '../claude/aliases.ts';
import { BASE_URL, OPTIONAL_VARIABLES, RETIRED_VARIABLES } from '../claude/variables.ts';
import { recordedVariables, type Config } from '../config/config.ts';
import type { TargetState } from '../config/state.ts';
import { inspectBlock } from '../edit/shell/block.ts';
import { gateSettings } from '../edit/json/json-gate.ts';
import { assignmentsOf } from '../targets/startup-block.ts';
import { shellIdOf, MACHINE_TARGETS } from '../targets/types.ts';
import type { Machine } from './machine.ts';

/** A file as an older orcc left it. */
export interface Outdated {
  readonly path: string;
  /** Variables that this orcc writes for the same mapping and that are not in it. */
  readonly lacks: readonly string[];
  /** Variables in it that this orcc does not write any more. */
  readonly retired: readonly string[];
}

/**
 * The machine's targets that an older orcc wrote. Covers only those that are still as orcc left them: what someone changed since has
 * findings of its own. Pure.
 */
export function findOutdated(machine: Machine): readonly Outdated[] {
  const { config } = machine;
  if (config === undefined || config.native) return [];
  const wanted = wantedNames(config);
  return machine.state.targets.flatMap((target) => {
    const present = MACHINE_TARGETS.includes(target.id) && target.carries === 'setup' ? namesIn(target, machine) : undefined;
    if (present === undefined) return [];
    const lacks = wanted.filter((name) => !present.known.has(name));
    const retired = RETIRED_VARIABLES.filter((name) => present.own.has(name));
    // `isEdited` is asked last, since telling whether someone changed it takes a checksum, whose module takes milliseconds to load.
    const isCurrent = lacks.length === 0 && retired.length === 0;
    return isCurrent || present.isEdited() ? [] : [{ path: target.path, lacks, retired }];
  });
}

function wantedNames(config: Config): readonly string[] {
  const labels = ALIASES.flatMap(({ id, selectable }) => (selectable ? [{ alias: id, name: id, description: id }] : []));
  return recordedVariables({ ...config, labels })
    .map(({ name }) => name)
    .filter((name) => !OPTIONAL_VARIABLES.includes(name));
}

interface Names {
  /** Those that orcc wrote. */
  readonly own: ReadonlySet<string>;
  /** Those that orcc wrote, or that are there anyway. */
  readonly known: ReadonlySet<string>;
  /** Whether it is no longer as orcc left it. */
  readonly isEdited: () => boolean;
}

function namesIn(target: TargetState, machine: Machine): Names | undefined {
  const bytes = machine.files.get(target.path)?.bytes ?? null;
  if (bytes === null) return undefined;
  const shell = shellIdOf(target.id);
  if (shell !== undefined) {
    const found = inspectBlock(bytes, shell);
    if (found.kind !== 'blocks') return undefined;
    const own = new Set(assignmentsOf(found.blocks, shell, machine).map(({ name }) => name));
    return { own, known: own, isEdited: () => found.blocks.some(({ edited }) => edited) };
  }
  const gate = gateSettings(bytes);
  if (!gate.ok) return undefined;
  const own = new Set(target.members.flatMap(({ path: [parent, name] }) => (parent === 'env' && name !== undefined ? [name] : [])));
  const env = gate.root['env'];
  const known = new Set([...own, ...(isObject(env) ? Object.keys(env) : [])]);
  // Values that were there already are not recorded as orcc's: without them someone has taken the setup away since.
  return known.has(BASE_URL) ? { own, known, isEdited: () => false } : undefined;
}
