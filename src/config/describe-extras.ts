import { describeRules } from '../openrouter/routing.ts';
import type { ExtraName, Extras } from './extras.ts';

interface ExtraLine {
  readonly id: ExtraName;
  /** The name of the setting. */
  readonly name: string;
  readonly value: string;
  /** Name and value. */
  readonly text: string;
}

/** One line for each extra that is set. Pure. */
export function describeExtras(extras: Extras): readonly ExtraLine[] {
  const { routing, fallback, pins, effort, autoModeModel } = extras;
  const line = (id: ExtraName, name: string, value: string): ExtraLine[] =>
    value === '' ? [] : [{ id, name, value, text: `${name}: ${value}` }];
  const levels = Object.entries(effort ?? {}).map(([alias, level]) => (alias === 'all' ? level : `${alias} ${level}`));
  return [
    ...line('routing', 'routing', describeRules(routing) ?? ''),
    ...line('fallback', 'fallback', (fallback ?? []).join(', then ')),
    ...line('pins', 'pinned in /model', (pins ?? []).join(', ')),
    ...line('effort', 'effort', levels.join(', ')),
    ...line('autoModeModel', "auto mode's check", autoModeModel ?? ''),
  ];
}
