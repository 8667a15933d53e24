import { pathsOf } from '../core/paths-of.ts';
import { FOLDER_TARGETS, isFolderTarget } from '../targets/types.ts';
import { dirname } from 'node:path';
import { ALIASES, DEFAULT_ALIASES, type AliasId, type Mapping } from '../claude/aliases.ts';
import { MODEL } from '../claude/variables.ts';
import { settingsRoot } from '../edit/json/json-gate.ts';
import { valueAt } from '../edit/json/json-verify.ts';
import type { Context } from '../core/context.ts';
import type { Machine } from './machine.ts';
import type { DesiredTarget } from './desired.ts';
import { changeMapping } from '../config/mapping-input.ts';

/** The targets of the current folder that orcc has written (design D20: `--here`). */
export function recordedFolderTargets(ctx: Pick<Context, 'cwd' | 'platform'>, machine: Machine): readonly DesiredTarget[] {
  const join = pathsOf(ctx.platform).join;
  const here = join(ctx.cwd, '.claude');
  return machine.state.targets
    .filter((target) => isFolderTarget(target.id) && dirname(target.path) === here && target.carries === 'setup')
    .map((target) => ({ id: target.id, carries: 'setup', remember: true }));
}

/** The folder's own mapping: what its settings say, over the machine's. */
export function readFolderMapping(machine: Machine, base: Mapping): Mapping {
  const models: Partial<Record<AliasId, string | undefined>> = {};
  let defaultAlias = base.defaultAlias;
  for (const id of FOLDER_TARGETS) {
    for (const file of machine.located.get(id)?.files ?? []) {
      const root = settingsRoot(machine.files.get(file.path)?.bytes ?? null);
      for (const alias of ALIASES) {
        const value = valueAt(root, ['env', alias.variable]);
        if (typeof value === 'string' && value !== '') models[alias.id] = value;
      }
      const named = valueAt(root, ['env', MODEL]);
      defaultAlias = DEFAULT_ALIASES.find((alias) => alias === named) ?? defaultAlias;
    }
  }
  // The files always name fable: if it has the same model as opus, it follows opus.
  for (const { id, follows } of ALIASES)
    if (follows !== undefined && models[id] !== undefined && models[id] === models[follows]) models[id] = undefined;
  return changeMapping(base, models, defaultAlias);
}
