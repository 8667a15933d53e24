import type { Placement } from '../../claude/layers.ts';
import type { Machine } from '../../change/machine.ts';
import { stripControls, shortPath } from '../../text/text.ts';
import type { Difference } from './compare.ts';

/**
 * What brings this machine to what orcc.json asks: `orcc switch` writes to orcc's own places, and a value that stands above them
 * has to go first. Paths below the home are shortened.
 */
export function fixDifferences(differences: readonly Difference[], { config, state }: Machine, home: string): string {
  const own = state.targets.filter(({ carries }) => carries === 'setup');
  const steps = new Set<string>();
  let isHere = false;
  let isReplaced = false;
  for (const placed of differences.flatMap((each) => standingAbove(each, own))) {
    const target = own.find(({ path }) => path === placed.file);
    isHere ||= target?.id === 'project' || target?.id === 'local';
    if (target !== undefined) continue;
    const where = `\`${stripControls(shortPath(placed.file, home))}${placed.line === undefined ? '' : `:${placed.line}`}\``;
    if (placed.layer === 'managed') steps.add(`ask whoever manages this machine about ${where}, which wins`);
    else if (placed.layer === 'user') isReplaced = true;
    else steps.add(`remove ${where}, which wins here`);
  }
  const last = isReplaced
    ? '`orcc init --target user --replace` in this repository, since user settings win'
    : config === undefined
      ? '`orcc init` here'
      : isHere
        ? '`orcc switch --here --yes` in this folder'
        : '`orcc switch --yes` in this repository';
  return [...steps, last].join('; then ');
}

/** The places in settings files that decide one after the other, down to the first that orcc writes itself. */
function standingAbove(
  { placed, beneath = [] }: Difference,
  own: ReadonlyArray<{ readonly path: string }>,
): ReadonlyArray<Placement & { readonly file: string }> {
  const places = [...(placed === undefined ? [] : [placed]), ...beneath];
  const first = places.findIndex(({ file }) => own.some(({ path }) => path === file));
  return places
    .slice(0, first === -1 ? undefined : first + 1)
    .flatMap(({ file, ...each }) => (file === undefined || each.layer === 'shell' ? [] : [{ ...each, file }]));
}
