import { pathsOf } from '../core/paths-of.ts';
import { cannotRead } from '../core/errno.ts';
import type { Mapping } from '../claude/aliases.ts';
import type { Context } from '../core/context.ts';
import { OrccError } from '../core/errors.ts';
import { kindAt } from '../core/look.ts';
import { LARGEST_SHARED } from './shared-file.ts';
import { shortPath } from '../text/text.ts';
import { parseTeamFile, type TeamFile } from './team-file.ts';

const TEAM_FILE = 'orcc.json';

/** The orcc.json that counts in a folder. */
export interface Team {
  /** Absolute. */
  readonly path: string;
  readonly file: TeamFile;
}

type Slice = Pick<Context, 'fs' | 'cwd' | 'platform' | 'home' | 'version'>;

/**
 * The orcc.json of this folder, or of the nearest one above it up to the root of the git repository; outside a repository
 * this folder alone counts. Undefined where there is none. Throws exit 2 for a broken one, 6 for one that needs a newer orcc.
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

/** Its mapping over the present one: an alias that starts Claude Code is taken from it only where it names one. */
export function teamMapping(team: Team | undefined, present: Mapping | undefined): Mapping | undefined {
  // One that asks for rules alone goes with whatever is mapped.
  const models = team?.file.mapping ?? (team?.file.extras === undefined ? undefined : present?.models);
  if (team === undefined || models === undefined) return undefined;
  return { models, defaultAlias: team.file.defaultAlias ?? present?.defaultAlias ?? 'sonnet' };
}

function findTeamPath({ fs, cwd, platform }: Slice): string | undefined {
  const { join, dirname } = pathsOf(platform);
  // A folder that may not be looked into holds nothing that counts.
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
