import * as z from 'zod/mini';
import { shownDecision } from '../../change/change.ts';
import { visibleFiles } from '../../change/visible-edits.ts';
import { describeReload } from '../../change/reload.ts';
import { describeWritten } from '../../change/view-change.ts';
import { recoverFirst } from '../../change/recover-first.ts';
import { requireConfig } from '../../change/machine.ts';
import { extrasOf, readConfig } from '../../config/config.ts';
import type { PinRow } from '../../config/extras.ts';
import type { Context } from '../../core/context.ts';
import { ownFiles } from '../../core/folder.ts';
import { changeFlags, flag, parseIntent } from '../../core/intent.ts';
import type { Outcome } from '../../core/outcome.ts';
import { sayOf } from '../../core/say.ts';
import { unknownWord } from '../../core/errors.ts';
import { parsePin } from '../../config/extras-change.ts';
import { renderTable } from '../../text/table.ts';
import { changeExtrasOf, findPlace } from '../switch/switch.ts';

const schema = z.object({
  ids: z.array(z.string()).check(z.minLength(1, 'expected a model id')),
  offline: flag,
  adopt: flag,
  ...changeFlags,
});
type Intent = z.infer<typeof schema>;

/** `orcc models pin ID…`: each model gets a row of its own in /model. */
export async function runPin(ctx: Context, input: unknown): Promise<Outcome> {
  const intent = parseIntent(schema, input, ['ids']);
  return changePins(ctx, intent, { add: intent.ids.map((id) => parsePin(id)), drop: [] });
}

/** `orcc models unpin ID…`, or `all`. Throws exit 2 for one that is not pinned. */
export async function runUnpin(ctx: Context, input: unknown): Promise<Outcome> {
  const intent = parseIntent(schema, input, ['ids']);
  const { pins = [] } = extrasOf(requireConfig({ config: readConfig(ctx.fs, ownFiles(ctx).config), configBroken: undefined }));
  if (intent.ids.includes('all')) return changePins(ctx, intent, { add: [], drop: pins });
  const unknown = intent.ids.find((id) => !pins.includes(id));
  if (unknown !== undefined) throw unknownWord('pinned model', unknown, [...pins, 'all']);
  return changePins(ctx, intent, { add: [], drop: intent.ids });
}

/** `orcc models pins`. Reads orcc's configuration alone. */
export async function runPins(ctx: Context, _input: unknown): Promise<Outcome> {
  const config = requireConfig({ config: readConfig(ctx.fs, ownFiles(ctx).config), configBroken: undefined });
  const { pins = [] } = extrasOf(config);
  const rows = (config.pinRows ?? []).filter(({ model }) => pins.includes(model));
  return pinsView(rows, {});
}

async function changePins(
  ctx: Context,
  intent: Intent,
  pins: { readonly add: readonly string[]; readonly drop: readonly string[] },
): Promise<Outcome> {
  const say = await sayOf(ctx, intent);
  if (!intent.dryRun) await recoverFirst(ctx, say);
  const asked = { ...intent, here: false, changes: [], back: false, extras: { pins } };
  const { machine, place } = await findPlace(ctx, asked, say);
  const { done } = await changeExtrasOf(ctx, asked, { machine, place }, say, { command: 'models pin', question: 'Write these rows?' });
  const { kind, decision } = done;
  const files = visibleFiles(done.planned, ctx.home);
  const view = pinsView(decision.extras.pinRows ?? [], { kind, files, ...shownDecision(done) });
  return {
    ...view,
    exit: kind === 'declined' ? 'declined' : 'ok',
    isLong: kind === 'dry-run',
    text: (style) => [done.preview(style), view.text(style)].filter((part) => part !== '').join('\n\n'),
    remarks: () => {
      if (kind === 'unchanged') return 'Nothing to change';
      if (kind !== 'applied') return kind === 'dry-run' ? 'Nothing was written (--dry-run)' : 'Nothing was written';
      const reload = describeReload(ctx, done.planned.plan.edits, machine);
      return [...describeWritten(done.planned, ctx.home), ...reload, 'New Claude Code sessions show this in /model'].join('\n');
    },
  };
}

function pinsView(rows: readonly PinRow[], more: Readonly<Record<string, unknown>>): Outcome {
  return {
    exit: 'ok',
    data: { pins: rows, ...more },
    findings: [],
    text: (style) =>
      rows.length === 0
        ? 'No model is pinned: `orcc models pin ID` gives one its own row in /model'
        : renderTable(
            ['model', 'row in /model', ''],
            rows.map(({ model, name, description }) => [model, name, description]),
            style,
          ),
  };
}
