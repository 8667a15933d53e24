import type { Extras } from './extras.ts';
import type { Config } from './config.ts';
import { OrccError, unknownWord } from '../core/errors.ts';
import { findPreset, PRESET_NAMES, type Preset } from '../claude/presets.ts';
import type { TeamFile } from './team-file.ts';

export type NamedSource = 'profile' | 'team' | 'preset';

export interface Named extends Pick<Preset, 'name' | 'mapping' | 'recommended'> {
  readonly source: NamedSource;
  /** Its settings beyond the mapping. */
  readonly extras?: Extras;
  /** For a preset of orcc's: when its models and figures were last checked, `YYYY-MM`. */
  readonly asOf?: string;
  /** The name of the key that goes with it, if that is not the one in use. */
  readonly otherKey?: string;
}

/** All names that `orcc switch NAME` accepts here: the user's profiles, then the presets of the repository's orcc.json, then orcc's. */
export function listNamed(config: Pick<Config, 'profiles' | 'activeKey'> | undefined, team: TeamFile | undefined): readonly Named[] {
  const own = Object.entries(config?.profiles ?? {}).map(([name, saved]): Named => ({
    name,
    source: 'profile',
    ...mappingWith(saved),
    ...(saved.key === undefined || saved.key === config?.activeKey ? {} : { otherKey: saved.key }),
  }));
  const shared = Object.entries(team?.presets ?? {})
    .filter(([name]) => own.every((each) => each.name !== name))
    .map(([name, saved]): Named => ({ name, source: 'team', ...mappingWith(saved) }));
  const shipped = PRESET_NAMES.flatMap((name): Named[] => {
    const preset = findPreset(name);
    return preset === undefined
      ? []
      : [{ name, source: 'preset', mapping: preset.mapping, asOf: preset.asOf, ...(preset.recommended && { recommended: true }) }];
  });
  return [...own, ...shared, ...shipped];
}

function mappingWith({ mapping, defaultAlias, extras }: Config['profiles'][string]): Pick<Named, 'mapping' | 'extras'> {
  return { mapping: { models: mapping, defaultAlias }, ...(extras === undefined ? {} : { extras }) };
}

/** A profile or preset by name. Throws exit 2 with the nearest names if there is none. */
export function findNamed(config: Pick<Config, 'profiles' | 'activeKey'> | undefined, team: TeamFile | undefined, name: string): Named {
  const all = listNamed(config, team);
  const found = all.find((each) => each.name === name);
  if (found === undefined)
    throw unknownWord(
      'preset or profile',
      name,
      all.map((each) => each.name),
    );
  return found;
}

/** One of the user's profiles, to be changed. Throws exit 2 for a preset, or with the nearest names if there is none. */
export function requireProfile(config: Pick<Config, 'profiles'>, name: string): Config['profiles'][string] {
  const found = Object.hasOwn(config.profiles, name) ? config.profiles[name] : undefined;
  if (found !== undefined) return found;
  if (findPreset(name) !== undefined)
    throw new OrccError('usage', `\`${name}\` is a preset that comes with orcc, and can't be changed`, {
      hint: 'Save the mapping under your own name: `orcc profile save NAME`',
    });
  const names = Object.keys(config.profiles);
  if (names.length === 0)
    throw new OrccError('usage', 'There are no profiles yet', { hint: '`orcc profile save NAME` remembers the current mapping' });
  throw unknownWord('profile', name, names);
}
