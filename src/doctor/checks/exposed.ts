import { findingOf } from '../../diagnose/build.ts';
import type { Exposure } from '../../keys/leaks/exposure.ts';
import type { Check, Fix } from '../check.ts';
import { formatMode } from '../../text/format.ts';

/** Keys where others can get at them, or where nobody remembers them. */
export const keyExposed: Check = {
  code: 'KEY_EXPOSED',
  fine: 'no key is exposed in shell histories, stray copies, profiles or git',
  run: ({ exposures }) =>
    group(exposures).map((same) => {
      const [first] = same;
      const lines = same.flatMap(({ line }) => line ?? []);
      const where = { file: first.file, line: lines[0] };
      const masked = [...new Set(same.map((each) => each.masked))].join(', ');
      const at = lines.length === 0 ? first.file : `${first.file}:${lines.slice(0, 5).join(',')}${lines.length > 5 ? ',…' : ''}`;
      return {
        finding: findingOf(
          'KEY_EXPOSED',
          { ...where, reason: REASONS[first.kind](first) },
          [`${at}: ${masked}`, ...adviceOn(first)],
          first.file,
        ),
        fixes: fixesOf(first),
      };
    }),
};

/** One finding per file and kind, however many keys the file contains. */
function group(exposures: readonly Exposure[]): readonly (readonly [Exposure, ...Exposure[]])[] {
  const groups: [Exposure, ...Exposure[]][] = [];
  for (const each of exposures) {
    const same = groups.find(([first]) => first.file === each.file && first.kind === each.kind && first.commit === each.commit);
    if (same === undefined) groups.push([each]);
    else same.push(each);
  }
  return groups;
}

/** Clauses that follow "a key is in FILE, which". */
const REASONS: Readonly<Record<Exposure['kind'], (exposure: Exposure) => string>> = {
  history: () => 'records every command line',
  copy: () => 'is a stray copy',
  own: () => 'is a backup with a key that is no longer used',
  mode: ({ mode = 0 }) => `other users of this machine can read (mode ${formatMode(mode)})`,
  index: () => 'git tracks',
  commit: ({ commit = '' }) => `git's history keeps (commit ${commit})`,
};

function adviceOn({ kind }: Exposure): readonly string[] {
  if (kind === 'history') return ['open shells may write it again when they exit: close them first'];
  if (kind === 'index')
    return ['remove it from the file, commit that, and assume that everyone with access to the repository knows the key'];
  if (kind === 'commit') return ['every clone contains the key: you have to revoke it'];
  return kind === 'copy' ? ['delete the file when you no longer need it'] : [];
}

function fixesOf({ kind, file, mode, syntax }: Exposure): readonly Fix[] {
  if (kind === 'history' && syntax !== undefined) return [{ kind: 'scrub-lines', path: file, syntax }];
  if (kind === 'own') return [{ kind: 'delete-backup', path: file }];
  return kind === 'mode' && mode !== undefined ? [{ kind: 'chmod', path: file, mode: mode & 0o700 }] : [];
}
