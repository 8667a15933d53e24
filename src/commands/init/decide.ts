import type { Mapping } from '../../claude/aliases.ts';
import { API_KEY, AUTH_TOKEN, BASE_URL, buildVariables } from '../../claude/variables.ts';
import { limitsFor, type SetupLimits } from '../../change/build-setup.ts';
import { takesImages } from '../../change/check-models.ts';
import { chooseLabels } from '../../change/labels.ts';
import type { Kept } from '../../change/settle-extras.ts';
import { extrasOf, type Config } from '../../config/config.ts';
import { extraVariables, HELPER, type ExtrasInput } from '../../config/extras-table.ts';
import { checkStorage, usesHelper, type KeyStorage, handleOfKey, type KeyHandle } from '../../config/storage.ts';
import type { Context } from '../../core/context.ts';
import { isShellTarget, type TargetId } from '../../targets/types.ts';
import type { Answers, SettingsFile, Agree, Deciding } from './types.ts';
import { settleAside } from './aside.ts';
import { isAnythingReplaced, settleConflicts, type Consent } from './conflicts.ts';
import { clearedNames } from './desired-targets.ts';
import { checkDotfiles, confirmProject, readIgnoreFacts } from './folder-targets.ts';
import { admitSettingsFiles } from './settings-files.ts';
import { unsupportedShell } from './unsupported-shell.ts';
import type { SetupParts } from '../../change/desire.ts';

/** What `orcc init` has decided. */
export interface InitDecision extends Pick<SetupParts, 'labels' | 'takesImages' | 'ignore' | 'replace' | 'adopt' | 'force'> {
  readonly baseUrl: string;
  readonly key: KeyHandle;
  readonly mapping: Mapping;
  readonly limits: SetupLimits & { readonly how: Config['limits']['how'] };
  readonly targets: readonly TargetId[];
  /** The files of the target `settings-file`; absent if there are none. */
  readonly settingsFiles?: readonly SettingsFile[];
  readonly autoMode: Config['autoMode'];
  /** The extras; absent: they stay as they are. */
  readonly extras?: Kept;
  /** Names to keep empty. */
  readonly blanked: readonly string[];
  /** Files other than the targets' own in which lines are to be commented out. */
  readonly adoptFiles: Consent['adoptFiles'];
}

/**
 * What follows from the answers on this machine: the limits, and everything in the way, with a question for what only the user can
 * decide. Writes nothing. Throws exit 2 or 6 if these answers are impossible, or exit 7 for a no.
 */
export async function decideAnswers(ctx: Context, by: Deciding, answers: Answers): Promise<InitDecision> {
  const { intent, ground, agree, say } = by;
  const { config, baseUrl } = ground;
  const { chosen, models, targets, autoMode } = answers;
  const storage = await agreeToStarts(ctx, answers.storage, targets, agree);
  const { mapping, facts } = models;
  const labels = chooseLabels(config, mapping, facts);
  await checkPlaces(ctx, by, { ...answers, storage });
  const settingsFiles = await admitSettingsFiles(ctx, by, { ...answers, storage });
  const limitsIn = (ids: readonly TargetId[]): InitDecision['limits'] => ({
    how: answers.limits,
    ...limitsFor(answers.limits, mapping, facts, { hasUser: ids.includes('user'), hasProject: ids.includes('project') }),
  });
  const limits = limitsIn(targets);
  const extras = extraVariables(inputOf(config, answers));
  const values = new Map([
    ...buildVariables({ mapping, labels, limits: limits.variables, extras }).map((each): [string, string] => [each.name, each.value]),
    [BASE_URL, baseUrl],
    [AUTH_TOKEN, chosen.key],
    [API_KEY, ''],
  ]);
  const cleared = clearedNames(ground.machine, targets);
  const { adopt, force } = intent;
  const { blanked, replace } = await settleBlanked(ctx, by, { ...answers, limits, values });
  for (const name of blanked) if (name !== HELPER && !values.has(name)) values.set(name, '');
  const about = { targets, values, cleared, replace, adopt, force, isFirst: config === undefined };
  const consent = await settleConflicts(ctx, about, by);
  const added = consent.targets.filter((id) => !targets.includes(id));
  await checkDotfiles(ctx, added, ground.machine.located, storage, say);
  return {
    baseUrl,
    key: handleOfKey(chosen.key, chosen.source, storage),
    mapping,
    limits: added.length === 0 ? limits : limitsIn(consent.targets),
    labels,
    targets: consent.targets,
    ...(settingsFiles.length === 0 ? {} : { settingsFiles }),
    autoMode,
    extras: models.beside,
    blanked,
    takesImages: takesImages(mapping, models.catalog),
    ignore: await readIgnoreFacts(ctx, consent.targets),
    replace: consent.replace,
    adopt: consent.adopt,
    adoptFiles: consent.adoptFiles,
    force,
  };
}

/**
 * The names to keep empty, earlier ones included. `replace` is also true if the user agreed to this and there is nothing else to
 * replace.
 */
async function settleBlanked(
  ctx: Context,
  by: Deciding,
  about: Pick<Answers, 'targets' | 'models' | 'storage'> & Pick<InitDecision, 'limits'> & { readonly values: ReadonlyMap<string, string> },
): Promise<Pick<InitDecision, 'blanked' | 'replace'>> {
  const { config, baseUrl, layers } = by.ground;
  const { replace } = by.intent;
  const { targets, models, limits, values } = about;
  const before = config?.blanked ?? [];
  const usesOwn = usesHelper(about.storage);
  const input = { ...{ targets, limits, values, baseUrl, replace, blanked: before }, mapping: models.mapping, usesHelper: usesOwn };
  const aside = await settleAside(ctx, input, by);
  const isAgreed = aside.some(({ isMember }) => isMember) && !isAnythingReplaced({ targets, values }, layers);
  return { blanked: [...new Set([...before, ...aside.map(({ name }) => name)])], replace: replace || isAgreed };
}

/**
 * The storage, with `eachStart` if the user lets shells run the command at each start. Without a terminal it is unchanged, and
 * `checkStorage` refuses it.
 */
async function agreeToStarts(
  ctx: Pick<Context, 'interactive'>,
  storage: KeyStorage,
  targets: readonly TargetId[],
  agree: Agree,
): Promise<KeyStorage> {
  const shells = targets.filter(isShellTarget);
  if (storage.kind !== 'command' || storage.eachStart === true || shells.length === 0 || !ctx.interactive) return storage;
  const about = `${shells.join(' and ')} would run \`${storage.ref ?? ''}\` at every start, in new terminals and scripts, and wait for it`;
  return (await agree([about], 'Allow that?', false)) ? { ...storage, eachStart: true } : storage;
}

/** The input for the extras, as they will be. */
function inputOf(config: Config | undefined, { autoMode, models: { mapping, beside } }: Answers): ExtrasInput {
  const { denyImages, statusLine } = config ?? {};
  return {
    mapping,
    extras: extrasOf(beside),
    autoMode,
    denyImages: denyImages === true,
    statusLine,
    pinRows: beside.pinRows ?? [],
    blanked: config?.blanked ?? [],
  };
}

/**
 * Checks that the chosen places can be written with this key storage, and warns about peculiarities. Throws exit 2, 6 or 7 if they
 * can't.
 */
async function checkPlaces(
  ctx: Context,
  by: Deciding,
  { storage, models: { mapping, facts }, targets, settingsFiles }: Answers,
): Promise<void> {
  const { intent, say } = by;
  const { machine, shell, baseUrl } = by.ground;
  if (!ctx.interactive && shell.unsupported !== undefined && intent.targets === undefined && machine.state.targets.length === 0)
    throw unsupportedShell(ctx, shell.unsupported, { mapping, baseUrl, keyStorage: storage, facts, own: machine.own });
  checkStorage(storage, targets);
  // Notes about the chosen places: a CLAUDE_CONFIG_DIR that depends on the folder, ZDOTDIR, WSL.
  for (const id of targets) for (const note of machine.located.get(id)?.notes ?? []) say.line(`${say.style.yellow('note:')} ${note}`);
  const further = {
    files: settingsFiles.map((path) => ({ path, startup: 'claude' }) as const),
    notes: [],
    offered: true,
  };
  await checkDotfiles(ctx, targets, new Map([...machine.located, ['settings-file', further]]), storage, say);
  await confirmProject(ctx, targets, by);
}
