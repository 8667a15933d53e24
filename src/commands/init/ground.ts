import { ALIASES, type AliasId, DEFAULT_ALIASES, isWhole, type Mapping, USUAL_DEFAULT } from '../../claude/aliases.ts';
import { readLayers, type Layers, effectiveMapping, inEffect } from '../../claude/layers.ts';
import { MODEL } from '../../claude/variables.ts';
import { readClaudeVersion } from '../../claude/version.ts';
import { observeMachine, type Machine } from '../../change/machine.ts';
import { mappingOf, type Config } from '../../config/config.ts';
import { teamMapping, type Team } from '../../config/find-team.ts';
import { requireKeychain } from '../../config/keychain.ts';
import { listNamed } from '../../config/named-mapping.ts';
import { checkStorage } from '../../config/storage.ts';
import type { Context } from '../../core/context.ts';
import type { Say } from '../../core/say.ts';
import { readPresentKey } from '../../keys/present-key.ts';
import { nameItem } from '../../keys/store-key.ts';
import { parseModelId } from '../../openrouter/model-id.ts';
import { detectShell } from '../../targets/detect-shell.ts';
import { scanStartup } from '../../targets/startup.ts';
import type { StartupAssignment } from '../../targets/startup-outcome.ts';
import { TARGET_IDS } from '../../targets/types.ts';
import { shortPath } from '../../text/text.ts';
import { chooseAddress } from './address-step.ts';
import { requireConnection } from './folder-targets.ts';
import { tellFound } from './found.ts';
import { offerClaude } from './install-claude.ts';
import type { InitIntent } from './intent.ts';
import { shortMapping, type Offers } from './mapping-step.ts';
import { namedSettingsFiles, refuseTwoPlaces } from './settings-files.ts';
import { attempt } from '../../text/attempt.ts';
import type { Ground } from './types.ts';

/**
 * Looks at the machine and, on a terminal, says what it found. Throws exit 2 for a key storage that does not work with the given
 * targets, exit 6 for a broken configuration that must stay.
 */
export async function lookAround(ctx: Context, intent: InitIntent, team: Team | undefined, say: Say): Promise<Ground> {
  const shell = detectShell(ctx);
  const named = namedSettingsFiles(ctx, intent.settingsFiles ?? []);
  const machine = await observeMachine(ctx, ctx.interactive ? TARGET_IDS : (intent.targets ?? TARGET_IDS), named, 'found');
  refuseTwoPlaces(ctx, machine);
  const config = await presentConfig(ctx, machine, intent);
  const layers = readLayers(ctx);
  const { assignments: startup } = await scanStartup(ctx, [...machine.located.keys()], { located: machine.located });
  if (ctx.interactive) {
    const found = {
      shell: shell.name,
      claude: await readClaudeVersion(ctx),
      layers,
      mapping: effectiveMapping(layers, 'process'),
      startup,
    };
    tellFound(ctx, { ...found, isConfigured: config !== undefined }, say);
  }
  await offerClaude(ctx, intent, say);
  const byHand = config === undefined && ctx.interactive ? mappingByHand(layers, startup) : undefined;
  const offers = { ...offersOf(ctx, team, config, say), byHand };
  const { baseUrl, typed: typedUrl } = await chooseAddress(ctx, intent, config, { layers, startup });
  const before = config?.keyStorage ?? { kind: 'file' };
  const storage = nameItem(intent.keyStorage ?? before, { storage: before, baseUrl });
  if (storage.kind === 'keychain') requireKeychain(ctx);
  if (intent.targets !== undefined) {
    // On a terminal the user is asked later whether shells may run the command.
    if (storage.kind !== 'command' || !ctx.interactive) checkStorage(storage, intent.targets);
    requireConnection(intent.targets, machine);
  }
  const present = await readPresentKey(ctx, machine);
  return { machine, named, shell, config, present, offers, layers, startup, baseUrl, typedUrl, storage };
}

/** The mappings to choose from. Says what the repository's orcc.json asks for, since flags are applied to that. */
function offersOf(ctx: Context, team: Team | undefined, config: Config | undefined, say: Say): Offers {
  const present = config === undefined ? undefined : mappingOf(config);
  const asked = teamMapping(team, present);
  if (team !== undefined && asked !== undefined) say.line(`${shortPath(team.path, ctx.home)} asks for ${shortMapping(asked)}`);
  return {
    ...{ present, team: asked, named: listNamed(config, team?.file) },
    ...(asked === undefined ? {} : { teamExtras: team?.file.extras ?? {} }),
  };
}

/**
 * The configuration whose values are the defaults; undefined for a first setup. One that does not parse is moved aside only with
 * the user's consent; throws exit 6 without it.
 */
async function presentConfig(
  ctx: Pick<Context, 'ask' | 'interactive'>,
  machine: Machine,
  intent: Pick<InitIntent, 'replace'>,
): Promise<Config | undefined> {
  if (machine.configBroken === undefined) return machine.config;
  if (intent.replace) return undefined;
  if (!ctx.interactive) throw machine.configBroken;
  const isGiven = await ctx.ask.confirm(`${machine.configBroken.message}. Move it to config.broken.json and start fresh?`, false);
  if (!isGiven) throw machine.configBroken;
  return undefined;
}

/**
 * The mapping that was set up by hand: as it is in effect here, else as start-up files always set it; undefined if an alias lacks a
 * model of OpenRouter's. The wizard proposes it instead of a preset.
 */
function mappingByHand(layers: Layers, startup: readonly StartupAssignment[]): Mapping | undefined {
  const isCertain = ({ kind, conditions }: StartupAssignment): boolean => kind === 'set' && conditions.length === 0;
  const valueOf = (name: string): string | undefined =>
    inEffect(layers, name, 'process')?.value.trim() ?? startup.findLast((each) => each.name === name && isCertain(each))?.value;
  const models: Partial<Record<AliasId, string>> = {};
  for (const { id, variable } of ALIASES) {
    const model = attempt(() => parseModelId(valueOf(variable) ?? '').id);
    if (model !== undefined) models[id] = model;
  }
  const named = valueOf(MODEL);
  const defaultAlias = DEFAULT_ALIASES.find((alias) => alias === named) ?? USUAL_DEFAULT;
  return isWhole(models) ? { models, defaultAlias } : undefined;
}
