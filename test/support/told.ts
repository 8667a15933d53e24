import type { Condition, StartupText } from '../../src/edit/shell/shell-scan.ts';

/** `LINE:OFFSET WHAT if CONDITION at OFFSET`, assignments first; `whole`: the line can be commented out. */
export const told = ({ assignments, includes, dynamics, leaves, definitions }: StartupText): readonly string[] => [
  ...assignments.map(({ kind, name, value, from, exported, adoptable, ...where }) =>
    at(where, `${kind} ${name}=${value ?? '?'}`, from && ` from ${from}`, exported && ' exported', adoptable && ' whole'),
  ),
  ...includes.map(({ raw, each, exporting, ...where }) =>
    at(where, `reads ${raw}`, each && ` each ${each.join()}`, exporting && ' exporting'),
  ),
  ...dynamics.map(({ text, tool, ...where }) => at(where, `runs ${text}`, tool && ` for ${tool}`)),
  ...leaves.map(({ how, ...where }) => at(where, `${how}s`)),
  ...definitions.map(({ kind, name, text, ...where }) => at(where, `${kind} ${name}`, text && `: ${text}`)),
];

interface Where {
  readonly line: number;
  readonly offset: number;
  readonly conditions?: readonly Condition[];
}

function at({ line, offset, conditions = [] }: Where, ...words: readonly (string | false | undefined)[]): string {
  const under = conditions.map((each) => ` ${each.negated ? 'unless' : 'if'} ${each.kind} '${each.text}' at ${each.offset}`);
  return [`${line}:${offset} `, ...words.map((word) => word || ''), ...under].join('');
}

/** The variables that are watched in these texts. */
export const NAMES: ReadonlySet<string> = new Set(['A', 'B']);

/** A start-up file's text, and what is told of it. */
export type Row = readonly [text: string, wanted: readonly string[]];
