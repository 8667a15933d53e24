import * as z from 'zod/mini';
import { OWN_FILES, removeFolder } from '../../apply/remove-folder.ts';
import { change, type Changed } from '../../change/change.ts';
import { observeMachine } from '../../change/machine.ts';
import { recoverFirst } from '../../change/recover-first.ts';
import type { Config } from '../../config/config.ts';
import type { Context } from '../../core/context.ts';
import { flag, parseIntent } from '../../core/intent.ts';
import type { Outcome } from '../../core/outcome.ts';
import { createSay, type Say } from '../../core/say.ts';
import { TARGET_IDS } from '../../targets/types.ts';
import { shortPath } from '../../text/short-path.ts';
import { createStyle } from '../../text/style.ts';
import { parseTargets } from '../init/intent.ts';
import { decideRemove, type RemoveDecision } from './decide.ts';
import { desireRemove } from './desire.ts';
import { viewRemove } from './view.ts';

const schema = z.object({
  target: z.exactOptional(z.array(z.string())),
  keepKey: flag,
  keepConfig: flag,
  force: flag,
  yes: flag,
  dryRun: flag,
  json: flag,
});

/**
 * Takes orcc's block, file and members out of every recorded target, the base URL with
 * its token, then the key and orcc's own folder. A target that can't be reached does not stop the rest: it
 * stays in the state, exit 6.
 */
export async function runRemove(ctx: Context, input: unknown): Promise<Outcome> {
  const { target, ...intent } = parseIntent(schema, input);
  const only = target === undefined ? undefined : parseTargets(target);
  const say = createSay(ctx.stderr, await createStyle(ctx.stderr), intent.json);
  if (!intent.dryRun) await recoverFirst(ctx, say);
  const machine = await observeMachine(
    ctx,
    ({ targets, adopted }) =>
      TARGET_IDS.filter((id) => id === 'local' || [...targets.map((each) => each.id), ...adopted.map((each) => each.target)].includes(id)),
    [],
    'recorded',
  );
  const decision = decideRemove(ctx, { ...intent, only }, machine);
  const { isFinal, keepKey } = decision;
  const done = await change(ctx, {
    command: 'remove',
    decision,
    desire: desireRemove,
    machine,
    targets: decision.targets,
    places: 'recorded',
    yes: intent.yes,
    dryRun: intent.dryRun,
    say,
    question: isFinal
      ? `Take ${keepKey ? 'everything but the key' : 'everything of orcc, the key included,'} away? This is final.`
      : 'Take these out?',
    goOnPastProblems: true,
    asksAnyway: isFinal,
    beforeQuestion: () => {
      if (!isFinal) return;
      const what = `deleted${keepKey ? ', but for the key' : ''}: configuration, history and the cached catalog`;
      say.line(`${say.style.bold(shortPath(machine.own.folder, ctx.home))}  ${say.style.dim(what)}`);
    },
  });
  return viewRemove(ctx, done, await takeFolders(ctx, done, say));
}

/** After the files: orcc's own folder, the keychain's item, and folders that are empty now. Gives what is not orcc's and stays. */
async function takeFolders(
  ctx: Context,
  { kind, decision, planned, machine }: Changed<RemoveDecision>,
  say: Say,
): Promise<readonly string[]> {
  if (kind !== 'applied' && kind !== 'unchanged') return [];
  const { own } = machine;
  const isAll = decision.isFinal && planned.problems.length === 0;
  const keep = decision.keepKey ? [own.key, own.state] : [];
  const left = isAll ? await removeFolder(ctx, own.folder, { keep, names: [...OWN_FILES, 'config.broken.json'] }) : [];
  if (isAll && !decision.keepKey) await leaveKeychain(ctx, machine.config, say);
  removeEmptyFolders(ctx.fs, decision.folders);
  return left;
}

/**
 * Removes the folders that orcc once made, innermost first, where nothing is in
 * them any more. A folder that someone else uses by now stays: that is no fault.
 */
function removeEmptyFolders(fs: Context['fs'], folders: readonly string[]): void {
  for (const folder of [...folders].sort((a, b) => b.length - a.length)) {
    try {
      if (fs.lstat(folder)?.kind === 'directory' && fs.readdir(folder).length === 0) fs.rmdir(folder);
    } catch {
      // Not ours to insist on: an empty folder harms nobody.
    }
  }
}

/** A key in the system's keychain goes with the rest. */
async function leaveKeychain(ctx: Context, config: Config | undefined, say: Say): Promise<void> {
  if (config?.keyStorage.kind !== 'keychain') return;
  const { keychainAccount, removeFromKeychain } = await import('../../config/keychain/keychain.ts');
  const isGone = await removeFromKeychain(ctx, config.keyStorage.ref ?? keychainAccount(config.baseUrl));
  if (!isGone) say.warn('The key could not be taken out of the keychain: delete the item `orcc` there by hand');
}
