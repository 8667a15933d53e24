import * as z from 'zod/mini';
import type { Context } from '../../core/context.ts';
import { OrccError } from '../../core/errors.ts';
import { createSay } from '../../core/say.ts';
import { flag, parseIntent } from '../../core/intent.ts';
import { carryOutKey } from '../../keys/carry-out-key.ts';
import { hasKeyFile } from '../../keys/desire-key.ts';
import { KEYS_PAGE, keyPage, revokeAdvice } from '../../config/revoke-link.ts';
import { readPresentKey } from '../../keys/present-key.ts';
import type { Machine } from '../../change/machine.ts';
import type { Desired, DesiredTarget } from '../../change/desired.ts';
import { shortPath } from '../../text/short-path.ts';
import type { Outcome } from '../../core/outcome.ts';
import { createStyle } from '../../text/style.ts';
import { maskKey } from '../../text/text.ts';
import { unsetLines } from '../switch/unset-lines.ts';

const schema = z.object({ force: flag, yes: flag, dryRun: flag, json: flag });

/**
 * `orcc key forget`: takes base URL and token out of every file, then deletes the key, in one change (design D4: the URL goes
 * first). The mapping stays for `orcc key set` and `orcc switch --back`.
 */
export async function runKeyForget(ctx: Context, input: unknown): Promise<Outcome> {
  const intent = parseIntent(schema, input);
  const say = createSay(ctx.stderr, await createStyle(ctx.stderr), intent.json);
  const present = await readPresentKey(ctx);
  const { key, storage, machine, baseUrl } = present;
  if (key === undefined && !hasKeyFile(machine) && carriers(machine).length === 0) {
    throw new OrccError('nothing', 'No key is stored', { code: 'KEY_MISSING', hint: 'Nothing was changed' });
  }
  const work = await carryOutKey(ctx, present, undefined, {
    command: 'key forget',
    targets: [],
    places: 'recorded',
    desire: (now): Desired => ({
      setup: undefined,
      targets: carriers(now),
      key: hasKeyFile(now) ? { action: 'delete' } : { action: 'keep' },
      config: now.config === undefined ? undefined : { ...now.config, native: true },
      disableAutoMode: false,
      ignore: undefined,
      replace: true,
      adopt: false,
      force: intent.force,
    }),
    yes: intent.yes,
    dryRun: intent.dryRun,
    say,
    question: 'Delete the key, and take Claude Code back to Anthropic?',
    secrets: [],
  });
  const { kind, scrubbed, copies } = work;
  const edits = work.planned.plan.edits.filter((edit) => edit.owner !== 'config' && edit.owner !== 'state');
  const files = edits.map((edit) => shortPath(edit.path, ctx.home));
  const unset = unsetLines(ctx);
  return {
    ok: kind !== 'declined',
    exit: kind === 'declined' ? 'cancelled' : 'ok',
    data: {
      kind,
      key: key === undefined ? null : maskKey(key),
      files,
      scrubbedBackups: scrubbed,
      copies,
      unset,
      keysPage: KEYS_PAGE,
      ...(key === undefined ? {} : { revokePage: keyPage(key) }),
    },
    findings: [],
    text: () => '',
    remarks: (style) => {
      if (kind === 'declined') return 'Nothing was changed';
      if (kind === 'dry-run') return 'Nothing was changed (--dry-run)';
      const lines = [`${style.green('✓')} The key is gone, and Claude Code talks to Anthropic again`];
      for (const edit of edits)
        lines.push(`${style.green('✓')} ${edit.after === null ? 'Deleted' : 'Changed'} ${shortPath(edit.path, ctx.home)}`);
      for (const copy of copies) lines.push(`${style.yellow('left:')} the key still stands in ${copy}, which is not orcc's`);
      if (storage.kind === 'env') lines.push(`${style.yellow('left:')} the variable ${storage.ref ?? ''}, where you export it`);
      if (machine.state.targets.some(({ id }) => id === 'project'))
        lines.push(
          `${style.yellow('left:')} the mapping in project settings, which reaches your team: \`orcc remove --target project\` takes it out`,
        );
      if (unset.length > 0)
        lines.push(`This terminal still has the variables; take them out with:\n${unset.map((line) => `  ${line}`).join('\n')}`);
      if (key !== undefined) lines.push(`It still works: ${revokeAdvice(key, baseUrl)}`);
      lines.push('The mapping is kept: `orcc login` or `orcc key set`, then `orcc switch --back`, bring it in again');
      return lines.join('\n');
    },
  };
}

/** Every file that carries base URL and key, of every folder. A project's mapping holds neither. */
function carriers(machine: Machine): readonly DesiredTarget[] {
  return machine.state.targets
    .filter(({ id, carries }) => id !== 'project' && carries !== 'nothing')
    .map(({ id, path }): DesiredTarget => ({ id, path, carries: 'nothing', remember: id !== 'local' }));
}
