import { pathsOf } from '../core/paths-of.ts';
import { cannotRead } from '../core/errno.ts';
import { USUAL_DEFAULT, type Mapping } from '../claude/aliases.ts';
import type { Context } from '../core/context.ts';
import { OrccError } from '../core/errors.ts';
import { kindAt } from '../core/look.ts';
import type { Config } from './config.ts';
import { findNamed, listNamed, type Named } from './named-mapping.ts';
import { LARGEST_SHARED } from './shared-file.ts';
import { shortPath } from '../text/text.ts';
import { parseTeamFile, type TeamFile } from './team-file.ts';

const TEAM_FILE = 'orcc.json';

/** The orcc.json that applies to the current folder. */
export interface Team {
  /** Absolute. */
  readonly path: string;
  readonly file: TeamFile;
}

type Slice = Pick<Context, 'fs' | 'cwd' | 'platform' | 'home' | 'version'>;

/**
 * The orcc.json of this folder, or of the nearest one above it up to the root of the git repository; outside a repository
 * only this folder counts. Undefined if there is none. Throws exit 2 for a broken one, exit 6 for one that can't be read or
 * needs a newer orcc.
 */
export function findTeam(ctx: Slice): Team | undefined {
  const path = findTeamPath(ctx);
  if (path === undefined) return undefined;
  const shown = shortPath(path, ctx.home);
  const stat = ctx.fs.stat(path);
  if (stat?.kind !== 'file')
    throw new OrccError('usage', `\`${shown}\` is not a file`, { hint: "orcc looks there for this repository's mapping" });
  if (stat.size > LARGEST_SHARED) throw new OrccError('usage', `\`${shown}\` is larger than 1 MiB`, { hint: 'That is not an orcc.json' });
  return { path, file: parseTeamFile(read(ctx, path, shown), shown, ctx.version) };
}

/** The orcc.json that applies, or why it can't be used: for commands that don't depend on it. */
interface TeamOrWhy {
  readonly team: Team | undefined;
  readonly broken: OrccError | undefined;
}

/** `findTeam` for a command that can continue without it: returns the error instead of throwing it. */
export function tryTeam(ctx: Slice): TeamOrWhy {
  try {
    return { team: findTeam(ctx), broken: undefined };
  } catch (error) {
    if (!(error instanceof OrccError)) throw error;
    return { team: undefined, broken: error };
  }
}

/** The message that a broken orcc.json is ignored. */
export function tellLeftOut(broken: OrccError): string {
  return `${broken.message}; it is left out here`;
}

/** The same error with `way` added to its hint: what to type to do without the orcc.json. */
export function withWayOut({ exit, message, code, data, hint, cause }: OrccError, way: string): OrccError {
  return new OrccError(exit, message, { code, data, cause, hint: `${hint === undefined ? '' : `${hint}; `}${way}` });
}

/**
 * The profile or preset that a name means in this folder. With a broken orcc.json, the user's own profiles still work, since they win
 * over it anyway, and orcc's presets work with a warning; any other name throws the file's error. Throws exit 2 with the nearest names
 * for an unknown one.
 */
export function findNamedHere(
  ctx: Slice,
  config: Pick<Config, 'profiles' | 'activeKey'> | undefined,
  name: string,
  warn: (text: string) => void,
): Named {
  const known = listNamed(config, undefined).find((each) => each.name === name);
  if (known?.source === 'profile') return known;
  const { team, broken } = tryTeam(ctx);
  if (broken === undefined) return findNamed(config, team?.file, name);
  if (known === undefined) throw broken;
  warn(tellLeftOut(broken));
  return known;
}

/** The mapping that an orcc.json asks for, with the present default alias if it names none. Undefined if it asks for no mapping. */
export function teamMapping(team: Team | undefined, present: Mapping | undefined): Mapping | undefined {
  // A file with only extras goes with the present mapping.
  const models = team?.file.mapping ?? (team?.file.extras === undefined ? undefined : present?.models);
  if (team === undefined || models === undefined) return undefined;
  return { models, defaultAlias: team.file.defaultAlias ?? present?.defaultAlias ?? USUAL_DEFAULT };
}

function findTeamPath({ fs, cwd, platform }: Slice): string | undefined {
  const { join, dirname } = pathsOf(platform);
  // A folder that can't be accessed counts as empty.
  const there = (file: string): boolean => kindAt(fs, file) !== undefined;
  const found: string[] = [];
  for (let folder = cwd; ; folder = dirname(folder)) {
    const file = join(folder, TEAM_FILE);
    if (there(file)) found.push(file);
    if (there(join(folder, '.git'))) return found[0];
    if (dirname(folder) === folder) return found.find((each) => each === join(cwd, TEAM_FILE));
  }
}

function read(ctx: Slice, path: string, shown: string): string {
  try {
    return Buffer.from(ctx.fs.readFile(path)).toString('utf8');
  } catch (error) {
    throw cannotRead(shown, error);
  }
}
