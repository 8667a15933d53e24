import { effectiveMapping } from '../../claude/effective.ts';
import { readLayers, type Layers } from '../../claude/layers.ts';
import { readClaudeVersion } from '../../claude/version.ts';
import { observeMachine, type Machine } from '../../change/machine.ts';
import { mappingOf, type Config } from '../../config/config.ts';
import { teamMapping, type Team } from '../../config/find-team.ts';
import { requireKeychain } from '../../config/keychain/keychain.ts';
import { listNamed } from '../../config/named-mapping.ts';
import { checkStorage, type KeyStorage } from '../../config/storage.ts';
import type { Context } from '../../core/context.ts';
import type { Say } from '../../core/say.ts';
import { readPresentKey, type PresentKey } from '../../keys/present-key.ts';
import { nameItem } from '../../keys/store-key.ts';
import { detectShell, type DetectedShell } from '../../targets/detect-shell.ts';
import { scanStartup, type StartupAssignment } from '../../targets/startup.ts';
import { TARGET_IDS } from '../../targets/types.ts';
import { shortPath } from '../../text/text.ts';
import { chooseAddress } from './address-step.ts';
import { requireConnection } from './folder-targets.ts';
import { tellFound } from './found.ts';
import { mappingByHand } from './hand-mapping.ts';
import { offerClaude } from './install-claude.ts';
import type { InitIntent } from './intent.ts';
import { shortMapping, type Offers } from './mapping-step.ts';
import { presentConfig } from './present-config.ts';
import { namedSettingsFiles, refuseTwoPlaces } from './settings-files.ts';

/** What is on this machine before anything is asked, looked at once. */
export interface Ground {
  readonly machine: Machine;
  /** Further settings files that flags name. */
  readonly named: readonly string[];
  readonly shell: DetectedShell;
  /** The configuration whose values are the defaults. */
  readonly config: Config | undefined;
  /** The key until now. */
  readonly present: PresentKey;
  /** What can be chosen as a whole, and what flags start from. */
  readonly offers: Offers;
  readonly layers: Layers;
  readonly startup: readonly StartupAssignment[];
  readonly baseUrl: string;
  /** It, where somebody named it for this run. */
  readonly typedUrl: string | undefined;
  /** The key storage that flags or the configuration name. */
  readonly storage: KeyStorage;
}

/** Looks at the machine and, on a terminal, says what it found. Throws exit 2 for a key storage that does not go with the given targets. */
export async function lookAround(ctx: Context, intent: InitIntent, team: Team | undefined, say: Say): Promise<Ground> {
  const shell = detectShell(ctx);
  const named = namedSettingsFiles(ctx, intent.settingsFiles ?? []);
  const machine = await observeMachine(ctx, ctx.interactive ? TARGET_IDS : (intent.targets ?? TARGET_IDS), named);
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
    // Whether shells may run a command is asked on a terminal.
    if (storage.kind !== 'command' || !ctx.interactive) checkStorage(storage, intent.targets);
    requireConnection(intent.targets, machine);
  }
  const present = await readPresentKey(ctx, machine);
  return { machine, named, shell, config, present, offers, layers, startup, baseUrl, typedUrl, storage };
}

/** The mappings to choose from. What the repository's orcc.json asks for is said, since flags start from it. */
function offersOf(ctx: Context, team: Team | undefined, config: Config | undefined, say: Say): Offers {
  const present = config === undefined ? undefined : mappingOf(config);
  const asked = teamMapping(team, present);
  if (team !== undefined && asked !== undefined) say.line(`${shortPath(team.path, ctx.home)} asks for ${shortMapping(asked)}`);
  return {
    ...{ present, team: asked, named: listNamed(config, team?.file) },
    ...(asked === undefined ? {} : { teamExtras: team?.file.extras ?? {} }),
  };
}
