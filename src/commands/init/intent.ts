import * as z from 'zod/mini';
import { ALIAS_IDS, aliasMembers, type AliasId, type DefaultAlias, type Mapping } from '../../claude/aliases.ts';
import { findPreset } from '../../claude/presets.ts';
import { parseBaseUrl } from '../../openrouter/base-url.ts';
import type { Config } from '../../config/config.ts';
import { changeFlags, flag, parseIntent, seconds, text } from '../../core/intent.ts';
import { parseKeyFrom, type KeyFrom } from '../../keys/given-key.ts';
import { parseKeyStorage, withEachStart } from '../../config/storage.ts';
import { parseModelWord } from '../../openrouter/model-id.ts';
import { toFlag } from '../../openrouter/to-flag.ts';
import { parseDefaultAlias, parsePreset } from '../../config/mapping-input.ts';
import { TARGET_IDS, type TargetId } from '../../targets/types.ts';
import { parseExtraFlags, type ExtrasChange } from '../../config/extras-change.ts';
import type { Extras } from '../../config/extras.ts';
import { OrccError, unknownWord } from '../../core/errors.ts';
import type { TeamFile } from '../../config/team-file.ts';
import { parseRouting, routingFlags } from '../route/intent.ts';

const schema = z.object({
  keyStdin: flag,
  keyEnv: text,
  preset: text,
  ...aliasMembers(text, text),
  default: text,
  target: z.exactOptional(z.array(z.string())),
  settingsFile: z.exactOptional(z.array(z.string())),
  baseUrl: z.exactOptional(z.string()),
  to: toFlag,
  keyStorage: text,
  eachStart: flag,
  limits: z.exactOptional(z.enum(['derived', 'none'], 'expected derived or none')),
  autoMode: z._default(z.boolean(), true),
  ...routingFlags,
  fallback: text,
  pin: text,
  effort: text,
  autoModeModel: text,
  test: z._default(z.boolean(), true),
  check: z._default(z.boolean(), true),
  quick: flag,
  timeout: seconds(3600),
  installClaude: flag,
  adopt: flag,
  ...changeFlags,
});

type Flags = z.infer<typeof schema>;

/**
 * What the flags of `orcc init` ask for, checked. Prompts fill in only what is missing. `autoMode`: false turns off Claude Code's
 * auto mode.
 */
export interface InitIntent extends Omit<Flags, 'target' | 'baseUrl' | 'keyStorage'> {
  readonly keyFrom: KeyFrom | undefined;
  /** The preset's mapping. */
  readonly presetMapping?: Mapping;
  /** The preset's extras. */
  readonly presetExtras?: Extras;
  /** The extras that flags ask for. */
  readonly extras?: ExtrasChange;
  readonly models: Partial<Record<AliasId, string>>;
  readonly defaultAlias: DefaultAlias | undefined;
  readonly targets: readonly TargetId[] | undefined;
  /** As typed. */
  readonly settingsFiles?: readonly string[];
  readonly baseUrl: string | undefined;
  readonly keyStorage: Config['keyStorage'] | undefined;
}

/**
 * Turns flags into an intent. `shared` are the presets of this repository's orcc.json, `broken` the reason why it can't be read.
 * Throws exit 2 for anything malformed, before any file or network is touched.
 */
export function parseInitIntent(input: unknown, shared?: TeamFile['presets'], broken?: OrccError): InitIntent {
  const flags = parseIntent(schema, input);
  if (flags.preset !== undefined && broken !== undefined && findPreset(flags.preset) === undefined) throw broken;
  const presetMapping = flags.preset === undefined ? undefined : parsePreset(flags.preset, shared);
  const extras = parseExtras(flags);
  const models: Partial<Record<AliasId, string>> = {};
  for (const alias of ALIAS_IDS) {
    const given = flags[alias];
    if (given !== undefined) models[alias] = parseModelWord(given);
  }
  return {
    ...flags,
    keyFrom: parseKeyFrom(flags),
    ...(presetMapping === undefined ? {} : { presetMapping, presetExtras: presetExtras(flags.preset, shared) }),
    ...(extras === undefined ? {} : { extras }),
    models,
    defaultAlias: flags.default === undefined ? undefined : parseDefaultAlias(flags.default),
    targets: flags.target === undefined ? undefined : parseTargets(flags.target),
    ...(flags.settingsFile === undefined ? {} : { settingsFiles: flags.settingsFile }),
    baseUrl: flags.baseUrl === undefined ? undefined : parseBaseUrl(flags.baseUrl),
    keyStorage: flags.keyStorage === undefined ? undefined : withEachStart(parseKeyStorage(flags.keyStorage), flags.eachStart),
  };
}

/** The extras that flags ask for; undefined without any. Throws exit 2 and lists what is valid. */
function parseExtras(flags: Flags): ExtrasChange | undefined {
  const set = parseRouting(flags);
  const others = parseExtraFlags(flags);
  if (typeof others?.autoModeModel === 'string' && !flags.autoMode)
    throw new OrccError('usage', "`--no-auto-mode` and `--auto-mode-model` can't be combined", {
      hint: 'One turns auto mode off, the other names the model that answers its check',
    });
  if (Object.keys(set).length === 0) return others;
  return { ...others, routing: { reset: false, drop: [], set } };
}

/** The extras of a preset: one of the repository can have some, orcc's own have none. */
function presetExtras(name: string | undefined, shared: TeamFile['presets'] = {}): Extras {
  return (name !== undefined && Object.hasOwn(shared, name) ? shared[name]?.extras : undefined) ?? {};
}

/** Parses target names, each of which may be a comma-separated list. Throws exit 2 with the nearest valid ones. */
export function parseTargets(words: readonly string[]): readonly TargetId[] {
  const targets = words
    .flatMap((word) => word.split(','))
    .map((word) => {
      const found = TARGET_IDS.find((id) => id === word);
      if (found === undefined) throw unknownWord('target', word, TARGET_IDS);
      return found;
    });
  return [...new Set(targets)];
}
