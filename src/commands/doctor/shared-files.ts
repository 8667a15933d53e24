import { SETTINGS_NAMES } from '../../claude/paths.ts';
import { dirname, join } from 'node:path';
import { AUTH_TOKEN, BASE_URL } from '../../claude/variables.ts';
import { recordedVariables, type Config } from '../../config/config.ts';
import type { Choice, Context } from '../../core/context.ts';
import type { FixRequest } from '../../doctor/check.ts';
import { isMemberFix } from '../../doctor/fix-settings.ts';
import type { Unfixed } from '../../doctor/fix-files.ts';
import { readGit, type GitFacts } from '../../targets/git.ts';
import { shortPath } from '../../text/text.ts';
import { wrap } from '../../text/wrap.ts';

/** Why others may share a file, by what git says of it; if git gives no answer, the file counts as shared. */
export const WHY_SHARED: Readonly<Partial<Record<GitFacts['kind'], string>>> = {
  tracked: 'git tracks this file, so others share it',
  unknown: 'this file is in a git repository but git does not answer, so others may share it',
};

type MoveLegacy = Extract<FixRequest, { kind: 'move-legacy' }>;
type Slice = Pick<Context, 'fs' | 'exec' | 'env' | 'platform' | 'ask' | 'home' | 'stderr'>;

/** Once the user has decided what only they can decide: the fixes to make, and those left out, with the reason. */
interface Settled {
  readonly own: readonly FixRequest[];
  readonly left: readonly Unfixed[];
}

interface Asked {
  /** True if somebody sits at a terminal and may be asked. */
  readonly asks: boolean;
  readonly config: Config | undefined;
  /** Path of user settings. */
  readonly user: string;
}

/**
 * Does not fix settings files that git tracks: a change there affects everyone who shares the file. On a terminal, offers this
 * folder's settings.local.json instead, which overrides it for this user alone. An "anthropic" block in a project's file goes where
 * the user says, or stays.
 */
export async function settleShared(ctx: Slice, fixes: readonly FixRequest[], asked: Asked): Promise<Settled> {
  const own: FixRequest[] = [];
  const left: Unfixed[] = [];
  const shared: { readonly fix: FixRequest & { readonly path: string }; readonly reason: string }[] = [];
  for (const fix of fixes) {
    const { path } = fix;
    if (fix.kind === 'move-legacy') {
      const moved = await moveLegacy(ctx, fix, asked.asks);
      if (typeof moved === 'string') left.push({ code: fix.code, path: fix.path, reason: moved });
      else own.push(...moved);
      continue;
    }
    const reason = isMemberFix(fix) && path !== undefined ? WHY_SHARED[(await readGit(ctx, path)).kind] : undefined;
    if (reason === undefined || path === undefined) own.push(fix);
    else shared.push({ fix: { ...fix, path }, reason });
  }
  if (!asked.asks)
    return { own, left: [...left, ...shared.map(({ fix, reason }) => unfixed(fix, `${reason}: \`--yes\` leaves it alone`))] };
  for (const path of new Set(shared.map(({ fix }) => fix.path))) {
    const here = shared.filter(({ fix }) => fix.path === path);
    const instead = await askInstead(ctx, path, here, asked);
    own.push(...instead.own);
    left.push(...instead.left);
  }
  return { own, left };
}

function unfixed({ code, path }: FixRequest & { readonly path: string }, reason: string): Unfixed {
  return { code, path, reason };
}

const BY_INIT = 'orcc leaves it alone; `orcc init --target local` sets up this folder for you alone, over it';

/** Says that a file is shared. Offers settings.local.json, which changes nothing for others; user settings may be changed anyway. */
async function askInstead(
  ctx: Slice,
  path: string,
  here: readonly { readonly fix: FixRequest & { readonly path: string }; readonly reason: string }[],
  { config, user }: Asked,
): Promise<Settled> {
  const shown = shortPath(path, ctx.home);
  const say = (text: string): void => ctx.stderr.write(`${wrap(text, ctx.stderr.columns)}\n`);
  say(`${shown}: ${here[0]?.reason ?? ''}`);
  if (path === user) {
    if (await ctx.ask.confirm(`Change ${shown} anyway?`, false)) return { own: here.map(({ fix }) => fix), left: [] };
    return { own: [], left: here.map(({ fix, reason }) => unfixed(fix, reason)) };
  }
  const local = join(dirname(path), SETTINGS_NAMES.local);
  const values = new Map(config === undefined ? [] : recordedVariables(config).map(({ name, value }) => [name, value]));
  const each = here.map((one) => ({ ...one, instead: local === path ? undefined : localFix(one.fix, local, values) }));
  const possible = each.filter(({ instead }) => instead !== undefined);
  const isAgreed =
    possible.length > 0 &&
    (await ctx.ask.confirm(
      `Leave it as it is, and set your own values in ${shortPath(local, ctx.home)}, which wins over it for you alone?`,
      true,
    ));
  return {
    own: isAgreed ? possible.flatMap(({ instead }) => instead ?? []) : [],
    left: each.filter(({ instead }) => !isAgreed || instead === undefined).map(({ fix, reason }) => unfixed(fix, `${reason}: ${BY_INIT}`)),
  };
}

/**
 * The same fix in settings.local.json; undefined if no value there has that effect. A base URL or a token never goes without the
 * other (design D4).
 */
function localFix(fix: FixRequest, local: string, values: ReadonlyMap<string, string>): FixRequest | undefined {
  if (fix.kind !== 'set-member' && fix.kind !== 'remove-member') return undefined;
  const name = fix.member[0] === 'env' ? fix.member[1] : undefined;
  if (name === BASE_URL || name === AUTH_TOKEN) return undefined;
  if (fix.kind === 'set-member') return { ...fix, path: local };
  const value = name === undefined ? undefined : values.get(name);
  return value === undefined ? undefined : { code: fix.code, kind: 'set-member', path: local, member: fix.member, value };
}

/**
 * Asks where URL, key and models of a project's "anthropic" block go, all three together. Returns the fixes, or the reason why the
 * block stays.
 */
async function moveLegacy(ctx: Slice, { code, path, places }: MoveLegacy, asks: boolean): Promise<readonly FixRequest[] | string> {
  if (!asks) return 'you have to say where its URL, key and models go: run this in a terminal, without `--yes`';
  const git = (await readGit(ctx, path)).kind;
  const isShared = WHY_SHARED[git] !== undefined;
  const choices = await Promise.all(places.map(async (place) => choiceOf(ctx, place, (await readGit(ctx, place.path)).kind)));
  const stays = { value: 'leave', name: 'leave it: Claude Code ignores it', short: 'leave it' } as const;
  const about = isShared ? `${WHY_SHARED[git] ?? ''}: the block itself stays` : 'it is removed from there';
  const answer = await ctx.ask.select(
    `Where do URL, key and models of the "anthropic" block in ${shortPath(path, ctx.home)} go? (${about})`,
    [...choices, stays],
    choices.find(({ disabled }) => disabled === undefined)?.value ?? 'leave',
  );
  const place = places.find(({ id }) => id === answer);
  if (place === undefined) return 'left as it is: Claude Code ignores it';
  const ignored = (await readGit(ctx, place.path)).kind;
  return [
    ...(ignored === 'not-ignored' ? [{ code, kind: 'gitignore' as const, path: place.path }] : []),
    { code, kind: 'legacy-to-env', path: place.path, limits: place.limits, from: path },
    ...(isShared ? [] : [{ code, kind: 'remove-member' as const, path, member: ['anthropic'] }]),
  ];
}

const PLACES = {
  user: 'user settings: for you, in every folder',
  local: 'local settings: for you, in this folder only (not in its subfolders)',
} as const;

/** One place as a choice; disabled unless git certainly does not commit the key that would be written there. */
function choiceOf(
  ctx: Pick<Context, 'home'>,
  { id, path, isTaken }: MoveLegacy['places'][number],
  git: GitFacts['kind'],
): Choice<'user' | 'local' | 'leave'> {
  const isOpen = git === 'outside' || git === 'ignored' || (git === 'not-ignored' && id === 'local');
  return {
    value: id,
    name: `${PLACES[id]} (${shortPath(path, ctx.home)})`,
    short: id,
    ...(isTaken ? { disabled: '(it has an address or a key already)' } : isOpen ? {} : { disabled: '(git would commit the key)' }),
  };
}
