import { ALIASES } from '../../claude/aliases.ts';
import { API_KEY, AUTH_TOKEN, BASE_URL, EXTRA_BODY, OPTIONAL_VARIABLES, OUR_VARIABLES, WATCHED_VARIABLES } from '../../claude/variables.ts';
import type { Finding } from '../../core/finding.ts';
import { findingOf } from '../../diagnose/build.ts';
import { type Layers, type Placement, effective } from '../../claude/layers.ts';
import { type Check, type Fix, type Result, ASK_ADMINISTRATOR, describePlace, placeArgs, showValue } from '../check.ts';
import type { HandWritten, Observed, Configured } from '../observed.ts';
import { clip, redact, stripControls } from '../../text/text.ts';
import { isFolderTarget } from '../../targets/types.ts';

/** A settings file whose value wins over what orcc wrote, and differs from it. */
export const settingsOverride: Check = {
  code: 'SETTINGS_OVERRIDE',
  fine: 'nothing overrides what orcc wrote',
  applies: ({ configured }) => configured !== undefined,
  run: (observed) => {
    const { configured } = observed;
    if (configured === undefined) return [];
    return [...expected(configured).flatMap(({ name, value }) => overrideOf(observed, name, value)), ...otherProvider(observed)];
  },
};

function expected(configured: Configured): readonly { readonly name: string; readonly value?: string }[] {
  // The token's value is not known here: its place tells whose it is.
  // Rules may share a value with what is someone's own: ROUTING_HIDDEN checks them one by one.
  const variables = configured.variables.filter(({ name }) => name !== EXTRA_BODY);
  return [{ name: BASE_URL, value: configured.baseUrl }, ...(configured.helper ? [] : [{ name: AUTH_TOKEN }]), ...variables];
}

function overrideOf({ layers, own }: Observed, name: string, value: string | undefined): readonly Result[] {
  const winner = effective(layers, name, 'startup');
  if (winner === undefined || winner.layer === 'shell' || winner.value.trim() === value) return [];
  const mine = own.find((each) => each.path === winner.file);
  // A mapping of this folder differs from the machine's on purpose.
  if (mine !== undefined && (isFolderTarget(mine.id) || value === undefined)) return [];
  // A whole mapping in a project's file is no accident either: someone shares it with everyone who works there.
  if (name !== BASE_URL && value !== undefined && isProjectMapping(layers, winner)) return [];
  if (value === undefined && winner.beats.every((each) => each.value === winner.value)) return [];
  const beaten = winner.beats[0];
  const evidence = [
    `${describePlace(winner)} sets ${name} to ${showValue(name, winner.value)}`,
    ...(beaten === undefined ? [] : [`it overrides ${showValue(name, beaten.value)} of ${describePlace(beaten)}`]),
    ...(value === undefined ? [] : [`orcc is set up with ${showValue(name, value)}`]),
  ];
  const args = { variable: name, value: showValue(name, winner.value).replaceAll('`', ''), ...placeArgs(winner) };
  const finding = findingOf('SETTINGS_OVERRIDE', args, evidence, name);
  return [{ finding, fixes: fixOverride(winner, mine !== undefined, name), byHand: ASK_ADMINISTRATOR }];
}

function isProjectMapping(layers: Layers, { layer, file }: Placement): boolean {
  const env = layer === 'project' ? layers.settings.find(({ path }) => path === file)?.env : undefined;
  return env !== undefined && ALIASES.filter(({ required }) => required).every(({ variable }) => env.has(variable));
}

/** What `doctor --fix` does about a value that wins; nothing in managed settings. */
export function fixOverride(winner: Placement, mine: boolean, name: string): readonly Fix[] {
  if (winner.file === undefined || winner.layer === 'managed') return [];
  // Set aside, not blanked: an empty value would win over orcc's as well (measured).
  return mine ? [{ kind: 'rewrite', path: winner.file }] : [{ kind: 'remove-member', path: winner.file, member: ['env', name] }];
}

/** A setting that switches Claude Code to another cloud, for which no base URL counts. */
function otherProvider({ views }: Observed): readonly Result[] {
  const found = views.flatMap(({ mapping }) => mapping.otherProvider ?? [])[0];
  if (found === undefined) return [];
  const { name, source } = found;
  const evidence = [`${describePlace(source)} sets ${name}, so Claude Code ignores ${BASE_URL}`];
  const file = source.layer === 'managed' || source.layer === 'shell' ? undefined : source.file;
  // An empty value turns it off, whatever the layers below say (measured); without it, theirs would take effect.
  const fixes: Fix[] = file === undefined ? [] : [{ kind: 'set-member', path: file, member: ['env', name], value: '' }];
  const finding = findingOf('SETTINGS_OVERRIDE', { variable: name, value: source.value, ...placeArgs(source) }, evidence, name);
  const byHand = `unset ${name} where it is set, or keep it empty with \`orcc init --replace\``;
  return [{ finding, fixes, byHand: source.layer === 'managed' ? ASK_ADMINISTRATOR : byHand }];
}

/** The profile says one thing and this terminal has another. */
export const envNotLoaded: Check = {
  code: 'ENV_NOT_LOADED',
  fine: 'this terminal has the variables of its start-up files',
  run: ({ layers, own }) => {
    const stale = OUR_VARIABLES.flatMap((name) => {
      const later = effective(layers, name, 'startup');
      const now = effective(layers, name, 'process');
      if (later?.layer !== 'shell' || later.value === (now?.value ?? '')) return [];
      return [{ name, later, now }];
    }).filter(({ later }) => own.some(({ path }) => path === later.file));
    const first = stale[0];
    if (first === undefined) return [];
    const evidence = stale
      .slice(0, 6)
      .map(
        ({ name, later, now }) =>
          `${name}: new terminals get ${showValue(name, later.value)}, this one has ${showValue(name, now?.value ?? '')}`,
      );
    const more = stale.length > 6 ? [`and ${stale.length - 6} more`] : [];
    const file = first.later.file;
    return [{ finding: findingOf('ENV_NOT_LOADED', { file }, [...evidence, ...more]) }];
  },
};

/** Files that an older orcc wrote, which lack what Claude Code needs on OpenRouter. */
export const setupOutdated: Check = {
  code: 'SETUP_OUTDATED',
  fine: 'what orcc wrote is up to date',
  applies: ({ configured }) => configured !== undefined,
  run: ({ outdated }) =>
    outdated.map(({ path, lacks, retired }): Result => {
      const evidence = [
        ...(lacks.length === 0 ? [] : [`${path} lacks ${lacks.join(', ')}`]),
        ...(retired.length === 0 ? [] : [`${path} still sets ${retired.join(', ')}`]),
      ];
      return { finding: findingOf('SETUP_OUTDATED', { file: path }, evidence, path), fixes: [{ kind: 'rewrite', path }] };
    }),
};

/** Hand-written exports of our names outside orcc's block. */
export const foreignExport: Check = {
  code: 'FOREIGN_EXPORT',
  fine: 'the start-up files do not export the same variables by hand',
  run: (observed) => {
    if (observed.configured === undefined) return [];
    return observed.handWritten
      .filter(({ name }) => isWritten(observed, name))
      .map((each): Result => {
        const { name, file, line, adoptable } = each;
        const where = line === undefined ? `something that ${file} reads` : `${file}:${line}`;
        const { severity, says } = judgeHandWritten(observed, each);
        const args = { variable: name, file, line };
        return {
          finding: { ...findingOf('FOREIGN_EXPORT', args, [`${where} ${says}`], name), severity },
          fixes: adoptable && line !== undefined ? [{ kind: 'adopt', path: file, line }] : [],
          byHand: `remove it from ${where} by hand`,
        };
      });
  },
};

/** Whether orcc writes a variable. One that people set by hand too matters only then. */
function isWritten({ configured }: Observed, name: string): boolean {
  if (OPTIONAL_VARIABLES.includes(name)) return configured?.variables.some((each) => each.name === name) === true;
  return OUR_VARIABLES.includes(name);
}

/** Whether the value of a line outside the block counts, and how much that matters. */
function judgeHandWritten(
  { layers, configured }: Observed,
  { name, file, line, wins, condition }: HandWritten,
): { readonly severity: Finding['severity']; readonly says: string } {
  const winner = effective(layers, name, 'startup');
  const isSet = [BASE_URL, AUTH_TOKEN, API_KEY, ...(configured?.variables ?? []).map((each) => each.name)].includes(name);
  const after = isSet ? "runs after orcc's block" : "sets what orcc's block does not";
  if (!wins && isSet) return { severity: 'info', says: "runs before orcc's block, which overrides it" };
  if (winner !== undefined && winner.layer !== 'shell') return { severity: 'info', says: `${after}, but ${describePlace(winner)} decides` };
  if (condition !== undefined)
    return { severity: 'warning', says: `${after}, so its value counts if \`${clip(stripControls(redact(condition)), 120)}\`` };
  if (line !== undefined && winner?.file === file && winner.line !== undefined && winner.line > line)
    return { severity: 'info', says: `${after}, and ${describePlace(winner)} overrides it` };
  const isIt = winner !== undefined && winner.file === file && winner.line === line;
  if (isIt && configured?.variables.some((each) => each.name === name && each.value === winner.value) === true)
    return { severity: 'warning', says: `${after} and has the same value for now: the next \`orcc switch\` would have no effect on it` };
  return { severity: 'error', says: `${after}, so its value counts` };
}

/** `${NAME}`, `$(command)`, or nothing but `$NAME`, which a shell would expand. */
const UNEXPANDED = /\$\{[^}]*\}|\$\([^)]*\)|^\s*\$(?:env:)?\w+\s*$/;

/** Values of settings files that were written as if for a shell. */
export const envNotExpanded: Check = {
  code: 'ENV_NOT_EXPANDED',
  fine: "no settings file has a variable's name in place of its value",
  run: ({ layers, own, configured }) =>
    layers.settings.flatMap(({ layer, path, env }) =>
      [...env].flatMap(([name, { value, line }]): Result[] => {
        if (!UNEXPANDED.test(value) || !(WATCHED_VARIABLES.includes(name) || /^(?:ANTHROPIC|CLAUDE_CODE)_/.test(name))) return [];
        const placed = { layer, file: path, ...(line === undefined ? {} : { line }) };
        const counts = effective(layers, name, 'startup')?.file === path;
        const args = { variable: name, value: clip(redact(stripControls(value)), 60).replaceAll('`', ''), ...placeArgs(placed) };
        const evidence = counts ? 'this value is in effect' : "another layer's value is in effect";
        const isOwn = configured !== undefined && OUR_VARIABLES.includes(name) && own.some((each) => each.path === path);
        const finding = findingOf('ENV_NOT_EXPANDED', args, [`${describePlace(placed)}: ${evidence}`], name);
        const byHand = `write the value itself there, or remove the line; \`orcc init${layer === 'user' ? ' --target user --replace' : ''}\` writes values`;
        return [
          {
            finding: counts ? finding : { ...finding, severity: 'warning' },
            fixes: isOwn ? [{ kind: 'rewrite', path }] : [],
            byHand: layer === 'managed' ? ASK_ADMINISTRATOR : byHand,
          },
        ];
      }),
    ),
};
