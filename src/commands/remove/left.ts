import type { Edit } from '../../apply/types.ts';
import { lookAt, type LookedPlace, type Seen } from '../../change/look-around.ts';
import { NO_FILE, tryFileNow, type Machine } from '../../change/machine.ts';
import { planChange } from '../../change/plan.ts';
import { describeStray, type StrayPlace } from '../../change/strays.ts';
import type { Stray } from '../../change/desired.ts';
import type { Context } from '../../core/context.ts';
import type { Finding } from '../../core/finding.ts';
import type { Say } from '../../core/say.ts';
import { findingOf } from '../../diagnose/build.ts';
import { pasteWord } from '../../text/quote-word.ts';
import { shortPath } from '../../text/text.ts';
import type { RemoveDecision } from './decide.ts';
import { desireRemove } from './desire.ts';

/** What identifies orcc's values on this machine. */
export function strayPlace({ own, config, platform }: Machine): StrayPlace {
  return { own, baseUrl: config?.baseUrl, platform };
}

/** Settings members that would still point to OpenRouter after this removal, including values that it restores. Pure. */
export function straysAfter(places: readonly LookedPlace[], decision: RemoveDecision, machine: Machine): readonly Stray[] {
  const { plan, problems } = planChange(desireRemove(decision, machine), machine);
  const bytesOf = bytesAfter(plan.edits, (file) => (machine.files.get(file) ?? NO_FILE).bytes);
  // A file that can't be changed is reported as a problem.
  const open = places.filter(({ path }) => problems.every((problem) => problem.path !== path));
  return lookAt(open, bytesOf, strayPlace(machine)).strays;
}

/** What a file will hold after these edits; `bytesNow` tells it for a file that none of them changes. */
function bytesAfter(edits: readonly Edit[], bytesNow: (file: string) => Uint8Array | null): (file: string) => Uint8Array | null {
  const after = new Map(edits.map((edit) => [edit.path, edit.after]));
  return (file) => {
    const bytes = after.get(file);
    return bytes === undefined ? bytesNow(file) : bytes;
  };
}

/** Lists the members, masked, and asks whether to remove them as well, since no record says that orcc wrote them. */
export async function askForStrays(
  ctx: Pick<Context, 'ask' | 'home'>,
  strays: readonly Stray[],
  machine: Machine,
  say: Say,
): Promise<readonly Stray[]> {
  for (const stray of strays) {
    say.line(
      `${say.style.bold(shortPath(stray.path, ctx.home))}  ${say.style.dim('has values for OpenRouter; orcc has no record of writing them')}`,
    );
    for (const line of describeStray(machine.files.get(stray.path)?.bytes ?? null, stray)) say.line(`  ${line}`);
  }
  return (await ctx.ask.confirm('Remove these members as well?', false)) ? strays : [];
}

/** What is left after the change. */
export interface Left extends Seen {
  /** Folders of another orcc in this home. */
  readonly folders: readonly string[];
  /** Further settings files whose folder is missing. */
  readonly unreached: readonly string[];
}

/** For a change that the user declined: nothing was looked at. */
export const NOTHING_LEFT: Left = { blocks: [], strays: [], folders: [], unreached: [] };

/** Looks at every place once more; `planned` has what files would hold after a change that is only planned. Only reads. */
export function lookAgain(
  ctx: Pick<Context, 'fs'>,
  places: readonly LookedPlace[],
  { others, unreached }: RemoveDecision,
  machine: Machine,
  problems: readonly string[],
  planned: readonly Edit[] = [],
): Left {
  const bytesOf = bytesAfter(planned, (file) => tryFileNow(ctx.fs, file).bytes);
  const open = places.filter(({ path }) => !problems.includes(path));
  const seen = lookAt(open, bytesOf, strayPlace(machine));
  return { ...seen, unreached, folders: others.filter((folder) => ctx.fs.lstat(folder)?.kind === 'directory') };
}

/** One finding for each place that still contains something. */
export function findingsOf(ctx: Pick<Context, 'fs' | 'home'>, { blocks, strays, folders, unreached }: Left): readonly Finding[] {
  const left = (path: string, reason: string, right?: string, details: readonly string[] = []): Finding => {
    const file = shortPath(path, ctx.home);
    return findingOf('LEFT_BEHIND', { file, reason, ...(right === undefined ? {} : { right }) }, details, file);
  };
  return [
    ...strays.map((stray) =>
      left(
        stray.path,
        'contains values for OpenRouter, but orcc has no record of writing them',
        'run `orcc remove` in a terminal, which asks, or remove them by hand',
        describeStray(tryFileNow(ctx.fs, stray.path).bytes, stray),
      ),
    ),
    ...blocks.map(({ path }) => left(path, 'contains a block that orcc wrote')),
    ...unreached.map((path) =>
      left(
        path,
        "can't be reached, so what orcc wrote there, possibly including a key, will still be in it if its drive comes back",
        'then remove the `env` members that name OpenRouter by hand; until then, revoke the key',
      ),
    ),
    ...folders.map((folder) =>
      left(
        folder,
        'is the folder of an orcc that ran with another XDG_CONFIG_HOME',
        `run \`XDG_CONFIG_HOME=${pasteWord(folder.replace(/[/\\]orcc$/, ''))} orcc remove\``,
      ),
    ),
  ];
}
