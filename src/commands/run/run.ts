import { errnoOf } from '../../core/errno.ts';
import * as z from 'zod/mini';
import type { Mapping } from '../../claude/aliases.ts';
import { findClaude, INSTALL_HINT } from '../../claude/version.ts';
import { extraMembers, extraVariables, type ExtrasInput } from '../../config/extras-table.ts';
import { extrasInput, extrasOf, keyUrlOf, mappingOf, recordedVariables, type Config, configuredDestination } from '../../config/config.ts';
import { withFurther, joinExtras, type Extras } from '../../config/extras.ts';
import { isOfOlderOrcc } from '../../change/portable-limits.ts';
import type { Context } from '../../core/context.ts';
import { OrccError } from '../../core/errors.ts';
import { type Say, sayOf } from '../../core/say.ts';
import { flag, parseIntent, text } from '../../core/intent.ts';
import { loadKey } from '../../change/read-key.ts';
import { namedKeysOf, requireNamed } from '../../config/named-keys.ts';
import { usesHelper } from '../../config/storage.ts';
import { readLayers, type Layers, inEffect } from '../../claude/layers.ts';
import { EXTRA_BODY } from '../../claude/variables.ts';
import { readFolderExtras } from '../../change/folder-extras.ts';
import { mergeBody } from '../../change/foreign-body.ts';
import { pinRowsFor } from '../../change/settle-extras.ts';
import { asciiJson, tryJsonObject, tryJsonText } from '../../text/json.ts';
import { observeMachine, type Machine, requireConfig } from '../../change/machine.ts';
import { loadCatalog } from '../../openrouter/load-catalog.ts';
import { admitKey, admitUrl, type Endpoint } from '../../openrouter/endpoint.ts';
import { toFlag } from '../../openrouter/to-flag.ts';
import type { Setup } from '../../change/desired.ts';
import type { Named } from '../../config/named-mapping.ts';
import { writeSessionFile, type SessionFile } from '../../change/session-file.ts';
import { managedConflicts, sessionBytes, sessionMembers, takeSettings } from '../profile/session-settings.ts';
import type { Outcome } from '../../core/outcome.ts';
import { buildSetup, limitsFor, NO_LIMITS } from '../../change/build-setup.ts';
import { checkModels } from '../../change/check-models.ts';
import { nameModels } from '../../change/name-models.ts';
import { readFolderMapping } from '../../change/folder-mapping.ts';
import { chooseLabels } from '../../change/labels.ts';
import { gatherFacts } from '../../change/gather-facts.ts';
import { changeMapping, parseAssignment, parseDefaultAlias, sameMapping } from '../../config/mapping-input.ts';
import { findNamedHere } from '../../config/find-team.ts';
import { FOLDER_TARGETS } from '../../targets/types.ts';

const schema = z.object({
  changes: z.array(z.string()),
  profile: text,
  default: text,
  offline: flag,
  to: toFlag,
  force: flag,
  /** What follows `--`. */
  rest: z._default(z.array(z.string()), []),
});
type Intent = z.infer<typeof schema>;

/**
 * `orcc run`: one Claude Code session on a mapping. None of the user's files are written: the values go into a private file that
 * Claude Code gets with `--settings`, so that they beat every layer but the administrator's, and that is deleted at the end. Only
 * that file holds the key, never an argument. Exits as Claude Code does. Throws exit 6 if managed settings would send the key
 * elsewhere.
 */
export async function runSession(ctx: Context, input: unknown): Promise<Outcome> {
  const intent = parseIntent(schema, input);
  const say = await sayOf(ctx, { json: false });
  const words = intent.changes.map(parseChange);
  const given = takeSettings(ctx, intent.rest);
  const machine = await observeMachine(ctx, FOLDER_TARGETS);
  const config = requireConfig(machine);
  const claude = findClaude(ctx);
  if (claude === undefined) throw new OrccError('problems', '`claude` is not on PATH', { code: 'CLAUDE_MISSING', hint: INSTALL_HINT });
  const { interactive } = ctx.exec;
  if (interactive === undefined) throw new OrccError('bug', "Can't start a session here");

  const profile = intent.profile === undefined ? undefined : findNamedHere(ctx, config, intent.profile, say.warn);
  const mapping = wantedMapping(intent, machine, config, words, profile);
  const { endpoint, holds } = await endpointOf(ctx, intent, machine, config, say);
  const { key } = endpoint;
  const extras = { ...extrasInput(config), mapping, extras: sessionExtras(machine, config, profile) };
  const { setup, ...named } = await setupOf(ctx, intent, machine, { config: { ...config, keyStorage: holds }, endpoint, extras }, say);
  const layers = readLayers(ctx);
  const variables = withSession(ctx, setup.variables, layers, intent.profile !== undefined);
  const members = sessionMembers({ ...setup, variables }, extraMembers({ ...extras, ...named }), key);
  const conflicts = managedConflicts(layers, members, ctx.home);
  if (conflicts.refuse.length > 0) {
    throw new OrccError(
      'refused',
      `Your administrator's settings win over this session, and decide where requests and keys go: ${conflicts.refuse.join(', ')}`,
      {
        code: 'SETTINGS_OVERRIDE',
        hint: 'With them, the key would be sent to another address, or another key to this one: nothing was started',
      },
    );
  }
  if (conflicts.warn.length > 0) say.warn(`Your administrator's settings win over this session: ${conflicts.warn.join(', ')}`);
  const bytes = sessionBytes(members, given.settings);
  ctx.signal.throwIfAborted();
  const file = writeFile(ctx, bytes);
  try {
    const { code } = await interactive(claude, ['--settings', file.path, ...given.args], { env: ctx.env, cwd: ctx.cwd });
    return { exit: 'ok', exitCode: code, data: { code }, findings: [], text: () => '' };
  } catch (error) {
    const reason = errnoOf(error) ?? 'unknown';
    throw new OrccError('problems', `\`${claude}\` could not be started (${reason})`, {
      code: 'CLAUDE_MISSING',
      hint: INSTALL_HINT,
      cause: error,
    });
  } finally {
    file.remove();
  }
}

/** The extras: the named profile's, laid over the machine's own, or those in effect in this folder. */
function sessionExtras(machine: Machine, config: Config, profile: Named | undefined): Extras {
  if (profile === undefined) return joinExtras(extrasOf(config), readFolderExtras(machine, config));
  return joinExtras(config.extras, profile.extras);
}

/**
 * The variables with this session's own id added to every request: OpenRouter keeps a session with one provider, whose prompt cache
 * then hits. Whatever else somebody adds to every request stays, except for the routing rules in effect here if a profile was
 * named, since it has its own.
 */
function withSession(ctx: Pick<Context, 'random'>, variables: Setup['variables'], layers: Layers, isNamed: boolean): Setup['variables'] {
  const ours = variables.find(({ name }) => name === EXTRA_BODY);
  const found = inEffect(layers, EXTRA_BODY, 'process')?.value ?? '{}';
  const theirs = isNamed ? withoutRules(found) : tryJsonObject(found);
  const present = ours === undefined && !isNamed ? found : tryJsonText({ ...theirs, ...tryJsonObject(ours?.value ?? '{}') });
  const session = asciiJson({ session_id: `orcc-${Buffer.from(ctx.random(12)).toString('hex')}` });
  const merged = present === undefined ? undefined : mergeBody(present, session);
  if (merged === undefined) return variables;
  return [...variables.filter((each) => each !== ours), { name: EXTRA_BODY, value: merged }];
}

/** The members of a request body other than the routing rules. */
function withoutRules(body: string): Readonly<Record<string, unknown>> {
  const { provider: _provider, ...others } = tryJsonObject(body) ?? {};
  return others;
}

function parseChange(word: string): NonNullable<ReturnType<typeof parseAssignment>> {
  const assignment = parseAssignment(word);
  if (assignment !== undefined) return assignment;
  throw new OrccError('usage', `\`${word.slice(0, 40)}\` is not in the form alias=model`, {
    hint: "Use `--profile NAME` for a profile or preset, and put Claude Code's own arguments after `--`",
  });
}

function wantedMapping(
  intent: Intent,
  machine: Machine,
  config: Config,
  words: ReadonlyArray<NonNullable<ReturnType<typeof parseAssignment>>>,
  profile: Named | undefined,
): Mapping {
  const base = profile === undefined ? readFolderMapping(machine, mappingOf(config)) : profile.mapping;
  const models = Object.fromEntries(words.map(({ alias, model }) => [alias, model]));
  return changeMapping(base, models, intent.default === undefined ? undefined : parseDefaultAlias(intent.default));
}

/**
 * Where the session's requests go, and with which key: the key that the profile names, at the base URL it was stored for, else the
 * key in use. `holds`: how the session's file gets the key.
 */
async function endpointOf(
  ctx: Context,
  { profile, to }: Intent,
  machine: Machine,
  config: Config,
  say: Say,
): Promise<{ readonly endpoint: Endpoint; readonly holds: Config['keyStorage'] }> {
  const { profiles, activeKey, keyStorage } = config;
  const name = profile !== undefined && Object.hasOwn(profiles, profile) ? profiles[profile]?.key : undefined;
  if (name !== undefined && name !== activeKey) {
    const { baseUrl } = requireNamed(namedKeysOf(config), name);
    const key = await (await import('../key/use-named.ts')).readNamed(ctx, machine, name, say);
    const endpoint = await admitKey(ctx, key, { baseUrl, from: `the key ${name}` }, { storedFor: baseUrl, to });
    return { endpoint, holds: { kind: 'file' } };
  }
  const url = await admitUrl(ctx, configuredDestination(ctx, config), { storedFor: keyUrlOf(config), to });
  const stored = await keyOf(ctx, machine, config);
  return { endpoint: stored === undefined ? { baseUrl: url.baseUrl } : url.with(stored), holds: keyStorage };
}

/** The key for the session's settings; undefined if they name a helper instead. Throws exit 4 if the key is gone. */
async function keyOf(ctx: Context, machine: Machine, { keyStorage }: Config): Promise<string | undefined> {
  if (usesHelper(keyStorage)) return undefined;
  const key = await loadKey(ctx, machine);
  if (key === undefined)
    throw new OrccError('key', 'The key is no longer in its storage', { code: 'KEY_MISSING', hint: 'Run `orcc key set`' });
  return key;
}

/**
 * The setup of this session, its mapping with complete ids, and the rows of its pinned models. Asks OpenRouter only if the mapping
 * is not the configured one.
 */
async function setupOf(
  ctx: Context,
  intent: Intent,
  machine: Machine,
  { config, endpoint, extras }: { readonly config: Config; readonly endpoint: Endpoint; readonly extras: ExtrasInput },
  say: Say,
): Promise<{ readonly setup: Setup } & Pick<ExtrasInput, 'mapping' | 'pinRows'>> {
  const { keyStorage } = config;
  const { baseUrl } = endpoint;
  const { mapping: wanted } = extras;
  const common = { baseUrl, keyStorage, own: machine.own, platform: ctx.platform };
  const { profileExtras: _joined, ...rest } = config;
  const session: Config = { ...rest, extras: extras.extras };
  if (isRecorded(config, wanted, extras.extras)) {
    const setup = buildSetup({ ...common, mapping: wanted, extras: extraVariables(extras), labels: [], limits: NO_LIMITS });
    return { setup: { ...setup, variables: recordedVariables(session) }, mapping: wanted, pinRows: extrasInput(session).pinRows };
  }
  const { offline } = intent;
  const catalog = await loadCatalog(ctx, { folder: machine.own.folder, endpoint, offline, keep: false, bases: config.limits.bases });
  if (catalog.warning !== undefined) say.warn(`${catalog.warning}; checking the models against what is available`);
  const mapping = nameModels(wanted, catalog, baseUrl);
  for (const remark of checkModels(mapping.models, catalog, { force: intent.force, now: ctx.clock.now(), baseUrl }))
    say.warn(`${remark.alias} -> ${remark.model}: ${remark.text}`);
  const isOffline = offline || (catalog.source !== 'live' && catalog.warning !== undefined);
  const all = withFurther(mapping, extras.extras);
  const facts = await gatherFacts(ctx, endpoint, all, catalog, isOffline);
  const labels = chooseLabels(config, mapping, facts);
  const limits = limitsFor(config.limits.how, all, facts, { hasUser: true, hasProject: false });
  const { pinRows = [] } = pinRowsFor(session, catalog);
  const setup = buildSetup({ ...common, mapping: all, extras: extraVariables({ ...extras, mapping, pinRows }), labels, limits });
  return { setup, mapping, pinRows };
}

/** True if the recorded values fit this session: it has the machine's mapping, and its extras name no model that is not recorded. */
function isRecorded(config: Config, wanted: Mapping, extras: Extras): boolean {
  const recorded = mappingOf(config);
  const known = new Set(recorded.further?.map(({ model }) => model));
  const { further = [] } = withFurther(wanted, extras);
  return sameMapping(wanted, recorded) && further.every(({ model }) => known.has(model)) && !isOfOlderOrcc(config);
}

function writeFile(ctx: Context, bytes: Uint8Array): SessionFile {
  try {
    return writeSessionFile(ctx, bytes);
  } catch (error) {
    if (error instanceof OrccError) throw error;
    const code = errnoOf(error) ?? 'unknown';
    throw new OrccError('refused', `The session's settings can't be written to the temporary folder (${code})`, {
      hint: 'Check TMPDIR, and that the disk is not full',
      cause: error,
    });
  }
}
