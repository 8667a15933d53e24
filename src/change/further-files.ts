import { BASE_URL } from '../claude/variables.ts';
import { recordedVariables, type Config } from '../config/config.ts';
import type { TargetState } from '../config/state.ts';
import { usesKeyFile } from '../config/storage.ts';
import { settingsRoot } from '../edit/json/json-gate.ts';
import { valueAt, sumOf } from '../edit/json/json-verify.ts';
import { isMany } from '../targets/types.ts';
import { keyIn, NO_FILE, type Machine } from './machine.ts';
import { presentValue } from './members.ts';
import { keyInTarget } from './read-key.ts';

/** How a further settings file compares with what orcc wrote there: Claude Code in this terminal does not read it, and can't tell. */
export interface FurtherFile {
  readonly path: string;
  readonly state: 'written' | 'changed' | 'of an earlier set-up' | 'the file is gone' | "can't be reached" | "can't be read";
  /** How many members orcc wrote, and how many of them are still as it wrote them. */
  readonly members: { readonly written: number; readonly asWritten: number };
}

/** The further settings files that carry the setup. Pure. */
export function furtherFiles(machine: Pick<Machine, 'state' | 'files' | 'config' | 'own' | 'platform' | 'home'>): readonly FurtherFile[] {
  return machine.state.targets
    .filter(({ id, carries }) => isMany(id) && carries === 'setup')
    .map((target) => {
      const { bytes, problem, missingParents } = machine.files.get(target.path) ?? NO_FILE;
      const root = settingsRoot(bytes);
      const asWritten = target.members.filter((member) => isAsWritten(root, member)).length;
      const written = target.members.length;
      const isEarlier = bytes !== null && !isPresent(root, bytes, target, machine);
      const state =
        problem !== undefined || root === undefined
          ? "can't be read"
          : bytes === null
            ? missingParents.length > 0
              ? "can't be reached"
              : 'the file is gone'
            : asWritten < written
              ? 'changed'
              : isEarlier
                ? 'of an earlier set-up'
                : 'written';
      return { path: target.path, state, members: { written, asWritten } };
    });
}

/** Whether a member, or one element of a list, is what orcc wrote. */
export function isAsWritten(root: unknown, member: TargetState['members'][number]): boolean {
  return sumOf(presentValue(root, member)) === member.sum;
}

/** Whether mapping, address and key are the current ones: a change misses a file whose drive is away. */
function isPresent(
  root: unknown,
  bytes: Uint8Array,
  { id }: TargetState,
  machine: Pick<Machine, 'files' | 'config' | 'own' | 'platform' | 'home'>,
): boolean {
  const { config, files, own } = machine;
  if (config === undefined) return true;
  const wanted = new Map([[BASE_URL, config.baseUrl], ...recordedVariables(config).map(({ name, value }) => [name, value] as const)]);
  const isSame = [...wanted].every(([name, value]) => valueAt(root, ['env', name]) === value);
  return isSame && (!holdsToken(config) || keyInTarget(bytes, id, machine) === keyIn(files.get(own.key)));
}

function holdsToken({ keyStorage }: Config): boolean {
  return usesKeyFile(keyStorage) && keyStorage.kind !== 'helper';
}
