import * as z from 'zod/mini';
import { keySources } from '../../change/build-setup.ts';
import { change, type Changed } from '../../change/change.ts';
import { visibleFiles } from '../../change/visible-edits.ts';
import { type Desired, type DesiredTarget, AS_IT_IS } from '../../change/desired.ts';
import { loadKey } from '../../change/read-key.ts';
import { observeMachine, requireConfig, type Machine } from '../../change/machine.ts';
import { readPresentSetup } from '../../change/present-setup.ts';
import { recoverFirst } from '../../change/recover-first.ts';
import { extrasInput, type Config } from '../../config/config.ts';
import { extraMembers, type ExtraMember } from '../../config/extras-table.ts';
import { writeCommand } from '../../config/status-line.ts';
import type { Context } from '../../core/context.ts';
import { OrccError } from '../../core/errors.ts';
import { flag, parseIntent, text, writingFlags } from '../../core/intent.ts';
import type { Outcome } from '../../core/outcome.ts';
import { checkOwnFolder } from '../../core/own-folder.ts';
import { sayOf } from '../../core/say.ts';
import { shortPath } from '../../text/text.ts';
import { PLACEHOLDERS } from './line.ts';
import { viewChange } from '../../change/view-change.ts';

const schema = z.object({
  install: flag,
  remove: flag,
  after: text,
  format: text,
  replace: flag,
  ...writingFlags,
});

/** What `orcc statusline --install` or `--remove` has decided: the status line's command, undefined to remove orcc's. */
interface StatuslineDecision {
  readonly command: string | undefined;
  readonly replace: boolean;
}

/**
 * Puts orcc's status line into user settings, or removes it; recorded and undone like everything else.
 *
 * @throws exit 2 for a template with unknown placeholders; exit 3 without a setup; exit 6 if orcc runs from npx's cache, which npm
 * may empty, or if another status line is in the way
 */
export async function runInstall(ctx: Context, input: unknown): Promise<Outcome> {
  const { install, remove, after, format, replace, ...flags } = parseIntent(schema, input);
  if (install && remove) throw new OrccError('usage', "`--install` and `--remove` can't be combined");
  checkOwnFolder(ctx);
  checkFormat(format);
  const command = remove ? undefined : writeCommand(ctx, { after, format });
  const say = await sayOf(ctx, flags);
  if (!flags.dryRun) await recoverFirst(ctx, say);
  const machine = await observeMachine(ctx, ['user']);
  requireConfig(machine);
  const torn = machine.state.targets.find(
    (each) => each.id === 'user' && each.carries === 'setup' && readPresentSetup(each, machine) === undefined,
  );
  if (torn !== undefined) {
    throw new OrccError('refused', `${shortPath(torn.path, ctx.home)} no longer contains orcc's setup as written`, {
      hint: '`orcc doctor` says what is wrong',
    });
  }
  const key = await loadKey(ctx, machine);
  const done = await change(ctx, {
    ...{ command: `statusline ${remove ? '--remove' : '--install'}`, machine, say },
    // With `--after` the user names their own command, so they agree that orcc's line replaces it.
    decision: { command, replace: replace || after !== undefined },
    desire: desireStatusline,
    key,
    targets: ['user'],
    ...flags,
    question: remove ? "Remove orcc's status line?" : "Add orcc's status line to user settings?",
  });
  return view(ctx, done);
}

function checkFormat(format: string | undefined): void {
  const unknown = [...(format ?? '').matchAll(/\{(\w+)\}/g)].find(([, name]) => !Object.hasOwn(PLACEHOLDERS, name ?? ''));
  if (unknown === undefined) return;
  throw new OrccError('usage', `\`--format\` does not know ${unknown[0]}`, {
    hint: `It knows ${Object.keys(PLACEHOLDERS)
      .map((name) => `{${name}}`)
      .join(' ')}`,
  });
}

/** The present setup with this status line in user settings. Pure. */
function desireStatusline({ command, replace }: StatuslineDecision, machine: Machine): Desired {
  const { statusLine: _old, ...rest } = requireConfig(machine);
  const config: Config = command === undefined ? rest : { ...rest, statusLine: command };
  const extras = extraMembers(extrasInput(config));
  return {
    ...AS_IT_IS,
    targets: userTargets(machine, config, extras),
    config,
    extras,
    replace,
  };
}

/** User settings as recorded, keeping everything else that orcc wrote to them. */
function userTargets(machine: Machine, config: Config, extras: readonly ExtraMember[]): readonly DesiredTarget[] {
  const recorded = machine.state.targets.filter(({ id }) => id === 'user');
  const isLine = ({ path: [name] }: ExtraMember): boolean => name === 'statusLine';
  const line = extras.filter(isLine);
  const targets = recorded.map((target): DesiredTarget => {
    const present = readPresentSetup(target, machine);
    const place = { id: 'user', path: target.path, remember: true } as const;
    if (present === undefined) return { ...place, carries: target.carries === 'setup' ? 'extras' : target.carries };
    const { extras: others, ...setup } = present;
    const sources = keySources({ keyStorage: config.keyStorage, own: machine.own, platform: machine.platform, baseUrl: config.baseUrl });
    return { ...place, carries: 'setup', setup: { ...setup, ...sources }, extras: [...others.filter((each) => !isLine(each)), ...line] };
  });
  return targets.length > 0 || line.length === 0 ? targets : [{ id: 'user', carries: 'extras', remember: false }];
}

function view(ctx: Context, done: Changed<StatuslineDecision>): Outcome {
  const { kind, decision, planned } = done;
  const { command } = decision;
  return viewChange(done, { command: command ?? null, files: visibleFiles(planned, ctx.home) }, () => {
    if (kind === 'unchanged')
      return command === undefined ? 'orcc has no status line in user settings' : "orcc's status line is already there";
    return command === undefined
      ? "Removed orcc's status line and restored the previous one"
      : 'Claude Code shows it from its next start; `orcc statusline --remove` removes it again';
  });
}
