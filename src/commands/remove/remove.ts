import * as z from 'zod/mini';
import { OWN_FILES, removeFolder } from '../../apply/remove-folder.ts';
import { ownFiles } from '../../core/folder.ts';
import { readState, type State, type TargetState } from '../../config/state.ts';
import type { Config } from '../../config/config.ts';
import type { Context } from '../../core/context.ts';
import { OrccError } from '../../core/errors.ts';
import { createSay, type Say } from '../../core/say.ts';
import { parseTargets } from '../init/intent.ts';
import { flag, parseIntent } from '../../core/intent.ts';
import type { Machine } from '../../change/machine.ts';
import type { Desired } from '../../change/desired.ts';
import { shortPath } from '../../text/short-path.ts';
import type { Outcome } from '../../core/outcome.ts';
import { createStyle } from '../../text/style.ts';
import { carryOut } from '../../change/carry-out.ts';
import { recoverFirst } from '../../change/recover-first.ts';
import { removeEmptyFolders } from './empty-folders.ts';
import { unsetLines } from '../switch/unset-lines.ts';
import { pathsOf } from '../../targets/read-start-file.ts';
import type { TargetId } from '../../targets/types.ts';

const schema = z.object({
  target: z.exactOptional(z.array(z.string())),
  keepKey: flag,
  keepConfig: flag,
  force: flag,
  yes: flag,
  dryRun: flag,
  json: flag,
});

const KEYS_PAGE = 'https://openrouter.ai/settings/keys';

/**
 * Takes orcc's block, file and members out of every recorded target, the base URL with
 * its token, then the key and orcc's own folder. A target that can't be reached does not stop the rest: it
 * stays in the state, exit 6.
 */
export async function runRemove(ctx: Context, input: unknown): Promise<Outcome> {
  const intent = parseIntent(schema, input);
  const only = intent.target === undefined ? undefined : parseTargets(intent.target);
  const own = ownFiles(ctx);
  const say = createSay(ctx.stderr, await createStyle(ctx.stderr), intent.json);
  if (!intent.dryRun) await recoverFirst(ctx, say);
  const state = readState(ctx.fs, own.state);
  const recorded = only === undefined ? state.targets : state.targets.filter((target) => only.includes(target.id) && isHere(ctx, target));
  // An earlier remove may have got through the targets' own files alone.
  const beside: readonly TargetId[] =
    only === undefined ? [...state.adopted.map((each) => each.target), ...(state.ignores.length > 0 ? (['local'] as const) : [])] : [];
  const targets = [...new Set([...recorded.map((target) => target.id), ...beside])];
  const isWhole = only === undefined;
  if (targets.length === 0 && (!isWhole || ctx.fs.lstat(own.folder) === undefined)) throw nothingThere(ctx, only, state);
  const isFinal = isWhole && !intent.keepConfig;
  const work = await carryOut(ctx, {
    command: 'remove',
    targets,
    places: 'recorded',
    desire: (machine) => {
      if (!isFinal && machine.configBroken !== undefined) throw machine.configBroken;
      return desireNothing(machine, targets, { isWhole, keepConfig: !isFinal, keepKey: !isFinal || intent.keepKey, force: intent.force });
    },
    yes: intent.yes,
    dryRun: intent.dryRun,
    say,
    question: isFinal
      ? `Take ${intent.keepKey ? 'everything but the key' : 'everything of orcc, the key included,'} away? This is final.`
      : 'Take these out?',
    secrets: [],
    goOnPastProblems: true,
    asksAnyway: isFinal,
    beforeQuestion: () => {
      if (isFinal)
        say.line(
          `${say.style.bold(shortPath(own.folder, ctx.home))}  ${say.style.dim(`deleted${intent.keepKey ? ', but for the key' : ''}: configuration, history and the cached catalog`)}`,
        );
    },
  });
  const { problems } = work.planned;
  const applied = work.kind === 'applied' || work.kind === 'unchanged';
  const left: string[] = [];
  if (applied && isFinal && problems.length === 0) {
    left.push(
      ...(await removeFolder(ctx, own.folder, {
        keep: intent.keepKey ? [own.key, own.state] : [],
        names: [...OWN_FILES, 'config.broken.json'],
      })),
    );
  }
  if (applied && isFinal && problems.length === 0 && !intent.keepKey) await leaveKeychain(ctx, work.machine.config, say);
  if (applied) removeEmptyFolders(ctx.fs, state.folders);
  const files = work.planned.plan.edits
    .filter((edit) => edit.owner !== 'config' && edit.owner !== 'state')
    .map((edit) => shortPath(edit.path, ctx.home));
  const unset = unsetLines(ctx);
  const isDeclined = work.kind === 'declined';
  return {
    ok: problems.length === 0 && !isDeclined,
    exit: isDeclined ? 'cancelled' : problems.length > 0 ? 'refused' : 'ok',
    data: {
      kind: work.kind,
      files,
      left: left.map((path) => shortPath(path, ctx.home)),
      keysPage: KEYS_PAGE,
      problems: problems.map(({ path, code, message }) => ({ path: shortPath(path, ctx.home), code, message })),
    },
    findings: problems.map((problem) => ({
      code: problem.code,
      severity: 'error',
      subject: shortPath(problem.path, ctx.home),
      evidence: [],
      cause: problem.message,
      fix: problem.hint,
    })),
    text: () => '',
    remarks: (style) => {
      if (isDeclined) return 'Nothing was changed';
      if (work.kind === 'dry-run') return 'Nothing was changed (--dry-run)';
      const lines = problems.map((problem) => `${style.red('error:')} ${problem.message}\n${style.cyan('hint:')} ${problem.hint}`);
      lines.push(
        problems.length > 0
          ? 'The rest was taken out; run `orcc remove` again when this is mended'
          : `${style.green('✓')} ${isFinal ? `Everything of orcc${intent.keepKey ? ' but the key' : ''} is gone` : targets.length === 0 ? 'Nothing was left to take out' : `Taken out of ${targets.join(', ')}`}`,
      );
      for (const path of left) lines.push(`${style.yellow('left:')} ${shortPath(path, ctx.home)} is not orcc's`);
      if (unset.length > 0)
        lines.push(`This terminal still has the variables; take them out with:\n${unset.map((line) => `  ${line}`).join('\n')}`);
      if (isFinal && !intent.keepKey) lines.push(`The key still works at OpenRouter: revoke it at ${KEYS_PAGE}`);
      return lines.join('\n');
    },
  };
}

/** Whether a target is the machine's, or this folder's. */
function isHere(ctx: Pick<Context, 'cwd' | 'platform'>, { id, path }: TargetState): boolean {
  return (id !== 'project' && id !== 'local') || folderOfTarget(path, ctx.platform) === ctx.cwd;
}

/** The folder that holds `.claude/settings.json`. */
function folderOfTarget(path: string, platform: NodeJS.Platform): string {
  const { dirname } = pathsOf(platform);
  return dirname(dirname(path));
}

function nothingThere(ctx: Pick<Context, 'home' | 'platform'>, only: readonly TargetId[] | undefined, state: State): OrccError {
  if (only === undefined) return new OrccError('nothing', 'There is nothing of orcc to remove', { hint: 'Nothing was changed' });
  const elsewhere = state.targets
    .filter((target) => only.includes(target.id))
    .map((target) => shortPath(folderOfTarget(target.path, ctx.platform), ctx.home));
  return elsewhere.length === 0
    ? new OrccError('nothing', `orcc has written nothing to ${only.join(', ')}`, { hint: 'Nothing was changed' })
    : new OrccError('nothing', `orcc has written no ${only.join(', ')} in this folder, but in ${elsewhere.join(', ')}`, {
        hint: 'Run it there; `orcc remove` without `--target` takes all of them',
      });
}

/** Nothing in the given targets; base URL and token leave a file together, the key goes after all of them. */
function desireNothing(
  machine: Machine,
  targets: readonly TargetId[],
  keep: { readonly isWhole: boolean; readonly keepConfig: boolean; readonly keepKey: boolean; readonly force: boolean },
): Desired {
  return {
    setup: undefined,
    targets: targets.map((id) => ({ id, carries: 'nothing', remember: false, ...(keep.isWhole ? { allFolders: true } : {}) })),
    key: keep.keepKey ? { action: 'keep' } : { action: 'delete' },
    config: keep.keepConfig ? machine.config : undefined,
    disableAutoMode: false,
    ignore: undefined,
    replace: true,
    adopt: false,
    force: keep.force,
  };
}

/** A key in the system's keychain goes with the rest. */
async function leaveKeychain(ctx: Context, config: Config | undefined, say: Say): Promise<void> {
  if (config?.keyStorage.kind !== 'keychain') return;
  const { keychainAccount, removeFromKeychain } = await import('../../config/keychain/keychain.ts');
  const isGone = await removeFromKeychain(ctx, config.keyStorage.ref ?? keychainAccount(config.baseUrl));
  if (!isGone) say.warn('The key could not be taken out of the keychain: delete the item `orcc` there by hand');
}
