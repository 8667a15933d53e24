import * as z from 'zod/mini';
import { visibleFiles } from '../../change/visible-edits.ts';
import { describeReload } from '../../change/reload.ts';
import { describeWritten, viewChange } from '../../change/view-change.ts';
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
import type { Style } from '../../text/style.ts';
import { renderTable } from '../../text/table.ts';
import { changeExtrasOf, findPlace } from '../switch/switch.ts';

const schema = z.object({
  ids: z.array(z.string()).check(z.minLength(1, 'expected a model id')),
  offline: flag,
  adopt: flag,
  ...changeFlags,
});
type Intent = z.infer<typeof schema>;

/** `orcc models pin ID…`: gives each model a row of its own in /model. */
export async function runPin(ctx: Context, input: unknown): Promise<Outcome> {
  const intent = parseIntent(schema, input, ['ids']);
  return changePins(ctx, intent, { add: intent.ids.map((id) => parsePin(id)), drop: [] });
}

/** `orcc models unpin ID…`, or `all`. Throws exit 2 for a model that is not pinned. */
export async function runUnpin(ctx: Context, input: unknown): Promise<Outcome> {
  const intent = parseIntent(schema, input, ['ids']);
  const { pins = [] } = extrasOf(requireConfig({ config: readConfig(ctx.fs, ownFiles(ctx).config), configBroken: undefined }));
  if (intent.ids.includes('all')) return changePins(ctx, intent, { add: [], drop: pins });
  const unknown = intent.ids.find((id) => !pins.includes(id));
  if (unknown !== undefined) throw unknownWord('pinned model', unknown, [...pins, 'all']);
  return changePins(ctx, intent, { add: [], drop: intent.ids });
}

/** `orcc models pins`: lists the pinned models. Reads only orcc's configuration. */
export async function runPins(ctx: Context, _input: unknown): Promise<Outcome> {
  const config = requireConfig({ config: readConfig(ctx.fs, ownFiles(ctx).config), configBroken: undefined });
  const { pins = [] } = extrasOf(config);
  const rows = (config.pinRows ?? []).filter(({ model }) => pins.includes(model));
  return { exit: 'ok', data: { pins: rows }, findings: [], text: (style) => renderPins(rows, style) };
}

async function changePins(
  ctx: Context,
  intent: Intent,
  pins: { readonly add: readonly string[]; readonly drop: readonly string[] },
): Promise<Outcome> {
  const say = await sayOf(ctx, intent);
  if (!intent.dryRun) await recoverFirst(ctx, say);
  const about = { command: 'models pin', question: 'Write these rows?' };
  const asked = { ...intent, here: false, extras: { pins } };
  const { machine, place } = await findPlace(ctx, asked, say);
  const { done } = await changeExtrasOf(ctx, asked, { machine, place }, say, about);
  const { pinRows: rows = [] } = done.decision.extras;
  const said = (): string => {
    if (done.kind === 'unchanged') return 'Nothing to change';
    const reload = describeReload(ctx, done.planned.plan.edits, machine);
    return [...describeWritten(done.planned, ctx.home), ...reload, 'New Claude Code sessions show this in /model'].join('\n');
  };
  return viewChange(done, { pins: rows, files: visibleFiles(done.planned, ctx.home) }, said, (style) => renderPins(rows, style));
}

function renderPins(rows: readonly PinRow[], style: Style): string {
  if (rows.length === 0) return 'No model is pinned: `orcc models pin ID` gives one its own row in /model';
  const cells = rows.map(({ model, name, description }) => [model, name, description]);
  return renderTable(['model', 'row in /model', ''], cells, style);
}
