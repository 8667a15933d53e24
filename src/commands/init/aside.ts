import { resolveAliases, aliasOf, type Mapping } from '../../claude/aliases.ts';
import { isOn } from '../../claude/believed-window.ts';
import { customHeaders } from '../../claude/credentials.ts';
import { placements, type Layers } from '../../claude/layers.ts';
import { CHANGING_VARIABLES, judgeChange } from '../../claude/request-changes.ts';
import { CUSTOM_HEADERS, isSecretVariable } from '../../claude/variables.ts';
import { COMPACTION_SWITCHES, COMPACT_WINDOW, ENVIRONMENT_WINS, OTHER_PROVIDERS } from '../../claude/watched.ts';
import type { SetupLimits } from '../../change/build-setup.ts';
import { HELPER } from '../../config/extras-table.ts';
import type { Context } from '../../core/context.ts';
import { mayBeMeantFor } from '../../openrouter/key-vendor.ts';
import { isShellTarget, type TargetId } from '../../targets/types.ts';
import { clip, stripControls, shortPlace } from '../../text/text.ts';
import type { Ground, Deciding } from './types.ts';

/** The part of a planned setup that shows what is in its way. */
interface AsideInput {
  readonly targets: readonly TargetId[];
  readonly mapping: Mapping;
  readonly limits: SetupLimits;
  readonly baseUrl: string;
  /** What will be set, by name; these names are not looked at here. */
  readonly values: ReadonlyMap<string, string>;
  /** Claude Code gets the key from orcc's own helper. */
  readonly usesHelper: boolean;
  /** Names that are already kept empty. */
  readonly blanked: readonly string[];
  readonly replace: boolean;
}

/** A value that would change what Claude Code asks, or whom, although orcc never sets that name. */
interface InTheWay {
  readonly name: string;
  /** `~/.claude/settings.json:3`, or `this terminal`. */
  readonly place: string;
  /** Printable; empty if it may be a secret. */
  readonly shown: string;
  /** A clause that follows the name. */
  readonly reason: string;
  /** True if it is in a settings file. */
  readonly isMember: boolean;
}

interface Found extends Pick<InTheWay, 'place' | 'isMember'> {
  readonly value: string;
}

type Slice = Pick<Context, 'home' | 'interactive'>;

type Surroundings = Pick<Ground, 'layers' | 'startup'>;

/**
 * Names to keep empty everywhere that orcc writes, to override values that would keep the setup from working as it says: with
 * `--replace` or after a yes; `orcc remove` brings the old values back. Otherwise they stay, and init ends with what doctor says
 * about them.
 */
export async function settleAside(ctx: Slice, input: AsideInput, { ground, agree, say }: Deciding): Promise<readonly InTheWay[]> {
  const found = findInTheWay(input, ground, ctx.home);
  if (found.length === 0) return [];
  const lines = found.map(describe);
  if (input.replace) {
    for (const line of lines) say.warn(`${line}; kept empty from now on (\`orcc remove\` restores it)`);
    return found;
  }
  if (!ctx.interactive) return [];
  return (await agree(lines, 'Keep these empty from now on? (`orcc remove` restores them)', true)) ? found : [];
}

function describe({ name, place, shown, reason }: InTheWay): string {
  return `${name}${shown === '' ? '' : `=${shown}`} (${place}) ${reason}`;
}

/** The values in the way, one for each name. Pure. */
function findInTheWay(input: AsideInput, ground: Surroundings, home: string): readonly InTheWay[] {
  const names = [...OTHER_PROVIDERS, ...CHANGING_VARIABLES, CUSTOM_HEADERS, ...COMPACTION_SWITCHES, COMPACT_WINDOW];
  const variables = names
    .filter((name) => !input.values.has(name))
    .flatMap((name) => {
      const judged = placesOf(name, input.targets, ground, home).flatMap((each) => {
        if (!each.isMember && ENVIRONMENT_WINS.includes(name) && !input.targets.some(isShellTarget)) return [];
        const reason = each.value.trim() === '' ? undefined : judge(name, each.value, input);
        return reason === undefined ? [] : [{ ...each, reason }];
      });
      return judged.slice(0, 1).map(({ value, ...each }): InTheWay => ({ name, shown: showValue(name, value), ...each }));
    });
  return [...variables, ...foreignHelper(input, ground.layers, home)];
}

/**
 * The places that set a name and that orcc's values can override, strongest first. Higher layers are left out, since no value of
 * orcc's can override them.
 */
function placesOf(name: string, targets: readonly TargetId[], { layers, startup }: Surroundings, home: string): readonly Found[] {
  const isReached = (layer: string): boolean => ['user', 'shell'].includes(layer) || targets.some((id) => id === layer);
  const placed = placements(layers, name, 'process')
    .filter(({ layer }) => isReached(layer))
    .map(({ file, line, value }): Found =>
      file === undefined
        ? { value, place: "this terminal's environment", isMember: false }
        : { value, place: shortPlace({ file, line }, home), isMember: true },
    );
  const lines = startup.flatMap((each): Found[] =>
    each.name !== name || each.kind !== 'set' || each.value === undefined
      ? []
      : [{ value: each.value, place: shortPlace(each, home), isMember: false }],
  );
  return [...placed.filter(({ isMember }) => isMember), ...lines, ...placed.filter(({ isMember }) => !isMember)];
}

function showValue(name: string, value: string): string {
  return isSecretVariable(name) ? '' : clip(stripControls(value), 60);
}

/** Why a value is in the way; undefined if it is not. */
function judge(name: string, value: string, { mapping, limits, baseUrl }: AsideInput): string | undefined {
  if (OTHER_PROVIDERS.includes(name)) return isOn(value) ? 'sends Claude Code to another cloud, which ignores the base URL' : undefined;
  if (COMPACTION_SWITCHES.includes(name)) return isOn(value) ? 'turns compaction off, so a full window ends the session' : undefined;
  if (name === CUSTOM_HEADERS) return carriesCredential(value, baseUrl) ? 'sends another credential along with the key' : undefined;
  if (name === COMPACT_WINDOW) {
    const smallest = Math.min(...limits.modelSettings.map(({ autoCompactWindow }) => autoCompactWindow));
    return Number.parseInt(value, 10) > smallest ? 'overrides the window of every model' : undefined;
  }
  const models = resolveAliases(mapping.models).flatMap(({ alias, model }) => (aliasOf(alias).selectable ? [model] : []));
  const change = judgeChange(name, value, models);
  return change === undefined || change.severity === 'info' ? undefined : change.reason;
}

function carriesCredential(text: string, baseUrl: string): boolean {
  const { hostname } = new URL(baseUrl);
  return customHeaders(text).some(({ isCredential, value }) => isCredential && !mayBeMeantFor(hostname, value));
}

/** Someone else's helper in user settings, which would be run too, and whose key would be sent in another header. */
function foreignHelper({ usesHelper, blanked }: AsideInput, layers: Layers, home: string): readonly InTheWay[] {
  const user = layers.settings.find(({ layer }) => layer === 'user');
  const helper = user?.members.apiKeyHelper;
  if (user === undefined || helper === undefined || helper.value === '' || usesHelper || blanked.includes(HELPER)) return [];
  const reason = 'provides a second credential, which is sent along with the key';
  return [{ name: HELPER, place: shortPlace({ file: user.path, line: helper.line }, home), shown: '', reason, isMember: true }];
}
