import { PAGES, isOpenRouter } from '../../core/hosts.ts';
import { isFolderTarget, isShared } from '../../targets/types.ts';
import * as z from 'zod/mini';
import type { Context } from '../../core/context.ts';
import { OrccError } from '../../core/errors.ts';
import { sayOf } from '../../core/say.ts';
import { flag, parseIntent, writingFlags } from '../../core/intent.ts';
import { changeKey, type KeyChanged } from '../../keys/change-key.ts';
import { hasKeyFile } from '../../keys/desire-key.ts';
import { keyPage, revokeAdvice } from '../../config/revoke-link.ts';
import { readPresentKey, type PresentKey } from '../../keys/present-key.ts';
import { handleOfOwn, type KeyHandle } from '../../config/storage.ts';
import { visibleEdits } from '../../change/visible-edits.ts';
import { viewChange } from '../../change/view-change.ts';
import type { Machine } from '../../change/machine.ts';
import type { Config } from '../../config/config.ts';
import { withoutActive } from '../../config/named-keys.ts';
import { type TargetState, wayBack } from '../../config/state.ts';
import { type Desired, type DesiredTarget, AS_IT_IS } from '../../change/desired.ts';
import type { Outcome } from '../../core/outcome.ts';
import { defined } from '../../text/defined.ts';
import { type Style } from '../../text/style.ts';
import { maskKey, shortPath } from '../../text/text.ts';
import { describeUnset, unsetHere } from '../switch/unset-here.ts';

const schema = z.object({ force: flag, ...writingFlags });

/** What `orcc key forget` has decided. */
interface ForgetDecision {
  /** undefined if none is stored, although files that orcc wrote still contain one. */
  readonly key: KeyHandle | undefined;
  readonly force: boolean;
}

/**
 * `orcc key forget`: removes base URL and token from every file, then deletes the key, in one change (design D4: the URL goes
 * first). The mapping stays for `orcc key set` and `orcc switch --back`. Throws exit 3 if there is no key to forget.
 */
export async function runKeyForget(ctx: Context, input: unknown): Promise<Outcome> {
  const intent = parseIntent(schema, input);
  const say = await sayOf(ctx, intent);
  const present = await readPresentKey(ctx);
  const done = await changeKey(ctx, present, undefined, {
    command: 'key forget',
    decision: decideForget(present, intent.force),
    desire: desireForget,
    machine: present.machine,
    yes: intent.yes,
    dryRun: intent.dryRun,
    say,
    question: 'Delete the key and switch Claude Code back to Anthropic?',
    isDangerous: true,
  });
  return viewForget(ctx, present, done);
}

/** Throws exit 3 if there is no key to forget. */
function decideForget({ key, storage, machine }: PresentKey, force: boolean): ForgetDecision {
  if (key === undefined && !hasKeyFile(machine) && carriers(machine).length === 0) {
    throw new OrccError('nothing', 'No key is stored', { code: 'KEY_MISSING', hint: 'Nothing was written' });
  }
  return { key: handleOfOwn(key, storage), force };
}

/** The desired state: no URL and no key in any file; the targets stay recorded, for `--back`. Pure. */
function desireForget({ force }: ForgetDecision, machine: Machine): Desired {
  return {
    ...AS_IT_IS,
    targets: carriers(machine),
    key: { action: hasKeyFile(machine) ? 'delete' : 'keep' },
    config: machine.config === undefined ? undefined : forgotten(machine.config),
    replace: true,
    force,
  };
}

/** The configuration without the key in use and its name, and with Claude Code on Anthropic; other named keys stay. */
function forgotten({ activeKey, keys, ...config }: Config): Config {
  return { ...config, ...withoutActive(defined({ activeKey, keys })), native: true };
}

function viewForget(ctx: Context, { key, storage, machine, baseUrl, storedFor }: PresentKey, done: KeyChanged<ForgetDecision>): Outcome {
  const { scrubbed, copies } = done;
  const edits = visibleEdits(done.planned);
  const unset = unsetHere(ctx);
  const remarks = (style: Style): string => {
    const lines = [`${style.green('✓')} The key is deleted, and Claude Code uses Anthropic again`];
    for (const edit of edits)
      lines.push(`${style.green('✓')} ${edit.after === null ? 'Deleted' : 'Changed'} ${shortPath(edit.path, ctx.home)}`);
    for (const copy of copies) lines.push(`${style.yellow('left:')} the key is still in ${copy}, which orcc does not manage`);
    if (storage.kind === 'env') lines.push(`${style.yellow('left:')} the variable ${storage.ref ?? ''}, where you export it`);
    if (machine.state.targets.some(({ id, carries }) => isShared(id) && carries === 'setup'))
      lines.push(
        `${style.yellow('left:')} the mapping in project settings, which your team uses too: \`orcc remove --target project\` removes it`,
      );
    lines.push(...describeUnset(unset));
    if (key !== undefined) lines.push(`It still works: ${revokeAdvice(key, storedFor ?? baseUrl)}`);
    const store = isOpenRouter(baseUrl) ? '`orcc login` or `orcc key set`' : '`orcc key set`';
    lines.push(`The mapping is kept: to use it again, run ${store}, then \`${wayBack(machine.state.targets)}\``);
    return lines.join('\n');
  };
  const data = {
    key: key === undefined ? null : maskKey(key),
    files: edits.map((edit) => shortPath(edit.path, ctx.home)),
    scrubbedBackups: scrubbed,
    copies,
    unset,
    keysPage: PAGES.keys,
    ...(key === undefined ? {} : { revokePage: keyPage(key) }),
  };
  return viewChange(done, data, remarks);
}

/** The recorded targets, in every folder, that hold the setup or extras. Shared targets hold neither URL nor key. */
function carriers(machine: Machine): readonly DesiredTarget[] {
  // A member that a fix of `doctor` wrote is not an extra.
  const hasExtras = ({ carries, members }: TargetState): boolean => carries === 'extras' && members.some(({ isFix }) => isFix !== true);
  return machine.state.targets
    .filter((target) => !isShared(target.id) && (target.carries === 'setup' || hasExtras(target)))
    .map(({ id, path }): DesiredTarget => ({ id, path, carries: 'nothing', remember: !isFolderTarget(id) }));
}
