import * as z from 'zod/mini';
import { OWN_FILES, removeFolder } from '../../apply/remove-folder.ts';
import { change, type Changed } from '../../change/change.ts';
import { lookAt, placesToLook, type LookedPlace } from '../../change/look-around.ts';
import { observeMachine, type Machine } from '../../change/machine.ts';
import { keyInTargets, loadKey } from '../../change/read-key.ts';
import { recoverFirst } from '../../change/recover-first.ts';
import type { Config } from '../../config/config.ts';
import { filedKeys, findNamedKeyFiles, namedKeyFile, namesOf } from '../../config/named-keys.ts';
import { readState } from '../../config/state.ts';
import type { Context } from '../../core/context.ts';
import { ownFiles, OWN_NAMES } from '../../core/folder.ts';
import { pathsOf } from '../../core/paths-of.ts';
import { flag, parseIntent, writingFlags } from '../../core/intent.ts';
import type { Outcome } from '../../core/outcome.ts';
import { type Say, sayOf } from '../../core/say.ts';
import { TARGET_IDS, type TargetId } from '../../targets/types.ts';
import { shortPath } from '../../text/text.ts';
import { parseTargets } from '../init/intent.ts';
import { settingsPath } from '../init/settings-files.ts';
import { decideRemove, hasWork, nothingThere, recordedFor, type RemoveDecision, type RemoveIntent } from './decide.ts';
import { desireRemove } from './desire.ts';
import { askForStrays, lookAgain, NOTHING_LEFT, strayPlace, straysAfter } from './left.ts';
import { viewNothingOurs, viewRemove } from './view.ts';
import { attempt } from '../../text/attempt.ts';

const schema = z.object({
  target: z.exactOptional(z.array(z.string())),
  settingsFile: z.exactOptional(z.array(z.string())),
  keepKey: flag,
  keepConfig: flag,
  force: flag,
  ...writingFlags,
});

/**
 * `orcc remove`: removes orcc's block, file and members from every recorded target, the base URL together with its token, then the
 * key and orcc's own folder. A block without a record proves by its markers that it is orcc's; settings members do not, so it asks
 * about them. A target that can't be reached does not stop the rest: it stays recorded, exit 6. Ends with a look at every place:
 * exit 1 if one still points to OpenRouter. Throws exit 3 if there is nothing to remove.
 */
export async function runRemove(ctx: Context, input: unknown): Promise<Outcome> {
  const { target, settingsFile, ...intent } = parseIntent(schema, input);
  const files = settingsFile?.map((word) => settingsPath(ctx, word));
  const only = onlyOf(target, files);
  const say = await sayOf(ctx, intent);
  if (!intent.dryRun) await recoverFirst(ctx, say);
  const places = await placesToLook(
    ctx,
    only ?? TARGET_IDS,
    recordedFor(ctx, only, readState(ctx.fs, ownFiles(ctx).state, ctx.home), files),
  );
  const machine = await observeMachine(
    ctx,
    ({ targets, adopted }) =>
      TARGET_IDS.filter((id) => id === 'local' || [...targets.map((each) => each.id), ...adopted.map((each) => each.target)].includes(id)),
    places.map(({ path }) => path),
  );
  const decision = await decide(ctx, { ...intent, only, files }, places, machine, say);
  const { isFinal, keepKey } = decision;
  if (!hasWork(ctx, decision, machine))
    return viewNothingOurs(ctx, lookAgain(ctx, places, decision, machine, []), { decision, dryRun: intent.dryRun });
  const storage = machine.config?.keyStorage ?? { kind: 'file' };
  // No command is run just for a message.
  const going = { storage, key: !isFinal || keepKey || storage.kind === 'command' ? undefined : await loadKey(ctx, machine) };
  const done = await change(ctx, {
    command: 'remove',
    decision,
    desire: desireRemove,
    machine,
    targets: decision.targets,
    key: keepKey ? keyInTargets(machine) : undefined,
    extraPaths: places.map(({ path }) => path),
    yes: intent.yes,
    dryRun: intent.dryRun,
    say,
    question: isFinal
      ? `Remove orcc from this machine${keepKey ? ', but keep the key' : ', including the key'}? This can't be undone.`
      : 'Remove these?',
    isDangerous: true,
    goOnPastProblems: true,
    asksAnyway: isFinal,
    also: ({ bold, dim, yellow }, { problems }) => {
      const staying = problems.map(({ path, message }) => `${yellow('stays:')} ${shortPath(path, ctx.home)}: ${message}`);
      if (!isFinal) return staying;
      const goes = `deleted${keepKey ? ', except for the key' : ''}: configuration, history and the cached catalog`;
      const what = problems.length === 0 ? goes : 'stays with it, the key included';
      return [...staying, `${bold(shortPath(machine.own.folder, ctx.home))}  ${dim(what)}`];
    },
  });
  const kept = await takeFolders(ctx, done, say);
  const { plan, problems } = done.planned;
  const refused = problems.map(({ path }) => path);
  const coming = done.kind === 'dry-run' ? plan.edits : [];
  const left = done.kind === 'declined' ? NOTHING_LEFT : lookAgain(ctx, places, decision, machine, refused, coming);
  return viewRemove(ctx, done, kept, left, going);
}

/** The named targets, with `settings-file` if files are named; undefined for all. */
function onlyOf(target: readonly string[] | undefined, files: readonly string[] | undefined): readonly TargetId[] | undefined {
  if (target === undefined && files === undefined) return undefined;
  return [...new Set<TargetId>([...parseTargets(target ?? []), ...(files === undefined ? [] : (['settings-file'] as const))])];
}

/**
 * The decision from flags and a look at this machine; on a terminal, asks about what no record proves. Throws exit 3 if there is
 * nothing to remove.
 */
async function decide(
  ctx: Context,
  intent: RemoveIntent & { readonly yes: boolean; readonly dryRun: boolean },
  places: readonly LookedPlace[],
  machine: Machine,
  say: Say,
): Promise<RemoveDecision> {
  const seen = lookAt(places, (file) => machine.files.get(file)?.bytes ?? null, strayPlace(machine));
  const decision = decideRemove(ctx, intent, machine, seen);
  const strays = straysAfter(places, decision, machine);
  if (!hasWork(ctx, decision, machine) && strays.length + decision.others.length === 0) throw nothingThere(ctx, intent, machine.state);
  const isAsked = strays.length > 0 && ctx.interactive && !intent.yes && !intent.dryRun;
  return isAsked ? { ...decision, strays: await askForStrays(ctx, strays, machine, say) } : decision;
}

/**
 * Removes what comes after the files: orcc's own folder, the keychain's item, and folders that are now empty. Returns files in
 * orcc's folder that are not orcc's and stay.
 */
async function takeFolders(
  ctx: Context,
  { kind, decision, planned, machine }: Changed<RemoveDecision>,
  say: Say,
): Promise<readonly string[]> {
  if (kind !== 'applied' && kind !== 'unchanged') return [];
  const { own } = machine;
  const isAll = decision.isFinal && planned.problems.length === 0;
  const listed = filedKeys(namesOf(machine)).map((name) => namedKeyFile(own, name, ctx.platform));
  const named = [...new Set([...listed, ...findNamedKeyFiles(ctx.fs, own, ctx.platform)])];
  const keep = decision.keepKey ? [own.key, own.state, ...named] : [];
  const left = isAll
    ? await removeFolder(ctx, own.folder, {
        keep,
        names: [...OWN_FILES, OWN_NAMES.configBroken, ...named.map((file) => pathsOf(ctx.platform).basename(file))],
      })
    : [];
  if (isAll && !decision.keepKey) await leaveKeychain(ctx, machine.config, say);
  removeEmptyFolders(ctx.fs, decision.folders);
  return left;
}

/**
 * Removes the folders that orcc once created, innermost first, if they are empty. A folder that someone else now uses stays, which
 * is no error.
 */
function removeEmptyFolders(fs: Context['fs'], folders: readonly string[]): void {
  for (const folder of [...folders].sort((a, b) => b.length - a.length)) {
    // A failure does not matter: an empty folder harms nobody.
    attempt(() => fs.lstat(folder)?.kind === 'directory' && fs.readdir(folder).length === 0 && fs.rmdir(folder));
  }
}

/** Removes the key from the system's keychain, if it is kept there; warns if that fails. */
async function leaveKeychain(ctx: Context, config: Config | undefined, say: Say): Promise<void> {
  if (config?.keyStorage.kind !== 'keychain') return;
  const { keychainAccount, removeFromKeychain } = await import('../../config/keychain.ts');
  const isGone = await removeFromKeychain(ctx, config.keyStorage.ref ?? keychainAccount(config.baseUrl));
  if (!isGone) say.warn('The key could not be removed from the keychain: delete the item `orcc` there by hand');
}
