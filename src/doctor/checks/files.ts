import { isShared } from '../../targets/types.ts';
import { API_KEY, AUTH_TOKEN, BASE_URL } from '../../claude/variables.ts';
import { pastePath } from '../../text/quote-word.ts';
import { findingOf } from '../../diagnose/build.ts';
import { AUTO_MODE_OFF, findAutoModeOff } from '../../claude/auto-mode.ts';
import type { Check, LegacyPlace, LimitMember, Fix, Result } from '../check.ts';
import { limitsOfLegacy, readLegacy, readLegacyToken } from '../legacy.ts';
import { formatMode } from '../../text/format.ts';
import type { Observed } from '../observed.ts';

const CREDENTIALS = new Set([AUTH_TOKEN, API_KEY, 'CLAUDE_CODE_OAUTH_TOKEN']);

/** Settings files, or members of them, that Claude Code ignores. */
export const settingsInvalid: Check = {
  code: 'SETTINGS_INVALID',
  fine: 'Claude Code can read every settings file',
  run: ({ layers }) =>
    layers.settings.flatMap(({ path, layer, problem, skipped = [] }) => {
      if (problem === undefined)
        return skipped.map(({ value: member, line }): Result => {
          const args = { file: path, variable: member, line };
          const finding = findingOf('SETTINGS_INVALID', args, [`\`${member}\` must be an object (${layer} settings)`], path);
          return { finding: { ...finding, severity: 'warning' } };
        });
      const at = problem.line === undefined ? path : `${path}:${problem.line}:${problem.column ?? 1}`;
      const args = { file: path, reason: problem.reason, line: problem.line };
      return [{ finding: findingOf('SETTINGS_INVALID', args, [`${at}: ${problem.reason} (${layer} settings)`], path) }];
    }),
};

/** The `"anthropic": {…}` block of OpenRouter's guide. */
export const legacyBlock: Check = {
  code: 'LEGACY_ANTHROPIC_BLOCK',
  fine: 'no settings file holds an "anthropic" block, which Claude Code ignores',
  run: (observed) =>
    observed.layers.settings.flatMap(({ path, layer, members }) => {
      if (members.legacy === undefined) return [];
      const { line, value } = members.legacy;
      const { variables, hasToken } = readLegacy(value);
      const names = [...variables.map(({ name }) => name), ...(hasToken ? ['a token'] : [])];
      const evidence = names.length === 0 ? 'it has none of the members that orcc knows' : `it tries to set ${names.join(', ')}`;
      // URL, key and mapping move together or not at all: a mapping alone asks Anthropic for models that it does not have.
      const isWhole = variables.some(({ name }) => name === BASE_URL) && readLegacyToken(value) !== undefined;
      const fixes = isWhole ? fixesOfLegacy(observed, { path, layer, value }) : [];
      return [
        {
          finding: findingOf('LEGACY_ANTHROPIC_BLOCK', { file: path, line }, [evidence], path),
          fixes,
          byHand: 'Claude Code ignores it, so it does no harm: set up Claude Code with `orcc init`, then delete it by hand',
        },
      ];
    }),
};

/** Fixed in place if the file is the user's own; a project's block goes to another file, and the user is asked which. */
function fixesOfLegacy(
  { layers, git, models, configured }: Observed,
  block: { path: string; layer: string; value: unknown },
): readonly Fix[] {
  const { path, layer, value } = block;
  // Once the block takes effect, so does auto mode's check, which a gateway does not answer.
  const off = findAutoModeOff(layers) === undefined ? [{ member: AUTO_MODE_OFF.path, value: AUTO_MODE_OFF.value }] : [];
  const limitsIn = (id: string): readonly LimitMember[] => [...limitsOfLegacy(value, models, id === 'user'), ...off];
  if (layer === 'user' || (layer === 'local' && git.get(path) !== 'tracked' && git.get(path) !== 'not-ignored'))
    return [{ kind: 'legacy-to-env', path, limits: limitsIn(layer) }];
  if (layer !== 'project' || configured !== undefined) return [];
  const places = (['user', 'local'] as const).flatMap((id): LegacyPlace[] =>
    layers.settings
      .filter((file) => file.layer === id)
      .map(({ path: file, env, members }) => {
        const isTaken = env.has(BASE_URL) || env.has(AUTH_TOKEN) || (members.apiKeyHelper?.value ?? '') !== '';
        return { id, path: file, limits: limitsIn(id), isTaken };
      }),
  );
  return [{ kind: 'move-legacy', path, places }];
}

/** Further settings files, which Claude Code in this terminal does not read, so that nothing else would tell. */
export const settingsFileDiffers: Check = {
  code: 'SETTINGS_FILE_DIFFERS',
  fine: 'further settings files are as orcc wrote them',
  run: ({ further = [], home }) =>
    further.flatMap(({ path, state, members: { asWritten, written } }) => {
      if (state === 'written') return [];
      const reason = state === 'changed' ? `was changed: ${asWritten} of ${written} members are as orcc wrote them` : FURTHER[state];
      const option = `--settings-file ${pastePath(path, home)}`;
      const isThere = state === 'changed' || state === 'of an earlier set-up';
      const right = isThere
        ? `\`orcc init ${option}${state === 'changed' ? ' --force' : ''}\` writes it again, \`orcc remove ${option}\` removes orcc's part`
        : state === "can't be read"
          ? `fix its JSON or its permissions, then run \`orcc init ${option}\``
          : `check that its drive is mounted; \`orcc init ${option}\` creates it again, \`orcc remove ${option}\` removes it from orcc's list`;
      return [{ finding: findingOf('SETTINGS_FILE_DIFFERS', { file: path, reason, right }, [`${path}: ${state}`], path) }];
    }),
};

const FURTHER = {
  'of an earlier set-up': 'has an earlier mapping, address or key',
  'the file is gone': 'no longer exists',
  "can't be reached": "can't be reached: its folder does not exist",
  "can't be read": "can't be read",
} as const;

/** Files that hold a key, and who may read them. */
export const modeTooOpen: Check = {
  code: 'MODE_TOO_OPEN',
  fine: 'no file with a key can be read by other users',
  run: (observed) => {
    if (observed.platform === 'win32') return [];
    return [...observed.keyFiles, ...settingsWithKey(observed)].flatMap(({ path, mode }) => {
      if ((mode & 0o077) === 0) return [];
      const text = formatMode(mode);
      const finding = findingOf('MODE_TOO_OPEN', { file: path, mode: text }, [`${path} has the mode ${text}`], path);
      return [{ finding, fixes: [{ kind: 'chmod', path, mode: mode & 0o700 }] }];
    });
  },
};

/** Settings of sessions that were killed. */
export const sessionLeft: Check = {
  code: 'SESSION_LEFT',
  fine: 'no `orcc run` was killed and left files behind',
  run: ({ leftSessions = [] }) =>
    leftSessions.map((folder) => ({ finding: findingOf('SESSION_LEFT', { file: folder }, [folder], folder) })),
};

/** Keys in files that git would commit, or has committed. */
export const settingsNotIgnored: Check = {
  code: 'SETTINGS_NOT_IGNORED',
  fine: 'git does not commit any file with a key',
  run: (observed) =>
    [...observed.git].flatMap(([path, git]) => {
      if (git !== 'tracked' && git !== 'not-ignored') return [];
      const tracked = git === 'tracked';
      // The line that orcc adds is only for this file; what else a repository ignores is up to its user.
      const isLocal = /[/\\]\.claude[/\\]settings\.local\.json$/.test(path);
      const reason = tracked ? 'tracks it' : 'does not ignore it';
      return [
        {
          finding: findingOf('SETTINGS_NOT_IGNORED', { file: path, reason }, [`git ${tracked ? 'tracks' : 'would add'} ${path}`], path),
          fixes: tracked || !isLocal ? [] : [{ kind: 'gitignore', path }],
          byHand: tracked
            ? '`git rm --cached` removes it from git but keeps the file; ignore it, commit that, then run `orcc key rotate`'
            : "add a line for it to that repository's .gitignore; if it was ever committed, `orcc key rotate`",
        },
      ];
    }),
};

/** The same if git can't answer, which does not mean "no". */
export const gitUnknown: Check = {
  code: 'GIT_UNKNOWN',
  fine: 'git can tell about every file with a key',
  run: ({ git }) =>
    [...git].flatMap(([path, state]) =>
      state === 'unknown'
        ? [{ finding: findingOf('GIT_UNKNOWN', { file: path }, [`${path} is in a git repository, but git does not answer`], path) }]
        : [],
    ),
};

const FIX_BLOCK_BY_HAND = 'check what the file does around it; orcc only changes a block that it can read and reach';

/** Blocks that are not as orcc left them (`readBlocks`), and members that are missing. */
export const blockDamaged: Check = {
  code: 'BLOCK_DAMAGED',
  fine: "orcc's blocks are as orcc wrote them",
  run: (observed) => [
    ...observed.blocks.map(({ path, target, line, reason, seen, fix }): Result => {
      const repair: Fix[] = fix === 'repair' ? [{ kind: 'repair-block', path, target }] : [];
      const fixes: Fix[] = fix === 'none' ? [] : [...repair, { kind: 'rewrite', path }];
      return {
        finding: findingOf('BLOCK_DAMAGED', { file: path, reason, line }, [seen ?? (line === undefined ? path : `${path}:${line}`)], path),
        fixes,
        byHand: FIX_BLOCK_BY_HAND,
      };
    }),
    ...missingMembers(observed).map(({ path, names }): Result => {
      const evidence = [`${path} no longer sets ${names.join(', ')}`];
      const finding = findingOf('BLOCK_DAMAGED', { file: path, reason: 'is no longer whole' }, evidence, path);
      return { finding, fixes: [{ kind: 'rewrite', path }] };
    }),
  ],
};

/** PowerShell that may not run the profile orcc wrote. */
export const executionPolicy: Check = {
  code: 'EXECUTION_POLICY',
  fine: 'PowerShell may run its profile',
  applies: ({ platform }) => platform === 'win32',
  run: ({ forbiddenBy }) =>
    forbiddenBy === undefined
      ? []
      : [{ finding: findingOf('EXECUTION_POLICY', { value: forbiddenBy }, [`Get-ExecutionPolicy says ${forbiddenBy}`]) }],
};

/** Settings files that hold a token or a key which is not empty, except managed ones, which everyone may read by design. */
export function settingsWithKey({ layers }: Pick<Observed, 'layers'>): readonly { readonly path: string; readonly mode: number }[] {
  return layers.settings.flatMap(({ layer, path, mode, env, members }) => {
    const inEnv = [...env].some(([name, { value }]) => (CREDENTIALS.has(name) && value.trim() !== '') || /\bsk-(?:or|ant)-/.test(value));
    const inLegacy = members.legacy !== undefined && readLegacy(members.legacy.value).hasToken;
    return layer !== 'managed' && mode !== undefined && (inEnv || inLegacy) ? [{ path, mode }] : [];
  });
}

/** Members that orcc wrote into a settings file and that no layer has any more. */
function missingMembers({ layers, own, configured }: Observed): readonly { readonly path: string; readonly names: readonly string[] }[] {
  if (configured === undefined) return [];
  return own.flatMap(({ id, path }) => {
    const file = layers.settings.find((each) => each.path === path);
    if (file === undefined || (file.state !== 'ok' && file.state !== 'missing')) return [];
    const all = [...(isShared(id) ? [] : [BASE_URL]), ...configured.variables.map(({ name }) => name)];
    const names = all.filter((name) => layers.settings.every(({ env }) => !env.has(name)));
    return names.length === 0 ? [] : [{ path, names }];
  });
}
